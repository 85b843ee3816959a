import { afterAll, describe, expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, copyInput, fixtureNames } from '../support/fixtures.js';

afterAll(cleanUp);

describe('every fixture project answers as its functions did', async () => {
  test.each(await fixtureNames())('%s', async (name) => {
    const folder = await copyInput(name);
    const { functions } = await verify({ folder, install: linkDependencies, runs: 10 });
    expect(functions.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(functions.some(({ verdict }) => verdict === 'equal')).toBe(true);
  });
});
