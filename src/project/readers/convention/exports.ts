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

export interface ExportedHandler {
  name: string;
  start: number;
  end: number;
  /** What is exported, when it stands in this file. */
  value: Node | undefined;
}

/** The export of a module by the names everybody gives a handler; undefined when there is none. */
export function exportedHandler(program: Program, text: string): ExportedHandler | undefined {
  const exported = program.body.flatMap((statement) => exportsOf(statement, text, program));
  if (exported.some(({ name }) => foreignNames.includes(name))) return undefined;
  const found = exported.find(({ name }) => handlerNames.includes(name));
  return found && { name: found.name, start: found.node.start, end: found.node.end, value: found.value };
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
      {
        name: nameOf(property.key as { name?: string; value?: unknown }),
        node: property as Node,
        value: exportedValue(property.value, program),
      },
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

function nameOf(node: { name?: string; value?: unknown }): string {
  return node.name ?? String(node.value);
}
