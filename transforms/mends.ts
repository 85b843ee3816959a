/** The transforms that make code safe for many requests in one process, in the order in which they are tried. */
import type { Mend } from '../src/mending/mend.js';
import { clientCloseInHandler } from './client-close-in-handler/index.js';
import { dbSingleClient } from './db-single-client/index.js';
import { downloadOnce } from './download-once/index.js';
import { environmentPerRequest } from './environment-per-request/index.js';
import { lazyStartOnce } from './lazy-start-once/index.js';
import { loggerPerRequest } from './logger-per-request/index.js';
import { requestScope } from './request-scope/index.js';
import { scopeSharedState } from './scope-shared-state/index.js';
import { scopeTmpFiles } from './scope-tmp-files/index.js';
import { shutdownHook } from './shutdown-hook/index.js';
import { trackBackgroundWork } from './track-background-work/index.js';

export const mends: readonly Mend[] = [
  scopeSharedState,
  requestScope,
  loggerPerRequest,
  environmentPerRequest,
  scopeTmpFiles,
  downloadOnce,
  lazyStartOnce,
  clientCloseInHandler,
  dbSingleClient,
  trackBackgroundWork,
  shutdownHook,
];
