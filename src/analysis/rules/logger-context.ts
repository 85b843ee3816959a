import { isFresh } from '../concurrency/known.js';
import type { Finding, Rule, RuleInput } from '../concurrency/rule.js';
import type { Call, Write } from '../concurrency/trace.js';
import { lowestVersion } from '../concurrency/versions.js';
import { nameOfState } from '../concurrency/words.js';

const adds =
  /^(appendKeys|appendPersistentKeys|addContext|addPersistentLogAttributes|setPersistentLogAttributes|setBindings|setContext|setLogContext|addDimension|addDimensions|setDefaultDimensions|addMetadata|putAnnotation|putMetadata|withRequest|setCorrelationId|setProperty|setUser|setTag|setTags|setExtra|setExtras|setKey)$/;
const owners = /log|metric|tracer|powertools|pino|winston|bunyan|sentry|newrelic|telemetry|emf/i;

/** Keys that a request puts on the one logger (metrics, tracer) of the module stand on the lines of all others. */
export const loggerContext: Rule = {
  id: 'logger-context',
  find: (input) => [
    ...input.trace.calls
      .filter((call) => isAdded(call) && !isScoped(call, input))
      .map(
        ({ spot, path, name, receiver }): Finding => ({
          code: 'LOGGER_CONTEXT_SHARED',
          at: spot,
          args: { call: path?.join('.') ?? name },
          shared: receiver?.shared,
        }),
      ),
    ...input.trace.writes
      .filter(isLevelOfRequest)
      .map((write): Finding => ({ code: 'LOGGER_LEVEL_SHARED', at: write.spot, args: { name: nameOfState(write) } })),
  ],
};

/** `if (event.debug) logger.level = 'debug'`: a level that requests choose. What is copied from the request is found as such. */
function isLevelOfRequest({ shared, path, sources, dependsOn }: Write): boolean {
  return path.at(-1) === 'level' && owners.test(shared.name) && sources.size === 0 && [...dependsOn].some((source) => !isFresh(source));
}

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

/** Since when (2.x) Powertools keeps what a request adds in the invoke store of the request; read in its changelog. */
const storedSince: Readonly<Record<string, number>> = {
  '@aws-lambda-powertools/logger': 35,
  '@aws-lambda-powertools/metrics': 34,
  '@aws-lambda-powertools/tracer': 34,
};

/** Where each request has an invoke store, Powertools keeps one context a request; what is called persistent or default stays with all. */
function isScoped({ external, name }: Call, { target, packageJson }: RuleInput): boolean {
  const since = external && Object.hasOwn(storedSince, external.package) ? storedSince[external.package] : undefined;
  if (target === 'container' || !external || since === undefined || /persistent|default/i.test(name)) return false;
  // Older versions have a finding of their own there.
  if (target === 'lambda-managed-instances') return true;
  const version = lowestVersion(packageJson, external.package);
  return version !== null && (version.major > 2 || (version.major === 2 && version.minor >= since));
}
