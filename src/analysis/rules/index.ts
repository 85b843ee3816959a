import type { Rule } from '../concurrency/rule.js';
import { cacheGrowth } from './cache-growth.js';
import { cacheKey } from './cache-key.js';
import { couldBeLocal } from './could-be-local.js';
import { environmentWrite } from './environment-write.js';
import { instanceField } from './instance-field.js';
import { processExit } from './process-exit.js';
import { processState } from './process-state.js';
import { sharedCollection } from './shared-collection.js';
import { sharedObject } from './shared-object.js';
import { sharedVariable } from './shared-variable.js';

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
  processState,
];
