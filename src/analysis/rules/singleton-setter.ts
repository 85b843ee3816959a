import { isFresh } from '../concurrency/known.js';
import type { Finding, Rule } from '../concurrency/rule.js';
import type { Call, Sources, Write } from '../concurrency/trace.js';
import { dataName, nameOfState } from '../concurrency/words.js';

const sets =
  /^(set(?!Timeout|Interval|Immediate|Item|Ex|NX|nx|ex|Object|State$)[A-Z]\w*|changeLanguage|locale|configure|configureScope|setLocale|setDefault|updateConfig|authenticate|impersonate|useTenant|switchTo)$/;
const updates = /^(update|use|defaults|setConfig|config|init)$/;
/** Stores: what is set there belongs under a key. */
const stores = /redis|memcached|cache|dynamo|firestore|storage|lru|s3|keyv|mongo/i;
const scopes = /logger|powertools|middy|express|fastify|koa|hono/i;

/** A setting of a shared object that is taken from the request: token of a client, language of a translator, credentials of an SDK. */
export const singletonSetter: Rule = {
  id: 'singleton-setter',
  find: ({ trace }) => [
    ...trace.writes.filter(isSetting).map(
      (write): Finding => ({
        code: 'SINGLETON_SET_PER_REQUEST',
        at: write.spot,
        args: { name: nameOfLibrary(write), data: dataName(write.sources, trace) },
      }),
    ),
    ...trace.calls.filter(isSetterCall).map(
      (call): Finding => ({
        code: 'SINGLETON_SET_PER_REQUEST',
        at: call.spot,
        args: { name: call.path?.join('.') ?? call.name, data: dataName(new Set(call.args.flatMap(({ sources }) => [...sources])), trace) },
      }),
    ),
  ],
};

function isSetting({ shared, sources, how }: Write): boolean {
  return shared.kind === 'library' && how === 'assign' && isOfRequest(sources);
}

function nameOfLibrary(write: Write): string {
  return nameOfState(write).replace(/^.*\//, '');
}

function isSetterCall({ name, receiver, external, args, target, path }: Call): boolean {
  if (target !== null || receiver === null || !args.some(({ sources }) => isOfRequest(sources))) return false;
  const owner = external?.package ?? receiver.shared.name;
  if (stores.test(owner) || stores.test(receiver.shared.name) || scopes.test(owner) || scopes.test(receiver.shared.name)) return false;
  if (sets.test(name)) return true;
  return updates.test(name) && /(^|\.)(config|defaults|options|settings)\.(update|use)$|^(AWS|axios)\./.test(path?.join('.') ?? '');
}

function isOfRequest(sources: Sources): boolean {
  return [...sources].some((source) => !isFresh(source));
}
