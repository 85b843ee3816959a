/**
 * Runs the exports of one CommonJS text as the Lambda runtime of Node.js 22 and earlier did, and prints what each settled with: the
 * first completion wins, a callback's answer waits for the event loop to be empty, a synchronous result is ignored.
 * argv: JSON of { source, events }. Output: JSON of { [export]: outcome[] }.
 */
import { createRequire } from 'node:module';

const { source, events } = JSON.parse(process.argv[2]);
const nodeRequire = createRequire(import.meta.url);
console.log = console.error;

class Documents {
  request(kind, params, done) {
    const settle = (resolve, reject) =>
      setTimeout(
        () =>
          params.Key?.id === 'fail'
            ? reject(Object.assign(new Error('not there'), { statusCode: 404 }))
            : resolve({ Item: { kind, id: params.Key?.id } }),
        2,
      );
    if (done)
      settle(
        (data) => done(null, data),
        (error) => done(error, null),
      );
    return { promise: () => new Promise(settle) };
  }
}
for (const kind of ['get', 'delete', 'put'])
  Documents.prototype[kind] = function (params, done) {
    return this.request(kind, params, done);
  };
const modules = { 'aws-sdk': { DynamoDB: { DocumentClient: Documents } }, https: { get: () => ({ on() {} }) } };

const loaded = { exports: {} };
new Function('module', 'exports', 'require', source)(loaded, loaded.exports, (name) => modules[name] ?? nodeRequire(name));

const results = {};
const queue = Object.keys(loaded.exports).flatMap((name) => events.map((event) => ({ name, event })));
let finished = false;
let whenEmpty = null;
let current = null;

function settle(outcome) {
  results[current.name] = [...(results[current.name] ?? []), outcome];
  whenEmpty = null;
  current = null;
  setImmediate(next);
}
const success = (value) => settle({ result: JSON.parse(JSON.stringify(value ?? null)) });
const failure = (error) =>
  settle({ error: error instanceof Error ? { type: error.name, message: error.message } : { type: typeof error, message: String(error) } });
const isSet = (error) => error !== undefined && error !== null;

function next() {
  current = queue.shift() ?? null;
  if (!current) return;
  finished = false;
  let waits = true;
  const mine = current;
  const once =
    (complete) =>
    (...args) => {
      if (finished || current !== mine) return;
      finished = true;
      complete(...args);
    };
  const callback = once((error, value) => {
    if (isSet(error)) failure(error);
    else if (waits) whenEmpty = () => success(value);
    else success(value);
  });
  const context = {
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value;
    },
    succeed: once(success),
    fail: once((error) => failure(isSet(error) ? error : 'handled')),
    done: once((error, value) => (isSet(error) ? failure(error) : success(value))),
  };
  whenEmpty = () => success(null);
  try {
    const result = loaded.exports[current.name](structuredClone(current.event), context, callback);
    if (typeof result?.then === 'function') result.then(context.succeed, context.fail);
  } catch (error) {
    callback(error);
  }
}

const crash = (error) => current && failure(error);
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.on('beforeExit', () => {
  if (whenEmpty) whenEmpty();
  else if (!current && queue.length === 0 && !process.exitCode) {
    process.stdout.write(JSON.stringify(results));
    process.exitCode = 0;
    process.exit();
  }
});
next();
