/** Builds name another configuration than tsconfig.json (`nest build`: tsconfig.build.json): none of them compiles the service. */
import { parse } from 'jsonc-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { excludeServiceIn } from '../../src/producing/tsconfig.js';
import { cleanSamples, http, produceSample } from './sample.js';

afterAll(cleanSamples);

const base = { text: '{ "compilerOptions": {} }', config: 'api/tsconfig.json' };
const edited = (text: string) => excludeServiceIn(text, 'api/tsconfig.build.json', 'api/service', base);

describe('a configuration that extends tsconfig.json', () => {
  it('leaves the service out, where its own list is what counts', () => {
    expect(edited('{ "extends": "./tsconfig.json", "exclude": ["node_modules", "dist"] }\n')).toBe(
      '{ "extends": "./tsconfig.json", "exclude": ["node_modules", "dist", "service"] }\n',
    );
    expect(edited('{ "extends": ["./tsconfig"], "include": ["**/*.ts"] }')).toContain('"service"');
  });

  it.each([
    '{ "extends": "./tsconfig.json", "compilerOptions": {} }',
    '{ "extends": "./tsconfig.json", "include": ["src"] }',
    '{ "extends": "./tsconfig.json", "files": ["main.ts"] }',
    '{ "extends": "./tsconfig.json", "exclude": ["dist", "service/**/*"] }',
    '{ "extends": "./tsconfig.other.json", "exclude": ["dist"] }',
    '{ "exclude": ["dist"] }',
  ])('stays as it is where it covers the service by no list of its own: %s', (text) => {
    expect(edited(text)).toBe(text);
  });

  it('is not guessed at when it cannot be read', () => {
    expect(edited('{ "extends": ')).toBeUndefined();
  });
});

it('is edited beside tsconfig.json', async () => {
  const { files } = await produceSample({
    files: {
      'package.json': '{ "name": "shop" }',
      'tsconfig.json': '{ "compilerOptions": { "outDir": "./dist" } }',
      'tsconfig.build.json': '{ "extends": "./tsconfig.json", "exclude": ["node_modules", "test"] }',
      'get.ts': 'export const handler = async () => ({ statusCode: 200 });',
    },
    functions: { Get: { file: 'get.ts', triggers: [http('GET', '/')] } },
  });
  expect(parse(files['tsconfig.json'] ?? '').exclude).toEqual(['node_modules', 'dist', 'service']);
  expect(parse(files['tsconfig.build.json'] ?? '').exclude).toEqual(['node_modules', 'test', 'service']);
});
