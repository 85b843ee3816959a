import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { LambdaFunction } from '../project/model.js';
import { isHttp, type Trigger } from '../project/trigger.js';
import { looksLikeSecret } from './secrets.js';

/** The trigger as it may be shown and written into generated code: constants that look like secrets are emptied, and said. */
export function withoutSecrets(lambda: LambdaFunction, trigger: Trigger): { trigger: Trigger; diagnostics: Diagnostic[] } {
  const emptied: string[] = [];
  const cleaned = clean(trigger, emptied);
  const diagnostics = [...new Set(emptied)].map((name) =>
    diagnostic('SECRET_IN_TRIGGER', { args: { function: lambda.id, name }, place: trigger.range ?? lambda.range, function: lambda.id }),
  );
  return { trigger: cleaned, diagnostics };
}

function clean(trigger: Trigger, emptied: string[]): Trigger {
  if (isHttp(trigger) && trigger.stageVariables) {
    return { ...trigger, stageVariables: redact(trigger.stageVariables, '', emptied, 0) as Record<string, string> };
  }
  if (trigger.type === 'schedule' && 'input' in trigger) return { ...trigger, input: redact(trigger.input, '', emptied, 0) };
  return trigger;
}

/** Deeper constants than this are not an event anybody wrote. */
const maximumDepth = 32;

function redact(value: unknown, name: string, emptied: string[], depth: number): unknown {
  if (depth > maximumDepth) return null;
  if (typeof value === 'string' || typeof value === 'number') {
    if (!looksLikeSecret(name, String(value))) return value;
    emptied.push(name);
    return '';
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, name, emptied, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key, emptied, depth + 1)]));
}
