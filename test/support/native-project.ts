/** A project in a folder of its own, and what its sources become with `--style native`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { migrate } from '../../src/run.js';

/** A definition with one route for each handler. */
export const definition = (handlers: Record<string, string>, event = 'http') =>
  `service: shop\nprovider: { name: aws, runtime: nodejs20.x }\nfunctions:\n${Object.entries(handlers)
    .map(([name, handler]) => `  ${name}: { handler: ${handler}, events: [{ ${event}: 'GET /${name}' }] }\n`)
    .join('')}`;

/** The sources after the migration, and why handlers were kept. */
export async function migrated(files: Record<string, string>): Promise<{ texts: Record<string, string>; reasons: unknown[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'native-project-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { changes, projects } = await migrate({ folder, style: 'native', threads: 0 });
    const after = new Map(changes.map((change) => [change.path, change.after]));
    const texts = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, after.get(name) ?? text]));
    const reasons = projects.flatMap(({ diagnostics }) =>
      diagnostics.filter(({ code }) => code === 'HANDLER_NOT_REWRITTEN').map(({ args }) => (args as { reason: string }).reason),
    );
    return { texts, reasons };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
