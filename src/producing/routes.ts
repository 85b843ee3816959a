/** Routes of a web service as its entry file hands them to the runtime. */
import type { RoutePlan, ServicePlan } from '../planning/plan.js';
import type { CorsConfig, ErrorHeaders, RequestValidation } from '../project/trigger.js';
import { Code } from '../render.js';
import { authorizeOf } from './authorizers.js';
import type { Constants } from './constants.js';
import type { EntryInput } from './entry.js';
import type { Imports } from './imports.js';
import { access, literal } from './literals.js';
import { literalOptions } from './style.js';
import { validationOf } from './validation.js';

export interface RouteWriter {
  input: EntryInput;
  imports: Imports;
  constants: Constants;
  /** Declared after the functions, which they may need. */
  authorizers: Constants;
}

/** Column at which a property of a route begins. */
const propertyIndent = 6;

export function routesOf(writer: RouteWriter): Record<string, unknown>[] {
  const { routes } = writer.input.service;
  const cors = routes.flatMap((route) => corsOf(route) ?? []).map((each) => JSON.stringify(each));
  const isShared = (each: CorsConfig) => cors.indexOf(JSON.stringify(each)) !== cors.lastIndexOf(JSON.stringify(each));
  return routes.map((route) => {
    const own = corsOf(route);
    return {
      ...plainRoute(route, writer.input),
      cors: own && isShared(own) ? sharedCors(own, writer) : own,
      errorHeaders: errorHeadersOf(route, writer),
      authorize: authorizeOf(route, writer),
      validate: validateOf(route, writer),
      compress: compressOf(route, writer),
      guard: guardOf(route),
    };
  });
}

function guardOf({ guard }: RoutePlan): Record<string, unknown> | undefined {
  return guard ? { status: guard.status, body: guard.body, doneByApi: guard.doneByApi } : undefined;
}

function plainRoute({ function: id, trigger, front }: RoutePlan, { facts, style }: EntryInput): Record<string, unknown> {
  return {
    method: trigger.method,
    path: trigger.path,
    function: new Code(`functions${access(id, style.quote)}`),
    front,
    payload: trigger.payload,
    stage: trigger.stage,
    stageVariables: nonEmpty(trigger.stageVariables),
    binaryMediaTypes: trigger.binaryMediaTypes?.length ? trigger.binaryMediaTypes : undefined,
    multiValueHeaders: trigger.multiValueHeaders || undefined,
    streaming: facts.functions[id]?.streaming || undefined,
  };
}

function nonEmpty<T extends object>(value: T | undefined): T | undefined {
  return value && Object.keys(value).length > 0 ? value : undefined;
}

function corsOf({ trigger }: RoutePlan): CorsConfig | undefined {
  const found = trigger.gateway.find((feature) => feature.kind === 'cors')?.cors;
  if (!found) return undefined;
  const { mode, allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAgeSeconds, preflightStatus } = found;
  return { mode, allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAgeSeconds, preflightStatus };
}

function sharedCors(cors: CorsConfig, { input, imports, constants }: RouteWriter): Code {
  const { language, importExtension } = input.module;
  // Without its type, `mode` would be any text.
  const type = language === 'typescript' ? imports.type(`./runtime/types${importExtension}`, 'Cors') : undefined;
  return constants.declare('cors', cors, type);
}

/** Headers of errors that the gateway answered itself; declared once, for routes of one API share them. */
function errorHeadersOf({ trigger }: RoutePlan, { input, imports, constants }: RouteWriter): Code | undefined {
  const found: Partial<Record<ErrorHeaders['errors'], ErrorHeaders['headers']>> = {};
  for (const feature of trigger.gateway)
    if (feature.kind === 'gateway-response' && feature.adds)
      found[feature.adds.errors] = [...(found[feature.adds.errors] ?? []), ...feature.adds.headers];
  if (Object.keys(found).length === 0) return undefined;
  const { language, importExtension } = input.module;
  const type = language === 'typescript' ? imports.type(`./runtime/types${importExtension}`, 'ErrorHeaders') : undefined;
  return constants.declare('error headers', found, type);
}

function compressOf({ trigger }: RoutePlan, { input, imports }: RouteWriter): Code | undefined {
  const fromBytes = compressesFrom(trigger);
  if (fromBytes === undefined) return undefined;
  const compress = imports.runtime(`./runtime/compress${input.module.importExtension}`, 'compress');
  return new Code(`${compress}(${fromBytes})`);
}

/** Bytes from which on the gateway compressed answers of the route. */
function compressesFrom({ gateway }: RoutePlan['trigger']): number | undefined {
  return gateway.find((feature) => feature.kind === 'compression')?.fromBytes;
}

/** Parts of the runtime that only some routes need; each exports a function of its name. */
export function routeModules({ routes }: ServicePlan): string[] {
  return [
    ...(routes.some((route) => validationOf(route)) ? ['validate'] : []),
    ...(routes.some(({ trigger }) => compressesFrom(trigger) !== undefined) ? ['compress'] : []),
  ];
}

function validateOf(route: RoutePlan, { input, imports, constants }: RouteWriter): Code | undefined {
  const validation = validationOf(route);
  if (!validation) return undefined;
  const validate = imports.runtime(`./runtime/validate${input.module.importExtension}`, 'validate');
  const checks = { ...validation, body: namedSchemas(validation.body, route, constants) };
  return new Code(`${validate}(${literal(checks, literalOptions(input.style), propertyIndent)})`);
}

/** Media type → name of the schema's constant. */
function namedSchemas(
  body: RequestValidation['body'],
  { trigger: { method, path } }: RoutePlan,
  constants: Constants,
): Record<string, Code> | undefined {
  if (!body) return undefined;
  const wish = `${method.toLowerCase()} ${path} body`;
  return Object.fromEntries(Object.entries(body).map(([mediaType, schema]) => [mediaType, constants.declare(wish, schema)]));
}
