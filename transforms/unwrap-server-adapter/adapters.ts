/** Adapters that wrap a server, by package; used when no facts are there (plain jscodeshift) and as the text guard. */

import { requiredModule } from '../quiet-code.js';
import { child, isCall, isMember, lineOf, list, type Node, nameOf, stringOf, unwrap, walk } from '../syntax.js';

const packages = [
  'serverless-http',
  '@vendia/serverless-express',
  '@codegenie/serverless-express',
  'aws-serverless-express',
  'aws-serverless-koa',
  '@fastify/aws-lambda',
  'aws-lambda-fastify',
  'hono/aws-lambda',
  '@hono/aws-lambda',
  'apollo-server-lambda',
  '@as-integrations/aws-lambda',
];

export const adapterPattern =
  /serverless-http|serverless-express|aws-serverless-koa|@fastify\/aws-lambda|aws-lambda-fastify|hono\/aws-lambda|apollo-server-lambda|@as-integrations\/aws-lambda/;

/** Methods of the adapters that take the server; a bare call of the import does too. */
const wrappers = new Set(['createServer', 'handle', 'streamHandle', 'configure', 'default', 'startServerAndCreateLambdaHandler']);

/** What adapters export besides; the first argument of these is no server of the user's. */
export const otherExports: ReadonlySet<string> = new Set([
  'proxy',
  'eventContext',
  'middleware',
  'getCurrentInvoke',
  'getConnInfo',
  'handlers',
]);

/**
 * Why a server of Apollo's is left behind its adapter: `startStandaloneServer` puts Express, `cors()` and a JSON parser in front, and the
 * Express integration lets Express parse bodies and add headers; the Lambda integration does none of it.
 */
export const apolloAnswers =
  'answers would change: an Apollo server that listens adds CORS headers and limits and parses bodies otherwise than its Lambda integration';

export interface AdapterCall {
  adapter: string;
  binding: string | null;
  line: number;
  because?: string | undefined;
}

/** Calls that wrap a server, with the variable that holds it. */
export function adapterCalls(program: Node): AdapterCall[] {
  const imported = importedAdapters(program);
  const found: AdapterCall[] = [];
  walk(program, (node) => {
    if (!isCall(node)) return;
    const callee = unwrap(node.callee);
    const local = nameOf(callee) ?? (isMember(callee) ? nameOf(unwrap(callee.object)) : null);
    const adapter = local === null ? undefined : imported.get(local);
    const method = isMember(callee) ? nameOf(child(callee, 'property')) : null;
    if (!adapter || (method !== null && !wrappers.has(method))) return;
    found.push({ adapter, binding: wrappedBinding(node), line: lineOf(node), because: refusal(adapter, node) });
  });
  return found;
}

/** `serverless(app)`, `serverlessExpress({ app })`, `serverlessExpress({ app: server })`. */
function wrappedBinding(call: Node): string | null {
  const argument = unwrap(list(call, 'arguments')[0] ?? null);
  if (argument?.type !== 'ObjectExpression') return nameOf(argument);
  const property = list(argument, 'properties').find((each) => nameOf(child(each, 'key')) === 'app');
  return property ? nameOf(unwrap(child(property, 'value'))) : null;
}

/** Options that change requests or answers, and adapters whose server has started by the time it could listen. */
function refusal(adapter: string, call: Node): string | undefined {
  if (adapter === 'apollo-server-lambda') return 'the adapter starts the Apollo server itself';
  if (adapter === '@as-integrations/aws-lambda') return apolloAnswers;
  const options = list(call, 'arguments').filter((each) => unwrap(each)?.type === 'ObjectExpression');
  const names = options.flatMap((each) =>
    list(unwrap(each) as Node, 'properties').map((property) => nameOf(child(property, 'key')) ?? stringOf(child(property, 'key'))),
  );
  const changing = names.find(
    (name) =>
      name !== null && ['request', 'response', 'basePath', 'eventSourceRoutes', 'eventSource', 'requestId', 'provider'].includes(name),
  );
  return changing ? `the adapter's option ${changing} changes what the server sees` : undefined;
}

function importedAdapters(program: Node): Map<string, string> {
  const found = new Map<string, string>();
  const add = (pattern: Node | null, module: string) => {
    const name = nameOf(pattern);
    if (name !== null) found.set(name, module);
    for (const property of pattern ? list(pattern, 'properties') : [])
      if (!otherExports.has(nameOf(child(property, 'key')) ?? '')) found.set(nameOf(child(property, 'value')) ?? '', module);
  };
  for (const statement of list(program, 'body')) {
    const source = stringOf(child(statement, 'source'));
    if (statement.type === 'ImportDeclaration' && source !== null && packages.includes(source))
      for (const each of list(statement, 'specifiers').filter((one) => !otherExports.has(nameOf(child(one, 'imported')) ?? '')))
        add(child(each, 'local'), source);
    for (const declarator of statement.type === 'VariableDeclaration' ? list(statement, 'declarations') : []) {
      const module = requiredModule(child(declarator, 'init'));
      if (module !== null && packages.includes(module)) add(child(declarator, 'id'), module);
    }
  }
  return found;
}
