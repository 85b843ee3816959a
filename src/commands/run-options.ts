import { readFileSync, statSync } from 'node:fs';
import { codemod } from '../../transforms/sdk-v3/index.js';
import { UserError } from '../errors.js';
import type { FlagValues } from '../options.js';
import { readPlan } from '../planning/plan-file.js';
import type { MigrateOptions } from '../run.js';
import type { Terminal } from './command.js';
import { oneRegion } from './regions.js';

/** Flags of every command that reads a folder, as options of a run. */
export function runOptions(argument: string | undefined, flags: FlagValues<'plan'>, terminal: Terminal): MigrateOptions {
  return {
    folder: argument ?? '.',
    target: flags.target,
    region: oneRegion(flags.region),
    style: flags.style,
    keepHandler: flags.keepHandler,
    sdkV3: flags.sdkV3 === true ? codemod() !== undefined : undefined,
    split: flags.split,
    arch: flags.arch,
    spot: flags.spot,
    infra: flags.infra,
    front: flags.front,
    templates: flags.templates,
    only: flags.only,
    edits: flags.plan === undefined ? undefined : readPlan(planText(flags.plan), flags.plan),
    stage: flags.stage,
    parameters: flags.param ?? {},
    signal: terminal.signal,
    onProgress: ({ done, total, next }) => terminal.progress(done === total ? undefined : `${done + 1} of ${total}: ${next}`),
  };
}

/** Larger than any plan; `readPlan` says so. */
const maximumSize = 50 * 1024 * 1024;

function planText(path: string): string {
  try {
    if (statSync(path).size <= maximumSize) return readFileSync(path, 'utf8');
  } catch {
    throw new UserError(`The plan file ${path} cannot be read`, 'Make one with "migrate-lambda plan <folder> > plan.yaml".', path);
  }
  throw new UserError('The plan file is far too large', 'Make it again with "migrate-lambda plan".', path);
}
