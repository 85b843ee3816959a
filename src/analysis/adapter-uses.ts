/** What a server reads that only its Lambda adapter gives it: such a server cannot listen by itself. */
import type { HandlerFacts } from './facts.js';
import { placeAt } from './places.js';
import type { Values } from './values.js';

type Server = NonNullable<HandlerFacts['server']>;

/** Uses of what the adapters hand to the server besides the request; code that has one needs the adapter. */
const adapterOnly =
  /\bgetCurrentInvoke\b|\bcurrentInvoke\b|\bapiGateway\s*\??\.\s*(?:event|context)\b|\.awsLambda\b|\beventContext\s*\(\s*[^)\s]|x-apigateway-(?:event|context)|\bc\.env\.(?:event|requestContext|lambdaContext)\b|\b(?:req|request)\.(?:apiGateway|requestContext|lambdaEvent)\b/;

/** Middleware that puts the event on the request as `apiGateway`; without a reader of that, and only on Lambda, it changes nothing. */
const adapterMiddleware = /\beventContext\s*\(\s*\)/;
const adapterProperty = /\bapiGateway\b/;

/** These put the whole body on the request before the server sees it, so that it is there without any parser. */
const bodyAdapters = new Set(['serverless-http', '@vendia/serverless-express', '@codegenie/serverless-express']);
const bodyRead = /(?<!ctx\.)\b(?:req|request)\s*\??\.\s*body\b|\{[^{}]*\bbody\b[^{}]*\}\s*=\s*(?:req|request)\b/;
const bodyParser =
  /body-?parser|koa-?body|\b(?:express|app|bodyparser)\s*\.\s*(?:json|urlencoded|raw|text)\s*\(|\buse\s*\([^;]*\b(?:json|urlencoded|raw|text)\s*\(|multer|busboy|formidable|raw-body/i;

/** Facts of a server, with the reason why it needs its adapter when the code in `files` reads what the adapter adds to a request. */
export function withoutAdapterUses(values: Values, server: Server, files: readonly string[]): Server {
  if (!server.unwrappable) return server;
  const texts = files.map((file) => ({
    file,
    text: /\.[cm]?[jt]sx?$/.test(file) ? (values.resolver.repository.read(file) ?? '') : '',
  }));
  const isRead = texts.some(({ text }) => adapterProperty.test(text));
  const needsBody = readsBodyOfAdapter(server) && !texts.some(({ text }) => bodyParser.test(text));
  for (const { file, text } of texts) {
    const place = ({ index }: RegExpExecArray) => `${file}:${placeAt(text, index).line}`;
    const use =
      adapterOnly.exec(text) ??
      (isRead || !server.framework.startsWith('nest') || file !== server.file ? adapterMiddleware.exec(text) : null);
    if (use) return wrapped(server, `${place(use)} reads what only the adapter provides (${use[0].trim()})`);
    const body = needsBody ? bodyRead.exec(text) : null;
    if (body) return wrapped(server, `${place(body)} reads the body that the adapter puts on the request, and nothing else parses bodies`);
  }
  return server;
}

/** Fastify, hapi, Hono and Nest parse bodies themselves. */
function readsBodyOfAdapter({ adapter, framework }: Server): boolean {
  return bodyAdapters.has(adapter) && ['express', 'koa', 'node-http'].includes(framework);
}

function wrapped(server: Server, because: string): Server {
  return { ...server, unwrappable: false, because };
}
