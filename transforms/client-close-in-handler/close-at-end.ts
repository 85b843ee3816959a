import type { Call, Shared, Trace } from '../../src/analysis/concurrency/trace.js';
import { bindingAt } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf, unwrap } from '../../src/analysis/syntax.js';
import { atShutdown, declareAtShutdown } from '../../src/mending/at-shutdown.js';
import { SourceView } from '../../src/mending/source-view.js';

/**
 * Registers the call that closes a client for the end of the service, in the module that made the client, so that it is closed once however
 * many handlers closed it. Gives the view of that module, which is `view` itself for a client of the same one; null when no name at the top
 * of a module stands for the client, or the call is given something that belongs to the request.
 */
export function closeAtEnd(view: SourceView, call: Call, traces: readonly Trace[]): SourceView | null {
  const { receiver, spot } = call;
  const object = unwrap(child(unwrap(child(spot.node, 'callee')), 'object'));
  if (!receiver || !object || !list(spot.node, 'arguments').every(({ type }) => type === 'Literal')) return null;
  const { shared, path } = receiver;
  const given = `(${list(spot.node, 'arguments')
    .map((each) => view.text(each))
    .join(', ')})`;
  const isDirect = isOfModule(view, object);
  if (shared.kind === 'variable') {
    const owner = shared.declared.module === view.module ? view : new SourceView(shared.declared.module);
    const declaration = owner.parent(shared.declared.node);
    const statement = declaration && statementOf(owner, declaration);
    const isWhole = nameOf(child(shared.declared.node, 'id')) === shared.name;
    if (!declaration || !statement || !isWhole || owner.parent(statement) !== owner.program || path.includes('*')) return null;
    const name = [shared.name, ...path].join('.');
    const isCertain = isDirect && path.length === 0 && declaration['kind'] === 'const';
    const client = isDirect ? name : `(await ${name})`;
    const work = `${isDirect ? '' : 'async '}() => ${client}${isCertain ? '.' : '?.'}${call.name}${given}`;
    return register(owner, work, statement) ? owner : null;
  }
  if (!/^(library|export)$/.test(shared.kind) || !isDirect || (shared.kind === 'export' && filesThatClose(shared, call.name, traces) > 1))
    return null;
  return register(view, `() => ${view.text(object)}.${call.name}${given}`, null) ? view : null;
}

/** `client`, `state.client` of a variable or an import at the top of the module. */
function isOfModule(view: SourceView, object: Node): boolean {
  let root: Node | null = object;
  while (root?.type === 'MemberExpression' && keyOf(root) !== null) root = unwrap(child(root, 'object'));
  const name = nameOf(root);
  const binding = root && name !== null ? bindingAt(view.module, name, root.start) : undefined;
  return binding !== undefined && view.functionsAround(binding.node).length === 0;
}

function statementOf(view: SourceView, declaration: Node): Node {
  const parent = view.parent(declaration);
  return parent && /^Export/.test(parent.type) ? parent : declaration;
}

/** Behind the statement that declares the client; behind the imports for one that is imported. */
function register(view: SourceView, work: string, statement: Node | null): boolean {
  const line = `${atShutdown}(${work})${view.semicolon}`;
  if (view.module.text.includes(`${atShutdown}(${work})`)) return true;
  if (!declareAtShutdown(view, statement === null ? [line] : [])) return false;
  if (statement) view.edits.replace({ start: statement.end, end: statement.end }, `${view.lineEnd}${line}`);
  return true;
}

function filesThatClose(shared: Shared, name: string, traces: readonly Trace[]): number {
  const closing = traces.flatMap(({ calls }) => calls).filter((each) => each.receiver?.shared.key === shared.key && each.name === name);
  return new Set(closing.map(({ spot }) => spot.module.file)).size;
}
