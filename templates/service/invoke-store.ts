/**
 * What libraries for Lambda ask when many requests run in one process: each has a store of its own, as on Managed Instances. Powertools
 * (2.34 and later) keeps log keys, metrics and segments of a request in it, where AWS_LAMBDA_MAX_CONCURRENCY is set. The contract is that
 * of `@aws/lambda-invoke-store` 0.3, which takes the global one when there is one.
 */
import type { RequestScope } from './log.js';
import { requestScope } from './log.js';

type Store = Record<PropertyKey, unknown>;

const requestIdKey = Symbol.for('_AWS_LAMBDA_REQUEST_ID');
const traceIdKey = Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID');
const tenantIdKey = Symbol.for('_AWS_LAMBDA_TENANT_ID');
const protectedKeys: readonly PropertyKey[] = [requestIdKey, traceIdKey, tenantIdKey];

const stores = new WeakMap<RequestScope, Store>();
/** Of code that runs for no request, such as modules while they load. */
const outside: Store = {};

function current(): Store {
  const scope = requestScope.getStore();
  if (!scope) return outside;
  const store = stores.get(scope) ?? { [requestIdKey]: scope.requestId };
  stores.set(scope, store);
  return store;
}

const invokeStore = {
  getContext: () => (requestScope.getStore() ? current() : undefined),
  hasContext: () => requestScope.getStore() !== undefined,
  get: (key: PropertyKey) => current()[key],
  set(key: PropertyKey, value: unknown): void {
    if (protectedKeys.includes(key)) throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
    current()[key] = value;
  },
  run<Result>(context: Store, work: () => Result): Result {
    const scope: RequestScope = { requestId: '-', ...requestScope.getStore() };
    stores.set(scope, context);
    return requestScope.run(scope, work);
  },
  getRequestId: () => current()[requestIdKey] ?? '-',
  getXRayTraceId: () => current()[traceIdKey],
  getTenantId: () => current()[tenantIdKey],
};

/** Makes the store known to libraries, which look for it while they load or later. One that is there already stays. */
export function offerInvokeStore(): void {
  process.env['AWS_LAMBDA_MAX_CONCURRENCY'] ??= '64';
  const holder = globalThis as { awslambda?: { InvokeStore?: unknown } };
  holder.awslambda ??= {};
  holder.awslambda.InvokeStore ??= invokeStore;
}
