import type { Rule } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';

const adds =
  /^(appendKeys|appendPersistentKeys|addContext|addPersistentLogAttributes|setPersistentLogAttributes|setBindings|setContext|setLogContext|addDimension|addDimensions|setDefaultDimensions|addMetadata|putAnnotation|putMetadata|withRequest|setCorrelationId|setProperty|setUser|setTag|setTags|setExtra|setExtras|setKey)$/;
const owners = /log|metric|tracer|powertools|pino|winston|bunyan|sentry|newrelic|telemetry|emf/i;

/** Keys that a request puts on the one logger (metrics, tracer) of the module stand on the lines of all others. */
export const loggerContext: Rule = {
  id: 'logger-context',
  find: ({ trace, target }) =>
    trace.calls
      .filter((call) => isAdded(call) && !isScoped(call, target))
      .map(({ spot, path, name }) => ({ code: 'LOGGER_CONTEXT_SHARED', at: spot, args: { call: path?.join('.') ?? name } })),
};

function isAdded({ name, receiver, external, target, args }: Call): boolean {
  if (!adds.test(name) || target !== null || args.length === 0) return false;
  const isKnown =
    owners.test(external?.package ?? '') || owners.test(receiver?.shared.name ?? '') || owners.test(receiver?.path.join('.') ?? '');
  return (
    isKnown &&
    (receiver !== null || name === 'withRequest') &&
    args.some(({ sources, node }) => sources.size > 0 || node.type === 'ObjectExpression')
  );
}

/** Managed Instances set the variable that makes Powertools keep one context a request. */
function isScoped({ external }: Call, target: string): boolean {
  return target === 'lambda-managed-instances' && external !== null && external.package.startsWith('@aws-lambda-powertools/');
}
