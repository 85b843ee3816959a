/** Deliberate mistakes in rewritten routes: the comparison with the original functions must find each. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, copyInput } from '../support/fixtures.js';

afterAll(cleanUp);

interface Mutation {
  name: string;
  file: string;
  from: string;
  to: string;
  only: string;
  differs: string;
}

const mutations: Mutation[] = [
  { name: 'another status', file: 'src/books.js', from: '.code(404)', to: '.code(400)', only: 'GetBook', differs: 'status' },
  { name: 'no type of its own', file: 'src/add.js', from: ".type('text/plain')", to: '', only: 'AddBook', differs: 'header content-type' },
  {
    name: 'a lost header',
    file: 'src/remove.js',
    from: ".header('WWW-Authenticate', 'Bearer')",
    to: '',
    only: 'RemoveBook',
    differs: 'header www-authenticate',
  },
  { name: 'another parameter', file: 'src/books.js', from: 'request.params.id', to: 'request.params.ID', only: 'GetBook', differs: 'body' },
  {
    name: 'the body of another request',
    file: 'src/add.js',
    from: 'JSON.parse(request.body)',
    to: "JSON.parse(request.body ?? '{}')",
    only: 'AddBook',
    differs: 'status',
  },
];

test.each(mutations)('$name', async ({ file, from, to, only, differs }) => {
  const folder = await copyInput('sam-native-rest');
  const alter = async (migrated: string) => {
    const path = join(migrated, file);
    const text = await readFile(path, 'utf8');
    expect(text).toContain(from);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  };
  const { functions } = await verify({ folder, alter, only: [only], install: linkDependencies, runs: 15, style: 'native' });
  const found = functions.find((each) => each.function === only);
  expect(found?.verdict).toBe('different');
  expect(found?.findings.flatMap(({ differences }) => differences.map(({ what }) => what))).toContain(differs);
});
