import type { Front } from '../../project/trigger.js';
import { alb } from './alb.js';
import { functionUrl } from './function-url.js';
import { httpApi } from './http-api.js';
import type { FrontModel } from './model.js';
import { restApi } from './rest-api.js';

/** Every HTTP front, by its name. */
export const frontModels: Readonly<Record<Front, FrontModel>> = {
  'rest-api': restApi,
  'http-api': httpApi,
  'function-url': functionUrl,
  alb,
};
