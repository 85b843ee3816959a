/** What the code does, as later stages need it. Built by `understand()`; plain data, no syntax trees. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Front } from '../project/trigger.js';
import type { ReservedRead } from './environment-reads.js';

export type Language = 'typescript' | 'javascript';
export type ModuleFormat = 'esm' | 'commonjs';

/** Facts of a project: one entry a function, plus what its reachable code imports. */
export interface Facts {
  functions: Record<string, HandlerFacts>;
  diagnostics: Diagnostic[];
}

export interface HandlerFacts {
  /** Source file of the handler's module (before any bundler), relative to the repository root; null when not found. */
  file: string | null;
  /** Exported property path of the handler in that file: `['handler']`, `['default']`, `['routes', 'get']`. */
  exportPath: string[];
  language: Language;
  /** Format of `file` as the generated entry must load it. */
  format: ModuleFormat;
  /** Where the handler's own declaration stands (after re-exports): file and line. */
  declaration: { file: string; line: number; column: number } | null;
  shape: HandlerShape;
  /** The function's declared `length` as JavaScript counts it (defaults and rest end the count); null when it cannot be told. */
  parameterCount: number | null;
  isAsync: boolean;
  /** The third parameter is used (called, passed on). */
  usesCallback: boolean;
  /** `context.done/succeed/fail` occurs. */
  usesContextDone: boolean;
  /** Wrapped in `awslambda.streamifyResponse`. */
  streaming: boolean;
  /** The handler only wraps an HTTP server: how to reach the server itself. */
  server: ServerAdapter | null;
  /** Front that types or property uses tell (`APIGatewayProxyHandlerV2`, `event.rawPath`); only evidence, the definition wins. */
  frontEvidence: { front: Front; payload: '1.0' | '2.0'; because: string; line: number } | null;
  /** Trigger that types or property uses tell when not HTTP (`SQSHandler`, `Records[].body`). */
  triggerEvidence: { type: string; because: string; line: number } | null;
  /** The handler returns (or calls back with) `{ statusCode … }`, with nothing else that tells its front. */
  returnsHttpResult?: boolean;
  /** It is a route handler of Fastify's already, `(request, reply)`: an earlier run has rewritten it. */
  isRoute?: boolean;
  /** Name under which `file` exports that route handler, where the handler of Lambda is kept beside it. */
  routeExport?: string;
  /** Project files reachable from the handler by static imports and requires, itself included, sorted. */
  files: string[];
  /** Package names imported by those files → the first place. Built-ins left out; `@aws-sdk/client-s3` for a deep import of it. */
  packages: Record<string, { file: string; line: number }>;
  /**
   * What those files import that neither Node nor a plain bundler finds, from layers and by aliases: specifier → the source file, or
   * the package that a layer has installed. Absent for none.
   */
  redirects?: Record<string, Redirect>;
  /** Those files with imports that are found only where upper and lower case are the same. Absent for none. */
  miscased?: string[];
  /** Environment variables that those files read by name; known only where the definition leaves some unsaid. */
  environmentReads?: string[];
  /** Where those files read variables that only Lambda sets. Absent for nowhere. */
  reservedReads?: ReservedRead[];
  /** Reachable code that plain Node cannot run as it lies there; empty when it can. */
  buildReasons: BuildReason[];
}

export type Redirect = { file: string } | { package: string };

export type HandlerShape = 'function' | 'class-method' | 'middy' | 'wrapper' | 'server' | 'streaming' | 'durable' | 'unknown';

export interface BuildReason {
  kind:
    | 'typescript'
    | 'esm-syntax-in-commonjs'
    | 'jsx'
    | 'path-alias'
    /** Only the project's bundler, or the place on Lambda, made the import lead there. */
    | 'bundler-alias'
    | 'extensionless-esm-import'
    | 'non-js-import'
    | 'layer-import'
    | 'decorator-metadata';
  file: string;
  line?: number;
}

/** A server adapter found around a server that can listen by itself. */
export interface ServerAdapter {
  /** Package of the adapter, e.g. `serverless-http`, `@codegenie/serverless-express`, `hono/aws-lambda`, or `lambda-web-adapter`. */
  adapter: string;
  /** What the wrapped object is. */
  framework: 'express' | 'koa' | 'fastify' | 'hono' | 'hapi' | 'nest' | 'nest-fastify' | 'apollo' | 'node-http' | 'unknown';
  file: string;
  line: number;
  /** Name of the variable that holds the server/app in `file`, when it is a plain binding. */
  binding: string | null;
  /** False when the adapter's options or surroundings mean that unwrapping would change answers; `because` says why. */
  unwrappable: boolean;
  because?: string;
  /** How it is started, for a server that is a program of its own (Lambda Web Adapter). */
  start?: ServerStart;
}

/** A program that listens by itself. */
export interface ServerStart {
  /** Exec form, from `folder`. */
  command: string[];
  /** Folder of its package.json: its working directory. */
  folder: string;
  /** Script of that package.json which makes what is started; null when it runs as it lies there. */
  build: string | null;
  port: number;
  /** What tells that it is up. */
  readiness: { protocol: 'http' | 'tcp'; path: string; healthy: [from: number, to: number][] };
}
