/** What is deployed of code whose decorators read types has those types, bundled or compiled file by file. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundle, compileFolder } from '../../src/verify/bundle.js';
import { repositoryRoot } from '../support/fixtures.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'typed-decorators-')));
afterAll(() => rmSync(root, { recursive: true }));

mkdirSync(join(root, 'src'));
symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
writeFileSync(join(root, 'package.json'), '{ "name": "rows" }');
writeFileSync(
  join(root, 'tsconfig.json'),
  '{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true, "target": "es2020", "module": "commonjs" } }',
);
writeFileSync(
  join(root, 'src/row.ts'),
  `(Reflect as any).metadata = (name: string, value: { name: string }) => (target: any, key: string) => { target[name + key] = value.name; };
const column = (_target: object, _key: string) => {};
export class Row { @column id!: string; @column at!: Date; }
`,
);
writeFileSync(
  join(root, 'src/app.ts'),
  `import { Row } from './row';
export const types = () => [(Row.prototype as any)['design:typeid'], (Row.prototype as any)['design:typeat']];
`,
);

const decorated = new Set([join(root, 'src/row.ts')]);
const typesOf = (file: string) => (createRequire(import.meta.url)(file) as { types(): unknown[] }).types();
const bundled = async (name: string, files: ReadonlySet<string>) => {
  const outfile = join(root, name);
  const options = { format: 'cjs', external: [], redirects: new Map(), projectFolder: root } as const;
  await bundle({ ...options, entry: join(root, 'src/app.ts'), outfile, decorated: files });
  return typesOf(outfile);
};

it('is so in a bundle', async () => {
  expect(await bundled('typed.cjs', decorated)).toEqual(['String', 'Date']);
  expect(await bundled('plain.cjs', new Set())).toEqual([undefined, undefined]);
});

it('is so file by file', async () => {
  await compileFolder(join(root, 'src'), join(root, 'dist'), { decorated, projectFolder: root });
  expect(typesOf(join(root, 'dist/app.js'))).toEqual(['String', 'Date']);
});
