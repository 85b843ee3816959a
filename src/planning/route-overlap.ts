import type { HttpTrigger } from '../project/trigger.js';

type Pattern = Pick<HttpTrigger, 'method' | 'path' | 'type'>;

/** Can one request match both routes? Parameter names do not matter; `$default`, `{proxy+}` and ALB wildcards match whatever follows. */
export function overlap(one: Pattern, other: Pattern): boolean {
  return methodsOverlap(one.method, other.method) && pathsOverlap(segments(one), segments(other));
}

/** Do both routes match exactly the same requests? */
export function samePattern(one: Pattern, other: Pattern): boolean {
  return one.method === other.method && segments(one).join('/') === segments(other).join('/');
}

/** The route takes every path with every method. */
export function isCatchAll({ method, path }: Pick<HttpTrigger, 'method' | 'path'>): boolean {
  return method === 'ANY' && /^(\$default|\/?\*|\/?\{[^/{}]+\+\})$/.test(path);
}

function methodsOverlap(one: string, other: string): boolean {
  return one === other || one === 'ANY' || other === 'ANY';
}

const one = '{}';
const oneOrMore = '{+}';
const anything = '*';

function segments({ path, type }: Pattern): string[] {
  if (path === '$default') return [anything];
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((part) => {
    if (type === 'alb') return /[*?]/.test(part) ? anything : part;
    if (/^\{.*\+\}$/.test(part)) return oneOrMore;
    return part.startsWith('{') ? one : part;
  });
}

function pathsOverlap([first, ...rest]: readonly string[], [otherFirst, ...otherRest]: readonly string[]): boolean {
  if (first === anything || otherFirst === anything) return true;
  if (first === undefined || otherFirst === undefined) return first === otherFirst;
  if (first === oneOrMore || otherFirst === oneOrMore) return true;
  return (first === one || otherFirst === one || first === otherFirst) && pathsOverlap(rest, otherRest);
}
