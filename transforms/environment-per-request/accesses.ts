/** Where the reachable code reads and sets one variable of the environment. */
import type { Trace } from '../../src/analysis/concurrency/trace.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, memberPath, type Node, walk } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import { accessesOf } from '../request-scope/proof.js';

export interface EnvironmentAccess {
  module: SourceModule;
  node: Node;
  parent: Node | null;
}

/**
 * Variables that libraries, runtimes and tools are known to read by themselves: their readers are not all in the project.
 * https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html, https://nodejs.org/api/cli.html, and the manuals of the others.
 */
const readByOthers =
  /^(AWS|_X_AMZN|LAMBDA|NODE|NPM|TZ|LANG|LC|PATH|HOME|USER|SHELL|TMP|TEMP|TMPDIR|DEBUG|LOG|HTTPS?|NO|FORCE|CI|SSL|PG|MYSQL|REDIS|MONGO|MONGODB|DATABASE|DB|PRISMA|POWERTOOLS|DD|DATADOG|SENTRY|OTEL|NEW_RELIC|OPENAI|ANTHROPIC|STRIPE|GOOGLE|GCP|AZURE|GITHUB|SLACK|TWILIO|SENDGRID|FIREBASE|SUPABASE|CLOUDINARY|KAFKA|ELASTIC|VERCEL|NEXT|PUPPETEER|PLAYWRIGHT|CHROME|FONTCONFIG|LD|MAGICK|FFMPEG)(_|$)/i;

/** Code outside of the process, or of the thread, gets a copy of the environment. */
const copies = /^(child_process|worker_threads|cluster|execa|cross-spawn|shelljs|zx)$/;

/** All accesses of the variable; null when something else than the code that the walk has seen may look at it. */
export function accessesIn(traces: readonly Trace[], values: Values, name: string): EnvironmentAccess[] | null {
  if (readByOthers.test(name) || traces.some(({ calls }) => calls.some(({ external }) => copies.test(external?.package ?? ''))))
    return null;
  const found: EnvironmentAccess[] = [];
  let isWhole = false;
  for (const file of new Set(traces.flatMap(({ files }) => files))) {
    const module = values.modules.get(file);
    if (!module?.program || !/\benv\b/.test(module.text)) continue;
    walk(module.program, (node, parent) => {
      const path = node.type === 'MemberExpression' ? memberPath(node) : null;
      if (path?.[0] === 'process' && path[1] === 'env' && path.length === 3 && path[2] === name) found.push({ module, node, parent });
      if (path?.join('.') === 'process.env' && !isOneVariable(node, parent)) isWhole = true;
      if (/^(Import|VariableDeclarator)/.test(node.type) && isEnvironmentOf(module, node)) isWhole = true;
    });
  }
  return !isWhole && found.every((each) => isSeen(traces, name, each)) ? found : null;
}

/** `process.env.NAME`; not `process.env[name]`, `{ ...process.env }` or `const { NAME } = process.env`. */
function isOneVariable(node: Node, parent: Node | null): boolean {
  return parent?.type === 'MemberExpression' && child(parent, 'object') === node && memberPath(parent)?.length === 3;
}

/** `import { env } from 'node:process'`, `const { env } = process`. */
function isEnvironmentOf(module: SourceModule, node: Node): boolean {
  const text = module.text.slice(node.start, node.end);
  return /\benv\b[^=]*\}?\s*(=\s*process\b(?!\.)|from\s*['"](node:)?process['"])/.test(text);
}

function isSeen(traces: readonly Trace[], name: string, { module, node }: EnvironmentAccess): boolean {
  return traces.some((trace) =>
    accessesOf(trace, 'environment', `environment.${name}`).some(
      ({ spot }) => spot.module.file === module.file && spot.node.start === node.start,
    ),
  );
}
