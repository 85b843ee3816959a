import type { TriggerKind } from './kind.js';

export const schedule: TriggerKind = {
  type: 'schedule',
  title: 'Schedule',
  workload: 'job',
};
