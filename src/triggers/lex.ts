import { botTriggers } from '../project/readers/cloudformation/events/callers.js';
import type { TriggerKind } from './kind.js';

export const lex: TriggerKind = {
  type: 'lex',
  title: 'Lex bot',
  workload: 'stays',
  reason: 'Lex code hooks call Lambda functions only',
  advice: 'Keep the function on Lambda.',
  cloudformation: botTriggers,
  principals: ['lex.amazonaws.com', 'lexv2.amazonaws.com'],
};
