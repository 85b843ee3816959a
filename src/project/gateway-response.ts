/** Gateway responses of REST APIs that only add headers, which is what they are mostly for: CORS of errors. */
import type { PlainObject } from './data.js';
import type { ErrorHeaders } from './trigger.js';

/** What API Gateway answers without a template of its own. */
const defaultTemplate = /^\s*\{\s*"message"\s*:\s*\$context\.error\.messageString\s*\}\s*$/;

export interface GatewayResponse {
  /** `DEFAULT_4XX`, `UNAUTHORIZED`, … */
  type: string | undefined;
  /** Header → value as the definition writes it: `'*'`, quotes included; undefined values are not known. */
  headers: Record<string, string | undefined>;
  /** Media type → template. */
  templates: PlainObject;
  /** A status of its own, or parameters beside headers. */
  doesMore: boolean;
}

/**
 * The headers that a gateway response adds, when that is all it does and the headers are the same for every error of its class.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function addedHeaders({ type, headers, templates, doesMore }: GatewayResponse): ErrorHeaders | undefined {
  const errors = /^DEFAULT_([45]XX)$/.exec(type ?? '')?.[1];
  const isDefault = Object.values(templates).every((each) => typeof each === 'string' && defaultTemplate.test(each));
  if (errors === undefined || doesMore || !isDefault) return undefined;
  const found: ErrorHeaders['headers'] = [];
  for (const [name, written] of Object.entries(headers)) {
    const value = /^'([^'\r\n]*)'$/.exec(written ?? '')?.[1];
    if (value === undefined || !/^[\w-]+$/.test(name)) return undefined;
    found.push([name, value]);
  }
  return { errors: errors as ErrorHeaders['errors'], headers: found };
}

/** Of `ResponseParameters` in CloudFormation: `gatewayresponse.header.X` → `X`; undefined when something else is among them. */
export function headersOfParameters(parameters: Record<string, string | undefined>): Record<string, string | undefined> | undefined {
  const entries = Object.entries(parameters).map(([key, value]) => [/^gatewayresponse\.header\.(.+)$/.exec(key)?.[1], value] as const);
  return entries.some(([name]) => name === undefined) ? undefined : Object.fromEntries(entries as [string, string | undefined][]);
}
