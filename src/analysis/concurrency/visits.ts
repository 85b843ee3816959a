/** Which functions were walked with what: the same again would tell nothing new, and code that calls itself would never end. */
import type { Node } from '../syntax.js';
import type { Flow } from './flow.js';
import type { Instance, Known } from './known.js';
import type { Scopes } from './walker.js';

/** How often one function is walked with other arguments, and how many walks there are for one handler. */
const visitsOfOne = 5;
const visitsOfAll = 1500;
const maximumDepth = 40;

export class Visits {
  private readonly results = new Map<Node, Map<string, Known | null>>();
  private readonly active = new Set<Node>();
  private total = 0;

  /** `cut`: the code is larger than it is looked at. `partial`: this function has been walked with too many other arguments. */
  begin(fn: Node, signature: string): 'walk' | 'known' | 'cut' | 'partial' {
    if (this.active.has(fn)) return 'known';
    if (this.active.size > maximumDepth || this.total > visitsOfAll) return 'cut';
    const seen = this.results.get(fn) ?? new Map<string, Known | null>();
    this.results.set(fn, seen);
    if (seen.has(signature)) return 'known';
    if (seen.size >= visitsOfOne) return 'partial';
    seen.set(signature, null);
    this.active.add(fn);
    this.total++;
    return 'walk';
  }

  end(fn: Node, signature: string, result: Known): void {
    this.active.delete(fn);
    this.results.get(fn)?.set(signature, result);
  }

  /** What an earlier walk gave; null while it is under way, or when there was none. */
  result(fn: Node, signature: string): Known | null {
    return this.results.get(fn)?.get(signature) ?? null;
  }
}

/** What a walk depends on. */
export function signatureOf(args: readonly Known[], self: Instance | null, flow: Flow, scopes: Scopes): string {
  const fresh = [...flow.written].flatMap(([key, at]) => (at === flow.segment ? [key] : []));
  return [args.map(ofArgument).join(';'), self?.isShared, fresh.join(), [...flow.assigned].join(), [...scopes.keys()].join()].join('|');
}

function ofArgument({ sources, is, shared, instance }: Known): string {
  const state = shared ? `${shared.of.key}.${shared.path.join('.')}` : '';
  return `${is ?? [...sources].slice(0, 3).join()}@${state}@${instance?.isShared ?? ''}`;
}
