import { fileCacheAround } from '../concurrency/file-cache.js';
import { isFresh } from '../concurrency/known.js';
import { type PathText, pathText } from '../concurrency/path-text.js';
import type { Finding, Rule, RuleInput } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { writtenFile } from '../concurrency/written-file.js';
import type { Node } from '../syntax.js';

const runs = /^(exec|execSync|execFile|execFileSync|spawn|spawnSync|execa|execaCommand|execaSync|\$)$/;

/** A file below /tmp whose name is the same for several requests. */
export const tmpName: Rule = {
  id: 'tmp-name',
  find: (input) => {
    const found = new Map<string, Finding>();
    for (const call of input.trace.calls) {
      const finding = written(call, input) ?? (found.size === 0 ? run(call) : null);
      const key = finding ? String(finding.args['path']) : '';
      if (finding && !found.has(key)) found.set(key, finding);
    }
    return [...found.values()];
  },
};

function written(call: Call, input: RuleInput): Finding | null {
  const { values } = input;
  const index = writtenFile(call);
  const given = index === null ? undefined : call.args[index];
  if (!given || index === null) return null;
  const path = pathText(values, call.spot.module, given.node);
  if (!path.text.startsWith('/tmp') || path.isUnique || path.text === '/tmp') return null;
  if (/^rename(Sync)?$/.test(call.name) && call.args[0] && pathText(values, call.spot.module, call.args[0].node).isUnique) return null;
  const isOfRequest = path.holes > 0 && [...given.sources].some((source) => !isFresh(source));
  const { module } = call.spot;
  const isSame = (node: Node) =>
    path.holes === 0
      ? pathText(values, module, node).text === path.text
      : module.text.slice(node.start, node.end) === sourceOf(call, index);
  const cache = fileCacheAround(call.fn, call.spot.node, isSame);
  if (cache) return cached(call, path, cache.path, input);
  if (path.holes > 0 && !isOfRequest && !path.isFixed) return null;
  return {
    code: 'TMP_NAME_SHARED',
    at: call.spot,
    severity: isOfRequest ? 'warning' : 'error',
    args: { call: nameOfCall(call), path: path.text, when: isOfRequest ? 'for requests about the same thing' : 'in every request' },
  };
}

function nameOfCall({ path, name }: Call): string {
  return path?.join('.') ?? name;
}

/** `if (!existsSync(file)) download(file)` keeps files for later requests: only the moment in which they are made is dangerous. */
function cached(call: Call, { text }: PathText, looked: Node, { trace, target }: RuleInput): Finding | null {
  const look = trace.calls.find(({ args, fn }) => fn === call.fn && args[0]?.node === looked);
  const isWhole = /Sync$/.test(call.name) && target !== 'lambda-managed-instances';
  if (isWhole && look?.segment === call.segment) return null;
  const consequence = isWhole
    ? 'all requests that come before it is there make it once more each'
    : 'a request that comes while it is being written finds half of a file';
  return { code: 'TMP_CACHE_NOT_ATOMIC', at: call.spot, args: { call: nameOfCall(call), path: text, consequence } };
}

/** A program that is told to write to a fixed file. */
function run(call: Call): Finding | null {
  if (!runs.test(call.name) || call.target !== null) return null;
  const text = call.args.map((_, index) => sourceOf(call, index)).join(' ');
  const fixed = /(?:-o\s*|>\s*|--output[= ]|-y\s+|['"`\s,])(\/tmp\/[\w.-]+\.\w+)(?=['"`\s]|$)/.exec(text)?.[1];
  if (fixed === undefined) return null;
  return {
    code: 'TMP_NAME_SHARED',
    at: call.spot,
    args: { call: nameOfCall(call), path: fixed, when: 'in every request' },
  };
}

function sourceOf({ args, spot }: Call, index: number): string {
  const node = args[index]?.node;
  return node ? spot.module.text.slice(node.start, node.end) : '';
}
