/**
 * Build step of this package, not part of the runtime: makes the JavaScript forms of the runtime, for users who write JavaScript.
 * `dist/templates/service/{esm,commonjs}/*.js` hold the same code and comments as the TypeScript beside this file.
 */
import { realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { format } from 'prettier';
import tsBlankSpace from 'ts-blank-space';
import writeFileAtomic from 'write-file-atomic';

type Program = ReturnType<typeof parseSync>['program'];
type Statement = Program['body'][number];

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Writes both forms below `root`, the folder of this package. Files that have not changed are left alone. */
export async function buildRuntime(root: string): Promise<void> {
  const sources = join(root, 'templates/service');
  const names = (await readdir(sources)).filter((name) => name.endsWith('.ts') && name !== 'build.ts');
  const target = join(root, 'dist/templates/service');
  for (const form of ['esm', 'commonjs'] as const) {
    const folder = join(target, form);
    await mkdir(folder, { recursive: true });
    const outputs = new Map(names.map((name) => [name.replace(/\.ts$/, '.js'), name]));
    for (const old of await readdir(folder)) if (!outputs.has(old)) await rm(join(folder, old));
    for (const [output, name] of outputs) {
      const module = toJavaScript(await readFile(join(sources, name), 'utf8'), name);
      await writeWhenChanged(join(folder, output), await prettify(form === 'esm' ? module : toCommonJs(module, name)));
    }
  }
}

async function writeWhenChanged(file: string, text: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before !== text) await writeFileAtomic(file, text);
}

function prettify(text: string): Promise<string> {
  return format(text, { parser: 'babel', singleQuote: true, printWidth: 140 });
}

/**
 * The code without its types, and without the comments that describe them.
 *
 * @throws Error for TypeScript that does more than describe types (enums, parameter properties, namespaces)
 */
export function toJavaScript(source: string, name = 'source.ts'): string {
  const { program, comments } = parse(source, name);
  const erased = program.body.filter(isTypeOnly).map(({ type, start, end }) => ({
    start: type === 'ImportDeclaration' ? start : withComments(source, start, comments),
    end: source[end] === '\n' ? end + 1 : end,
    text: '',
  }));
  const code = applyEdits(source, erased);
  return tsBlankSpace(code, ({ pos, end }) => {
    throw new Error(`${name}: this cannot be erased: ${code.slice(pos, end).trim()}`);
  });
}

function isTypeOnly(statement: Statement): boolean {
  if (statement.type === 'ImportDeclaration') return statement.importKind === 'type';
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return declaration?.type === 'TSInterfaceDeclaration' || declaration?.type === 'TSTypeAliasDeclaration';
}

/** Where the comments begin that stand right above a place. */
function withComments(source: string, place: number, comments: { start: number; end: number }[]): number {
  let start = place;
  for (const comment of comments.filter(({ end }) => end <= place).reverse()) {
    if (!/^[ \t]*\n?[ \t]*$/.test(source.slice(comment.end, start))) break;
    start = comment.start;
  }
  return start;
}

/**
 * An ES module as a CommonJS one.
 *
 * @throws Error for what has no plain counterpart: default and namespace imports and exports, `export let`, `import.meta`, `await`
 *   at top level
 */
export function toCommonJs(source: string, name = 'source.js'): string {
  const { program, module } = parse(source, name.replace(/\.ts$/, '.js'));
  const refuse = (what: string): never => {
    throw new Error(`${name}: ${what} has no CommonJS form here`);
  };
  if (module.importMetas.length > 0) refuse('import.meta');
  const edits: Edit[] = [];
  const exported: string[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const names = statement.specifiers.map((specifier) => {
        if (specifier.type !== 'ImportSpecifier') return refuse(source.slice(statement.start, statement.end));
        return property(source.slice(specifier.imported.start, specifier.imported.end), specifier.local.name);
      });
      const call = `require(${statement.source.raw});`;
      edits.push({ start: statement.start, end: statement.end, text: names.length > 0 ? `const { ${names.join(', ')} } = ${call}` : call });
    } else if (statement.type === 'ExportNamedDeclaration') {
      const { declaration } = statement;
      if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration')
        exported.push(declaration.id?.name ?? '');
      else if (declaration?.type === 'VariableDeclaration' && declaration.kind === 'const')
        for (const { id } of declaration.declarations) exported.push(id.type === 'Identifier' ? id.name : refuse('a destructuring export'));
      else refuse(source.slice(statement.start, statement.end));
      edits.push({ start: statement.start, end: declaration?.start ?? statement.end, text: '' });
    } else if (statement.type.startsWith('Export')) refuse(source.slice(statement.start, statement.end));
  }
  const exports = exported.length > 0 ? `\nmodule.exports = { ${exported.join(', ')} };\n` : '';
  const result = `'use strict';\n\n${applyEdits(source, edits).trimStart()}${exports}`;
  parse(result, name.replace(/\.[jt]s$/, '.cjs'));
  return result;
}

function property(imported: string, local: string): string {
  return imported === local ? local : `${imported}: ${local}`;
}

function parse(source: string, name: string): ReturnType<typeof parseSync> {
  const result = parseSync(name, source, { sourceType: name.endsWith('.cjs') ? 'commonjs' : 'module' });
  const [error] = result.errors;
  if (error) throw new Error(`${name}: ${error.message}`);
  return result;
}

function applyEdits(source: string, edits: Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text } of edits) {
    result += source.slice(at, start) + text;
    at = end;
  }
  return result + source.slice(at);
}

const own = fileURLToPath(import.meta.url);
if (realpathSync(process.argv[1] ?? '.') === own) await buildRuntime(join(dirname(own), '../../..'));
