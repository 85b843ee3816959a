/** A request as it stands on the wire: nothing decoded, nothing merged. */
export interface WireRequest {
  method: string;
  /** Request target: path and query as they are sent. */
  target: string;
  /** In order, as spelled. */
  headers: HeaderLine[];
  body: Buffer;
}

export interface WireResponse {
  status: number;
  /** One entry a line: `Set-Cookie` is never joined. */
  headers: HeaderLine[];
  body: Buffer;
}

export type HeaderLine = [name: string, value: string];

export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Values of a header in the order in which they came, whatever its spelling. */
export function headerValues(headers: readonly HeaderLine[], name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value);
}

export function lastHeader(headers: readonly HeaderLine[], name: string): string | undefined {
  return headerValues(headers, name).at(-1);
}

/** `text/plain; charset=utf-8` → `text/plain`; `''` when there is none. */
export function mediaTypeOf(headers: readonly HeaderLine[]): string {
  return (lastHeader(headers, 'content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}

/** Collects the values of each name. */
export function multimap(pairs: Iterable<readonly [string, string]>): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const [name, value] of pairs) map.set(name, [...(map.get(name) ?? []), value]);
  return map;
}

/** Each name once, its values brought to one text. */
export function flatten(map: Map<string, string[]>, how: (values: string[]) => string): Record<string, string> {
  return Object.fromEntries([...map].map(([name, values]) => [name, how(values)]));
}

export const last = (values: string[]): string => values.at(-1) as string;
export const commaJoined = (values: string[]): string => values.join(',');

export function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An answer of the front itself. */
export function answer(status: number, contentType: string, body: string): WireResponse {
  return { status, headers: [['content-type', contentType]], body: Buffer.from(body) };
}

/** `09/Apr/2015:12:34:56 +0000`, as the `time` fields of request contexts are written. */
export function gatewayTime(epoch: number): string {
  const [, day, month, year, time] = new Date(epoch).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
