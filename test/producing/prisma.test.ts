import { afterAll, expect, it } from 'vitest';
import { cleanSamples, http, produceSample } from './sample.js';

afterAll(cleanSamples);

const client = { '@prisma/client': '^5.0.0' };
const schema = { 'prisma/schema.prisma': 'generator client { provider = "prisma-client-js" }' };

async function said(json: object, files: Record<string, string> = schema, packages: string[] = ['@prisma/client']) {
  const facts = { packages: Object.fromEntries(packages.map((name) => [name, { file: 'get.js', line: 1 }])) };
  const { diagnostics } = await produceSample({
    files: { 'package.json': JSON.stringify(json), 'get.js': 'exports.handler = async () => 1;\n', ...files },
    functions: { Get: { file: 'get.js', triggers: [http('GET', '/')], facts } },
  });
  return diagnostics.filter(({ code }) => code === 'PRISMA_IN_IMAGE').map(({ args }) => args?.['state']);
}

it.each([
  [
    { dependencies: client, devDependencies: { prisma: '^5.0.0' } },
    schema,
    ['nothing generates the client in it, because prisma is no production dependency'],
  ],
  [
    { dependencies: { ...client, prisma: '^5.0.0' } },
    {},
    ['nothing generates the client in it, because no schema is where prisma looks for one'],
  ],
  [{ dependencies: { ...client, prisma: '^5.0.0' } }, schema, ['its install generates the client']],
  [
    { dependencies: { ...client, prisma: '^5.0.0' }, scripts: { postinstall: 'prisma generate --schema db/x.prisma' } },
    {},
    ['its install generates the client'],
  ],
  [{ dependencies: { '@prisma/client': '^7.0.0' } }, schema, []],
])('tells what the image lacks for the client of Prisma: %j', async (json, files, states) => {
  expect(await said(json, files)).toEqual(states);
});

it('says nothing of a client that nothing imports', async () => {
  expect(await said({ dependencies: client }, schema, ['axios'])).toEqual([]);
});
