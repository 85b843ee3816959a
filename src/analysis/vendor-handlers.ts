/** Handlers of monitoring vendors that call the real one, which an environment variable names. */
import type { LambdaFunction } from '../project/model.js';

/** Part of the vendor's handler → variable with the real handler. Sources: the vendors' own set-up documents. */
const vendors: readonly (readonly [handler: RegExp, variable: string])[] = [
  [/datadog-lambda-js/, 'DD_LAMBDA_HANDLER'],
  [/newrelic-lambda-wrapper/, 'NEW_RELIC_LAMBDA_HANDLER'],
  [/lumigo-auto-instrument/, 'LUMIGO_ORIGINAL_HANDLER'],
  [/instana-aws-lambda-auto-wrap/, 'LAMBDA_HANDLER'],
  [/thundra_handler|catchpoint/i, 'THUNDRA_AGENT_LAMBDA_HANDLER'],
  [/dashbird/, 'DASHBIRD_LAMBDA_HANDLER'],
  [/coralogix|cx-/i, 'CX_ORIGINAL_HANDLER'],
];

const anyOriginal = /(?:ORIGINAL|LAMBDA|REAL|WRAPPED)_?HANDLER$/;

export interface VendorHandler {
  /** The real handler string; null when the variable is missing or not known now. */
  original: string | null;
  variable: string;
}

/** Undefined when the declared handler is the project's own. */
export function vendorHandler({ environment }: LambdaFunction, declared: string): VendorHandler | undefined {
  const named = vendors.find(([handler]) => handler.test(declared))?.[1];
  const isForeign = declared.startsWith('/opt/') || declared.startsWith('node_modules/');
  if (named === undefined && !isForeign) return undefined;
  const variable =
    named !== undefined && environment[named] ? named : (Object.keys(environment).find((name) => anyOriginal.test(name)) ?? named);
  if (variable === undefined) return undefined;
  const value = environment[variable];
  return { original: value?.kind === 'literal' && typeof value.value === 'string' ? value.value : null, variable };
}
