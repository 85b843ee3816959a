import { isFresh } from '../concurrency/known.js';
import { type PathText, pathText } from '../concurrency/path-text.js';
import type { Finding, Rule, RuleInput } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';

/** Calls that write a file → which of their arguments names it. */
const writes: readonly { name: RegExp; argument: number }[] = [
  {
    name: /^(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|writeJson|writeJSON|toFile|writeJsonFile)$/,
    argument: 0,
  },
  { name: /^(copyFile|copyFileSync|rename|renameSync|cp|cpSync|copy|move)$/, argument: 1 },
];
const opens = /^(open|openSync)$/;
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

function written(call: Call, { values }: RuleInput): Finding | null {
  const kind = writes.find(({ name }) => name.test(call.name));
  const isOpen = opens.test(call.name) && /['"][wa]/.test(sourceOf(call, 1));
  const index = kind?.argument ?? (isOpen ? 0 : -1);
  const given = call.args[index];
  if (!given || call.target !== null) return null;
  const path = pathText(values, call.spot.module, given.node);
  if (!path.text.startsWith('/tmp') || path.isUnique || path.text === '/tmp') return null;
  const isOfRequest = path.holes > 0 && [...given.sources].some((source) => !isFresh(source));
  if (path.holes > 0 && !isOfRequest && !path.isFixed) return null;
  return finding(call, path, isOfRequest);
}

function finding(call: Call, path: PathText, isOfRequest: boolean): Finding {
  const name = call.path?.join('.') ?? call.name;
  if (isLookedFor(call)) return { code: 'TMP_CACHE_NOT_ATOMIC', at: call.spot, args: { call: name, path: path.text } };
  return {
    code: 'TMP_NAME_SHARED',
    at: call.spot,
    severity: isOfRequest ? 'warning' : 'error',
    args: { call: name, path: path.text, when: isOfRequest ? 'for requests about the same thing' : 'in every request' },
  };
}

/** `if (!existsSync(file)) download(file)` keeps files for later requests. */
function isLookedFor({ fn, spot }: Call): boolean {
  return /\b(existsSync|pathExists|fileExists|access|accessSync)\s*\(/.test(spot.module.text.slice(fn.start, spot.node.start));
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
    args: { call: call.path?.join('.') ?? call.name, path: fixed, when: 'in every request' },
  };
}

function sourceOf({ args, spot }: Call, index: number): string {
  const node = args[index]?.node;
  return node ? spot.module.text.slice(node.start, node.end) : '';
}
