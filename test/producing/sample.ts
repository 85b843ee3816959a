import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Facts, HandlerFacts } from '../../src/analysis/facts.js';
import { ChangeSet } from '../../src/changes/change-set.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { decide } from '../../src/planning/decide.js';
import type { Plan } from '../../src/planning/plan.js';
import { editCode } from '../../src/producing/edit-code.js';
import { produce } from '../../src/producing/produce.js';
import type { LambdaFunction, Project } from '../../src/project/model.js';
import { readPackageInfo } from '../../src/project/package-info.js';
import { Repository } from '../../src/project/repository.js';
import type { HttpTrigger, Trigger } from '../../src/project/trigger.js';

/** A project made in memory: files on disk, functions and facts as earlier stages would give them. */
export interface Sample {
  files: Record<string, string>;
  root?: string;
  /** Name of the project; `shop` when absent. */
  name?: string;
  suffix?: string;
  definition?: string;
  functions: Record<string, SampleFunction>;
}

interface SampleFunction {
  /** Null for code that stands in the definition. */
  file: string | null;
  exportPath?: string[];
  triggers?: Trigger[];
  lambda?: Partial<LambdaFunction>;
  facts?: Partial<HandlerFacts>;
}

const folders: string[] = [];

export function cleanSamples(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function http(method: string, path: string, more: Partial<HttpTrigger> = {}): HttpTrigger {
  return { type: 'http-api', method, path, api: 'Api', payload: '2.0', gateway: [], ...more };
}

export function sqs(queueName: string): Trigger {
  return {
    type: 'sqs',
    queue: { kind: 'literal', value: `arn:aws:sqs:us-east-1:123456789012:${queueName}` },
    queueName,
    fifo: false,
    batchSize: 10,
    maximumBatchingWindow: 0,
    reportBatchItemFailures: true,
    filters: [],
  };
}

export function schedule(expression: string, input?: unknown): Trigger {
  return { type: 'schedule', expression, scheduler: false, ...(input !== undefined && { input }) };
}

function lambda(
  id: string,
  { file, exportPath = ['handler'], triggers = [], lambda: more = {} }: SampleFunction,
  definition: string,
): LambdaFunction {
  return {
    id,
    runtime: 'nodejs22.x',
    packageType: 'zip',
    handler:
      file === null
        ? { declared: `index.${exportPath.join('.')}`, codeRoot: null }
        : { declared: `${file.replace(/\.\w+$/, '')}.${exportPath.join('.')}`, codeRoot: dirname(file) === '.' ? '' : dirname(file) },
    architecture: 'x86_64',
    memoryMb: 512,
    timeoutSeconds: 10,
    ephemeralStorageMb: 512,
    environment: {},
    triggers,
    layers: [],
    vpc: false,
    permissions: [],
    build: { tool: 'none' },
    range: { file: definition, line: 1, column: 1, start: 0, end: 0 },
    ...more,
  };
}

function handlerFacts({ file, exportPath = ['handler'], facts = {} }: SampleFunction): HandlerFacts {
  const isTypeScript = /\.[cm]?tsx?$/.test(file ?? '');
  return {
    file,
    exportPath,
    language: isTypeScript ? 'typescript' : 'javascript',
    format: isTypeScript || file?.endsWith('.mjs') ? 'esm' : 'commonjs',
    declaration: file === null ? null : { file, line: 1, column: 1 },
    shape: 'function',
    parameterCount: 1,
    isAsync: true,
    usesCallback: false,
    usesContextDone: false,
    streaming: false,
    server: null,
    frontEvidence: null,
    triggerEvidence: null,
    files: file === null ? [] : [file],
    packages: {},
    buildReasons: isTypeScript && file !== null ? [{ kind: 'typescript', file }] : [],
    ...facts,
  };
}

export interface Produced {
  repository: Repository;
  project: Project;
  plan: Plan;
  diagnostics: Diagnostic[];
  /** Path → text of everything that is staged and differs from the disk. */
  files: Record<string, string>;
  folder: string;
}

/** Writes the files, decides, produces. */
export async function produceSample(sample: Sample): Promise<Produced> {
  const folder = mkdtempSync(join(tmpdir(), 'producing-'));
  folders.push(folder);
  write(folder, sample.files);
  return produceAgain(folder, sample);
}

export async function produceAgain(folder: string, sample: Sample): Promise<Produced> {
  const repository = new Repository(folder);
  const definition = sample.definition ?? 'template.yaml';
  const functions = Object.entries(sample.functions).map(([id, each]) => lambda(id, each, definition));
  const root = sample.root ?? '';
  const { info } = readPackageInfo(repository, root, functions);
  const project: Project = { root, dialect: 'sam', definition, name: sample.name ?? 'shop', functions, packageInfo: info, resources: {} };
  const facts: Facts = {
    functions: Object.fromEntries(Object.entries(sample.functions).map(([id, each]) => [id, handlerFacts(each)])),
    diagnostics: [],
  };
  const plan = decide(project, facts, {});
  const changes = new ChangeSet(repository);
  const input = { repository, project, facts, plan, changes };
  const { diagnostics } = await produce({ ...input, edited: editCode(input), suffix: sample.suffix, infra: 'none' });
  const files = Object.fromEntries(changes.changes().map(({ path, after }) => [path, after ?? '']));
  return { repository, project, plan, diagnostics, files, folder };
}

export function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
