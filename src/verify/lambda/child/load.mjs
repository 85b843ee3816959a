/** Finds the handler of a handler string by the runtime's own rules. Plain JavaScript, runs inside the function's process. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { runtimeError } from './errors.mjs';

const require = createRequire(import.meta.url);

/** `dir/module.a.b` → folder, module and property path; the first dot of the base name divides. */
export function parseHandler(text) {
  if (text.includes('..')) {
    throw runtimeError(
      'MalformedHandlerName',
      `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const name = basename(text);
  const dot = name.indexOf('.');
  if (dot < 0) throw runtimeError('MalformedHandlerName', 'Bad handler');
  return { folder: text.slice(0, text.indexOf(name)), module: name.slice(0, dot), path: name.slice(dot + 1).split('.') };
}

/** Loads the handler as generation 3 does: `require` first, `import` for ES modules. */
export async function load3(root, text) {
  const { folder, module, path } = parseHandler(text);
  const loaded = await named(() => module3(resolve(root, folder, module), module, [root, folder]));
  return checked(
    path.reduce((value, key) => value?.[key], loaded),
    text,
  );
}

/** Loads the handler as generation 4 does: `import` for everything, and the default export is looked into as well. */
export async function load4(root, text) {
  const { folder, module, path } = parseHandler(text);
  const loaded = await named(() => module4(resolve(root, folder, module), module, [root, join(root, folder)])).catch(keepSyntaxStack);
  const within = (value) => path.reduce((inner, key) => (inner && typeof inner === 'object' ? inner[key] : undefined), value);
  return checked(
    within(loaded) || (typeof loaded === 'object' && loaded && 'default' in loaded ? within(loaded.default) : undefined),
    text,
  );
}

async function module3(file, module, paths) {
  const esm = existsSync(`${file}.js`) && isEsmFolder(dirname(`${file}.js`));
  const ways = [['', requireFile], ...(esm ? [['.js', importFile]] : [['.js', requireFile]]), ['.mjs', importFile], ['.cjs', requireFile]];
  for (const [extension, load] of ways) {
    const loaded = existsSync(file + extension) && (await load(file + extension));
    if (loaded) return loaded;
  }
  return require(require.resolve(module, { paths }));
}

async function module4(file, module, paths) {
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    if (existsSync(file + extension)) return importFile(file + extension);
  }
  return require(require.resolve(module, { paths }));
}

function requireFile(file) {
  return require(file);
}

function importFile(file) {
  return import(file);
}

/** The nearest package.json decides; folders of installed packages are not looked through. */
function isEsmFolder(folder) {
  if (folder.endsWith('/node_modules')) return false;
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))?.type === 'module';
    } catch {
      return false;
    }
  }
  return folder !== '/' && isEsmFolder(dirname(folder));
}

/** Failures to load get the runtime's names. */
async function named(load) {
  try {
    return await load();
  } catch (error) {
    if (error instanceof SyntaxError) throw Object.assign(runtimeError('UserCodeSyntaxError', String(error)), { cause: error });
    if (error?.code === 'MODULE_NOT_FOUND') throw runtimeError('ImportModuleError', String(error));
    throw error;
  }
}

/** Generation 4 shows where the syntax error is. */
function keepSyntaxStack(error) {
  if (error.cause instanceof SyntaxError) error.stack = error.cause.stack;
  throw error;
}

function checked(handler, text) {
  if (!handler) throw runtimeError('HandlerNotFound', `${text} is undefined or not exported`);
  if (typeof handler !== 'function') throw runtimeError('HandlerNotFound', `${text} is not a function`);
  return handler;
}
