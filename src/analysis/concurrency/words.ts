/** Words of findings: names, places and request data as the code writes them. */
import { placeAt } from '../places.js';
import { isFresh } from './known.js';
import type { Access, Shared, Sources, Spot, Trace } from './trace.js';

/** `state.user`, `this.total`, `Cache.current`. */
export function nameOfState({ shared, path }: Pick<Access, 'shared' | 'path'>): string {
  const steps = path.map((step) => (step === '*' ? '[…]' : `.${step}`)).join('');
  return shared.kind === 'instance' ? `this${steps}` : `${shared.name}${steps}`;
}

function lineOf({ module, node }: Spot): number {
  return placeAt(module.text, node.start).line;
}

/** `line 12`, or `src/state.js:12` when it is in another file than the finding. */
export function whereIs(spot: Spot, from: Spot): string {
  return spot.module.file === from.module.file ? `line ${lineOf(spot)}` : `${spot.module.file}:${lineOf(spot)}`;
}

export function declaredWhere({ declared }: Shared, from: Spot): string {
  return whereIs(declared, from);
}

/** The request data that a value comes from, in the handler's words. */
export function dataName(sources: Sources, { origins }: Trace): string {
  const names = new Set<string>();
  const seen = new Set<string>();
  const add = (source: string): void => {
    if (seen.has(source) || names.size > 2) return;
    seen.add(source);
    const root = source.startsWith('⟨') ? source.slice(0, source.indexOf('⟩') + 1) : source;
    const from = origins.get(root);
    if (from) for (const each of from) add(each);
    else if (!isFresh(source)) names.add(source.replace(/\.\*/g, '[]'));
  };
  for (const source of sources) add(source);
  if (names.size > 0) return [...names].slice(0, 2).join(' and ');
  return [...sources].some((source) => source === '~now') ? 'the time of the request' : 'a value of the request';
}
