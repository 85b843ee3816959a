/** Policies that AWS defines, as vendored data: see `templates/aws`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainObject, type PlainObject } from '../../project/data.js';
import { templateFolder } from '../../render.js';
import { managedPolicy } from '../cloudformation.js';

interface PolicyTemplate {
  parameters: string[];
  statements: PlainObject[];
}

let templates: Record<string, PolicyTemplate> | undefined;
let paths: Map<string, string> | undefined;
let connectors: Record<string, Record<string, PlainObject[]>> | undefined;

function load<T>(name: string): T {
  return JSON.parse(readFileSync(join(templateFolder(), 'aws', name), 'utf8')) as T;
}

/**
 * Statements of a SAM policy template with its parameters put in; undefined when there is no such template, or a parameter is missing.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
export function expandPolicyTemplate(name: string, given: PlainObject): unknown[] | undefined {
  templates ??= load<{ templates: Record<string, PolicyTemplate> }>('sam-policy-templates.json').templates;
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (!template || template.parameters.some((parameter) => given[parameter] === undefined)) return undefined;
  return template.statements.map((statement) => filled(statement, given));
}

function filled(value: unknown, given: PlainObject): unknown {
  if (Array.isArray(value)) return value.map((entry) => filled(entry, given));
  if (!isPlainObject(value)) return value;
  const { Ref: name } = value;
  if (typeof name === 'string' && Object.hasOwn(given, name)) return given[name];
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry, given)]));
}

/** What a connector from a function to a resource of that type grants for `Read` or `Write`; undefined when SAM has none. */
export function connectorStatements(destination: string, access: string): unknown[] | undefined {
  connectors ??= load<{ destinations: Record<string, Record<string, PlainObject[]>> }>('sam-connectors.json').destinations;
  const found = Object.hasOwn(connectors, destination) ? connectors[destination] : undefined;
  return found && Object.hasOwn(found, access) ? found[access] : undefined;
}

/** `AmazonS3ReadOnlyAccess` → its ARN, in the partition of the stack. */
export function managedPolicyNamed(name: string): unknown {
  if (!paths) {
    const byPath = load<{ paths: Record<string, string[]> }>('managed-policy-paths.json').paths;
    paths = new Map(Object.entries(byPath).flatMap(([path, names]) => names.map((each) => [each, `${path}/${each}`] as const)));
  }
  return managedPolicy(paths.get(name) ?? name);
}

/** What only Lambda itself needed: it wrote the logs, made the network interface, and polled. The worker's own policy names its queues. */
const ofLambda =
  /(^|[:/])(AWSLambdaBasicExecutionRole|AWSLambdaVPCAccessExecutionRole|AWSLambdaSQSQueueExecutionRole|AWSLambdaENIManagementAccess)$/;

export function isForLambdaOnly(policy: unknown): boolean {
  if (typeof policy === 'string') return ofLambda.test(policy);
  if (!isPlainObject(policy)) return false;
  const text = policy['Fn::Sub'] ?? lastOf(policy['Fn::Join']);
  return typeof text === 'string' && ofLambda.test(text);
}

function lastOf(joined: unknown): unknown {
  const parts: unknown = Array.isArray(joined) ? joined[1] : undefined;
  return Array.isArray(parts) ? parts.at(-1) : undefined;
}
