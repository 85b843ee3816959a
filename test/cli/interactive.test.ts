import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, cli, copyInput } from '../support/fixtures.js';
import { snapshot } from '../support/trees.js';

afterAll(cleanUp);

const down = '\u001b[B';
const enter = '\r';

/** Runs the command in a terminal of its own (util-linux `script`) and presses keys once it has asked. */
async function inTerminal(folder: string, ...keys: string[]): Promise<{ code: number | null; screen: string }> {
  const { CI: _, NO_COLOR: __, ...env } = process.env;
  const child = spawn(
    'script',
    ['--quiet', '--flush', '--return', '--command', `stty cols 120 rows 60; "${process.execPath}" "${cli}" "${folder}"`, '/dev/null'],
    { env: { ...env, TERM: 'xterm' } },
  );
  const exit = once(child, 'exit') as Promise<[number | null]>;
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  const seen = async (text: string) => {
    for (let tries = 0; tries < 600 && !screen.includes(text) && child.exitCode === null; tries++) await sleep(50);
  };
  await seen('Quit');
  for (const key of keys) {
    child.stdin.write(key);
    await sleep(300);
  }
  const [code] = await exit;
  return { code, screen };
}

const hasScript = spawnSync('script', ['--version']).stdout?.toString().includes('util-linux');

describe.skipIf(!hasScript)('in a terminal', () => {
  it('shows a coloured diff and asks; "apply" writes everything', async () => {
    const folder = await copyInput('sam-rest');
    const { code, screen } = await inTerminal(folder, enter);
    expect(screen).toContain('\u001b[32m+');
    expect(screen).toMatch(/Write \d+ files\?/);
    expect(screen).toMatch(/Wrote \d+ files/);
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'service/web.js'))).toBe(true);
  });

  it.each([
    ['quit', [down, down, enter]],
    ['Ctrl-C', ['\u0003']],
    ['Escape', ['\u001b']],
    ['no file picked', [down, enter, 'a', enter]],
  ])('%s writes nothing', async (_, keys) => {
    const folder = await copyInput('sam-rest');
    const before = snapshot(folder);
    const { screen } = await inTerminal(folder, ...keys);
    expect(screen).toContain('Nothing was written');
    expect(snapshot(folder)).toEqual(before);
  });

  it('"pick files" writes those that are picked', async () => {
    const folder = await copyInput('sam-rest');
    const { screen } = await inTerminal(folder, down, enter, ' ', enter);
    expect(screen).toMatch(/Wrote \d+ files/);
    expect(existsSync(join(folder, '.dockerignore'))).toBe(false);
    expect(existsSync(join(folder, 'Dockerfile'))).toBe(true);
  });
});
