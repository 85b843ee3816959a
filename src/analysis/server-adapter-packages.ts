/** Packages that turn Lambda events into requests to an HTTP server, and those that make such servers. */

import { apolloAnswers } from '../../transforms/unwrap-server-adapter/adapters.js';
import type { ServerAdapter } from './facts.js';

export interface Adapter {
  /** Exports that take the server as an argument, as paths joined with `.`; `''` is the package itself. */
  wraps: readonly string[];
  /** Exports that hand an event to a server made before: `proxy(server, event, context)`. */
  proxies?: readonly string[];
  /** What it wraps when the code does not tell. */
  framework?: ServerAdapter['framework'];
  /** Why a server behind it can never listen by itself. */
  because?: string;
}

const serverlessExpress: Adapter = {
  wraps: ['', 'default', 'configure', 'createServer', 'default.createServer', 'default.configure'],
  proxies: ['proxy', 'default.proxy'],
};
const fastify: Adapter = { wraps: ['', 'default'], framework: 'fastify' };
const hono: Adapter = { wraps: ['handle', 'streamHandle'], framework: 'hono' };
const startsItself = 'the adapter starts the server itself, and its options read the event';
const noServer = 'there is no HTTP server behind it: it routes events itself';

export const adapters: Readonly<Record<string, Adapter>> = {
  'serverless-http': { wraps: ['', 'default'] },
  'aws-serverless-express': serverlessExpress,
  '@vendia/serverless-express': serverlessExpress,
  '@codegenie/serverless-express': serverlessExpress,
  'aws-serverless-koa': { wraps: ['', 'default'], framework: 'koa' },
  'aws-serverless-fastify': { wraps: [], proxies: ['proxy'], framework: 'fastify', because: startsItself },
  '@fastify/aws-lambda': fastify,
  'aws-lambda-fastify': fastify,
  'hono/aws-lambda': hono,
  '@hono/aws-lambda': hono,
  'serverless-adapter': { wraps: ['ServerlessAdapter.new'], because: startsItself },
  '@h4ad/serverless-adapter': { wraps: ['ServerlessAdapter.new'], because: startsItself },
  '@as-integrations/aws-lambda': { wraps: ['startServerAndCreateLambdaHandler'], framework: 'apollo', because: apolloAnswers },
  'apollo-server-lambda': { wraps: ['ApolloServer', 'default.ApolloServer'], framework: 'apollo', because: startsItself },
  'graphql-yoga': { wraps: [], framework: 'unknown', because: startsItself },
  '@trpc/server/adapters/aws-lambda': { wraps: ['awsLambdaRequestHandler'], because: startsItself },
  'lambda-api': { wraps: ['', 'default'], because: noServer },
};

/** Cheap test: only texts that name an adapter are looked into. */
export const adapterPattern =
  /serverless-(?:http|express|koa|fastify|adapter)|@fastify\/aws-lambda|aws-lambda-fastify|hono\/aws-lambda|@as-integrations\/aws-lambda|apollo-server-lambda|@trpc\/server\/adapters\/aws-lambda|lambda-api/;

/** Options of the adapters that change what the server sees or what clients get. */
export const changingOptions = new Set([
  'request',
  'response',
  'basePath',
  'eventSourceRoutes',
  'eventSource',
  'eventSourceName',
  'requestId',
  'provider',
  'eventFns',
  'stripBasePath',
  'decorateRequest',
  'serializeLambdaArguments',
  'pathParameterUsedAsPath',
  'parseCommaSeparatedQueryParams',
  'retainStage',
]);

/** Packages whose default export (or constructor) makes a server. */
export const frameworks: Readonly<Record<string, ServerAdapter['framework']>> = {
  express: 'express',
  koa: 'koa',
  fastify: 'fastify',
  hono: 'hono',
  '@hono/zod-openapi': 'hono',
  '@hapi/hapi': 'hapi',
  hapi: 'hapi',
  http: 'node-http',
  'node:http': 'node-http',
  '@nestjs/core': 'nest',
  '@apollo/server': 'apollo',
  'apollo-server-lambda': 'apollo',
};
