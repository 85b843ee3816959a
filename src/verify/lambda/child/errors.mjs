/** How the runtime turns what a handler threw into what its caller sees. Plain JavaScript, runs inside the function's process. */
import { types } from 'node:util';

const unreadable =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

/** The error classes of the runtime itself carry its prefix. */
export function runtimeError(name, message) {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: `Runtime.${name}`, enumerable: false });
  error.stack = String(error.stack).replace(/^Error/, error.name);
  return error;
}

/** As generation 3 (`aws-lambda-ric` 3.x, Node.js 22 and earlier) reports it. */
export function serialise3(thrown) {
  try {
    if (types.isNativeError(thrown) || looksLikeError(thrown)) return fieldsOf(thrown, thrown.stack);
    return { errorType: typeof thrown, errorMessage: thrown.toString(), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: unreadable };
  }
}

/** As generation 4 (`aws-lambda-ric` 4.x, Node.js 24) reports it. */
export function serialise4(thrown) {
  try {
    if (thrown instanceof Error) return thrown.stack ? fieldsOf(thrown, thrown.stack) : { ...fieldsOf(thrown, ''), trace: [] };
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: unreadable, trace: [] };
  }
}

function looksLikeError(value) {
  return Boolean(value) && ['name', 'message', 'stack'].every((key) => typeof value[key] === 'string' && value[key] !== '');
}

function fieldsOf(error, stack) {
  return {
    errorType: escapeDelete(error.name),
    errorMessage: escapeDelete(error.message),
    trace: stack.replaceAll('\x7F', '%7F').split('\n'),
  };
}

/** The Runtime API takes errors in headers too, where DEL is not allowed. */
function escapeDelete(text) {
  return text?.replaceAll('\x7F', '%7F');
}
