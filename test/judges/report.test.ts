import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { cleanUp, projectFixtures, runCli, temporaryFolder } from '../support/fixtures.js';

afterAll(cleanUp);

/** What a browser says of the page once it is laid out. */
interface Layout {
  /** Pixels that the page is wider than the window. */
  overflow: number;
  charts: { lines: number; empty: number; texts: string[]; outside: string[] }[];
}

/** Runs in the page. */
const measure = `
  const outside = (inner, outer) => inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1;
  const charts = [...document.querySelectorAll('svg')].map((svg) => {
    const lines = [...svg.querySelectorAll('path, polyline, line, rect')];
    const texts = [...svg.querySelectorAll('text')];
    return {
      lines: lines.length,
      empty: lines.filter((line) => line.getTotalLength() === 0).length,
      texts: texts.map((text) => text.textContent),
      outside: texts.filter((text) => outside(text.getBoundingClientRect(), svg.getBoundingClientRect())).map((text) => text.textContent),
    };
  });
  const overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  document.title = 'layout:' + btoa(unescape(encodeURIComponent(JSON.stringify({ overflow, charts }))));
`;

async function layoutOf(page: string, width: number): Promise<Layout> {
  const folder = await temporaryFolder();
  const file = join(folder, 'report.html');
  // The page forbids every script, so this one goes in with that rule taken out.
  await writeFile(file, page.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', `<script>${measure}</script></body>`));
  const browser = process.env['JUDGES_BROWSER'] ?? 'chromium';
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--window-size=${width},1200`,
  ];
  const { stdout } = await promisify(execFile)(browser, [...flags, '--dump-dom', `file://${file}`], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
  const encoded = /<title>layout:([^<]*)<\/title>/.exec(stdout)?.[1] ?? '';
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Layout;
}

it.each(['en', 'zh'])('the report in %s is whole in a browser', async (language) => {
  const folder = join(projectFixtures, 'serverless-http-api/input');
  const { stdout } = await runCli(['assess', folder, '--region', 'us-east-1,cn-northwest-1', '--format', 'html', '--lang', language]);
  for (const width of [1280, 500]) {
    const { overflow, charts } = await layoutOf(stdout, width);
    expect(overflow, `at ${width}`).toBe(0);
    expect(charts.length).toBeGreaterThanOrEqual(2);
    for (const { lines, empty, texts, outside } of charts) {
      expect(lines).toBeGreaterThan(0);
      expect(empty).toBe(0);
      expect(texts.filter((text) => text.trim() !== '').length).toBeGreaterThan(0);
      expect(outside, `at ${width}`).toEqual([]);
    }
  }
});
