import type { Hazard } from '../../src/analysis/concurrency/find-hazards.js';
import type { Shared } from '../../src/analysis/concurrency/trace.js';
import type { Mend, MendContext } from '../../src/mending/mend.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { stateOf } from '../scope-shared-state/state.js';
import { runAllWithState } from './handlers.js';
import { fieldSlot, isVariableSeen, propertySlot } from './place.js';
import { accessesOf, isOwnOfEach } from './proof.js';
import { moveSlot } from './slot.js';
import { isScalarOrCollection, moveVariable } from './variable.js';
import { Views } from './views.js';

/** Keeps in an AsyncLocalStorage, one for each request, what many functions of a request read and set. */
export const requestScope: Mend = {
  meta: {
    id: 'request-scope',
    description: 'Keeps variables, properties and fields that hold data of one request in an AsyncLocalStorage, one state for each request',
    trigger:
      'state of the module, or a field of an object made once, that every request sets before it reads it, in several functions or files',
    kind: 'source',
  },
  codes: ['SHARED_VARIABLE_REASSIGNED', 'SHARED_OBJECT_CHANGED', 'SHARED_COLLECTION_FILLED', 'INSTANCE_FIELD_SHARED'],
  mend(hazard, context) {
    const { shared } = hazard.finding;
    if (!shared?.declared.module.program) return null;
    const views = new Views();
    const view = views.of(shared.declared.module);
    const key = moved(view, hazard, shared, context);
    if (key === null || !isOwnOfEach(context.traces, shared.key, key)) return null;
    const users = context.traces.filter((trace) => accessesOf(trace, shared.key, key).length > 0);
    const isInParameters = users.some((trace) =>
      accessesOf(trace, shared.key, key).some(({ spot }) => trace.roots.some(({ node }) => isParameter(node, spot.node))),
    );
    return !isInParameters && runAllWithState(users, view, views, context.values) ? views.texts(context.sharedFiles) : null;
  },
};

export default standaloneMend(requestScope);

/** Edits the state itself; gives the key of what became the request's own, null when that is not possible. */
function moved(view: SourceView, hazard: Hazard, shared: Shared, { values, traces }: MendContext): string | null {
  if (shared.kind === 'instance') {
    const slot = fieldSlot(hazard, shared, { values, traces });
    return slot && moveSlot(view, slot) ? `${shared.key}.${slot.name}` : null;
  }
  if (shared.kind !== 'variable') return null;
  const state = stateOf(hazard, view);
  if (state && isScalarOrCollection(state))
    return isVariableSeen(view, traces, shared.key, state.references) && moveVariable(state) ? shared.key : null;
  const slot = propertySlot(hazard, shared, { values, traces });
  return slot && moveSlot(view, slot) ? `${shared.key}.${slot.name}` : null;
}

function isParameter(fn: { start: number; body?: unknown }, node: { start: number; end: number }): boolean {
  const body = fn.body as { start: number } | null | undefined;
  return body != null && fn.start <= node.start && node.end <= body.start;
}
