/** Variables that no definition names, because a plugin takes them from .env files. */
import type { HandlerFacts } from '../analysis/facts.js';
import { isOwnedByService, isReservedByLambda } from '../aws/lambda-environment.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project, Value } from '../project/model.js';

/** What the code of a function reads and only the .env files can set. Their values are not looked at. */
export function dotenvVariables({ dotenv }: Project, lambda: LambdaFunction, facts: HandlerFacts | undefined): Record<string, Value> {
  if (!dotenv) return {};
  const comes = (name: string) =>
    name !== 'NODE_ENV' &&
    !isReservedByLambda(name) &&
    !isOwnedByService(name) &&
    !Object.hasOwn(lambda.environment, name) &&
    (dotenv.include?.includes(name) ?? true) &&
    !dotenv.exclude.includes(name);
  const names = (facts?.environmentReads ?? []).filter(comes).sort();
  return Object.fromEntries(
    names.map((name): [string, Value] => [name, { kind: 'reference', text: `\${env:${name}}`, names: [`env:${name}`] }]),
  );
}

/** Said once for the project: the variables stand in no definition, so nobody would miss them. */
export function dotenvNote({ dotenv, name }: Project, variables: readonly string[]): Diagnostic[] {
  if (!dotenv || variables.length === 0) return [];
  const unique = [...new Set(variables)].sort();
  return [diagnostic('ENVIRONMENT_FROM_DOTENV', { args: { project: name, variables: unique.join(', ') }, place: dotenv.place })];
}
