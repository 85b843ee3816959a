import { fileCacheAround } from '../concurrency/file-cache.js';
import { pathText } from '../concurrency/path-text.js';
import type { Finding, Rule, RuleInput } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { writtenFile } from '../concurrency/written-file.js';
import { stringOf } from '../syntax.js';

const removes =
  /\b(unlink|rm|rmdir|remove|rimraf|emptyDir|del|deleteAsync|delete(File|Folder|Dir|Tmp|Temp)\w*|clean(Up|Tmp|Temp|Folder|Dir)\w*|rename|move|truncate|purge\w*|dispose\w*|Symbol\.asyncDispose)(Sync)?\s*\(|\brm -|\brm['"]/i;

/** Files and folders below /tmp of a name of their own in every request, which nothing removes. */
export const tmpGrowth: Rule = {
  id: 'tmp-growth',
  find: (input) => {
    if (input.files.some((file) => removes.test(input.values.modules.get(file)?.text ?? ''))) return [];
    const found = new Map<string, Finding>();
    for (const call of input.trace.calls) {
      const finding = made(call, input);
      const key = String(finding?.args['path']);
      if (finding && !found.has(key)) found.set(key, finding);
    }
    return [...found.values()];
  },
};

function made(call: Call, { values }: RuleInput): Finding | null {
  const { module, node } = call.spot;
  const isFolder = /^mkdtemp(Sync)?$/.test(call.name) && call.target === null;
  const index = isFolder ? 0 : writtenFile(call);
  const given = index === null ? undefined : call.args[index];
  if (!given) return null;
  const path = pathText(values, module, given.node);
  if (!path.text.startsWith('/tmp') || !(isFolder || path.isNew)) return null;
  if (fileCacheAround(call.fn, node, (each) => stringOf(each) === null)) return null;
  const text = isFolder ? `${path.text}{…}` : path.text;
  return { code: 'TMP_GROWS', at: call.spot, args: { call: call.path?.join('.') ?? call.name, path: text } };
}
