import { describe, expect, it } from 'vitest';
import { keepHandler } from '../../../transforms/http-route-native/lambda-entry.js';

const fn = 'async (request, reply) => reply.send(1)';

/** A file's text, its exported name, and the text with the handler kept. */
const forms: [string, { text: string; name?: string; file?: string }, string][] = [
  [
    'a constant that is exported',
    { text: `export const handler = ${fn};\n` },
    `import { onLambda } from './on-lambda.js';\n\nexport const route = ${fn};\n\nexport const handler = onLambda(route);\n`,
  ],
  [
    'a typed constant',
    { text: `export const get: Route = ${fn};\n`, name: 'get', file: 'a.ts' },
    `import { onLambda } from './on-lambda.js';\n\nexport const getRoute: Route = ${fn};\n\nexport const get = onLambda(getRoute);\n`,
  ],
  [
    'a function that is exported',
    { text: "import x from 'x';\nexport async function handler(request, reply) { return reply.send(x); }\n" },
    "import x from 'x';\nimport { onLambda } from './on-lambda.js';\nexport async function route(request, reply) { return reply.send(x); }\n\nexport const handler = onLambda(route);\n",
  ],
  [
    'a default export without a name',
    { text: `export default ${fn};\n`, name: 'default' },
    `import { onLambda } from './on-lambda.js';\n\nexport const route = ${fn};\n\nexport default onLambda(route);\n`,
  ],
  [
    'a default export with a name',
    { text: 'export default async function get(request, reply) { return reply.send(1); }\n', name: 'default' },
    "import { onLambda } from './on-lambda.js';\n\nexport async function route(request, reply) { return reply.send(1); }\n\nexport default onLambda(route);\n",
  ],
  [
    'a default export of a variable',
    { text: `const get = ${fn};\nexport default get;\n`, name: 'default' },
    `import { onLambda } from './on-lambda.js';\n\nconst get = ${fn};\nexport { get as route };\n\nexport default onLambda(get);\n`,
  ],
  [
    'a list of exports',
    { text: `const handler = ${fn};\nexport { handler, other };\nconst other = 1;\n` },
    `import { onLambda } from './on-lambda.js';\n\nconst route = ${fn};\nexport { route, other };\n\nexport const handler = onLambda(route);\nconst other = 1;\n`,
  ],
  [
    'a list of exports with another name',
    { text: `const get = ${fn};\nexport { get as handler };\n` },
    `import { onLambda } from './on-lambda.js';\n\nconst get = ${fn};\nexport { get as route };\n\nexport const handler = onLambda(get);\n`,
  ],
  [
    'a property of exports, without semicolons',
    { text: `const x = require('x')\nexports.handler = ${fn}\n` },
    `const x = require('x')\nconst { onLambda } = require('./on-lambda.js')\nexports.route = ${fn}\n\nexports.handler = onLambda(exports.route)\n`,
  ],
  [
    'a property of module.exports beside another handler’s route',
    { text: `module.exports.get = ${fn};\nmodule.exports.getRoute = 1;\n`, name: 'get' },
    `const { onLambda } = require('./on-lambda.js');\n\nmodule.exports.routeHandler = ${fn};\n\nmodule.exports.get = onLambda(module.exports.routeHandler);\nmodule.exports.getRoute = 1;\n`,
  ],
  [
    'an object of exports',
    { text: `const handler = ${fn};\nmodule.exports = { handler, other: 1 };\n` },
    `const { onLambda } = require('./on-lambda.js');\n\nconst handler = ${fn};\nmodule.exports = { route: handler, other: 1 };\n\nmodule.exports.handler = onLambda(module.exports.route);\n`,
  ],
  [
    'a function in an object of exports',
    { text: `module.exports = { handler: ${fn} };\n` },
    `const { onLambda } = require('./on-lambda.js');\n\nmodule.exports = { route: ${fn} };\n\nmodule.exports.handler = onLambda(module.exports.route);\n`,
  ],
];

describe('keepHandler', () => {
  it.each(forms)('%s', (_title, { text, name = 'handler', file = 'a.js' }, expected) => {
    expect(keepHandler({ file, text, name, specifier: './on-lambda.js' })?.text).toBe(expected);
  });

  it.each([
    ['nothing of that name is exported', 'export const other = 1;\n'],
    ['it is exported from another file', "export { handler } from './other.js';\n"],
    ['the export is made by a call', 'Object.assign(exports, { handler: make() });\n'],
    ['its variable is used elsewhere', 'const handler = () => 1;\nhandler();\nexport { handler };\n'],
    ['onLambda means something else', 'const onLambda = 1;\nexport const handler = () => onLambda;\n'],
  ])('refuses where %s', (_title, text) => {
    expect(keepHandler({ file: 'a.js', text, name: 'handler', specifier: './on-lambda.js' })).toBeNull();
  });
});
