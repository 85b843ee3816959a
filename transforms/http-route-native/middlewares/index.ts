/** Middlewares of middy that become plain code of the route. One file and one line here add another. */
import type { Node } from '../../../src/analysis/syntax.js';
import type { RouteShape } from '../handler.js';
import { httpEventNormalizer } from './http-event-normalizer.js';
import { httpJsonBodyParser } from './http-json-body-parser.js';

export interface Middleware {
  specifier: string;
  /**
   * What it does before the handler, in one of its major versions; null when that is not known or not the same in a route.
   * `options`: its argument.
   */
  before(version: number, options: Node | null, route: RouteShape): Before | null;
}

export interface Before {
  /** A function that the handler begins with, when it takes code. */
  helper?: Helper;
  /** The same for a handler that reads the whole event besides; left out: not known. */
  withEvent?: Helper;
  /** The body is the value that its JSON stands for, when it says that it is JSON. */
  parsesBody?: boolean;
  /** The event always has a query and variables of the path. */
  fillsEvent?: boolean;
}

export interface Helper {
  name: string;
  comment: string;
  /** Type of its parameter. */
  type: string;
  /** Its statements, which name the request `request`. */
  body(isTyped: boolean): readonly string[];
}

const all: readonly Middleware[] = [httpJsonBodyParser, httpEventNormalizer];

export function middlewareOf(specifier: string): Middleware | undefined {
  return all.find((each) => each.specifier === specifier);
}
