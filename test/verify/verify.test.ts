import { afterAll, describe, expect, test } from 'vitest';
import type { MigrateOptions } from '../../src/run.js';
import { verify } from '../../src/verify/verify.js';
import { linkDependencies } from '../support/dependencies.js';
import { cleanUp, copyInput, fixtureNames, fixtureOptions } from '../support/fixtures.js';

afterAll(cleanUp);

/** Its REST API and its HTTP API become one service, which answers what no route takes as the first of them did. */
const known: Readonly<Record<string, readonly string[]>> = { 'serverless-api-front': ['a route that there is not'] };

describe('every fixture project answers as its functions did', async () => {
  test.each(await fixtureNames())('%s', async (name) => {
    const folder = await copyInput(name);
    const options = await fixtureOptions(name);
    const style = options.includes('--style') ? options[options.indexOf('--style') + 1] : undefined;
    const { functions } = await verify({ folder, install: linkDependencies, runs: 10, style: style as MigrateOptions['style'] });
    const different = functions.filter(({ verdict }) => verdict === 'different');
    expect(different.flatMap(({ findings }) => findings).filter((found) => !known[name]?.includes(found.name))).toEqual([]);
    expect(different.length > 0).toBe(name in known);
    expect(functions.some(({ verdict }) => verdict === 'equal')).toBe(true);
  });
});
