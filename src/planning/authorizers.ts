/** Which authorizers of the gateway the service can stand in for, and with what. Every doubt leaves the route closed. */
import type { Facts } from '../analysis/facts.js';
import { diagnostic } from '../diagnostics/catalog.js';
import type { LambdaFunction, Project, Value } from '../project/model.js';
import type { AuthorizerConfig, HttpTrigger } from '../project/trigger.js';
import { conflictingVariable, decideEnvironment } from './environment.js';
import type { FunctionDecision } from './function-decision.js';
import { constantCase } from './names.js';
import type { AuthorizerPlan, EnvironmentPlan, RoutePlan, Setting } from './plan.js';
import { resolveValue } from './resource-names.js';
import { hasSecretValue } from './secrets.js';

/** Why the service cannot stand in for an authorizer. */
interface Unable {
  because: string;
}

export interface AuthorizersInput {
  project: Project;
  facts: Facts;
  /** Says why a function is not part of any service whatever it does: a person's wish. */
  leftOut: (lambda: LambdaFunction) => string | undefined;
}

/** The authorizers of a project; remembers the variables that it gave out. */
export class Authorizers {
  private readonly variables = new Map<string, Setting>();
  private readonly taken: Set<string>;

  constructor(private readonly input: AuthorizersInput) {
    this.taken = new Set(input.project.functions.flatMap(({ environment }) => Object.keys(environment)));
  }

  /** How the service does the work of the only authorizer of a route, or why it cannot. */
  planOf(functionId: string, trigger: HttpTrigger, authorizer: AuthorizerConfig): AuthorizerPlan | Unable {
    const count = trigger.gateway.filter(({ kind }) => kind === 'authorizer').length;
    if (count > 1) return { because: 'the route has more than one authorizer' };
    if (authorizer.unclear !== undefined) return { because: `${authorizer.unclear} cannot be told from the definition` };
    if (authorizer.type === 'jwt' && trigger.type === 'http-api') return this.jwt(authorizer);
    if (authorizer.type === 'cognito' && trigger.type === 'rest-api') return this.cognito(authorizer);
    if (authorizer.type === 'lambda' && (trigger.type === 'rest-api' || trigger.type === 'http-api'))
      return this.lambda(functionId, authorizer);
    return { because: reasons[authorizer.type] ?? 'what it checks is not known' };
  }

  private jwt({ name, issuer, audience = [], scopes = [], identitySource }: AuthorizerConfig): AuthorizerPlan | Unable {
    const known = issuer && this.setting(issuer, `${name} issuer`);
    if (!known || (known.kind === 'literal' && !isHttps(known.value))) return { because: 'its issuer is not known' };
    const settings = audience.map((value) => this.setting(value, `${name} audience`));
    if (settings.length === 0 || !settings.every((setting) => setting !== undefined)) return { because: 'its audience is not known' };
    return { kind: 'jwt', name, issuer: known, audience: settings, scopes, ...(identitySource && { identitySource }) };
  }

  private cognito({ name, userPools = [], scopes = [], identitySource, validation }: AuthorizerConfig): AuthorizerPlan | Unable {
    const settings = userPools.map((value) => this.setting(value, `${name} user pool arn`));
    const isKnown = settings.every((setting) => setting !== undefined && (setting.kind === 'variable' || isUserPool(setting.value)));
    if (settings.length === 0 || !isKnown) return { because: 'its user pool is not known' };
    return {
      kind: 'cognito',
      name,
      userPools: settings as Setting[],
      scopes,
      ...(identitySource && { identitySource }),
      ...(validation !== undefined && { validation }),
    };
  }

  private lambda(functionId: string, { name, functionId: authorizerId, lambda: settings }: AuthorizerConfig): AuthorizerPlan | Unable {
    const { project } = this.input;
    const authorizer = project.functions.find(({ id }) => id === authorizerId);
    const guarded = project.functions.find(({ id }) => id === functionId);
    if (!authorizer || !guarded || !settings) return { because: 'its function is not part of the project' };
    const obstacle = this.obstacleOf(authorizer, guarded);
    if (obstacle !== undefined) return { because: obstacle };
    return { kind: 'lambda', name, function: authorizer.id, settings };
  }

  /** Why the authorizer's function cannot run in the process of the function that it guards. */
  private obstacleOf(authorizer: LambdaFunction, guarded: LambdaFunction): string | undefined {
    const { project, facts, leftOut } = this.input;
    const { id } = authorizer;
    const code = Object.hasOwn(facts.functions, id) ? facts.functions[id] : undefined;
    const hasErrors = facts.diagnostics.some((found) => found.function === id && found.severity === 'error');
    const isFound = code && (code.file !== null || authorizer.handler.inlineCode !== undefined);
    if (leftOut(authorizer) !== undefined) return `${id} stays on Lambda`;
    if (authorizer.runtime !== null && !authorizer.runtime.startsWith('nodejs')) return `the runtime of ${id} is ${authorizer.runtime}`;
    if (!isFound || hasErrors || authorizer.unreadable !== undefined) return `the code of ${id} was not understood`;
    if (code.server || code.streaming || code.isRoute || code.shape === 'durable') return `${id} is no plain function`;
    if (authorizer.architecture !== guarded.architecture) return `${id} and ${guarded.id} have different architectures`;
    if (authorizer.vpc !== guarded.vpc) return `only one of ${id} and ${guarded.id} is in a VPC`;
    const { functions } = decideEnvironment(project, [authorizer, guarded], facts);
    const variable = conflictingVariable(functions.get(id) ?? new Map(), functions.get(guarded.id) ?? new Map());
    return variable === undefined ? undefined : `${id} and ${guarded.id} have different values for ${variable}`;
  }

  /** The text, or a variable that the task definition lists with what it refers to; equal references share one. */
  private setting(value: Value, wish: string): Setting | undefined {
    const resolved = resolveValue(this.input.project, value);
    if (resolved.kind === 'literal') {
      const text = String(resolved.value ?? '');
      return text === '' || text.includes('{{resolve:') || hasSecretValue(text) ? undefined : { kind: 'literal', value: text };
    }
    if (resolved.text.includes('{{resolve:') || hasSecretValue(resolved.text)) return undefined;
    const known = this.variables.get(`${wish} ${resolved.text}`);
    if (known) return known;
    const setting: Setting = { kind: 'variable', name: this.freeName(constantCase(wish)), reference: resolved.text };
    this.variables.set(`${wish} ${resolved.text}`, setting);
    return setting;
  }

  private freeName(base: string): string {
    let name = base;
    for (let number = 2; this.taken.has(name); number++) name = `${base}_${number}`;
    this.taken.add(name);
    return name;
  }
}

const reasons: Readonly<Partial<Record<AuthorizerConfig['type'], string>>> = {
  iam: 'only AWS can check its signatures',
  'alb-oidc': 'the load balancer signed users in',
};

function isHttps(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

function isUserPool(arn: string): boolean {
  return /^arn:aws[\w-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/.test(arn);
}

/** What the authorizer asks of callers, for people. */
export function describeAuthorizer(plan: AuthorizerPlan): string {
  if (plan.kind === 'lambda') return `it asks the function ${plan.function}`;
  const scopes = plan.scopes.length > 0 ? ` with one of the scopes ${plan.scopes.join(', ')}` : '';
  if (plan.kind === 'cognito')
    return `it takes ${plan.scopes.length > 0 ? 'access' : 'ID'} tokens of the user pool ${plan.userPools.map(show).join(' or ')}${scopes}`;
  return `it takes tokens of the issuer ${show(plan.issuer)} for the audience ${plan.audience.map(show).join(' or ')}${scopes}`;
}

function show(setting: Setting): string {
  return setting.kind === 'literal' ? setting.value : `in the variable ${setting.name}`;
}

/** Ids of the functions that these routes ask before they answer. */
export function authorizingFunctions(routes: readonly RoutePlan[]): string[] {
  return [...new Set(routes.flatMap(({ authorizer }) => (authorizer?.kind === 'lambda' ? [authorizer.function] : [])))];
}

/** Variables that the authorizers of these routes read. */
export function authorizerVariables(routes: readonly RoutePlan[]): EnvironmentPlan[] {
  const settings = routes.flatMap(({ authorizer }) => settingsOf(authorizer));
  const variables = settings.flatMap((setting) => (setting.kind === 'variable' ? [setting] : []));
  const byName = new Map(variables.map(({ name, reference }) => [name, { name, kind: 'reference' as const, value: reference }]));
  return [...byName.values()];
}

function settingsOf(plan: AuthorizerPlan | null): Setting[] {
  if (plan?.kind === 'jwt') return [plan.issuer, ...plan.audience];
  return plan?.kind === 'cognito' ? plan.userPools : [];
}

/** Functions that the routes of services ask become part of these services. */
export function takeInAuthorizers(decisions: readonly FunctionDecision[]): void {
  const routes = decisions.flatMap((decision) => decision.routes);
  for (const id of authorizingFunctions(routes)) {
    const decision = decisions.find(({ lambda }) => lambda.id === id);
    if (!decision) continue;
    decision.authorizes = routes.filter(({ authorizer }) => authorizer?.kind === 'lambda' && authorizer.function === id);
    const shown = decision.authorizes.map(({ trigger }) => `${trigger.method} ${trigger.path}`).join(', ');
    if (decision.plan.outcome === 'stays') {
      const because = `it decides who may call ${shown}`;
      decision.plan = { ...decision.plan, workload: 'web', style: 'adapter', outcome: 'migrated', because };
    }
    decision.diagnostics = [
      ...decision.diagnostics.filter(({ code }) => code !== 'FUNCTION_STAYS'),
      diagnostic('AUTHORIZER_IN_SERVICE', { args: { function: id, routes: shown }, place: decision.lambda.range, function: id }),
    ];
  }
}
