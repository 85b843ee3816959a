/** `docs/native.md` is made of the fixtures of the rewrite, so that it cannot drift; `UPDATE_DOCS=1` writes it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFixtures, repositoryRoot } from '../support/fixtures.js';
import { fixturesRoot } from '../transforms/fixtures.js';

const folder = join(fixturesRoot, 'http-route-native');
const page = join(repositoryRoot, 'docs/native.md');

/** Pairs that show each supported shape once. */
const shown = [
  ['rest-path-member', 'Variables of the path'],
  ['rest-query-default-object', 'Query with a default'],
  ['rest-query-guard-return', 'Query that is tested first'],
  ['http-query-presence', 'Presence of a query'],
  ['rest-query-required', 'A query that has to be there'],
  ['rest-headers', 'Headers'],
  ['rest-body-in-try', 'Body'],
  ['rest-parameter-pattern', 'Destructured event'],
  ['rest-authorizer-optional', 'What an authorizer told of the caller'],
  ['http-request-context-member', 'Context of the request'],
  ['http-base64', 'A body in bytes'],
  ['rest-two-fronts', 'Code for several fronts'],
  ['rest-warm-up', 'Calls of a warm-up plugin'],
  ['rest-result-several-headers', 'Headers of the answer'],
  ['rest-result-spread', 'A constant that is spread into results'],
  ['http-result-conditional', 'Two results'],
  ['http-inferred-object', 'A result without a status (format 2.0)'],
  ['rest-result-assigned', 'A result that is assigned'],
  ['rest-result-hoisted', 'A body that may fail'],
  ['rest-logs-event', 'A logged event'],
  ['http-callback-node-style', 'A callback, inside a callback of Node’s style'],
  ['rest-callback-promise-returned', 'A callback, inside promises'],
  ['rest-helper', 'A function that makes results'],
  ['rest-helper-chain', 'Functions that make results from one another'],
  ['rest-event-helper', 'Functions that are given the event'],
  ['rest-event-controller', 'A function that answers from the event'],
  ['rest-whole-event', 'An answer with the whole event'],
  ['rest-held-log', 'A result that is still worked with'],
  ['http-body-finally', 'Status and body of variables'],
  ['http-typed', 'TypeScript'],
] as const;

const read = (file: string) => readFileSync(join(folder, file), 'utf8').trimEnd();

function pair([name, title]: readonly [string, string]): string {
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}.`));
  const [input = '', output = ''] = ['input', 'output'].map((kind) => files.find((file) => file.includes(`.${kind}.`)));
  const language = input.endsWith('.ts') ? 'ts' : 'js';
  return `### ${title}\n\n\`\`\`${language}\n${read(input)}\n\`\`\`\n\nbecomes\n\n\`\`\`${language}\n${read(output)}\n\`\`\`\n`;
}

const kept = (file: string) => readFileSync(join(projectFixtures, file), 'utf8').trimEnd();

const testFolder = join(fixturesRoot, 'handler-tests');

function testPair(name: string, extension: string): string {
  const [input = '', output = ''] = ['input', 'output'].map((kind) =>
    readFileSync(join(testFolder, `${name}.${kind}.${extension}`), 'utf8'),
  );
  return `\`\`\`js\n${input.trimEnd()}\n\`\`\`\n\nbecomes\n\n\`\`\`js\n${output.trimEnd()}\n\`\`\`\n`;
}

function testRefusals(): string {
  const reasons = readdirSync(testFolder)
    .filter((file) => file.endsWith('.diagnostics.json'))
    .flatMap((file) => (JSON.parse(readFileSync(join(testFolder, file), 'utf8')) as { reason: string }[]).map(({ reason }) => reason));
  return [...new Set(reasons.map((reason) => `- ${reason.replace(/^[^:]*: /, '')}\n`))].sort().join('');
}

/** Each reason once, with the code that shows it and the line that forced it. */
function refusals(): string {
  const shown = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const name = /^(refuse-.+)\.diagnostics\.json$/.exec(file)?.[1];
    const input = name === undefined ? undefined : readdirSync(folder).find((each) => each.startsWith(`${name}.input.`));
    if (name === undefined || input === undefined) continue;
    const [found] = JSON.parse(read(file)) as { reason: string; line: number }[];
    if (found && !shown.has(found.reason)) shown.set(found.reason, marked(read(input), found.line, input.endsWith('.ts') ? 'ts' : 'js'));
  }
  return [...shown]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, code]) => `### ${reason}\n\n${code}\n`)
    .join('\n');
}

function marked(code: string, line: number, language: string): string {
  const lines = code.split('\n').map((each, index) => (index === line - 1 ? `${each} // ← here` : each));
  return `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;
}

function text(): string {
  return `# Native routes

A handler behind an HTTP front is rewritten into a route handler of Fastify when every use of the event, the context and the
result is understood and answers the same (\`--style adapter\` rewrites none). A function of the project that makes results, in the same file or in another, gets one beside it that
sends them; the old one goes when nothing uses it any more.

Whether a body is text is told from the code: texts, templates, \`JSON.stringify\`, \`toString()\`, variables and functions whose values all are, types
of TypeScript, and by convention the message of what was caught. Under a content type of its own that is not JSON, anything may be sent: the
service answers like the front when it is no text (but for a \`Buffer\`, which the front refused and a route sends). All others keep their handler, and \`HANDLER_NOT_REWRITTEN\` names the line that forced it.
A rewritten handler does not run on Lambda any more, unless \`--keep-handler\` leaves one beside it (below). This page is made of the fixtures of the transform.

## What is rewritten

${shown.map(pair).join('\n')}
## A handler that stays

With \`--keep-handler\` the exported name that the definition gives goes on working on Lambda: it is made of the route, so that the same code runs
in both places during the cut-over. \`on-lambda\`, a module without dependencies beside the handlers, makes the request of the event and the
result of the reply; the service imports the route. Its answers pass through the front as those of the original handler did; \`request.id\` is the
id that the gateway gave the request. When the last of them is gone, so may the module.

\`\`\`ts
${kept('sam-kept-handlers/output/orders/handlers/list.ts')}
\`\`\`

## Unit tests

A test that calls the handler with an event keeps the handler, unless native style is asked for by name and every call is understood: an event that
is written out, in the test or in a file of its own, and uses of the result that an answer of \`app.inject()\` has too. Then the test asks the route.

${testPair('by-id', 'mjs')}
\`service/testing/route-app\` puts the route behind Fastify alone, without a port. What else a test does is named with its line:

${testRefusals()}
## What keeps the handler

[not-native.md](not-native.md) shows each reason that the report gives, with code.
`;
}

const keptPage = join(repositoryRoot, 'docs/not-native.md');

function keptText(): string {
  return `# What is not made a native route

A handler is rewritten only where every use of the event, the context and the result is understood and answers the same; [native.md](native.md)
shows what is. The first use that is not keeps the handler as it is, fed with the event it expects, and \`HANDLER_NOT_REWRITTEN\` names its line with
one of the reasons below. This page is made of the fixtures of the transform.

${refusals()}
Also: other code that calls the handler, a handler that functions of two definitions share, middlewares of middy but \`http-json-body-parser\`,
\`http-event-normalizer\`, \`http-header-normalizer\`, \`do-not-wait-for-empty-event-loop\`, \`warmup\`, \`http-error-handler\` and \`http-cors\` with
options that are written out and a version that package.json or the lockfile tells (the body parser becomes \`parseJsonBody(request)\` at the
beginning of the route, the last two a function around it), other wrappers, streamed answers, routes of different fronts, and a function that a
queue or a schedule calls too.
`;
}

it('docs/not-native.md tells what the fixtures refuse', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(keptPage, keptText());
  expect(readFileSync(keptPage, 'utf8')).toBe(keptText());
});

it('docs/native.md tells what the fixtures show', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, text());
  expect(readFileSync(page, 'utf8')).toBe(text());
});
