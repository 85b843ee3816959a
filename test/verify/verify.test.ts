import { afterAll, describe, expect, test } from 'vitest';
import type { MigrateOptions } from '../../src/run.js';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, copyInput, fixtureNames, fixtureOptions } from '../support/fixtures.js';

afterAll(cleanUp);

describe('every fixture project answers as its functions did', async () => {
  test.each(await fixtureNames())('%s', async (name) => {
    const folder = await copyInput(name);
    const options = await fixtureOptions(name);
    const style = options.includes('--style') ? options[options.indexOf('--style') + 1] : undefined;
    const { functions } = await verify({ folder, install: linkDependencies, runs: 10, style: style as MigrateOptions['style'] });
    expect(functions.filter(({ verdict }) => verdict === 'different')).toEqual([]);
    expect(functions.some(({ verdict }) => verdict === 'equal')).toBe(true);
  });
});
