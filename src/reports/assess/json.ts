/** The document of `assess --json`: docs/assess.schema.json. */
import type { Assessment, FunctionAssessment, OptionAssessment, RegionAssessment } from '../../assess/model.js';
import { type Language, type Say, sayIn } from '../../assess/words/words.js';
import type { UserError } from '../../errors.js';
import type { Reason } from '../../targets/assessment.js';
import { errorEntry } from '../json.js';
import { titleOf } from './blocks.js';

export function assessDocument(assessment: Assessment, language: Language) {
  const say = sayIn(language);
  const { date, projects, functions, regions, assumptions, trafficGiven, unread } = assessment;
  return {
    schemaVersion: 1 as const,
    language,
    date,
    projects,
    functions: functions.map((each) => functionEntry(each, say)),
    regions: regions.map((region) => regionEntry(region, say)),
    trafficGiven,
    assumptions: assumptions.map(({ id, range, given }) => ({ id, text: say(id), range, given })),
    unread,
  };
}

/** The document of a run that could not begin. */
export function assessErrorDocument(error: UserError, language: Language) {
  return {
    schemaVersion: 1 as const,
    language,
    date: null,
    projects: [],
    functions: [],
    regions: [],
    trafficGiven: false,
    assumptions: [],
    unread: [],
    error: errorEntry(error),
  };
}

function reasonEntry({ key, args, fact }: Reason, say: Say) {
  return { key, text: say(key, args), ...(fact !== undefined && { fact }) };
}

function functionEntry({ need, readiness, lambdaCost, options }: FunctionAssessment, say: Say) {
  const { id, definition, runtime, workload, outcome, triggers, memoryMb, timeoutSeconds, diskMb, streaming, findings } = need;
  return {
    id,
    definition,
    runtime,
    workload,
    outcome,
    triggers,
    needs: { memoryMb, timeoutSeconds, diskMb, streaming },
    findings,
    readiness,
    lambdaCost,
    options: options.map((option) => ({ ...option, reasons: option.reasons.map((reason) => reasonEntry(reason, say)) })),
  };
}

function regionEntry({ region, services, options, recommendation, curve }: RegionAssessment, say: Say) {
  return {
    region: region.id,
    partition: region.partition,
    currency: region.currency,
    services,
    options: options.map((option) => optionEntry(option, say)),
    recommendation: {
      ...recommendation,
      title: titleOf(recommendation.option, say),
      because: recommendation.because.map((reason) => reasonEntry(reason, say)),
      nextSteps: recommendation.nextSteps.map((reason) => reasonEntry(reason, say)),
    },
    curve,
  };
}

function optionEntry(option: OptionAssessment, say: Say) {
  const { id, produced, availability, fit, effort, risk, rating, cost, crossing, advantages, drawbacks } = option;
  return {
    id,
    title: titleOf(id, say),
    produced,
    availability,
    fit: { ...fit, reasons: fit.reasons.map((reason) => ({ ...reasonEntry(reason, say), functions: reason.functions })) },
    effort: { level: effort.level, reasons: effort.reasons.map((reason) => reasonEntry(reason, say)) },
    risk: { level: risk.level, reasons: risk.reasons.map((reason) => reasonEntry(reason, say)) },
    rating,
    cost,
    crossing,
    advantages: advantages.map((key) => say(key)),
    drawbacks: drawbacks.map((key) => say(key)),
  };
}
