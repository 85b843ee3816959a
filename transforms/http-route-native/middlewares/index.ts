/** Middlewares of middy that become plain code of the route. One file and one line here add another. */
import type { Node } from '../../../src/analysis/syntax.js';
import type { RouteShape } from '../handler.js';
import type { PackageVersion } from '../package-version.js';
import { doNotWaitForEmptyEventLoop } from './do-not-wait-for-empty-event-loop.js';
import { httpCors } from './http-cors.js';
import { httpErrorHandler } from './http-error-handler.js';
import { httpEventNormalizer } from './http-event-normalizer.js';
import { httpHeaderNormalizer } from './http-header-normalizer.js';
import { httpJsonBodyParser } from './http-json-body-parser.js';
import type { Options } from './options.js';
import { warmup } from './warmup.js';

export interface Middleware {
  specifier: string;
  /** What one of its versions does; null when that is not known or not the same in a route. */
  effects(use: Use): Effects | null;
}

/** One use of a middleware. */
export interface Use {
  version: PackageVersion;
  /** Its argument as it stands in the code. */
  argument: Node | null;
  /** The argument when it is an object of plain values; null when it is another thing. */
  options: Options | null;
  route: RouteShape;
  /** Another middleware answers what it throws. */
  isAnswered: boolean;
}

export interface Effects {
  /** A function that the handler begins with, when it takes code. */
  helper?: Helper;
  /** The same for a handler that reads the whole event besides; left out: not known. */
  withEvent?: Helper;
  /** The body is the value that its JSON stands for, when it says that it is JSON. */
  parsesBody?: boolean;
  /** The event always has a query and variables of the path. */
  fillsEvent?: boolean;
  /** The event has the names of headers in lower case, and more besides that a request does not have. */
  lowersHeaders?: boolean;
  /** Headers that it adds to answers. */
  headers?: AddedHeaders;
  /** It answers errors. */
  errors?: ErrorAnswer;
}

export interface Helper {
  name: string;
  comment: string;
  /** Type of its parameter. */
  type: string;
  /** Its statements, which name the request `request`. */
  body(isTyped: boolean): readonly string[];
}

/** Headers of answers that do not have them already. */
export interface AddedHeaders {
  /** What the function that adds them is called, and what it does, as the beginning of a sentence. */
  name: string;
  comment: string;
  /** Statements in front, which name the request `request`; none when the headers are always the same. */
  before: readonly string[];
  /** Properties of an object, in code. */
  properties: readonly string[];
  /** Their names as they are written. */
  names: readonly string[];
  /** What answers may say themselves: by lower-case name what is written out for a header, undefined where that is not known. */
  allows(given: ReadonlyMap<string, unknown>): boolean;
  /** It writes to the headers that it is given what differs from request to request. */
  writesToAnswer: boolean;
  /** To which answers of errors it adds them: to those that were made before it runs, or even before there is one. */
  onError: 'answered' | 'always';
}

export interface ErrorAnswer {
  /** Every error is answered; otherwise those that are not are thrown on. */
  answersAll: boolean;
  /** The answer has only its own headers, not those that middlewares before it have set. */
  replacesHeaders: boolean;
  comment: string;
  /** Statements that answer `error` or throw it, with `reply`. `headers`: calls of the reply that add headers, in code. */
  body(shape: { isTyped: boolean; headers: string }): readonly string[];
}

const all: readonly Middleware[] = [
  doNotWaitForEmptyEventLoop,
  httpCors,
  httpErrorHandler,
  httpEventNormalizer,
  httpHeaderNormalizer,
  httpJsonBodyParser,
  warmup,
];

export function middlewareOf(specifier: string): Middleware | undefined {
  return all.find((each) => each.specifier === specifier);
}
