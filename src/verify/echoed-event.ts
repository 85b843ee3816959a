/** Many handlers answer with their event, as text or as JSON in JSON; nobody can rely on the order of its keys. */

/** What only the gateway knows. */
const gatewayOnly = new Set(['resourceId', 'deploymentId', 'extendedRequestId', 'elb']);

/** A JSON text in which every event stands in one order; undefined when there is none in it. */
export function withOrderedEvents(text: string): string | undefined {
  if (!text.includes('requestContext')) return undefined;
  const found = { event: false };
  const value = parse(text);
  const ordered = value === undefined ? undefined : order(value, found);
  return found.event ? JSON.stringify(ordered) : undefined;
}

function order(value: unknown, found: { event: boolean }): unknown {
  if (typeof value === 'string') return withOrderedEvents(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => order(item, found));
  if (typeof value !== 'object' || value === null) return value;
  if ('requestContext' in value && typeof value.requestContext === 'object') {
    found.event = true;
    return sorted(value);
  }
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    const inner = order(item, found);
    if (typeof item === 'string' && inner !== item) found.event = true;
    return [key, inner];
  });
  return Object.fromEntries(entries);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !gatewayOnly.has(key));
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
