import type { Node, Program } from 'oxc-parser';

const handlerNames = ['handler', 'lambdaHandler', 'lambda_handler'];

/** Names beside `handler` that tell of something else: a yargs command, a Next.js or Netlify route module. */
const foreignNames = ['command', 'builder', 'getServerSideProps', 'getStaticProps'];

interface ExportedName {
  name: string;
  node: Node;
  /** What is exported, when it stands in this file. */
  value: Node | undefined;
}

/** The export of a module that Lambda could call, by the names everybody uses; undefined when there is none. */
export function exportedHandler(program: Program, text: string): { name: string; start: number; end: number } | undefined {
  const exported = program.body.flatMap((statement) => exportsOf(statement, text, program));
  if (exported.some(({ name }) => foreignNames.includes(name))) return undefined;
  const found = exported.find(({ name }) => handlerNames.includes(name));
  if (!found || !canBeHandler(found.value, text)) return undefined;
  return { name: found.name, start: found.node.start, end: found.node.end };
}

function exportsOf(statement: Program['body'][number], text: string, program: Program): ExportedName[] {
  if (statement.type === 'ExportNamedDeclaration') {
    const declared = statement.declaration ? declarationsOf(statement.declaration) : [];
    const isType = statement.exportKind === 'type';
    const listed = statement.specifiers.map((specifier) => {
      const name = nameOf(specifier.exported);
      return { name, node: specifier as Node, value: statement.source ? undefined : localValue(program, nameOf(specifier.local)) };
    });
    return isType ? [] : [...declared, ...listed];
  }
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return [];
  return commonJsExports(statement.expression, text, program);
}

function commonJsExports(assignment: Node & { type: 'AssignmentExpression' }, text: string, program: Program): ExportedName[] {
  const target = text.slice(assignment.left.start, assignment.left.end).replace(/\s/g, '');
  const value = exportedValue(assignment.right, program);
  const name = /^(?:module\.)?exports(?:\.([\w$]+)|\[['"]([\w$]+)['"]\])$/.exec(target);
  if (target !== 'module.exports' && name) return [{ name: name[1] ?? (name[2] as string), node: assignment, value }];
  const chained = assignment.right.type === 'AssignmentExpression' ? commonJsExports(assignment.right, text, program) : [];
  if (target !== 'module.exports' || assignment.right.type !== 'ObjectExpression') return chained;
  return assignment.right.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.computed) return [];
    return [
      { name: nameOf(property.key as { name?: string; value?: unknown }), node: property as Node, value: exportedValue(property.value, program) },
    ];
  });
}

function declarationsOf(declaration: Node): ExportedName[] {
  if (declaration.type === 'FunctionDeclaration' && declaration.id)
    return [{ name: declaration.id.name, node: declaration, value: declaration }];
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap((each) =>
    each.id.type === 'Identifier' ? [{ name: each.id.name, node: each as Node, value: each.init ?? undefined }] : [],
  );
}

function exportedValue(node: Node, program: Program): Node | undefined {
  return node.type === 'Identifier' ? localValue(program, node.name) : node;
}

function localValue(program: Program, name: string): Node | undefined {
  for (const statement of program.body) {
    const found = declarationsOf(statement).find((each) => each.name === name);
    if (found) return found.value;
  }
  return undefined;
}

/** Not a plain value, and not a web framework's `(req, res)`. */
function canBeHandler(value: Node | undefined, text: string): boolean {
  if (value === undefined) return true;
  if (value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression' || value.type === 'FunctionDeclaration') {
    const first = value.params[0];
    return first === undefined || !/^_?(req|request|argv|interaction|client|ctx)\b/.test(text.slice(first.start, first.end));
  }
  return (
    value.type !== 'Literal' && value.type !== 'ObjectExpression' && value.type !== 'ArrayExpression' && value.type !== 'TemplateLiteral'
  );
}

function nameOf(node: { name?: string; value?: unknown }): string {
  return node.name ?? String(node.value);
}
