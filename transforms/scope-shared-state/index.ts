import type { Mend } from '../../src/mending/mend.js';
import { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { moveToLocal } from './local.js';
import { passAsParameter } from './parameter.js';
import { stateOf } from './state.js';

/** Gives each request its own: what every request writes before it reads it becomes a local variable, passed on where others read it. */
export const scopeSharedState: Mend = {
  meta: {
    id: 'scope-shared-state',
    description: 'Makes variables of the module that hold data of one request local to it, or parameters',
    trigger: 'a variable, object or list that every request writes before it reads it',
    kind: 'source',
  },
  codes: ['SHARED_VARIABLE_REASSIGNED', 'SHARED_OBJECT_CHANGED', 'SHARED_COLLECTION_FILLED'],
  mend(hazard) {
    const module = hazard.finding.shared?.declared.module;
    for (const edit of [moveToLocal, passAsParameter]) {
      const view = module?.program ? new SourceView(module) : null;
      const state = view && stateOf(hazard, view);
      const text = state && edit(state) ? state.view.result() : null;
      if (module && text !== null && text !== undefined) return new Map([[module.file, text]]);
    }
    return null;
  },
};

export default standaloneMend(scopeSharedState);
