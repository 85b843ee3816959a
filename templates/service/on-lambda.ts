/** Lets a route handler of Fastify's run on Lambda as well: the event becomes its request, its reply the result. Depends on nothing. */

type HeaderValue = string | number | boolean | string[];

/** What events of API Gateway, function URLs and load balancers tell of a request. */
export interface HttpEvent {
  version?: string;
  resource?: string;
  routeKey?: string;
  rawQueryString?: string;
  cookies?: string[];
  httpMethod?: string;
  path?: string;
  rawPath?: string;
  headers?: Record<string, string | undefined> | null;
  multiValueHeaders?: Record<string, string[] | undefined> | null;
  queryStringParameters?: Record<string, string | undefined> | null;
  multiValueQueryStringParameters?: Record<string, string[] | undefined> | null;
  pathParameters?: Record<string, string | undefined> | null;
  body?: string | null | undefined;
  isBase64Encoded?: boolean;
  requestContext?: {
    requestId?: string;
    protocol?: string;
    domainName?: string | undefined;
    identity?: { sourceIp?: string };
    http?: { method?: string; protocol?: string; sourceIp?: string };
    authorizer?: unknown;
    elb?: unknown;
  };
}

/** What these fronts take for an answer. */
export interface HttpResult {
  statusCode: number;
  headers: Record<string, HeaderValue>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body?: unknown;
  isBase64Encoded?: boolean;
}

/** Types of a route's own request and reply say more than this file may know of them. */
type RouteHandler = (request: never, reply: never) => unknown;

/** The handler that Lambda calls for a route handler. */
export function onLambda(route: RouteHandler): (event: HttpEvent, context?: { awsRequestId?: string }) => Promise<HttpResult> {
  return async (event, context) => {
    const reply = new LambdaReply();
    const returned = route(requestOf(event, context?.awsRequestId) as never, reply as never);
    const isAsync = typeof (returned as { then?: unknown } | null | undefined)?.then === 'function';
    if (isAsync) await returned;
    // A route that is not async may answer later, from a callback.
    else await reply.answered;
    return reply.result(event);
  };
}

/** The request as the service's runtime makes it: the same names, with what the front told. */
function requestOf(event: HttpEvent, invocation: string | undefined) {
  const { requestContext: told = {} } = event;
  const protocol = told.protocol ?? told.http?.protocol ?? 'HTTP/1.1';
  const path = event.path ?? event.rawPath ?? '/';
  const headers = headersOf(event);
  return {
    method: event.httpMethod ?? told.http?.method,
    url: path,
    path,
    params: event.pathParameters ?? {},
    query: event.queryStringParameters ?? lastOf(event.multiValueQueryStringParameters),
    routePath: event.resource ?? event.routeKey?.replace(/^[A-Z]+ /, ''),
    routeKey: event.routeKey ?? `${event.httpMethod} ${event.resource}`,
    queryString: event.rawQueryString,
    queryValues: event.multiValueQueryStringParameters ?? {},
    cookieList: event.cookies,
    headers,
    headerValues: withLowerCaseNames(event.multiValueHeaders),
    body: event.body,
    isBase64Encoded: event.isBase64Encoded === true,
    id: told.requestId ?? invocation,
    ip: told.identity?.sourceIp ?? told.http?.sourceIp ?? headers['x-forwarded-for']?.split(',')[0]?.trim(),
    hostname: told.domainName ?? headers['host'],
    authorizer: told.authorizer,
    raw: { httpVersion: protocol.replace('HTTP/', '') },
    event,
  };
}

function headersOf({ headers, multiValueHeaders }: HttpEvent): Record<string, string | undefined> {
  return withLowerCaseNames(headers ?? lastOf(multiValueHeaders));
}

function withLowerCaseNames<Value>(headers: Record<string, Value> | null | undefined): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

function lastOf(values: Record<string, string[] | undefined> | null | undefined): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, list]) => [name, list?.at(-1)]));
}

/** What route handlers use of Fastify's reply. */
class LambdaReply {
  /** Settles with the first answer. */
  readonly answered: Promise<void>;
  statusCode = 200;
  readonly status = (code: number) => this.code(code);
  private readonly headerValues = new Map<string, HeaderValue>();
  private settle: () => void = () => {};
  private isSent = false;
  private payload: unknown;

  constructor() {
    this.answered = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  code(code: number): this {
    this.statusCode = code;
    return this;
  }

  header(name: string, value: HeaderValue): this {
    const key = name.toLowerCase();
    const before = this.headerValues.get(key);
    const adds = key === 'set-cookie' && before !== undefined;
    this.headerValues.set(key, adds ? [before, value].flat().map(String) : value);
    return this;
  }

  headers(values: Record<string, HeaderValue>): this {
    for (const [name, value] of Object.entries(values)) this.header(name, value);
    return this;
  }

  type(value: string): this {
    return this.header('content-type', value);
  }

  getHeader(name: string): HeaderValue | undefined {
    return this.headerValues.get(name.toLowerCase());
  }

  hasHeader(name: string): boolean {
    return this.headerValues.has(name.toLowerCase());
  }

  removeHeader(name: string): this {
    this.headerValues.delete(name.toLowerCase());
    return this;
  }

  send(payload?: unknown): this {
    if (!this.isSent) this.payload = payload;
    this.isSent = true;
    this.settle();
    return this;
  }

  /** @throws what was sent, when that is an error, so that the function fails as it would have without a route */
  result(event: HttpEvent): HttpResult {
    if (!this.isSent) throw new Error('the route handler sent no answer');
    if (this.payload instanceof Error) throw this.payload;
    const body = this.body();
    return { statusCode: this.statusCode, ...this.headersFor(event), ...body };
  }

  /** A text goes out as it is, bytes as base64, a value as JSON. */
  private body(): Pick<HttpResult, 'body' | 'isBase64Encoded'> {
    const { payload } = this;
    if (payload === undefined || payload === null) return {};
    if (typeof payload === 'string') return { body: payload };
    if (payload instanceof Uint8Array) return { body: Buffer.from(payload).toString('base64'), isBase64Encoded: true };
    if (!this.hasHeader('content-type')) this.type('application/json');
    // The front refuses a value under another type, as it refused the result that the route was made of.
    return { body: /json/i.test(String(this.getHeader('content-type'))) ? JSON.stringify(payload) : payload };
  }

  private headersFor({
    version,
    multiValueHeaders,
    requestContext,
  }: HttpEvent): Pick<HttpResult, 'headers' | 'multiValueHeaders' | 'cookies'> {
    const all = [...this.headerValues];
    const plain = (entries: [string, HeaderValue][]) =>
      Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]));
    if (version === '2.0') {
      const cookies = all.filter(([name]) => name === 'set-cookie').flatMap(([, value]) => [value].flat().map(String));
      return { headers: plain(all.filter(([name]) => name !== 'set-cookie')), ...(cookies.length > 0 && { cookies }) };
    }
    // A load balancer takes lists only, or none, by how its target group is set.
    if (requestContext?.elb && !multiValueHeaders) return { headers: plain(all) };
    const lists = all.filter(([, value]) => Array.isArray(value) || requestContext?.elb);
    const several = Object.fromEntries(lists.map(([name, value]) => [name, [value].flat().map(String)]));
    return { headers: plain(all.filter((each) => !lists.includes(each))), ...(lists.length > 0 && { multiValueHeaders: several }) };
  }
}
