/** Handlers made at random of the shapes that the rewrite supports, and of a few that it must refuse. */
import type { RouteShape } from '../../../transforms/http-route-native/index.js';

export type Pick = <T>(choices: readonly T[]) => T;

/** A seeded choice: the same seed gives the same handlers. */
export function picker(seed: number): Pick {
  let state = seed >>> 0;
  return (choices) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const index = ((mixed ^ (mixed >>> 14)) >>> 0) % choices.length;
    return choices[index] as (typeof choices)[number];
  };
}

export function randomHandler(pick: Pick, shape: RouteShape): string {
  const text = handlerOf(pick, shape);
  const base = text.includes('...base') ? `${randomBase(pick)}\n\n` : '';
  return `${base}${randomReaders(pick)
    .filter((each) => text.includes(`${/(\w+)(?: =|\()/.exec(each)?.[1]}(`))
    .join('')}${text}`;
}

/** Functions that are given the event, by the names that handlers call them by. */
function randomReaders(pick: Pick): string[] {
  return [
    pick([
      "const userOf = (event) => event.headers.authorization || 'nobody';\n",
      "function userOf({ headers }) {\n  return headers['x-api-key'] ?? 'nobody';\n}\n",
      "const userOf = (e) => {\n  if (!e.headers) return 'none';\n  return e.headers.origin || readBody(e);\n};\n",
    ]),
    pick([
      'const readBody = (event) => (event.body ? JSON.parse(event.body) : {});\n',
      "function readBody(event) {\n  const { body, isBase64Encoded } = event;\n  return isBase64Encoded ? 'bytes' : body;\n}\n",
      'const readBody = (event) => JSON.stringify(event).length > 1;\n',
    ]),
    pick([
      'const pageOf = async (event, size) => Number(event.queryStringParameters?.limit || size);\n',
      'const pageOf = (event, size) => event.queryStringParameters.limit ?? size;\n',
      'const pageOf = async ({ queryStringParameters: query }) => (query || {}).limit;\n',
    ]),
  ];
}

/** A constant that results are made from. */
function randomBase(pick: Pick): string {
  return pick([
    "const base = { headers: { 'X-Kind': 'a' } };",
    "const base = { headers: { 'Content-Type': 'text/plain', 'X-Kind': 'a' } };",
    "const base = { statusCode: 201, headers: { 'content-type': 'application/json' } };",
    'const base = { statusCode: 201, isBase64Encoded: false };',
    "const base = { headers: { 'X-Kind': String(1) } };\nbase.headers = { 'X-Kind': 'b' };",
  ]);
}

function handlerOf(pick: Pick, { front, payload }: RouteShape): string {
  const isV2 = payload === '2.0';
  const hasPath = front === 'rest-api' || front === 'http-api';
  const reads = [
    ...(hasPath
      ? [
          'const id = event.pathParameters.id;',
          'const { id } = event.pathParameters;',
          "const id = event.pathParameters?.['id'];",
          'const { pathParameters: { id } } = event;',
          'const { pathParameters } = event; const id = pathParameters.id;',
        ]
      : []),
    'const data = JSON.parse(event.body);',
    'const user = userOf(event);',
    'const user = `${userOf(event)}`; const data = readBody(event);',
    'const data = readBody(event);',
    'const page = pageOf(event, 10);',
    'let page; try { page = pageOf(event, 5); } catch (error) { console.error(error); }',
    'const whole = JSON.stringify({ input: event }).length > 2;',
    "const data = JSON.parse(event.body || '{}');",
    'const { body } = event; const data = body ? JSON.parse(body) : {};',
    'const name = event.queryStringParameters?.name;',
    'const { name } = event.queryStringParameters || {};',
    'const name = (event.queryStringParameters || {}).name;',
    'const query = event.queryStringParameters ?? {}; const name = query.name;',
    "const name = (event.queryStringParameters && event.queryStringParameters.name) || 'nobody';",
    "const { queryStringParameters } = event; const name = queryStringParameters ? queryStringParameters.name : 'none';",
    'if (!event.queryStringParameters || !event.queryStringParameters.name) { return RESULT; } const name = event.queryStringParameters.name;',
    'if (!event.queryStringParameters) return RESULT; const { name, limit } = event.queryStringParameters;',
    'const limit = event.queryStringParameters?.limit ? Number(event.queryStringParameters.limit) : 10;',
    'const hasQuery = event.queryStringParameters ? 1 : 2;',
    'const name = event.queryStringParameters.name;',
    'const { name } = event.queryStringParameters;',
    'const { name, ...all } = event.queryStringParameters; const limit = event.queryStringParameters.limit;',
    'const limit = Number(event.queryStringParameters.limit) || 10;',
    'const size = [String(1), event.queryStringParameters.limit].length;',
    "let name = 'none'; try { name = event.queryStringParameters.name; } catch (error) { console.error(error.message); }",
    'let name; try { name = event.queryStringParameters.name; } catch (error) { name = error.message; }',
    'const all = { ...event.queryStringParameters };',
    'const all = { query: event.queryStringParameters };',
    'const name = String([event.queryStringParameters].length);',
    'const query = event.queryStringParameters; const all = JSON.stringify(query);',
    'const name = context.functionName; const limit = context.memoryLimitInMB;',
    isV2 ? 'const method = event.requestContext.http.method;' : 'const method = event.httpMethod;',
    'const auth = event.headers.authorization;',
    "const key = event.headers['x-api-key'] || 'no key';",
    'const { origin, authorization: auth } = event.headers;',
    'const headers = event.headers; const auth = headers?.authorization;',
    'const auth = event.headers.Authorization || event.headers.authorization;',
    ...(front === 'rest-api'
      ? ['const auth = event.headers.Authorization;', "const { 'User-Agent': agent } = event.headers;", 'const path = event.path;']
      : []),
    ...(front === 'rest-api' ? ['const resource = event.resource;', 'const stage = event.requestContext.stage;'] : []),
    ...(isV2 ? ['const route = event.routeKey;'] : []),
    ...contextReads(front, isV2),
    'context.callbackWaitsForEmptyEventLoop = false;',
    "console.log('event', JSON.stringify(event));",
    "if (event.headers.authorization === 'Bearer t') { return RESULT; }",
    "if (!event.body) throw new Error('no body');",
  ];
  const statements = Array.from({ length: pick([0, 1, 1, 2, 2, 3]) }, () => pick(reads));
  const unique = withoutRepeatedNames(statements);
  const names = namesIn(unique);
  const value = () => (names.length > 0 ? pick(names) : pick(['1', "'x'"]));
  const result = () => randomResult(pick, front, isV2, value);
  if (pick([false, false, true])) {
    const body = [...unique, callbackEnding(pick, result)].join('\n  ');
    const answers = body.replaceAll('RESULT', () => `callback(null, ${plainResult(pick, front)})`);
    return `exports.handler = (event, context, callback) => {\n  ${answers}\n};\n`;
  }
  if (pick([false, false, true])) {
    const body = [...unique, helperEnding(pick, value)].join('\n  ').replaceAll('RESULT', () => "respond(400, 'bad')");
    return `${randomHelper(pick)}\n\nexports.handler = async (event, context) => {\n  ${body}\n};\n`;
  }
  const body = [...unique, ending(pick, result)].join('\n  ').replaceAll('RESULT', () => plainResult(pick, front));
  return `exports.handler = async (event, context) => {\n  ${body}\n};\n`;
}

/** What the gateway told of the caller and the request, and reads of what only events of another front have. */
function contextReads(front: RouteShape['front'], isV2: boolean): string[] {
  const body = [
    "const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body;",
    'const hasBody = event && event.body ? 1 : 2;',
    "if (event.source === 'serverless-plugin-warmup') return RESULT;",
    'const path = event.rawPath || event.path;',
  ];
  if (front === 'alb') return body;
  const ofBoth = [
    'const host = event.requestContext.domainName;',
    'const context1 = event.requestContext; const stage = context1.stage;',
    'const { requestContext } = event; const host = requestContext.domainName;',
    'const method = event.httpMethod || event.requestContext.http.method;',
    'const method = event.requestContext?.http?.method ?? event.httpMethod;',
  ];
  const http = [
    'const path = event.rawPath;',
    'const { http } = event.requestContext; const verb = http.method;',
    'const { requestContext: { http: { method: verb, sourceIp } } } = event;',
    'const agent = event.requestContext.http.userAgent;',
    'const all = event.rawQueryString;',
    'const { cookies } = event; const all = cookies ? cookies.length : 0;',
    "const key = event.cookies?.join('+');",
    'const key = event.requestContext.accountId;',
    'const tenant = event.requestContext.authorizer?.lambda?.tenant;',
    'const { claims } = event.requestContext.authorizer.jwt; const user = claims.sub;',
  ];
  const rest = [
    'const user = event.requestContext.authorizer.claims.sub;',
    "const user = event.requestContext?.authorizer?.principalId || 'nobody';",
    'const { authorizer } = event.requestContext; const user = authorizer && authorizer.principalId;',
    'const { requestContext: { identity: { sourceIp }, stage } } = event;',
    'const agent = event.requestContext.identity.userAgent;',
    "const all = event.multiValueQueryStringParameters?.name?.join('+');",
    'const all = event.multiValueQueryStringParameters.name;',
    'const { multiValueQueryStringParameters: values } = event; const all = values ? String(values.limit) : 0;',
    'const { limit: all } = event.multiValueQueryStringParameters || {};',
    'const key = String(event.multiValueHeaders.Origin);',
    'const key = event.requestContext.identity.cognitoIdentityId;',
    "const host = event.requestContext ? event.requestContext.apiId : 'none';",
    "const agent = 'by ' + (event.requestContext.identity.userAgent || 'nobody');",
  ];
  return [...body, ...ofBoth, ...(isV2 ? http : rest)];
}

/** A function that makes results of a status and data. */
function randomHelper(pick: Pick): string {
  const headers = pick([
    '',
    " headers: { 'X-Kind': 'a' },",
    " headers: { 'Content-Type': 'application/json' },",
    " headers: { 'Content-Type': 'text/plain' },",
  ]);
  const body = pick([
    'JSON.stringify(data)',
    'JSON.stringify({ data })',
    'String(data)',
    "'' + data",
    "typeof data === 'object' ? JSON.stringify(data) : data",
    "typeof data === 'string' ? data : JSON.stringify(data)",
    "typeof data !== 'string' ? JSON.stringify(data) : data",
    'data',
  ]);
  const made = `{ statusCode,${headers} body: ${body} }`;
  return pick([
    `const respond = (statusCode, data) => (${made});`,
    `const respond = async (statusCode, data) => (${made});`,
    `const respond = async (statusCode, data) => {\n  await null;\n  return ${made};\n};`,
    `const respond = (statusCode, data) => Promise.resolve(${made});`,
    `function respond(statusCode, data) {\n  return ${made};\n}`,
    `function respond(statusCode = 200, data = 'none') {\n  const made = ${made};\n  return made;\n}`,
    `const make = (statusCode, data) => (${made});\nconst respond = (status, data) => make(status || 500, data);`,
    `const respond = (statusCode, data) => {\n  if (!data) return { statusCode: 404, body: 'none' };\n  return ${made};\n};`,
  ]);
}

function helperEnding(pick: Pick, value: () => string): string {
  const call = () =>
    `respond(${pick(['200', '201', "'202'", `${value()} ? 200 : 404`])}, ${pick([`{ value: ${value()} }`, `[${value()}]`, "'text'", `String(${value()})`, value(), '{ big: 10n }'])})`;
  return pick([
    () => `return ${call()};`,
    () => `const response = ${call()};\n  return response;`,
    () => `const response = await ${call()};\n  return response;`,
    () => `return await ${call()};`,
    () => `try {\n    return await ${call()};\n  } catch (error) {\n    return respond(500, 'failed');\n  }`,
    () => `try {\n    return ${call()};\n  } catch (error) {\n    return respond(500, error.message);\n  }`,
    () => `try {\n    return ${call()};\n  } catch (error) {\n    return { statusCode: 500, body: 'failed' };\n  }`,
    () => `let response;\n  if (event.headers.cookie) {\n    response = ${call()};\n    return response;\n  }\n  return ${call()};`,
    () => `return event.headers.authorization ? ${call()} : ${call()};`,
    () =>
      `const response = { statusCode: 200, headers: { 'X-Kind': 'b' }, body: JSON.stringify({ value: ${value()} }) };\n  if (event.headers.cookie) {\n    response.statusCode = 404;\n    response.body = ${pick(["'none'", `String(${value()})`, value()])};\n  }\n  return response;`,
    () =>
      `const response = { statusCode: 200, headers: ${pick(['{}', "{ 'Content-Type': 'text/plain' }", "{ 'X-Kind': 'b' }"])}, body: String(${value()}) };\n  if (event.headers.cookie) {\n    response.headers['Content-Type'] = ${pick(["'text/html'", "'application/json'"])};\n    response.headers['X-Kind'] = ${pick(['true', "'c'", `String(${value()})`])};\n  }\n  return response;`,
    () =>
      `let statusCode = 200;\n  let payload;\n  try {\n    payload = { value: ${value()} };\n    if (event.headers.origin) throw new Error('origin');\n  } catch (error) {\n    statusCode = 400;\n    payload = error.message;\n  } finally {\n    payload = JSON.stringify(payload);\n  }\n  return { statusCode, body: payload };`,
  ])();
}

/** Handlers that answer by the callback, at once or later; some of them answer twice, or not at all on one way. */
function callbackEnding(pick: Pick, anyResult: () => string): string {
  // What nothing catches would end the process of the tests.
  const result = () => anyResult().replace('10n', '10');
  const answer = () => `callback(null, ${result()})`;
  return pick([
    () => `${answer()};`,
    () => `return ${answer()};`,
    () => `const response = ${result()};\n  callback(null, response);`,
    () => `setImmediate(() => ${answer()});`,
    () => `setImmediate((error) => {\n    if (error) return callback(error);\n    ${answer()};\n  });`,
    () =>
      `setImmediate(() => {\n    if (event.headers.cookie) {\n      ${answer()};\n      return;\n    }\n    const response = ${result()};\n    callback(null, response);\n  });`,
    () => `setImmediate(() => {\n    if (event.headers.cookie) {\n      ${answer()};\n    }\n    ${answer()};\n  });`,
    () =>
      `Promise.resolve(event.headers.origin)\n    .then((origin) => {\n      if (origin) throw new Error('origin');\n      ${answer()};\n    })\n    .catch((error) => ${answer()});`,
    () => `return Promise.reject(new Error('no')).then(() => ${answer()}, () => ${answer()});`,
    () => `Promise.resolve(1).then(() => ${answer()}).catch((error) => callback(error));`,
    () => `try {\n    if (event.headers.origin) throw new Error('origin');\n    ${answer()};\n  } catch (error) {\n    ${answer()};\n  }`,
    () => `event.headers.authorization ? ${answer()} : ${answer()};`,
    () => `const done = (value) => ${answer()};\n  if (event.headers.origin) return done(1);\n  setImmediate(done, 2);`,
    () => `switch (event.headers.cookie) {\n    case 'a=1; b=2':\n      ${answer()};\n      break;\n    default:\n      ${answer()};\n  }`,
    () => `if (event.headers.origin) {\n    ${answer()};\n  } else {\n    callback(new Error('no origin'));\n  }`,
  ])();
}

function ending(pick: Pick, result: () => string): string {
  return pick([
    () => `return ${result()};`,
    () => `return ${result()};`,
    () => `const response = ${result()};\n  return response;`,
    () => `const response = ${result()};\n  console.info('done');\n  return response;`,
    () =>
      `try {\n    return ${result()};\n  } catch (error) {\n    return { statusCode: 500, body: JSON.stringify({ message: 'failed' }) };\n  }`,
    () =>
      `try {\n    if (event.headers.origin) throw new Error('origin');\n  } catch (error) {\n    return ${result()};\n  }\n  return ${result()};`,
    () => `return event.headers.authorization ? ${result()} : ${result()};`,
    () =>
      `let response;\n  if (event.headers.cookie) {\n    response = ${result()};\n  } else {\n    response = ${result()};\n  }\n  return response;`,
    () =>
      `let answer;\n  try {\n    if (event.headers.origin) throw new Error('origin');\n    answer = ${result()};\n  } catch (error) {\n    answer = ${result()};\n  }\n  return answer;`,
    () => `if (event.headers.cookie) {\n    return ${result()};\n  }\n  return ${result()};`,
    () =>
      `switch (event.headers.authorization) {\n    case 'Bearer t':\n      return ${result()};\n    default:\n      return ${result()};\n  }`,
  ])();
}

function plainResult(pick: Pick, front: RouteShape['front']): string {
  return pick([
    "{ statusCode: 400, body: 'bad' }",
    "{ statusCode: 404, headers: { 'Content-Type': 'text/plain' }, body: `missing` }",
    "{ statusCode: 422, body: JSON.stringify({ message: 'Validation failed' }) }",
    front === 'alb' ? "{ statusCode: 403, body: '' }" : '{ statusCode: 403 }',
  ]);
}

function randomResult(pick: Pick, front: RouteShape['front'], isV2: boolean, value: () => string): string {
  if (isV2 && pick([false, false, false, false, true])) return pick([`{ value: ${value()}, ok: true }`, "'plain'", '`t`']);
  if (pick([false, false, false, false, false, true]))
    return pick([
      `{ statusCode: 200, ...base, body: String(${value()}) }`,
      `{ ...base, statusCode: 404, body: JSON.stringify({ value: ${value()} }) }`,
      `{ ...base, body: 'text' }`,
    ]);
  const status = pick(['200', '200', '201', `${value()} || 200`, "'202'", '204', '302', '500', `${value()} ? 200 : 404`]);
  const parts = [`statusCode: ${status}`];
  const headers = pick([
    undefined,
    undefined,
    "{ 'Content-Type': 'application/json' }",
    "{ 'content-type': 'text/html; charset=utf-8' }",
    "{ 'Access-Control-Allow-Origin': '*' }",
    "{ 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json', 'X-Count': '1' }",
    "{ Location: '/a b/' + String(1) }",
    front === 'alb' ? undefined : "{ 'Access-Control-Allow-Credentials': true, 'X-Number': 5 }",
    "{ 'Set-Cookie': 'a=1; HttpOnly' }",
    `{ 'X-Name': \`é\${1}\` }`,
  ]);
  if (headers !== undefined) parts.push(`headers: ${headers}`);
  const body = pick([
    `JSON.stringify({ value: ${value()}, other: ${value()} })`,
    `JSON.stringify({ value: ${value()} }, null, 2)`,
    `JSON.stringify(${value()})`,
    `JSON.stringify([${value()}])`,
    "JSON.stringify({ message: 'ok' })",
    'JSON.stringify({ big: 10n })',
    "'text'",
    "''",
    `\`value \${${value()}}\``,
    `'a' + ${value()}`,
    `String(${value()})`,
    `${value()}`,
    undefined,
  ]);
  if (body !== undefined) parts.push(`body: ${body}`);
  if (pick([false, false, true])) parts.push('isBase64Encoded: false');
  if (pick([false, false, false, true]))
    parts.push(isV2 ? `cookies: ${randomCookies(pick, value)}` : `multiValueHeaders: ${randomLists(pick, value)}`);
  return `{ ${parts.join(', ')} }`;
}

function randomCookies(pick: Pick, value: () => string): string {
  return pick(["['a=1']", "['a=1', 'b=2; HttpOnly']", `[\`s=\${${value()}}\`, 'a=1', 'a=1']`, '[]', `[${value()}]`, "['a=1', ...['b=2']]"]);
}

function randomLists(pick: Pick, value: () => string): string {
  return pick([
    `{ 'Set-Cookie': ${randomCookies(pick, value)} }`,
    `{ 'set-cookie': ${randomCookies(pick, value)}, 'X-Kind': ['a'] }`,
    "{ 'Content-Type': ['text/html'], 'X-Kind': [String(1)] }",
    "{ 'content-type': ['application/json'] }",
    "{ 'X-Kind': ['a', 'b'] }",
    '{}',
  ]);
}

function namesIn(statements: readonly string[]): string[] {
  const text = statements.join('\n');
  const known = [
    'id',
    'data',
    'body',
    'name',
    'limit',
    'hasQuery',
    'all',
    'method',
    'auth',
    'key',
    'origin',
    'agent',
    'path',
    'resource',
    'stage',
    'route',
    'user',
    'page',
    'whole',
  ];
  return known.filter((name) => new RegExp(`(?:const|let) ${name} =|[{,:] ?${name}[ ,}][^;]*\\} = event`).test(text));
}

/** Two declarations of one name would be no JavaScript. */
function withoutRepeatedNames(statements: readonly string[]): string[] {
  const seen = new Set<string>();
  return statements.filter((statement) => {
    const names = [...statement.matchAll(/(?:const|let) (\w+)(?: =|;)/g)].map(([, name = '']) => name);
    const patterns = [...statement.matchAll(/const \{([^=]*)\} =/g)].flatMap(([, inside = '']) => inside.match(/\w+/g) ?? []);
    const all = [...names, ...patterns];
    if (all.some((name) => seen.has(name))) return false;
    for (const name of all) seen.add(name);
    return true;
  });
}
