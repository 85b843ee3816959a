import type { Call } from '../../src/analysis/concurrency/trace.js';
import { bindingAt, type SourceModule } from '../../src/analysis/source-module.js';
import { child, keyOf, list, type Node, nameOf, stringOf, unwrap } from '../../src/analysis/syntax.js';

/** What belongs to one connection: transactions, settings, locks, temporary tables, cursors, prepared statements, channels. */
const ofConnection =
  /^\s*(begin|start|commit|rollback|savepoint|release|set|reset|listen|unlisten|notify|lock|unlock|declare|fetch|move|close|prepare|execute|deallocate|discard|use|abort|end|call|do)\b|\b(temp|temporary|last_insert_id|currval|lastval|found_rows|row_count|set_config|pg_(try_)?advisory\w*|get_lock|release_lock|current_setting)\b|@\w+|;\s*\S/i;

/** The text of a statement is known, and it does not depend on the one before. */
export function isPlainStatement({ args, spot }: Call): boolean {
  const text = textOf(spot.module, args[0]?.node ?? null, 0);
  return text !== null && !ofConnection.test(text);
}

function textOf(module: SourceModule, node: Node | null, depth: number): string | null {
  const at = unwrap(node);
  const fixed = stringOf(at);
  if (fixed !== null || !at || depth > 4) return fixed;
  if (at.type === 'TemplateLiteral')
    return list(at, 'quasis')
      .map((each) => String((each['value'] as { cooked?: unknown }).cooked ?? ''))
      .join('?');
  if (at.type === 'BinaryExpression' && at['operator'] === '+') {
    const [left, right] = ['left', 'right'].map((side) => textOf(module, child(at, side), depth + 1));
    return left === null || right === null ? null : `${left}${right}`;
  }
  if (at.type === 'ObjectExpression') {
    const properties = list(at, 'properties');
    if (properties.some((each) => keyOf(each) === 'name')) return null;
    const text = properties.find((each) => /^(text|sql)$/.test(keyOf(each) ?? ''));
    return text ? textOf(module, child(text, 'value'), depth + 1) : null;
  }
  const name = nameOf(at);
  const binding = name === null ? undefined : bindingAt(module, name, at.start);
  const isAssigned = name !== null && (module.assignments.get(name) ?? []).length > 0;
  return binding?.kind === 'variable' && binding.path.length === 0 && !isAssigned ? textOf(module, binding.init, depth + 1) : null;
}
