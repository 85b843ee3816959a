import type { Facts } from '../analysis/facts.js';
import { isOwnedByService, isReservedByLambda } from '../aws/lambda-environment.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction, Project, Value } from '../project/model.js';
import { dotenvNote, dotenvVariables } from './dotenv.js';
import type { EnvironmentPlan } from './plan.js';
import { resolveValue, target } from './resource-names.js';
import { hasSecretValue, isSecretName, looksLikeSecret } from './secrets.js';

/** A variable of one function, decided. */
interface DecidedVariable {
  plan: EnvironmentPlan;
  /** Equal only for equal values; may hold a secret, so it never leaves this stage. */
  identity: string;
  diagnostic?: Diagnostic;
}

/** Variables of one function, without those that only mean something on Lambda. */
export type FunctionEnvironment = ReadonlyMap<string, DecidedVariable>;

export interface ProjectEnvironment {
  functions: ReadonlyMap<string, FunctionEnvironment>;
  diagnostics: Diagnostic[];
}

/** Decides every variable of the functions: literal, reference to fill in, or secret. */
export function decideEnvironment(project: Project, functions: readonly LambdaFunction[], facts: Facts): ProjectEnvironment {
  const decided = new Map<string, FunctionEnvironment>();
  const diagnostics = new Map<string, Diagnostic>();
  const fromDotenv: string[] = [];
  for (const lambda of functions) {
    const variables = new Map<string, DecidedVariable>();
    for (const [name, value] of Object.entries(lambda.environment)) {
      const variable = decideVariable(project, lambda, name, value);
      if (variable.diagnostic) {
        const key = `${variable.diagnostic.code} ${name} ${variable.identity}`;
        if (!diagnostics.has(key)) diagnostics.set(key, variable.diagnostic);
      }
      if (variable.plan) variables.set(name, { plan: variable.plan, identity: variable.identity });
    }
    for (const [name, value] of Object.entries(dotenvVariables(project, lambda, facts.functions[lambda.id]))) {
      const { plan, identity } = decideVariable(project, lambda, name, value);
      if (plan) variables.set(name, { plan, identity });
      fromDotenv.push(name);
    }
    decided.set(lambda.id, variables);
  }
  return { functions: decided, diagnostics: [...diagnostics.values(), ...dotenvNote(project, fromDotenv)] };
}

type Variable = Omit<DecidedVariable, 'plan'> & { plan: EnvironmentPlan | null };

function decideVariable(project: Project, lambda: LambdaFunction, name: string, declared: Value): Variable {
  const report = (code: string, args: Diagnostic['args'] = {}) =>
    diagnostic(code, {
      args: { variable: name, function: lambda.id, ...args },
      place: declared.range ?? lambda.range,
      function: lambda.id,
    });
  if (isReservedByLambda(name) || isOwnedByService(name)) {
    return { plan: null, identity: '', diagnostic: report('ENVIRONMENT_VARIABLE_LEFT_OUT') };
  }
  const value = resolveValue(project, declared);
  if (value.kind === 'literal') return decideLiteral(name, value.value, report);
  const identity = `reference ${value.text}`;
  if (isDynamicSecret(value.text) || (isSecretName(name) && !namesSecretResource(project, value.text)) || hasSecretValue(value.text)) {
    const reference = withoutText(value.text);
    const code = hasSecretValue(value.text) ? 'SECRET_IN_ENVIRONMENT' : 'SECRET_TO_PROVIDE';
    return { plan: { name, kind: 'secret', value: reference }, identity, diagnostic: report(code) };
  }
  return {
    plan: { name, kind: 'reference', value: value.text },
    identity,
    diagnostic: report('ENVIRONMENT_UNRESOLVED', { reference: shortened(value.text) }),
  };
}

function decideLiteral(name: string, literal: string | number | boolean | null, report: (code: string) => Diagnostic): Variable {
  if (literal === null) return { plan: null, identity: '' };
  const value = String(literal);
  const identity = `literal ${value}`;
  if (value.includes('{{resolve:')) {
    return { plan: { name, kind: 'secret', value: withoutText(value) }, identity, diagnostic: report('SECRET_TO_PROVIDE') };
  }
  if (looksLikeSecret(name, value))
    return { plan: { name, kind: 'secret', value: '' }, identity, diagnostic: report('SECRET_IN_ENVIRONMENT') };
  return { plan: { name, kind: 'literal', value }, identity };
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** Parameter Store and Secrets Manager references give their value at deployment: the task reads it at its start instead. */
function isDynamicSecret(text: string): boolean {
  return text.includes('{{resolve:') || /\$\{ssm(\([^)]*\))?:/.test(text) || /\$\{aws:(ssm|secretsmanager)/.test(text);
}

/** `!Ref DbSecret` gives the ARN of a secret, which the code fetches by itself. */
function namesSecretResource(project: Project, text: string): boolean {
  const { id } = target(text);
  return id !== undefined && Object.hasOwn(project.resources, id) && project.resources[id]?.type === 'AWS::SecretsManager::Secret';
}

/** The reference when it is nothing but a reference; else '', because the text around or inside it may be the secret. */
function withoutText(text: string): string {
  const isPlain =
    /^\{\{resolve:(ssm|ssm-secure|secretsmanager):[\w.:/+=@-]+\}\}$/.test(text) ||
    /^\$\{(ssm|env|opt|param|self|cf|file|aws|sls)[\w.:/()~@-]*\}$/.test(text) ||
    /^(!Ref \w+|!GetAtt \w+\.\w+|!ImportValue [\w:-]+|\{ ?"?Ref"?: ?"?[\w:]+"? ?\}|!Sub "?\$\{[\w.:]+\}"?)$/.test(text);
  return isPlain && !hasSecretValue(text) ? text : '';
}

/** First variable that two functions define differently, or undefined when they can share a process. */
export function conflictingVariable(one: FunctionEnvironment, other: FunctionEnvironment): string | undefined {
  for (const [name, { identity }] of one) {
    const theirs = other.get(name);
    if (theirs && theirs.identity !== identity) return name;
  }
  return undefined;
}

/** Everything the functions of one service need, sorted by name. */
export function unionOf(environments: readonly FunctionEnvironment[]): EnvironmentPlan[] {
  const union = new Map<string, EnvironmentPlan>();
  for (const environment of environments) for (const [name, { plan }] of environment) if (!union.has(name)) union.set(name, plan);
  return [...union.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
