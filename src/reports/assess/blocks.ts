/** An assessment in the order in which people read it, as blocks that every format draws in its own way. */
import type { Assessment, FunctionAssessment, OptionAssessment, Rating, Readiness, RegionAssessment } from '../../assess/model.js';
import { money, number, plain } from '../../assess/money.js';
import { isWord, type Language, type Say, sayIn, type WordKey } from '../../assess/words/words.js';
import type { Diagram } from '../../diagram/diagram.js';
import type { Range, Reason } from '../../targets/assessment.js';

/** How a cell is coloured. */
type Tone = 'good' | 'fair' | 'bad' | 'strong' | 'faint';

export interface BlockCell {
  text: string;
  tone?: Tone;
}

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; text: string }
  | { kind: 'text'; text: string; tone?: Tone }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; heading: string[]; rows: BlockCell[][] }
  /** Only formats with pictures draw these. */
  | { kind: 'curve'; title: string; region: RegionAssessment; say: Say }
  | { kind: 'diagram'; title: string; diagram: Diagram }
  | { kind: 'readiness'; title: string; counts: { text: string; count: number; readiness: Readiness }[] };

/** `full` adds everything that a decision can be checked by; without it only what a screen holds. */
export function assessmentBlocks(assessment: Assessment, language: Language, full: boolean): Block[] {
  const say = sayIn(language);
  const { functions, projects, date, regions } = assessment;
  return [
    { kind: 'heading', level: 1, text: say('title') },
    { kind: 'text', text: say('intro', { functions: functions.length, projects: projects.length, date }) },
    ...regions.flatMap((region) => regionBlocks(region, say, full)),
    ...functionBlocks(assessment, say),
    ...(full ? drawingBlocks(assessment, say) : []),
    { kind: 'heading', level: 2, text: say('heading.assumptions') },
    assumptionTable(assessment, say),
    ...(assessment.unread.length > 0
      ? [
          { kind: 'heading' as const, level: 2 as const, text: say('heading.notes') },
          { kind: 'list' as const, items: assessment.unread.map((each) => say('error.not-read', each)) },
        ]
      : []),
  ];
}

function regionBlocks(region: RegionAssessment, say: Say, full: boolean): Block[] {
  const { region: place, options, recommendation } = region;
  const chosen = options.find(({ id }) => id === recommendation.option) as OptionAssessment;
  const standIns = [...new Set(options.flatMap(({ cost }) => cost[0]?.standIns ?? []))];
  const best = chosen.id === 'stay' ? say('recommend.stay') : say('recommend.target', { target: titleOf(chosen.id, say) });
  return [
    { kind: 'heading', level: 2, text: say('heading.region', { region: place.id }) },
    { kind: 'text', text: best, tone: 'strong' },
    { kind: 'list', items: [...recommendation.because, ...without(region), ...crossings(region)].map((reason) => sentence(reason, say)) },
    { kind: 'heading', level: 3, text: say('heading.options') },
    optionTable(region, say),
    ...(standIns.length > 0
      ? [{ kind: 'text' as const, text: say('cost.stand-in', { region: place.id, items: standIns }), tone: 'faint' as const }]
      : []),
    ...(full ? [{ kind: 'curve' as const, title: say('heading.curve'), region, say }] : []),
    { kind: 'heading', level: 3, text: say('heading.availability', { region: place.id }) },
    ...serviceBlocks(region, say, full),
    ...(full ? alternativeBlocks(region, say) : []),
    ...(full ? costBlocks(region, say) : []),
    { kind: 'heading', level: 3, text: say('heading.next') },
    { kind: 'list', items: recommendation.nextSteps.map((reason) => sentence(reason, say)) },
  ];
}

/** What changes no code, and from which traffic on the recommended target costs less than staying. */
function without({ recommendation, options }: RegionAssessment): Reason[] {
  const option = options.find(({ id }) => id === recommendation.withoutRewriting);
  return option ? [{ key: 'recommend.without-rewriting', args: { target: `title.${option.id}`, rating: option.rating } }] : [];
}

function crossings(region: RegionAssessment): Reason[] {
  const { recommendation, options } = region;
  const others = [recommendation.option, ...recommendation.alternatives].flatMap((id) => options.find((each) => each.id === id) ?? []);
  const option = others.find(({ id, oneRequest, fit }) => id === recommendation.option || (!oneRequest && fit.value !== 'no'));
  if (option?.id === 'stay') return crossings({ ...region, recommendation: { ...recommendation, option: '' } });
  if (!option) return [];
  return [
    {
      key: crossingKey(option),
      args: { target: `title.${option.id}`, ...(option.crossing.kind === 'at' && { requests: number(option.crossing.requests) }) },
    },
  ];
}

function crossingKey({ crossing }: OptionAssessment): WordKey {
  const keys = { at: 'staying.crossing', never: 'staying.never', always: 'staying.always', unknown: 'staying.unknown' } as const;
  return keys[crossing.kind];
}

const ratingTone: Readonly<Record<Rating, Tone>> = { HIGH: 'good', MEDIUM: 'fair', LOW: 'bad' };
const levelTone = { low: 'good', medium: 'fair', high: 'bad' } as const;
const availableTone = { yes: 'good', unknown: 'fair', no: 'bad' } as const;
const fitTone = { fits: 'good', changes: 'fair', unknown: 'fair', no: 'bad' } as const;

function optionTable({ options, region, recommendation }: RegionAssessment, say: Say): Block {
  const columns = ['option', 'rating', 'available', 'fit', 'effort', 'risk', 'cost'] as const;
  const order = [recommendation.option, ...recommendation.alternatives];
  const sorted = [...options].sort((a, b) => place(order, a.id) - place(order, b.id));
  return {
    kind: 'table',
    heading: columns.map((column) => say(`column.${column}`)),
    rows: sorted.map((option) => [
      { text: titleOf(option.id, say), tone: 'strong' },
      { text: say(`rating.${option.rating}`), tone: ratingTone[option.rating] },
      { text: say(`available.${option.availability.value}`), tone: availableTone[option.availability.value] },
      { text: fitText(option, say), tone: fitTone[option.fit.value] },
      { text: say(`level.${option.effort.level}`), tone: levelTone[option.effort.level] },
      { text: say(`level.${option.risk.level}`), tone: levelTone[option.risk.level] },
      { text: costText(option.cost[0], region.currency, say) },
    ]),
  };
}

function place(order: readonly string[], id: string): number {
  const index = order.indexOf(id);
  return index === -1 ? order.length : index;
}

/** `fits 2/3` where not all do. */
function fitText({ fit }: OptionAssessment, say: Say): string {
  const total = Object.values(fit.counts).reduce((sum, count) => sum + count, 0);
  const able = fit.counts.fits + fit.counts.changes;
  return able === total ? say(`fit.${fit.value}`) : `${say(`fit.${fit.value}`)} ${able}/${total}`;
}

function costText(cost: OptionAssessment['cost'][number] | undefined, currency: string, say: Say): string {
  if (!cost) return '–';
  return cost.total ? rangeText(cost.total, currency, say) : say('word.cost-unknown', { count: cost.missing.length });
}

function rangeText(range: Range, currency: string, say: Say): string {
  if (range.low === range.high) return money(range.likely, currency);
  return say('word.cost-of', { low: plain(range.low), high: plain(range.high), likely: plain(range.likely), currency });
}

function serviceBlocks({ services }: RegionAssessment, say: Say, full: boolean): Block[] {
  const named = (available: string) => services.filter((fact) => fact.available === available).map(({ subject }) => subject);
  const line = (key: WordKey, names: readonly string[]) =>
    labelled(say(key), names.length === 0 ? say('word.none') : listed(names, say), say);
  const items = [
    line('word.services-yes', named('yes')),
    line('word.services-no', named('no')),
    line('word.services-unknown', named('unknown')),
  ];
  if (!full) return [{ kind: 'list', items }];
  return [
    { kind: 'list', items },
    {
      kind: 'table',
      heading: [say('column.service'), say('column.available'), say('column.source')],
      rows: services
        .filter(({ available }) => available !== 'yes')
        .map((fact) => [
          { text: fact.subject, tone: 'strong' },
          { text: say(`available.${fact.available}`), tone: availableTone[fact.available] },
          { text: [noteText(fact.note, say), sourceText(fact.source, say), fact.date].filter((text) => text !== '').join('; ') },
        ]),
    },
  ];
}

/** A row without a source says so in words. */
function sourceText(source: string, say: Say): string {
  if (source === 'not looked up') return say('note.not-looked-up');
  return source === 'none found' ? say('note.none-found') : source;
}

function noteText(note: string | undefined, say: Say): string {
  const key = `note.${note}`;
  return isWord(key) ? say(key) : '';
}

/** Every other way, with what speaks for and against it. */
function alternativeBlocks({ options, recommendation, region }: RegionAssessment, say: Say): Block[] {
  return [
    { kind: 'heading', level: 3, text: say('heading.alternatives') },
    ...[recommendation.option, ...recommendation.alternatives].flatMap((id): Block[] => {
      const option = options.find((each) => each.id === id);
      if (!option) return [];
      const reasons = [
        ...option.fit.reasons.map((reason) => withFunctions(reason, say)),
        ...[...option.effort.reasons, ...option.risk.reasons].map((reason) => sentence(reason, say)),
      ];
      const facts = option.availability.facts.filter(({ available }) => available !== 'yes');
      const availability = facts.map(
        (fact) => `${fact.subject}: ${say(`available.${fact.available}`)} (${sourceText(fact.source, say)}, ${fact.date})`,
      );
      return [
        { kind: 'text', text: labelled(titleOf(id, say), say(`rating.${option.rating}`), say), tone: 'strong' },
        {
          kind: 'list',
          items: [
            labelled(say('word.complexity'), say(`level.${option.effort.level}`), say),
            labelled(
              say('word.advantages'),
              listed(
                option.advantages.map((key) => say(key)),
                say,
              ),
              say,
            ),
            labelled(
              say('word.drawbacks'),
              listed(
                option.drawbacks.map((key) => say(key)),
                say,
              ),
              say,
            ),
            ...availability,
            ...reasons,
            ...(option.id === 'stay'
              ? []
              : [
                  say(crossingKey(option), {
                    target: titleOf(id, say),
                    requests: option.crossing.kind === 'at' ? number(option.crossing.requests) : '',
                    region: region.id,
                  }),
                ]),
          ],
        },
      ];
    }),
  ];
}

const shownFunctions = 5;

function withFunctions(reason: OptionAssessment['fit']['reasons'][number], say: Say): string {
  const names = listed(reason.functions.slice(0, shownFunctions), say);
  const more = reason.functions.length - shownFunctions;
  return labelled(`${names}${more > 0 ? ` +${more}` : ''}`, sentence(reason, say), say);
}

/** Every way of buying, and the lines of the first. */
function costBlocks({ options, region }: RegionAssessment, say: Say): Block[] {
  const rows = options.flatMap((option) =>
    option.cost.map((cost): BlockCell[] => [
      { text: titleOf(option.id, say), tone: 'strong' },
      { text: say(cost.variant) },
      { text: costText(cost, region.currency, say) },
    ]),
  );
  const lines = options.flatMap((option) =>
    (option.cost[0]?.lines ?? []).map((line): BlockCell[] => [
      { text: titleOf(option.id, say), tone: 'strong' },
      { text: line.remains ? `${line.item} (${say('word.remains')})` : line.item },
      { text: `${number(line.quantity.likely)} ${line.unit}` },
      { text: line.unitPrice === null ? say('word.unknown') : number(line.unitPrice) },
      { text: line.amount === null ? say('word.unknown') : rangeText(line.amount, region.currency, say) },
      { text: listed(line.rows, say) },
    ]),
  );
  return [
    { kind: 'heading', level: 3, text: say('heading.cost') },
    { kind: 'table', heading: [say('column.option'), say('column.variant'), say('column.cost')], rows },
    { kind: 'heading', level: 3, text: say('heading.lines') },
    {
      kind: 'table',
      heading: (['option', 'item', 'quantity', 'price', 'amount', 'row'] as const).map((column) => say(`column.${column}`)),
      rows: lines,
    },
  ];
}

const readinessTone: Readonly<Record<Readiness, Tone>> = { ready: 'good', work: 'fair', person: 'bad', stays: 'faint', unknown: 'bad' };

function functionBlocks({ functions, regions, projects }: Assessment, say: Say): Block[] {
  const states = ['ready', 'work', 'person', 'stays', 'unknown'] as const;
  const counts = states.map((readiness) => ({
    readiness,
    text: say(`readiness.${readiness}`),
    count: functions.filter((each) => each.readiness === readiness).length,
  }));
  const several = projects.length > 1;
  const columns = ['function', ...(several ? (['definition'] as const) : []), 'runtime', 'triggers', 'readiness'] as const;
  return [
    { kind: 'heading', level: 2, text: say('heading.functions') },
    { kind: 'readiness', title: say('heading.readiness'), counts },
    {
      kind: 'table',
      heading: [
        ...columns.map((column) => say(`column.${column}`)),
        ...regions.map(({ recommendation, region }) => `${titleOf(recommendation.option, say)}, ${region.id}`),
      ],
      rows: functions.map((each) => [
        { text: each.need.id, tone: 'strong' },
        ...(several ? [{ text: each.need.definition }] : []),
        { text: each.need.runtime ?? say('word.unknown') },
        { text: listed(each.need.triggers, say) },
        { text: say(`readiness.${each.readiness}`), tone: readinessTone[each.readiness] },
        ...regions.map((region) => functionCell(each, region, say)),
      ]),
    },
    { kind: 'text', text: say('cost.shared'), tone: 'faint' },
  ];
}

/** More pictures than these are no help. */
const mostDrawings = 10;

function drawingBlocks({ drawings }: Assessment, say: Say): Block[] {
  return drawings.slice(0, mostDrawings).flatMap(({ definition, before, after }): Block[] => [
    { kind: 'diagram', title: say('heading.before', { definition }), diagram: before },
    { kind: 'diagram', title: say('heading.after', { definition }), diagram: after },
  ]);
}

function functionCell(each: FunctionAssessment, { recommendation, region }: RegionAssessment, say: Say): BlockCell {
  const option = each.options.find(({ id }) => id === recommendation.option);
  const rating = option?.ratings[region.id] ?? 'LOW';
  return { text: `${say(`rating.${rating}`)} (${say(`fit.${option?.fit ?? 'unknown'}`)})`, tone: ratingTone[rating] };
}

function assumptionTable({ assumptions }: Assessment, say: Say): Block {
  return {
    kind: 'table',
    heading: (['assumption', 'value', 'given'] as const).map((column) => say(`column.${column}`)),
    rows: assumptions.map(({ id, range, given }) => [
      { text: say(id), tone: 'strong' },
      {
        text:
          range === null
            ? say('word.declared')
            : range.low === range.high
              ? number(range.low)
              : [range.low, range.likely, range.high].map(number).join(' / '),
      },
      { text: say(given ? 'word.yes' : 'word.no') },
    ]),
  };
}

export function titleOf(id: string, say: Say): string {
  const key = `title.${id}`;
  return isWord(key) ? say(key) : id;
}

function listed(items: readonly string[], say: Say): string {
  return say('word.list', { items });
}

function labelled(label: string, text: string, say: Say): string {
  return say('word.labelled', { label, text });
}

function sentence({ key, args }: Reason, say: Say): string {
  return say(key, args);
}
