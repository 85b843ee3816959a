import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.js';
import { concurrency } from '../../src/diagnostics/concurrency.js';
import { transforms } from '../../transforms/index.js';
import { mends } from '../../transforms/mends.js';
import { repositoryRoot } from '../support/fixtures.js';

const page = readFileSync(join(repositoryRoot, 'docs/concurrency.md'), 'utf8');
const codes = new Set([...page.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => code));
const rewrites = new Set(
  [...page.matchAll(/\brewrites? ((?:`[\w-]+`(?:, )?)+)/g)].flatMap(([, ids]) =>
    [...(ids ?? '').matchAll(/`([\w-]+)`/g)].map(([, id]) => id),
  ),
);

it('names only diagnostics and transforms that there are', () => {
  expect([...codes].filter((code) => !Object.hasOwn(catalog, code ?? ''))).toEqual([]);
  expect([...rewrites].filter((id) => !transforms.some(({ meta }) => meta.id === id))).toEqual([]);
});

it('names every hazard and every mend', () => {
  const told = new Set(['VARIABLE_COULD_BE_LOCAL', 'CHECK_FAILED']);
  expect(Object.keys(concurrency).filter((code) => !codes.has(code) && !told.has(code))).toEqual([]);
  expect(mends.map(({ meta }) => meta.id).filter((id) => !rewrites.has(id))).toEqual([]);
});
