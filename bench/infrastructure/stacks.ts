/** What became of the definition of one project, and of all. */
import { infrastructure } from '../../src/diagnostics/infrastructure.js';
import type { PlainObject } from '../../src/project/data.js';
import type { MigratedProject, RunResult } from '../../src/run.js';
import { today } from '../results.js';
import { differences } from './parity.js';
import { entriesOf } from './routes.js';
import { judgedTemplate } from './template-of.js';

export interface Stack {
  name: string;
  dialect: string;
  /** Codes of what is left for a person. */
  open: string[];
  /** Templates as CloudFormation; null where the stack is not part of the definition. */
  before: PlainObject | null;
  after: PlainObject | null;
  /** What the services are given otherwise than the functions were. */
  differences: string[];
}

/** Undefined when the project has no service. */
export function stackOf({ project, plan, diagnostics }: MigratedProject, { changes }: RunResult, checkout: string): Stack | undefined {
  if (plan.services.length === 0) return undefined;
  const change = changes.find(
    ({ path, before, after }) => path === project.definition && before !== null && after?.includes('ExecutionRole'),
  );
  const template = (text: string | null | undefined) => (text ? judgedTemplate(project, text) : null);
  const before = template(change?.before);
  const told = new Set(diagnostics.map(({ code }) => code));
  const definition = {
    dialect: project.dialect,
    before: change?.before ?? '',
    after: change?.after ?? '',
    entries: entriesOf(changes, plan),
  };
  const codes = diagnostics
    .filter(({ code, severity }) => Object.hasOwn(infrastructure, code) && severity !== 'info')
    .map(({ code }) => code);
  return {
    name: `${checkout}/${project.definition}`,
    dialect: project.dialect,
    open: [...new Set(codes)].sort(),
    before: before && 'Resources' in before ? before : null,
    after: template(change?.after),
    differences: change ? differences(definition, plan, told) : [],
  };
}

/** One row a dialect, then the reasons. `errors`: findings of cfn-lint by name; undefined when nobody asked for them. */
export function markdownTable(stacks: readonly Stack[], errors: ReadonlyMap<string, [string, string][]> | undefined): string {
  const dialects = ['sam', 'cloudformation', 'serverless'];
  const own = stacks.filter(({ dialect }) => dialects.includes(dialect));
  const whole = ({ open, after }: Stack) => after !== null && open.length === 0;
  const row = (title: string, of: readonly Stack[]) => {
    const edited = of.filter(({ after }) => after !== null);
    const done = of.filter(whole);
    const share = of.length === 0 ? '–' : `${((100 * done.length) / of.length).toFixed(1)} %`;
    const same = edited.filter((each) => each.differences.length === 0);
    return `| ${title} | ${of.length} | ${edited.length} | ${done.length} | ${share} | ${same.length} |${errors ? ` ${of.filter(({ name }) => errors.get(name)?.some(isError)).length} |` : ''}`;
  };
  const reasons = new Map<string, number>();
  for (const code of own.flatMap(({ open }) => open)) reasons.set(code, (reasons.get(code) ?? 0) + 1);
  return [
    `${today()}. Projects with at least one service.`,
    '',
    `| Definition | projects | edited | nothing left for a person | share | services are given the same |${errors ? ' new errors of cfn-lint |' : ''}`,
    `| --- | ---: | ---: | ---: | ---: | ---: |${errors ? ' ---: |' : ''}`,
    ...dialects.map((dialect) =>
      row(
        dialect,
        own.filter((each) => each.dialect === dialect),
      ),
    ),
    row('all', own),
    '',
    '| What is left | projects |',
    '| --- | ---: |',
    ...[...reasons].sort(([, a], [, b]) => b - a).map(([code, count]) => `| \`${code}\` | ${count} |`),
    ...withDifferences(own),
    ...(errors ? findings(errors) : []),
  ].join('\n');
}

const isError = ([code]: readonly [string, string]) => code.startsWith('E');

/** Errors as they are, warnings of what was added counted. */
function findings(found: ReadonlyMap<string, [string, string][]>): string[] {
  const errors = [...found].filter(([, each]) => each.some(isError));
  const warnings = new Map<string, number>();
  for (const [code] of [...found.values()].flat().filter((each) => !isError(each))) warnings.set(code, (warnings.get(code) ?? 0) + 1);
  return [
    ...(errors.length > 0 ? ['', ...errors.map(([name, each]) => `- ${name}: ${JSON.stringify(each.filter(isError))}`)] : []),
    ...(warnings.size > 0
      ? ['', `New warnings of cfn-lint about what was added: ${[...warnings].map(([code, count]) => `${code} ${count}`).join(', ')}.`]
      : []),
  ];
}

/** Projects whose services have other variables, permissions or schedules than their functions, and which. */
function withDifferences(stacks: readonly Stack[]): string[] {
  const differing = stacks.filter((each) => each.differences.length > 0);
  if (differing.length === 0) return [];
  return [
    '',
    'Given otherwise:',
    '',
    ...differing.map(
      ({ name, differences: [first = '', ...others] }) => `- ${name}: ${first}${others.length === 0 ? '' : ` (and ${others.length} more)`}`,
    ),
  ];
}
