/**
 * Where a module makes its Nest application, and whether that part can become a function of its own. Works on the trees of both
 * parsers (Babel's and oxc's), because the analysis asks the same question before there is an edit.
 */
import {
  child,
  children,
  identifiers,
  isFunction,
  list,
  memberPath,
  type Node,
  nameOf,
  propertyName,
  some,
  unwrap,
  walk,
} from '../syntax.js';
import { adapterPattern, otherExports } from './adapters.js';

/** Key of the Nest application in what the function of its own answers. */
export const nestKey = 'nest';

export interface NestShape {
  /** The function of its own: its name, whether it is there already or is to be made. */
  name: string;
  isFastify: boolean;
  /** Null when it is there already. */
  split: NestSplit | null;
}

interface NestSplit {
  /** Statement of the module's top level with the function that makes the application. */
  outer: Node;
  /** Node whose `body` holds the statements. */
  block: Node;
  /** First statement to move, and the first one behind them. */
  from: number;
  to: number;
  /** Variable of the Nest application. */
  application: string;
  /** Other variables that the statements left behind need. */
  others: string[];
}

interface Made {
  fn: Node;
  /** From the function's body down to the block of the declaration. */
  blocks: Node[];
  at: number;
  application: string;
  creation: Node;
}

/** How the application that a module makes can be shared, or why it cannot. */
export function nestShape(program: Node): NestShape | { because: string } {
  const made = creations(program);
  const [first] = made;
  if (!first || made.length > 1)
    return { because: made.length > 1 ? 'it makes several Nest applications' : 'its module has no call of NestFactory.create' };
  if (some(program, (node) => propertyName(node) === 'enableShutdownHooks'))
    return { because: "Nest's own shutdown hooks would end requests that are in flight" };
  const found = declarationOf(first);
  if (found === null) return { because: 'its application is not a variable of a function' };
  const outer = topLevel(program, found.fn);
  if (!outer) return { because: 'its function is not at the top level of the module' };
  if (outer.name !== null && isCalledOnImport(program, outer.name)) return { because: 'its module makes one as soon as it is imported' };
  const already = splitBefore(found, outer.name);
  if (already) return { ...already, isFastify: usesFastify(program) };
  return splitOf(program, found, outer.statement);
}

/** Path of nodes from the program to each `NestFactory.create(…)`. */
function creations(program: Node): Node[][] {
  const found: Node[][] = [];
  const visit = (node: Node, above: Node[]) => {
    const path = [...above, node];
    if (node.type === 'CallExpression' && memberPath(child(node, 'callee'))?.join('.') === 'NestFactory.create') found.push(path);
    for (const each of children(node)) visit(each, path);
  };
  visit(program, []);
  return found;
}

/** `const app = await NestFactory.create(…)` in a function. */
function declarationOf(path: Node[]): Made | null {
  const creation = path.at(-1) as Node;
  const depth = path.findLastIndex(isFunction);
  const fn = path[depth];
  const statement = path.findLast(({ type }) => type === 'VariableDeclaration');
  const [declarator, ...more] = statement ? list(statement, 'declarations') : [];
  const application = declarator ? nameOf(child(declarator, 'id')) : null;
  const awaited = declarator ? unwrap(child(declarator, 'init')) : null;
  if (!fn || !statement || more.length > 0 || application === null || awaited?.type !== 'AwaitExpression') return null;
  if (unwrap(child(awaited, 'argument')) !== creation) return null;
  const blocks = path.slice(depth + 1).filter((node) => list(node, 'body').length > 0);
  const at = blocks.length > 0 ? list(blocks.at(-1) as Node, 'body').indexOf(statement) : -1;
  return at < 0 ? null : { fn, blocks, at, application, creation };
}

function topLevel(program: Node, fn: Node): { statement: Node; name: string | null } | null {
  for (const statement of list(program, 'body')) {
    const inner = statement.type.startsWith('Export') ? child(statement, 'declaration') : statement;
    if (!inner) continue;
    if (inner === fn) return { statement, name: nameOf(child(inner, 'id')) };
    const declarator = list(inner, 'declarations').find((each) => unwrap(child(each, 'init')) === fn);
    if (declarator) return { statement, name: nameOf(child(declarator, 'id')) };
    if (inner.type === 'ExpressionStatement' && unwrap(child(child(inner, 'expression') ?? inner, 'right')) === fn)
      return { statement, name: null };
  }
  return null;
}

function isCalledOnImport(program: Node, name: string): boolean {
  let called = false;
  walk(program, (node) => {
    if (node.type === 'CallExpression' && nameOf(child(node, 'callee')) === name) called = true;
    return !isFunction(node);
  });
  return called;
}

/** What an earlier run made: the function answers an object with the application. */
function splitBefore({ blocks, application }: Made, name: string | null): Pick<NestShape, 'name' | 'split'> | null {
  const last = list(blocks[0] as Node, 'body').at(-1);
  const answer = last?.type === 'ReturnStatement' ? unwrap(child(last, 'argument')) : null;
  const property = answer?.type === 'ObjectExpression' ? list(answer, 'properties').find((each) => propertyName(each) === nestKey) : null;
  return name !== null && property && nameOf(child(property, 'value')) === application ? { name, split: null } : null;
}

function splitOf(program: Node, made: Made, outer: Node): NestShape | { because: string } {
  const block = made.blocks.at(-1) as Node;
  const statements = list(block, 'body');
  const initialised = statements.findIndex((each, index) => index > made.at && isInit(each, made.application));
  if (initialised < 0) return { because: `${made.application}.init() is not awaited beside its creation` };
  const from = statements.slice(0, made.at).findLastIndex(leaves) + 1;
  const to = initialised + 1 + statements.slice(initialised + 1).findIndex((each) => !isReady(each));
  const moved = statements.slice(from, to);
  const rest = statements.slice(to);
  const because =
    whyNotMoved(moved, made) ?? whyMore(made, statements.slice(0, from)) ?? whyNotRest(program, rest, made, declaredIn(moved));
  if (because !== null) return { because };
  const others = [...declaredIn(moved)].filter(
    (name) => name !== made.application && rest.some((each) => identifiers(each, name).length > 0),
  );
  if (others.includes(nestKey)) return { because: `it has a variable ${nestKey} of its own` };
  return {
    name: freeName(program),
    isFastify: usesFastify(program),
    split: {
      outer,
      block,
      from,
      to,
      application: made.application,
      others,
    },
  };
}

function isInit(statement: Node, application: string): boolean {
  const awaited = statement.type === 'ExpressionStatement' ? unwrap(child(statement, 'expression')) : null;
  const call = awaited?.type === 'AwaitExpression' ? unwrap(child(awaited, 'argument')) : null;
  return call?.type === 'CallExpression' && memberPath(child(call, 'callee'))?.join('.') === `${application}.init`;
}

/** `await app.getHttpAdapter().getInstance().ready()` of Fastify. */
function isReady(statement: Node): boolean {
  const awaited = statement.type === 'ExpressionStatement' ? unwrap(child(statement, 'expression')) : null;
  const call = awaited?.type === 'AwaitExpression' ? unwrap(child(awaited, 'argument')) : null;
  const callee = call ? child(call, 'callee') : null;
  return callee !== null && propertyName(callee) === 'ready';
}

function leaves(statement: Node): boolean {
  let found = false;
  walk(statement, (node) => {
    if (['ReturnStatement', 'BreakStatement', 'ContinueStatement', 'YieldExpression'].includes(node.type)) found = true;
    return !isFunction(node);
  });
  return found;
}

function declaredIn(statements: readonly Node[]): Set<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    for (const declarator of list(statement, 'declarations')) patternNames(child(declarator, 'id'), names);
    if (isFunction(statement) || statement.type === 'ClassDeclaration') patternNames(child(statement, 'id'), names);
  }
  return names;
}

function patternNames(pattern: Node | null, into: Set<string>): void {
  const name = nameOf(pattern);
  if (name !== null) into.add(name);
  if (!pattern || name !== null) return;
  for (const each of [...list(pattern, 'properties'), ...list(pattern, 'elements')])
    patternNames(child(each, 'value') ?? child(each, 'argument') ?? child(each, 'left') ?? each, into);
}

/** What the statements to move need from the function around them. */
function whyNotMoved(moved: readonly Node[], { fn, blocks }: Made): string | null {
  if (moved.some(leaves)) return 'the function may end before the application is ready';
  if (moved.some((each) => some(each, ({ type, name }) => type === 'ThisExpression' || name === 'arguments')))
    return 'its creation depends on how the function is called';
  const outside = new Set<string>();
  for (const parameter of list(fn, 'params')) for (const name of namesBelow(parameter)) outside.add(name);
  for (const block of blocks) for (const name of declaredIn(list(block, 'body').filter((each) => !moved.includes(each)))) outside.add(name);
  const needed = [...outside].find((name) => moved.some((each) => identifiers(each, name).length > 0));
  return needed === undefined ? null : `its creation depends on ${needed} of the function`;
}

function namesBelow(node: Node): string[] {
  const found: string[] = [];
  walk(node, (each) => {
    const name = nameOf(each);
    if (name !== null) found.push(name);
  });
  return found;
}

/** Statements of the function that would be left out when only the application is made: tests whether it is there may. */
function whyMore({ blocks }: Made, before: readonly Node[]): string | null {
  const others = blocks
    .slice(0, -1)
    .flatMap((block, depth) => list(block, 'body').filter((each) => !holds(each, blocks[depth + 1] as Node)));
  return [...before, ...others].every(isBookkeeping) ? null : 'the function does more than to make the application';
}

function holds(statement: Node, node: Node): boolean {
  return some(statement, (each) => each === node);
}

function isBookkeeping(statement: Node): boolean {
  if (statement.type === 'ReturnStatement') return true;
  if (statement.type === 'IfStatement') {
    const then = child(statement, 'consequent');
    const body = then?.type === 'BlockStatement' ? list(then, 'body') : [then];
    return !child(statement, 'alternate') && body.every((each) => each?.type === 'ReturnStatement');
  }
  const expression = child(statement, 'expression');
  const path = expression && memberPath(unwrap(child(expression, 'left')));
  return path?.at(-1) === 'callbackWaitsForEmptyEventLoop' || memberPath(child(expression ?? statement, 'callee'))?.[0] === 'console';
}

/** What is left behind may only hand the server of the application to the adapter. */
function whyNotRest(program: Node, rest: readonly Node[], { application, creation }: Made, declared: ReadonlySet<string>): string | null {
  const adapters = adapterNames(program);
  const isAdapterCall = (node: Node) => {
    const path = node.type === 'CallExpression' ? memberPath(child(node, 'callee')) : null;
    return path !== null && adapters.has(path[0] ?? '') && !otherExports.has(path.at(-1) ?? '');
  };
  const handed = rest.flatMap((each) => serversHanded(each, isAdapterCall));
  if (handed.length !== 1) return 'what the adapter wraps cannot be told';
  const instances = rest.flatMap((each) => instanceVariable(each, application));
  const own = [...namesGiven(creation), ...instances];
  const [server] = handed as [Node];
  if (!isInstance(server, application) && !own.includes(nameOf(server) ?? '')) return 'the adapter wraps another server than that of Nest';
  const more = rest.find(
    (each) => !isBookkeeping(each) && !some(each, isAdapterCall) && instanceVariable(each, application).length === 0 && !isKept(each),
  );
  if (more) return 'the function does more than to make the application';
  const allowed = rest.flatMap((each) => [...instancesBelow(each, application), ...handed]);
  const used = [...declared, ...instances].find((name) =>
    rest.some((each) => identifiers(each, name).some((use) => !allowed.some((one) => holds(one, use)) && !isDeclaredBy(each, use))),
  );
  return used === undefined ? null : `${used} is used after the application is ready`;
}

/** Local names of what the adapters' packages export. */
function adapterNames(program: Node): Set<string> {
  const found = new Set<string>();
  for (const statement of list(program, 'body')) {
    const isImport = statement.type === 'ImportDeclaration';
    const source = isImport ? (child(statement, 'source')?.value as unknown) : null;
    if (typeof source === 'string' && adapterPattern.test(source))
      for (const each of list(statement, 'specifiers')) found.add(nameOf(child(each, 'local')) ?? '');
    const reference = statement.type === 'TSImportEqualsDeclaration' ? child(statement, 'moduleReference') : null;
    if (reference && adapterPattern.test(String(child(reference, 'expression')?.value))) found.add(nameOf(child(statement, 'id')) ?? '');
    for (const declarator of statement.type === 'VariableDeclaration' ? list(statement, 'declarations') : []) {
      const call = unwrap(child(declarator, 'init'));
      const [required] = call && nameOf(child(call, 'callee')) === 'require' ? list(call, 'arguments') : [];
      if (required && adapterPattern.test(String(required.value))) patternNames(child(declarator, 'id'), found);
    }
  }
  found.delete('');
  return found;
}

function serversHanded(statement: Node, isAdapterCall: (node: Node) => boolean): Node[] {
  const found: Node[] = [];
  walk(statement, (node) => {
    if (!isAdapterCall(node)) return;
    const first = unwrap(list(node, 'arguments')[0] ?? null);
    const app =
      first?.type === 'ObjectExpression'
        ? unwrap(child(list(first, 'properties').find((each) => propertyName(each) === 'app') ?? first, 'value'))
        : first;
    if (app) found.push(app);
  });
  return found;
}

/** `create(Module, expressApp)`, `create(Module, new ExpressAdapter(expressApp))`: the server that Nest builds on. */
function namesGiven(creation: Node): string[] {
  const given = unwrap(list(creation, 'arguments')[1] ?? null);
  const inner = given?.type === 'NewExpression' ? unwrap(list(given, 'arguments')[0] ?? null) : given;
  const name = nameOf(inner);
  return name === null ? [] : [name];
}

/** `app.getHttpAdapter().getInstance()` */
function isInstance(node: Node | null, application: string): boolean {
  const call = unwrap(node);
  const callee = call?.type === 'CallExpression' ? child(call, 'callee') : null;
  if (!callee || propertyName(callee) !== 'getInstance') return false;
  const adapter = unwrap(child(callee, 'object'));
  return adapter?.type === 'CallExpression' && memberPath(child(adapter, 'callee'))?.join('.') === `${application}.getHttpAdapter`;
}

function instancesBelow(node: Node, application: string): Node[] {
  const found: Node[] = [];
  walk(node, (each) => {
    if (isInstance(each, application)) found.push(each);
  });
  return found;
}

function instanceVariable(statement: Node, application: string): string[] {
  return list(statement, 'declarations').flatMap((each) =>
    isInstance(child(each, 'init'), application) ? [nameOf(child(each, 'id')) ?? ''] : [],
  );
}

function isDeclaredBy(statement: Node, use: Node): boolean {
  return list(statement, 'declarations').some((each) => child(each, 'id') === use);
}

/** `cached = handler` */
function isKept(statement: Node): boolean {
  const expression = child(statement, 'expression');
  return expression?.type === 'AssignmentExpression' && nameOf(unwrap(child(expression, 'right'))) !== null;
}

function usesFastify(program: Node): boolean {
  return some(program, (node) => nameOf(node) === 'FastifyAdapter');
}

function freeName(program: Node): string {
  const wish = 'createNestApplication';
  const isTaken = (name: string) => some(program, (node) => nameOf(node) === name);
  let name = wish;
  for (let count = 2; isTaken(name); count++) name = `${wish}${count}`;
  return name;
}
