/** Names of calls whose effect is known without their source. */

/** Array methods (and the like) call what they are given before they return. */
export const callsAtOnce =
  /^(map|forEach|filter|reduce|reduceRight|some|every|find|findIndex|findLast|findLastIndex|flatMap|sort|toSorted|replace|replaceAll|from|fromEntries|entries|mapValues|mapKeys|keyBy|groupBy|sortBy|each|times|pick|omit|partition)$/;

/** What calls the functions that it is given in the asynchronous context in which it got them. */
export const keepsContext = /^(then|catch|finally|setTimeout|setImmediate|setInterval|nextTick|queueMicrotask)$/;

/** Calls that only tell people or machines what happened. */
export function isTelling(path: readonly string[] | null, name: string): boolean {
  const root = path?.[0] ?? '';
  const owner = path?.at(-2) ?? '';
  if (root === 'console') return true;
  return (
    /^(log|logger|_?logger|metrics?|stats|statsd|tracer|datadog|newrelic|Sentry|winston|pino|bunyan)$/i.test(owner) ||
    /^(log|debug|info|warn|error|trace|putMetric|addMetric|addMetadata|recordMetric|emitMetric|publishMetrics?|sendMetrics?|putMetricData|logMetric|increment|gauge|histogram|sendDistributionMetric)$/.test(
      name,
    )
  );
}

/** Values that are new in every call. */
export function isFreshCall(path: readonly string[] | null, name: string): '~now' | '~random' | null {
  const text = path?.join('.') ?? '';
  if (/^(Date\.now|performance\.now|process\.hrtime(\.bigint)?|moment|dayjs|Date)$/.test(text)) return '~now';
  if (
    /^(Math\.random|crypto\.(randomUUID|randomBytes)|randomUUID|randomBytes|uuid|uuidv[1-7]|uuid\.v[1-7]|v4|nanoid|ulid|cuid|createId|ksuid|shortid\.generate)$/.test(
      text,
    )
  )
    return '~random';
  return /^(mkdtemp|mkdtempSync)$/.test(name) ? '~random' : null;
}

/** Methods that put something into a collection, or take something out of it. */
export const fills = /^(push|unshift|add|set|splice|append)$/;
export const empties = /^(clear|delete|pop|shift|splice)$/;
export const mutates = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;
/** Methods that look at one entry. */
export const looksUp = /^(get|has|includes|indexOf|find|findIndex|at|delete|some)$/;
