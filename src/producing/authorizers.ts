/** Authorizers of routes as the entry file hands them to the runtime. */
import type { AuthorizerPlan, RoutePlan, ServicePlan, Setting } from '../planning/plan.js';
import { Code, stringLiteral } from '../render.js';
import { access, isIdentifier, literal } from './literals.js';
import type { RouteWriter } from './routes.js';
import { literalOptions } from './style.js';

/** Module of the runtime and its export, by the kind of an authorizer. */
const modules: { readonly [Kind in AuthorizerPlan['kind']]: { module: string; make: string } } = {
  jwt: { module: 'authorize-jwt', make: 'jwtAuthorizer' },
  cognito: { module: 'authorize-cognito', make: 'cognitoAuthorizer' },
  lambda: { module: 'authorize-lambda', make: 'lambdaAuthorizer' },
};

function plansOf({ routes }: Pick<ServicePlan, 'routes'>): AuthorizerPlan[] {
  return routes.flatMap(({ authorizer }) => authorizer ?? []);
}

/** Modules of the runtime that the service needs for its authorizers. */
export function authorizerModules(service: Pick<ServicePlan, 'routes'>): string[] {
  return [...new Set(plansOf(service).map(({ kind }) => modules[kind].module))];
}

/** The service checks tokens itself. */
export function checksTokens(service: Pick<ServicePlan, 'routes'>): boolean {
  return plansOf(service).some(({ kind }) => kind !== 'lambda');
}

/** Names that the entry file uses for them. */
export function authorizerNames(service: Pick<ServicePlan, 'routes'>): string[] {
  return [...new Set(plansOf(service).map(({ kind }) => modules[kind].make))];
}

/** The constant that holds a route's authorizer: equal ones are one, and share what they remember. */
export function authorizeOf({ authorizer }: RoutePlan, writer: RouteWriter): Code | undefined {
  if (!authorizer) return undefined;
  const { input, imports, authorizers } = writer;
  const { module, make } = modules[authorizer.kind];
  const call = imports.runtime(`./runtime/${module}${input.module.importExtension}`, make);
  const value = new Code(`${call}(${literal(optionsOf(authorizer, writer), { ...literalOptions(input.style), expand: true })})`);
  return authorizers.declare(`authorize ${authorizer.name}`, value);
}

function optionsOf(plan: AuthorizerPlan, writer: RouteWriter): object {
  const { quote } = writer.input.style;
  const text = (setting: Setting) => settingCode(setting, writer);
  const listed = (scopes: string[]) => (scopes.length > 0 ? scopes : undefined);
  if (plan.kind === 'jwt')
    return {
      issuer: text(plan.issuer),
      audience: plan.audience.map(text),
      scopes: listed(plan.scopes),
      identitySource: plan.identitySource,
    };
  if (plan.kind === 'cognito')
    return {
      userPools: plan.userPools.map(text),
      scopes: listed(plan.scopes),
      identitySource: plan.identitySource,
      validation: plan.validation,
    };
  const { kind, payload, simpleResponses, identitySources, ttlSeconds, validation } = plan.settings;
  return {
    function: new Code(`functions${access(plan.function, quote)}`),
    kind,
    payload,
    simpleResponses: simpleResponses || undefined,
    identitySources,
    ttlSeconds,
    validation,
  };
}

function settingCode(setting: Setting, { input }: RouteWriter): string | Code {
  if (setting.kind === 'literal') return setting.value;
  const { quote } = input.style;
  const isPlain = isIdentifier(setting.name) && input.module.language === 'javascript';
  const variable = isPlain ? `.${setting.name}` : `[${stringLiteral(setting.name, quote)}]`;
  return new Code(`process.env${variable} ?? ${stringLiteral('', quote)}`);
}
