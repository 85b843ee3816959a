/** Imports of types: Fastify's are added, Lambda's go when nothing uses them any more. */
import { parseModule } from '../../src/analysis/source-module.js';
import { child, children, list, type Node, nameOf, stringOf } from '../../src/analysis/syntax.js';
import { Edits, wholeLine, withComma } from './edits.js';
import type { TypeNames } from './signature.js';

/** `text` is the rewritten file; `replaced` are other types that it may need no more. The import of Fastify's types takes the place of one that goes. */
export function withTypeImports(
  file: string,
  text: string,
  { names, quote, replaced }: { names: TypeNames; quote: string; replaced?: ReadonlySet<string> | undefined },
): string {
  const { text: without, place } = dropUnused(file, text, replaced);
  return addFastify(file, without, names, quote, place);
}

const lambdaTypes = /^aws-lambda$|^@types\/aws-lambda$/;

function dropUnused(file: string, text: string, replaced: ReadonlySet<string> = new Set()): { text: string; place: number | null } {
  const { program } = parseModule(file, text);
  if (!program) return { text, place: null };
  const edits = new Edits(text, []);
  const used = usedNames(program);
  let place: number | null = null;
  for (const statement of list(program, 'body')) {
    if (statement.type !== 'ImportDeclaration') continue;
    const isLambda = lambdaTypes.test(stringOf(child(statement, 'source')) ?? '');
    const specifiers = list(statement, 'specifiers');
    const unused = specifiers.filter((each) => {
      const name = nameOf(child(each, 'local')) ?? '';
      return !used.has(name) && (isLambda || replaced.has(name));
    });
    if (specifiers.length === 0 || unused.length === 0) continue;
    if (unused.length < specifiers.length) for (const each of unused) edits.remove(withComma(text, each));
    else {
      const range = wholeLine(text, statement);
      if (place === null && range.start === text.lastIndexOf('\n', range.start - 1) + 1) place = range.start;
      edits.remove(range);
    }
  }
  return { text: edits.apply(), place };
}

/** Names in any position but imports. */
function usedNames(program: Node): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node) => {
    if (node.type === 'ImportDeclaration') return;
    const name = nameOf(node);
    if (name !== null) names.add(name);
    for (const each of children(node)) visit(each);
  };
  visit(program);
  return names;
}

function addFastify(file: string, text: string, names: TypeNames, quote: string, place: number | null): string {
  const { program } = parseModule(file, text);
  if (!program || names.size === 0) return text;
  const statements = list(program, 'body');
  const imports = statements.filter(({ type }) => type === 'ImportDeclaration');
  const existing = imports.find((each) => stringOf(child(each, 'source')) === 'fastify' && each['importKind'] === 'type');
  const imported = existing ? list(existing, 'specifiers').map((each) => nameOf(child(each, 'local')) ?? '') : [];
  const all = [...new Set([...imported, ...names])].sort();
  if (existing && all.length === imported.length) return text;
  const semicolon = imports.length === 0 || imports.some(({ end }) => text[end - 1] === ';') ? ';' : '';
  const code = `import type { ${all.join(', ')} } from ${quote}fastify${quote}${semicolon}`;
  if (existing) return text.slice(0, existing.start) + code + text.slice(existing.end);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (place !== null) return `${text.slice(0, place)}${code}${eol}${text.slice(place)}`;
  const [first] = imports;
  if (first) return `${text.slice(0, first.start)}${code}${eol}${text.slice(first.start)}`;
  const at = startOfCode(text, statements);
  return `${text.slice(0, at)}${code}${eol}${eol}${text.slice(at)}`;
}

/** Behind directives and a comment at the top that belongs to the file; one right above code belongs to that. */
function startOfCode(text: string, statements: readonly Node[]): number {
  const directive = statements.filter((each) => typeof each['directive'] === 'string').at(-1);
  const from = directive?.end ?? 0;
  const head =
    /^(?:\uFEFF)?(?:#![^\n]*\n)?(?:\s*\/\/[^\n]*\n)*(?:\s*\/\*!?[\s\S]*?\*\/\s*?\n)?(?:\s*\n)?/.exec(text.slice(from))?.[0] ?? '';
  const isAboveCode = /\/\*\*(?:[^*]|\*(?!\/))*\*\/[ \t]*\r?\n$/.test(head);
  if (isAboveCode) return from + head.lastIndexOf('/**');
  return from + (directive || /\/[/*]/.test(head) ? head.length : 0);
}
