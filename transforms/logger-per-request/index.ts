import type { Hazard } from '../../src/analysis/concurrency/find-hazards.js';
import type { Mend } from '../../src/mending/mend.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { runAllWithState } from '../request-scope/handlers.js';
import { Views } from '../request-scope/views.js';
import { areKnown, isSetInRequestsOnly, loggerOf, usersOf } from './logger.js';
import { keepPinoKeys, pinoMethods } from './pino.js';
import { keepWinstonKeys, winstonMethods } from './winston.js';

/** How the keys of each library are kept by request. */
const libraries = {
  pino: { keep: keepPinoKeys, methods: pinoMethods },
  winston: { keep: keepWinstonKeys, methods: winstonMethods },
};

/** Keeps the keys that a request puts on the logger of the module to the lines of that request. */
export const loggerPerRequest: Mend = {
  meta: {
    id: 'logger-per-request',
    description: 'Keeps keys that a request puts on the one logger of a module (pino, winston) to the lines of that request',
    trigger: '`logger.setBindings(keys)`, `logger = logger.child(keys)` with pino, `logger.defaultMeta = keys` with winston, in a request',
    kind: 'source',
  },
  codes: ['LOGGER_CONTEXT_SHARED', 'SHARED_VARIABLE_REASSIGNED', 'SHARED_OBJECT_CHANGED'],
  mend({ finding }, { values, traces, sharedFiles }) {
    const { shared } = finding;
    if (shared?.kind !== 'variable' || !shared.declared.module.program || isOtherProperty(finding)) return null;
    const views = new Views();
    const view = views.of(shared.declared.module);
    const logger = loggerOf(view, shared, values);
    const users = usersOf(traces, shared);
    if (!logger || !areKnown(users)) return null;
    const { keep, methods } = libraries[logger.library];
    if (!isSetInRequestsOnly(users, values, shared, methods) || !keep(view, logger)) return null;
    return runAllWithState(users, view, views, values) ? views.texts(sharedFiles) : null;
  },
};

export default standaloneMend(loggerPerRequest);

/** A property of the logger that is no set of keys, such as its level. */
function isOtherProperty({ code, args }: Hazard['finding']): boolean {
  return code === 'SHARED_OBJECT_CHANGED' && !/\.defaultMeta\b/.test(String(args['name']));
}
