import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../support/fixtures.js';
import { type Produced, produceSample, type Sample, write } from './sample.js';

/** What a service told: each function's configuration with what its handler answers, and the rest of what the entry hands over. */
export interface ToldService {
  name: string;
  functions: Record<string, { answer: unknown; callbacks?: boolean; timeoutSeconds: number; memoryMb: number }>;
  routes?: { path: string; method: string; cors?: unknown; guard?: unknown }[];
  consumers?: { queueUrl: string; filters: unknown[] }[];
  jobs?: Record<string, { input?: unknown; scheduleName?: string }>;
}

/** Stands in for the runtime: it calls each handler once and prints what it was given. */
function tellingRuntime(starter: string): string {
  return `
globalThis.awslambda = 'there when handlers load';
const ${starter} = async (service) => {
  const functions = {};
  for (const { function: each } of [...(service.routes ?? []), ...(service.consumers ?? []), ...Object.values(service.jobs ?? {})]) {
    const { handler, ...rest } = each;
    functions[each.name] = { ...rest, answer: await handler({ told: true }, {}) };
  }
  console.log('TOLD ' + JSON.stringify({ ...service, functions }));
};
`;
}

/** Produces a sample, writes it, builds it with its own script when it has one, and starts a service. */
export async function tell(sample: Sample, service: 'web' | 'worker' | 'job' = 'web'): Promise<{ told: ToldService; produced: Produced }> {
  const produced = await produceSample(sample);
  const root = join(produced.folder, sample.root ?? '');
  write(produced.folder, produced.files);
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts?: Record<string, string> };
  placeRuntime(produced, service);
  linkPackages(produced.folder);
  const env = { PATH: `${join(repositoryRoot, 'node_modules/.bin')}:${process.env['PATH']}` };
  if (scripts['build']) run(scripts['build'], root, env);
  const output = run(scripts[`start:${service}`] ?? 'false', root, env);
  const line = output.split('\n').find((each) => each.startsWith('TOLD ')) ?? '';
  return { told: JSON.parse(line.slice('TOLD '.length)) as ToldService, produced };
}

function run(script: string, cwd: string, env: Record<string, string>): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

function placeRuntime({ files, folder }: Produced, service: string): void {
  const entry = Object.keys(files).find((path) => new RegExp(`(?:^|/)service/${service}\\.\\w+$`).test(path)) ?? '';
  const starter = `start${service[0]?.toUpperCase()}${service.slice(1)}`;
  const isEsm = /^import /m.test(files[entry] ?? '');
  const extension = entry.endsWith('.ts') ? '.ts' : entry.endsWith('.mjs') ? '.mjs' : '.js';
  const path = join(folder, dirname(entry), `runtime/${service}${extension}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, tellingRuntime(starter) + (isEsm ? `export { ${starter} };\n` : `exports.${starter} = ${starter};\n`));
}

function linkPackages(folder: string): void {
  const link = join(folder, 'node_modules');
  if (!existsSync(link)) symlinkSync(join(repositoryRoot, 'node_modules'), link, 'dir');
}
