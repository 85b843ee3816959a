import type { Rule } from '../concurrency/rule.js';
import { cacheGrowth } from './cache-growth.js';
import { cacheKey } from './cache-key.js';
import { clientClose } from './client-close.js';
import { couldBeLocal } from './could-be-local.js';
import { databaseConnection } from './database-connection.js';
import { environmentWrite } from './environment-write.js';
import { eventLoop } from './event-loop.js';
import { floatingPromise } from './floating-promise.js';
import { instanceField } from './instance-field.js';
import { lazyStart } from './lazy-start.js';
import { libraryState } from './library-state.js';
import { listener } from './listener.js';
import { loggerContext } from './logger-context.js';
import { managedInstances } from './managed-instances.js';
import { parallelCalls } from './parallel-calls.js';
import { poolSize } from './pool-size.js';
import { processEnd } from './process-end.js';
import { processExit } from './process-exit.js';
import { processState } from './process-state.js';
import { regexPosition } from './regex-position.js';
import { sharedCollection } from './shared-collection.js';
import { sharedObject } from './shared-object.js';
import { sharedStream } from './shared-stream.js';
import { sharedVariable } from './shared-variable.js';
import { singletonSetter } from './singleton-setter.js';
import { staleValue } from './stale-value.js';
import { timer } from './timer.js';
import { tmpGrowth } from './tmp-growth.js';
import { tmpName } from './tmp-name.js';
import { traceVariable } from './trace-variable.js';

/** All rules about concurrency, one hazard each. */
export const rules: readonly Rule[] = [
  sharedVariable,
  sharedObject,
  instanceField,
  sharedCollection,
  cacheKey,
  cacheGrowth,
  couldBeLocal,
  environmentWrite,
  processExit,
  processEnd,
  processState,
  singletonSetter,
  loggerContext,
  sharedStream,
  regexPosition,
  tmpName,
  tmpGrowth,
  databaseConnection,
  clientClose,
  lazyStart,
  floatingPromise,
  timer,
  listener,
  eventLoop,
  parallelCalls,
  poolSize,
  staleValue,
  libraryState,
  traceVariable,
  managedInstances,
];
