/** Settings of the Lambda Web Adapter: https://github.com/awslabs/aws-lambda-web-adapter#configurations (names without AWS_LWA_ are older). */
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Value } from '../project/model.js';
import type { ServerStart } from './facts.js';
import { placeAt } from './places.js';
import type { Values } from './values.js';

function settingOf({ environment }: LambdaFunction, name: string): Value | undefined {
  return environment[`AWS_LWA_${name}`] ?? environment[name];
}

function textOf(lambda: LambdaFunction, name: string): string | undefined {
  const value = settingOf(lambda, name);
  return value?.kind === 'literal' && value.value !== null ? String(value.value) : undefined;
}

/** The port that the adapter calls; the scripts' own `PORT` only tells where the server listens. */
export function portOf(lambda: LambdaFunction, ofScripts: Readonly<Record<string, string>>): number {
  const port = Number(textOf(lambda, 'PORT') ?? ofScripts['PORT'] ?? 8080);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : 8080;
}

/** When the adapter takes the server for ready; a container is asked the same. */
export function readinessOf(lambda: LambdaFunction): ServerStart['readiness'] {
  const path = textOf(lambda, 'READINESS_CHECK_PATH') ?? '/';
  const healthy = (textOf(lambda, 'READINESS_CHECK_HEALTHY_STATUS') ?? '').split(',').flatMap((part): [number, number][] => {
    const [, from, to] = /^\s*(\d{3})\s*(?:-\s*(\d{3})\s*)?$/.exec(part) ?? [];
    return from === undefined ? [] : [[Number(from), Number(to ?? from)]];
  });
  return {
    protocol: textOf(lambda, 'READINESS_CHECK_PROTOCOL')?.toLowerCase() === 'tcp' ? 'tcp' : 'http',
    path: path.startsWith('/') ? path : `/${path}`,
    healthy: healthy.length > 0 ? healthy : [[100, 499]],
  };
}

/** What the adapter did to requests and answers, and nobody does without it. */
const changing: Readonly<Record<string, string>> = {
  REMOVE_BASE_PATH: 'took a base path from the path of requests',
  AUTHORIZATION_SOURCE: 'made the Authorization header from another one',
  ENABLE_COMPRESSION: 'compressed answers',
};

const addedHeaders = /x-amzn-(?:request|lambda)-context/i;

/** One finding for each thing that the server would miss. */
export function lostSettings({ resolver: { repository } }: Values, lambda: LambdaFunction, files: readonly string[]): Diagnostic[] {
  const found = Object.entries(changing).flatMap(([name, did]) => {
    const value = settingOf(lambda, name);
    if (!value || (value.kind === 'literal' && /^(?:false|)$/i.test(String(value.value)))) return [];
    const args = { function: lambda.id, setting: `AWS_LWA_${name}`, did };
    return [diagnostic('WEB_ADAPTER_SETTING_LOST', { args, place: value.range ?? lambda.range, function: lambda.id })];
  });
  for (const file of files) {
    const text = /\.[cm]?[jt]sx?$/.test(file) ? (repository.read(file) ?? '') : '';
    const use = addedHeaders.exec(text);
    if (!use) continue;
    const args = { function: lambda.id, setting: use[0], did: 'added this header to requests' };
    found.push(diagnostic('WEB_ADAPTER_SETTING_LOST', { args, place: { file, line: placeAt(text, use.index).line }, function: lambda.id }));
  }
  return found;
}
