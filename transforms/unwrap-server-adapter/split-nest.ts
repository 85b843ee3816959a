/** Gives the part of a function that makes a Nest application a function of its own, which is exported. */
import type { JSCodeshift } from 'jscodeshift';
import { type Builders, child, identifiers, list, memberPath, type Node, programOf } from '../syntax.js';
import type { ServerExport } from './export-binding.js';
import { nestKey, nestShape } from './nest-shape.js';

/** Edits the module so that the handler and a service make the application alike; `because` when that part cannot be told. */
export function splitNest(program: Node, j: JSCodeshift, build: Builders): ServerExport {
  const shape = nestShape(program);
  if ('because' in shape) return shape;
  const { name, split } = shape;
  if (!split) return { name };
  const { outer, block, from, to, application, others } = split;
  const statements = list(block, 'body');
  const moved = statements.slice(from, to);
  const answer = parsed(j, `return { ${[pair(application), ...others].join(', ')} };`);
  const used = statements.slice(to).some((each) => identifiers(each, application).length > 0);
  const made = parsed(j, `const { ${[...(used ? [pair(application)] : []), ...others].join(', ')} } = await ${name}();`);
  const shared = moved.map((each) => (isAdapterMiddleware(each) ? onLambda(j, each) : each));
  const [declaration] = parsed(j, `async function ${name}() {}`) as [Node];
  declaration.body = build.block([...shared, ...answer]);
  block.body = [...statements.slice(0, from), ...made, ...statements.slice(to)];
  const body = list(program, 'body');
  const at = body.indexOf(outer);
  program.body = [...body.slice(0, at), declaration, ...body.slice(at)];
  return { name };
}

/** `app.use(eventContext())`, which complains about every request that no adapter made. */
function isAdapterMiddleware(statement: Node): boolean {
  const call = statement.type === 'ExpressionStatement' ? child(statement, 'expression') : null;
  const given = call?.type === 'CallExpression' ? list(call, 'arguments')[0] : undefined;
  return given?.type === 'CallExpression' && memberPath(child(given, 'callee'))?.at(-1) === 'eventContext';
}

function onLambda(j: JSCodeshift, statement: Node): Node {
  const [guarded] = parsed(j, "if ('AWS_LAMBDA_FUNCTION_NAME' in process.env) {}") as [Node];
  guarded.consequent = { ...statement };
  return guarded;
}

function pair(application: string): string {
  return application === nestKey ? nestKey : `${nestKey}: ${application}`;
}

function parsed(j: JSCodeshift, code: string): Node[] {
  const wrapped = programOf(j(`async () => {\n${code}\n}`));
  const [statement] = list(wrapped, 'body') as [Node];
  const arrow = statement.expression as Node;
  return list(arrow.body as Node, 'body');
}
