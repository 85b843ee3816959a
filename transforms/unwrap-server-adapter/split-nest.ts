/** Gives the part of a function that makes a Nest application a function of its own, which is exported. */
import type { JSCodeshift } from 'jscodeshift';
import { type Builders, identifiers, list, type Node, programOf } from '../syntax.js';
import type { ServerExport } from './export-binding.js';
import { nestKey, nestShape } from './nest-shape.js';

/** Edits the module so that the handler and a service make the application alike; `because` when that part cannot be told. */
export function splitNest(program: Node, j: JSCodeshift, build: Builders): ServerExport {
  const shape = nestShape(program);
  if ('because' in shape) return shape;
  const { name, split } = shape;
  if (!split) return { name };
  const { outer, block, from, to, application, others, isFastify } = split;
  const statements = list(block, 'body');
  const moved = statements.slice(from, to);
  const waits = isFastify && !/\.ready\(/.test(j(moved as never).toSource().toString());
  const ready = waits ? `await ${application}.getHttpAdapter().getInstance().ready();\n` : '';
  const answer = parsed(j, `${ready}return { ${[pair(application), ...others].join(', ')} };`);
  const used = statements.slice(to).some((each) => identifiers(each, application).length > 0);
  const made = parsed(j, `const { ${[...(used ? [pair(application)] : []), ...others].join(', ')} } = await ${name}();`);
  const [declaration] = parsed(j, `async function ${name}() {}`) as [Node];
  declaration.body = build.block([...moved, ...answer]);
  block.body = [...statements.slice(0, from), ...made, ...statements.slice(to)];
  const body = list(program, 'body');
  const at = body.indexOf(outer);
  program.body = [...body.slice(0, at), declaration, ...body.slice(at)];
  return { name };
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
