/** TypeScript types and first values of states that move into a storage. */
import { child, type Node, unwrap } from '../../src/analysis/syntax.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { isFreshValue } from '../scope-shared-state/initial.js';
import type { Held } from './storage.js';

/**
 * Type and first value of a state; null when they cannot be told. `isNarrowed`: uses of the state count on TypeScript's narrowing, which
 * does not reach through a call: the type is that of a state which has its value.
 */
export function typedValue(
  view: SourceView,
  { annotated, init, before, isOptional = false }: { annotated: Node | null; init: Node | null; before: Node; isOptional?: boolean },
  isNarrowed: boolean,
): Omit<Held, 'name'> | null {
  if (init && !isFreshValue(view, init, before)) return null;
  const initial = init ? view.text(init) : 'undefined';
  if (initial.includes('\n')) return null;
  if (view.module.language !== 'typescript') return { type: '', initial };
  const annotation = child(child(annotated, 'typeAnnotation'), 'typeAnnotation');
  if (!annotation) return literal(init, initial);
  const declared = view.text(annotation);
  const nullable = /^(any|unknown)$/.test(declared) || parts(annotation).some(({ type }) => /^TS(Undefined|Null)Keyword$/.test(type));
  const type = isNarrowed && nullable && annotation.type === 'TSUnionType' ? withoutNothing(view, annotation) : declared;
  const isNothing = /^(undefined|null)$/.test(initial);
  const isCast = isNothing && !(nullable && type === declared) && !isOptional;
  return {
    type: isOptional && !nullable ? `${type} | undefined` : type,
    initial: isCast ? `${initial} as unknown as ${wrapped(type)}` : initial,
  };
}

function parts(annotation: Node): Node[] {
  const types = annotation['types'];
  return annotation.type === 'TSUnionType' && Array.isArray(types) ? (types as Node[]) : [annotation];
}

function withoutNothing(view: SourceView, annotation: Node): string {
  return parts(annotation)
    .filter(({ type }) => !/^TS(Undefined|Null)Keyword$/.test(type))
    .map((each) => view.text(each))
    .join(' | ');
}

function wrapped(type: string): string {
  return type.includes('|') ? `(${type})` : type;
}

function literal(init: Node | null, initial: string): Omit<Held, 'name'> | null {
  const value = unwrap(init)?.['value'];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? { type: typeof value, initial } : null;
}
