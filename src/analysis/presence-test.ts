/** A syntax node of any parser: the questions below are the same for ESTree and Babel's trees. */
interface Shape {
  type: string;
  [field: string]: unknown;
}

type ParentOf = (node: Shape) => Shape | null | undefined;

/** Parent's type → does it only ask whether the value of the node is there? */
const asks: Readonly<Record<string, (parent: Shape, node: Shape, parentOf: ParentOf) => boolean>> = {
  IfStatement: (parent, node) => parent['test'] === node,
  ConditionalExpression: (parent, node) => parent['test'] === node,
  UnaryExpression: (parent, _node, parentOf) =>
    parent['operator'] === '!' || (parent['operator'] === 'typeof' && isEquality(parentOf(parent))),
  // The left side of `&&` decides, and is the value only when it is not there; `??` cannot stand beside other operators.
  LogicalExpression: (parent, node, parentOf) =>
    parent['operator'] !== '??' && ((parent['operator'] === '&&' && parent['left'] === node) || isPresenceTest(parent, parentOf)),
  BinaryExpression: (parent, node) => isEquality(parent) && isNothing(parent[parent['left'] === node ? 'right' : 'left']),
  CallExpression: (parent, node) => isShape(parent['callee']) && parent['callee']['name'] === 'Boolean' && parent['callee'] !== node,
};

/** The tree that a node stands in. */
interface Tree {
  parentOf: ParentOf;
  /** Identifiers of that name, declarations included. */
  identifiers(name: string): readonly Shape[];
}

/** Like `isPresenceTest`, also for what a constant of the module keeps: `const isLambda = process.env.NAME`. */
export function isOnlyTested(node: Shape, { parentOf, identifiers }: Tree): boolean {
  if (isPresenceTest(node, parentOf)) return true;
  const declarator = parentOf(node);
  const declaration = declarator && parentOf(declarator);
  const name = declarator?.type === 'VariableDeclarator' && isShape(declarator['id']) ? declarator['id']['name'] : undefined;
  if (typeof name !== 'string' || declaration?.['kind'] !== 'const') return false;
  if (parentOf(declaration)?.type === 'ExportNamedDeclaration') return false;
  const uses = identifiers(name).filter((each) => each !== declarator?.['id']);
  return uses.length > 0 && uses.every((use) => isPresenceTest(use, parentOf));
}

/** The value is used for nothing but to find out whether it is there: `if (x)`, `!x`, `x && y`, `x === undefined`, `Boolean(x)`. */
function isPresenceTest(node: Shape, parentOf: ParentOf): boolean {
  const parent = parentOf(node);
  return parent ? (asks[parent.type]?.(parent, node, parentOf) ?? false) : false;
}

function isEquality(node: Shape | null | undefined): boolean {
  return node?.type === 'BinaryExpression' && /^[!=]==?$/.test(String(node['operator']));
}

function isNothing(value: unknown): boolean {
  if (!isShape(value)) return false;
  return value.type === 'NullLiteral' || value['name'] === 'undefined' || (value.type === 'Literal' && value['value'] === null);
}

function isShape(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && 'type' in value;
}
