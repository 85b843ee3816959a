import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { ServicePlan } from './plan.js';

/** What Spot capacity means for the services; whoever waits for an answer may miss it. */
export function spotNotes(services: readonly ServicePlan[], file: string): Diagnostic[] {
  const lasting = services.filter(({ kind }) => kind !== 'job');
  if (services.length === 0) return [];
  if (lasting.length === 0) return [diagnostic('SPOT_UNUSED', { place: { file } })];
  const severity = lasting.some(({ kind }) => kind === 'web') ? ('warning' as const) : ('info' as const);
  return [diagnostic('SPOT_INTERRUPTS', { args: { services: lasting.map(({ name }) => name).join(', ') }, place: { file }, severity })];
}
