import type { ScheduleTrigger } from '../../project/trigger.js';
import { difference } from '../compare.js';
import { accountId } from '../lambda/environment.js';
import type { Original } from '../lambda/original.js';
import { failed } from '../lambda/outcome.js';
import type { NormaliseContext } from '../normalise.js';
import { compareCalls } from '../outside/compare-calls.js';
import { laterCalls } from '../outside/later-calls.js';
import type { Outside } from '../outside/side.js';
import type { Ending } from '../processes.js';
import { region } from '../settings.js';
import type { Finding } from '../verdict.js';
import { scheduleEvent } from './schedule.js';

export interface RunPair {
  trigger: ScheduleTrigger;
  original: Original;
  before: Outside;
  /** Runs the job once, to its end. */
  run(): Promise<Ending>;
  after: Outside;
  context: NormaliseContext;
}

/** One run of a scheduled function on both sides: does it succeed, and what does it call? */
export async function compareRun({ trigger, original, before, run, after, context }: RunPair): Promise<Finding | undefined> {
  const event = scheduleEvent(trigger, { region, accountId, time: Date.now(), id: '00000000-0000-4000-8000-000000000000' });
  const { outcome } = await original.invoke(event);
  const callsBefore = await before.takeCalls();
  const { code, signal } = await run();
  const callsAfter = await after.takeCalls(callsBefore.length);
  callsBefore.push(...(await laterCalls(before, callsAfter.length - callsBefore.length, context)));
  const differences = [
    ...difference('outcome', failed(outcome) ? 'fails' : 'succeeds', code === 0 && signal === null ? 'succeeds' : 'fails'),
    ...compareCalls(callsBefore, callsAfter, context),
  ];
  return differences.length === 0 ? undefined : { name: trigger.expression, request: JSON.stringify(event), differences };
}
