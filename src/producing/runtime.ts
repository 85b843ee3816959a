import type { ServicePlan } from '../planning/plan.js';
import type { ServiceModule } from './service-module.js';

export interface RuntimeInput {
  /** Kinds of services whose runtime is needed. */
  kinds: readonly ServicePlan['kind'][];
  module: ServiceModule;
}

/** Files of the runtime in the user's language and module system; paths are relative to the service folder (`runtime/web.js`). */
export function runtimeFiles(_input: RuntimeInput): { path: string; content: string }[] {
  return [];
}
