/**
 * Tells which variables of the user's modules hold a text, when a file asks for it: what one request has left there is what another one
 * finds. Looks through the inspector of its own process at what the functions of these modules close over.
 */
import fs from 'node:fs';
import inspector from 'node:inspector';
import path from 'node:path';
import { setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';

const lookMilliseconds = 100;
/** Of large bundles only a part is looked through. */
const longestMilliseconds = 4000;
const existing = fs.existsSync;
const read = fs.readFileSync;
const write = fs.writeFileSync;
const rename = fs.renameSync;
const remove = fs.rmSync;

/**
 * While `<file>.ask` is there: what it names as a regular expression is looked for in its files, or in all where there is none of them;
 * `<file>.json` then has the answer.
 * @param {string} file
 */
export function tellKeepers(file) {
  const timer = setInterval(() => {
    if (!existing(`${file}.ask`)) return;
    let found = [];
    try {
      const { pattern, files } = JSON.parse(read(`${file}.ask`, 'utf8'));
      remove(`${file}.ask`, { force: true });
      found = keepersOf(pattern, files);
    } catch {
      // Without an inspector nothing can be told.
    }
    write(`${file}.partial`, JSON.stringify(found));
    rename(`${file}.partial`, `${file}.json`);
  }, lookMilliseconds);
  timer.unref();
}

/** Variables with what they hold, by file and line of their declaration. */
function keepersOf(pattern, files) {
  const session = new inspector.Session();
  session.connect();
  try {
    const ask = asker(session);
    const all = [];
    session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => {
      if (url.startsWith('file:') && !url.includes('/node_modules/') && isBelow(fileURLToPath(url)))
        all.push([scriptId, fileURLToPath(url)]);
    });
    ask('Debugger.enable');
    const wanted = all.filter(([, script]) => files.some((each) => `/${each}`.endsWith(`/${path.relative(process.cwd(), script)}`)));
    const scripts = new Map(wanted.length > 0 ? wanted : all);
    const texts = new Map([...new Set(scripts.values())].map((each) => [each, read(each, 'utf8')]));
    const found = new Map();
    const end = Date.now() + longestMilliseconds;
    for (const { script, scope } of scopesIn(ask, scripts, [...texts.values()].join('\n'))) {
      if (Date.now() > end) break;
      for (const name of namesIn(ask, scope, pattern)) {
        const line = lineOf(texts.get(script) ?? '', name);
        if (line > 0) found.set(`${script} ${name}`, { name, file: path.relative(process.cwd(), script), line });
      }
    }
    return [...found.values()];
  } finally {
    session.disconnect();
  }
}

/** Commands of the inspector of the same thread are answered before they return. */
function asker(session) {
  return (method, params) => {
    let answer;
    session.post(method, params, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer;
  };
}

function isBelow(file) {
  return !path.relative(process.cwd(), file).startsWith('..');
}

/** What the functions of these scripts close over, once each function. */
function* scopesIn(ask, scripts, text) {
  const { result } = ask('Runtime.evaluate', { expression: 'Function.prototype', objectGroup: 'keepers' });
  const { objects } = ask('Runtime.queryObjects', { prototypeObjectId: result.objectId, objectGroup: 'keepers' });
  for (const { value } of ask('Runtime.getProperties', { objectId: objects.objectId, ownProperties: true }).result) {
    const source = value?.description ?? '';
    if (value?.type !== 'function' || source.includes('[native code]') || !text.includes(source.split('\n')[0])) continue;
    const { internalProperties = [] } = ask('Runtime.getProperties', { objectId: value.objectId, ownProperties: true });
    const internal = (name) => internalProperties.find((each) => each.name === name)?.value;
    const script = scripts.get(internal('[[FunctionLocation]]')?.value?.scriptId);
    const chain = internal('[[Scopes]]')?.objectId;
    if (script === undefined || chain === undefined) continue;
    for (const scope of ask('Runtime.getProperties', { objectId: chain, ownProperties: true }).result)
      if (scope.value?.objectId && scope.value.description !== 'Global') yield { script, scope: scope.value.objectId };
  }
  ask('Runtime.releaseObjectGroup', { objectGroup: 'keepers' });
}

function namesIn(ask, objectId, pattern) {
  const { result } = ask('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: namesWith.toString(),
    arguments: [{ value: pattern }],
    returnByValue: true,
  });
  return Array.isArray(result.value) ? result.value : [];
}

/** Runs on an entry of a chain of scopes: names of its variables whose value holds the text somewhere; getters are not called. */
function namesWith(pattern) {
  const wanted = new RegExp(pattern);
  const maximumDepth = 5;
  const maximumObjects = 5000;
  const holds = (value, depth, seen) => {
    if (typeof value === 'string') return wanted.test(value);
    if (value === null || typeof value !== 'object' || seen.has(value) || depth > maximumDepth || seen.size > maximumObjects) return false;
    seen.add(value);
    if (ArrayBuffer.isView(value))
      return value.byteLength < 1_000_000 && wanted.test(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'));
    if (value instanceof Map && [...value].some((entry) => entry.some((each) => holds(each, depth + 1, seen)))) return true;
    if (value instanceof Set && [...value].some((each) => holds(each, depth + 1, seen))) return true;
    return Reflect.ownKeys(value).some((key) => {
      const { value: own } = Object.getOwnPropertyDescriptor(value, key) ?? {};
      return (typeof key === 'string' && wanted.test(key)) || holds(own, depth + 1, seen);
    });
  };
  return Object.entries(Object.getOwnPropertyDescriptors(this.object)).flatMap(([name, { value }]) =>
    !/^(exports|require|module|process|globalThis)$/.test(name) && holds(value, 0, new Set()) ? [name] : [],
  );
}

/** Line of the declaration of a name; 0 when it has none. */
function lineOf(text, name) {
  const escaped = name.replaceAll('$', '\\$');
  const declared = new RegExp(`\\b(?:let|const|var|class|function)\\s+(?:[\\w$\\s,={}[\\]]*[\\s,{[])??${escaped}(?![\\w$])`).exec(text);
  return declared ? text.slice(0, declared.index + declared[0].length).split('\n').length : 0;
}
