/** The handler's parameters and types become those of a route handler. */
import { child, type Node, nameOf, parametersOf } from '../../src/analysis/syntax.js';
import { parsedBodyType } from './body-type.js';
import { indentAt } from './edits.js';
import { bodyType, variablesOf } from './fields.js';
import { eventParameter, frontOf, type Handler, noteReplaced } from './handler.js';

/** Names that the file must import as types. */
export type TypeNames = Set<'FastifyReply' | 'FastifyRequest'>;

/** Writes parameters and result type; gives the types that are used. */
export function rewriteSignature(handler: Handler): TypeNames {
  const types: TypeNames = new Set();
  const { node, edits, module } = handler;
  const parameters = parametersOf(node);
  const written = newParameters(handler, types);
  const [first] = parameters;
  const last = parameters.at(-1);
  if (first && last) {
    const hasParentheses = module.text.slice(node.start, first.start).includes('(');
    const end = Math.max(last.end, child(last, 'typeAnnotation')?.end ?? 0);
    const text = module.text.slice(end).match(/^\s*,/);
    const range = { start: first.start, end: text ? end + text[0].length : end };
    edits.replace(range, ...(hasParentheses ? [] : ['(']), ...written, ...(hasParentheses ? [] : [')']));
  } else if (written.length > 0) {
    const open = module.text.indexOf('(', node.start);
    const close = module.text.indexOf(')', open);
    edits.replace({ start: open, end: close + 1 }, '(', ...written, ')');
  }
  if (module.language === 'typescript') rewriteTypes(handler, types);
  return types;
}

/** Has a function that was given the event take the request, in the same place. */
export function requestParameter(handler: Handler): void {
  const parameter = eventParameter(handler) as Node;
  const { node, edits, module, request } = handler;
  const annotation = child(parameter, 'typeAnnotation');
  const isAlone = parametersOf(node).length === 1 && !module.text.slice(node.start, parameter.start).includes('(');
  const name = parameter.type === 'ObjectPattern' ? { start: parameter.start, end: annotation?.start ?? parameter.end } : request;
  const range = { start: parameter.start, end: annotation?.end ?? parameter.end };
  if (module.language !== 'typescript') {
    if (name === request) edits.replace(range, name);
    return;
  }
  const members = generics(handler);
  const type = members.length === 0 ? 'FastifyRequest' : `FastifyRequest<{ ${members.join('; ')} }>`;
  const shown = typeof name === 'string' ? name.length : name.end - name.start;
  const column = parameter.start - module.text.lastIndexOf('\n', parameter.start) + shown + type.length;
  const isWide = column > widest && members.length > 0 && parametersOf(node).length === 1;
  const written: Written = isWide ? onLines(handler, name, members) : [name, `: ${type}`];
  edits.replace(range, isAlone ? '(' : '', ...written, isAlone ? ')' : '');
}

type Written = (string | { start: number; end: number })[];

/** Columns that a signature may take before its parameters get lines of their own. */
const widest = 100;

function newParameters(handler: Handler, types: TypeNames): Written {
  const { needs, module, request, reply, node } = handler;
  const isTyped = module.language === 'typescript';
  const [first] = parametersOf(node);
  const name: Written[number] =
    needs.request && first?.type === 'ObjectPattern'
      ? { start: first.start, end: child(first, 'typeAnnotation')?.start ?? first.end }
      : needs.request
        ? request
        : `_${request}`;
  if (!needs.request && !needs.reply) return [];
  if (!isTyped) return [name, ...(needs.reply ? [`, ${reply}`] : [])];
  types.add('FastifyRequest');
  if (needs.reply) types.add('FastifyReply');
  const members = needs.request ? generics(handler) : [];
  const type = members.length === 0 ? 'FastifyRequest' : `FastifyRequest<{ ${members.join('; ')} }>`;
  const shown = typeof name === 'string' ? name.length : name.end - name.start;
  const column = node.start - module.text.lastIndexOf('\n', node.start) + shown + type.length + reply.length;
  if (column + ': , : FastifyReply) => {'.length + (child(node, 'returnType') ? 23 : 0) + 6 <= widest || members.length === 0)
    return [name, `: ${type}`, ...(needs.reply ? [`, ${reply}: FastifyReply`] : [])];
  return onLines(handler, name, members);
}

/** As formatters lay it out: a parameter a line, a member of its type a line where they do not fit one. */
function onLines({ module, node, unit, needs, reply }: Handler, name: Written[number], members: string[]): Written {
  const outer = indentAt(module.text, node.start);
  const indent = outer + unit;
  const oneLine = `FastifyRequest<{ ${members.join('; ')} }>`;
  const type =
    indent.length + 10 + oneLine.length <= widest
      ? oneLine
      : `FastifyRequest<{\n${members.map((member) => `${indent}${unit}${member};\n`).join('')}${indent}}>`;
  return [`\n${indent}`, name, `: ${type},\n`, ...(needs.reply ? [`${indent}${reply}: FastifyReply,\n`] : []), outer];
}

/** What the request is known to carry: the variables of its path, and what the code reads. */
function generics(handler: Handler): string[] {
  const { routes, types, quote } = handler;
  const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quote + name + quote);
  // Code that took an event of any type has to compile with the new one too.
  const isLoose = isUntyped(handler);
  const optional = isLoose ? '' : '?';
  const members = (names: Iterable<string>, mark: string) => [...names].map((name) => `${key(name)}${mark}: string`);
  const properties = (names: Iterable<string>, mark: string) => `{ ${members(names, mark).join('; ')} }`;
  const every = routes.map(({ path }) => variablesOf(path));
  const common = (every[0] ?? []).filter((name) => every.every((names) => names.includes(name)));
  const variables = handler.call ? common.filter((name) => types.params.has(name)) : common;
  const sometimes = [...types.params].filter((name) => !common.includes(name));
  const unusual = [...types.headers].filter((name) => isLoose || !knownHeaders.has(name));
  const params = types.wholeParams
    ? 'Record<string, string>'
    : `{ ${[...members(variables, ''), ...members(sometimes, optional)].join('; ')} }`;
  const query = types.wholeQuery ? 'Record<string, string>' : properties(types.query, optional);
  return [
    ...(types.wholeParams || variables.length + sometimes.length > 0 ? [`Params: ${params}`] : []),
    ...(types.wholeQuery || types.query.size > 0 ? [`Querystring: ${query}`] : []),
    ...(unusual.length > 0 ? [`Headers: ${properties(unusual, optional)}`] : []),
    ...(types.body ? [`Body: ${handler.parsesBody ? parsedBodyType(handler) : isLoose ? 'string' : bodyType(frontOf({ routes }))}`] : []),
  ];
}

/** Nothing says what type the event has, or `any` does. */
function isUntyped({ node, parents }: Handler): boolean {
  const [first] = parametersOf(node);
  const annotation = child(child(first ?? null, 'typeAnnotation'), 'typeAnnotation');
  if (annotation) return annotation.type === 'TSAnyKeyword';
  const declarator = parents.get(node);
  return !(declarator?.type === 'VariableDeclarator' && child(child(declarator, 'id'), 'typeAnnotation'));
}

/** Headers that Node's types have as a plain string. */
const knownHeaders = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'origin',
  'range',
  'referer',
  'user-agent',
]);

function rewriteTypes(handler: Handler, types: TypeNames): void {
  const { node, edits, parents, needs } = handler;
  const result = child(node, 'returnType');
  if (result && handler.completions) edits.remove(result);
  else if (result) {
    types.add('FastifyReply');
    edits.replace(result, needs.promise ? ': Promise<FastifyReply>' : ': FastifyReply');
  }
  const declarator = parents.get(node);
  const annotation = declarator?.type === 'VariableDeclarator' ? child(child(declarator, 'id'), 'typeAnnotation') : null;
  if (!annotation) return;
  edits.remove(annotation);
  const name = nameOf(child(child(annotation, 'typeAnnotation'), 'typeName'));
  if (name !== null) noteReplaced(handler, name);
}

/** JSDoc of Lambda's parameters says what the new ones are. */
export function rewriteComment(handler: Handler): void {
  const { module, edits, request, reply, needs } = handler;
  const start = statementOf(handler).start;
  const comment = /\/\*\*(?:[^*]|\*(?!\/))*\*\/\s*$/.exec(module.text.slice(0, start));
  if (!comment || module.language === 'typescript') return;
  const [event, context, callback] = parametersOf(handler.node).map(nameOf);
  const tag = (name: string | null | undefined) => (name ? new RegExp(`^\\s*\\*\\s*@param\\s*(?:\\{[^}]*\\})?\\s*${name}\\b.*$`) : null);
  const isAbout = /API Gateway|Lambda|APIGateway|aws-lambda/i.test(comment[0]);
  if (!isAbout) return;
  const lines = comment[0].split(/\r?\n/).flatMap((line) => {
    const lead = /^\s*\*?\s?/.exec(line)?.[0] ?? '';
    if (tag(event)?.test(line)) return [`${lead}@param {import('fastify').FastifyRequest} ${needs.request ? request : `_${request}`}`];
    if (tag(context)?.test(line)) return needs.reply ? [`${lead}@param {import('fastify').FastifyReply} ${reply}`] : [];
    if (tag(callback)?.test(line)) return [];
    if (/@returns?\b/.test(line)) return [`${lead}@returns {Promise<import('fastify').FastifyReply>}`];
    if (/^\s*\*\s*(?:Event|Context|Return) doc:/i.test(line)) return [];
    return [line];
  });
  edits.replace({ start: comment.index, end: comment.index + comment[0].length }, tidy(lines).join('\n'));
}

/** Without the empty lines that were around what is gone. */
function tidy(lines: string[]): string[] {
  const isEmpty = (line: string | undefined) => line !== undefined && /^\s*\*\s*$/.test(line);
  const isEdge = (line: string | undefined) => isEmpty(line) || /^\s*\/\*\*\s*$|^\s*\*\/\s*$|^\s*\*\s*@/.test(line ?? '');
  return lines.filter((line, index) => {
    if (!isEmpty(line)) return true;
    const isFirstTag = !isEdge(lines[index - 1]);
    return isFirstTag && !/^\s*\*\/\s*$/.test(lines[index + 1] ?? '');
  });
}

function statementOf({ parents, node }: Handler): Node {
  let at: Node = node;
  for (let parent = parents.get(at); parent && parent.type !== 'Program'; parent = parents.get(at)) at = parent;
  return at;
}
