import type { SourceModule } from '../../src/analysis/source-module.js';
import { child, type Node, stringOf, unwrap } from '../../src/analysis/syntax.js';
import type { Values } from '../../src/analysis/values.js';
import { firstAfterImports, importNames } from '../../src/mending/imports.js';
import type { Mend } from '../../src/mending/mend.js';
import type { SourceView } from '../../src/mending/source-view.js';
import { standaloneMend } from '../../src/mending/standalone.js';
import { runAllWithState, specifierOf } from '../request-scope/handlers.js';
import { accessesOf, isOwnOfEach } from '../request-scope/proof.js';
import { startOf } from '../request-scope/slot.js';
import { exportCurrent, freeKey, hold, madeBefore, storage } from '../request-scope/storage.js';
import { Views } from '../request-scope/views.js';
import { accessesIn, type EnvironmentAccess } from './accesses.js';

/** Keeps a variable of the environment that requests set in the state of the request, where all that read it are known. */
export const environmentPerRequest: Mend = {
  meta: {
    id: 'environment-per-request',
    description: 'Keeps in the state of the request what a request puts into the environment for other code of the project to read',
    trigger: '`process.env.TENANT = event.tenant` before every read, of a variable that no library reads',
    kind: 'source',
  },
  codes: ['ENVIRONMENT_WRITTEN'],
  mend({ finding: { args } }, { values, traces, sharedFiles }) {
    const name = /^process\.env\.(\w+)$/.exec(String(args['name']))?.[1];
    if (name === undefined || !isOwnOfEach(traces, 'environment', `environment.${name}`)) return null;
    const users = traces.filter((trace) => accessesOf(trace, 'environment', `environment.${name}`).length > 0);
    const accesses = accessesIn(users, values, name);
    const holder = accesses && holderOf(accesses, values);
    if (!accesses || !holder || !accesses.some((each) => !isSet(each)) || !accesses.every(isPlain)) return null;
    const views = new Views();
    const isMoved = move(views, views.of(holder), accesses, name, values);
    return isMoved && runAllWithState(users, views.of(holder), views, values) ? views.texts(sharedFiles) : null;
  },
};

export default standaloneMend(environmentPerRequest);

/** The module that all others with an access import already: one that reads it. */
function holderOf(accesses: readonly EnvironmentAccess[], { resolver }: Values): SourceModule | null {
  const modules = [...new Set(accesses.map(({ module }) => module))];
  const imports = (module: SourceModule, other: SourceModule) =>
    module.imports.some(({ specifier }) => {
      const found = resolver.resolve(module, specifier);
      return found.kind === 'file' && found.file === other.file;
    });
  return modules.find((each) => modules.every((other) => other === each || imports(other, each))) ?? null;
}

function isSet({ node, parent }: EnvironmentAccess): boolean {
  return parent?.type === 'AssignmentExpression' && child(parent, 'left') === node;
}

/** `process.env.NAME = value;` as a statement, or a read. */
function isPlain(access: EnvironmentAccess): boolean {
  const { node, parent } = access;
  if (isSet(access)) return parent?.['operator'] === '=';
  const isDeleted = parent?.type === 'UnaryExpression' && parent['operator'] === 'delete';
  const isTarget = /^(UpdateExpression|ArrayPattern|RestElement)$/.test(parent?.type ?? '') || child(parent, 'left') === node;
  return !isDeleted && (!isTarget || /^(Binary|Logical)Expression$/.test(parent?.type ?? ''));
}

function move(views: Views, view: SourceView, accesses: readonly EnvironmentAccess[], name: string, values: Values): boolean {
  const before = madeBefore(view);
  const key = before === undefined ? null : freeKey(before, name, `${name}_OF_REQUEST`);
  const first = firstAfterImports(view);
  if (key === null || !first) return false;
  const isTyped = view.module.language === 'typescript';
  const initial = isTyped ? 'undefined as unknown as string' : 'undefined';
  if (!hold(view, { name: key, type: 'string', initial }, startOf(view, first), `${view.lineEnd}${view.lineEnd}`)) return false;
  for (const other of new Set(accesses.map(({ module }) => module))) {
    if (other === view.module) continue;
    const specifier = specifierOf(views.of(other), view, values);
    if (specifier === null || !exportCurrent(view) || !importNames(views.of(other), specifier, [storage.current])) return false;
  }
  for (const each of accesses) replace(views.of(each.module), each, `${storage.current}().${key}`);
  return true;
}

/** The environment holds text. */
function replace(view: SourceView, access: EnvironmentAccess, state: string): void {
  view.edits.replace(access.node, state);
  const value = isSet(access) ? child(access.parent, 'right') : null;
  if (!value || isText(value)) return;
  view.edits.replace({ start: value.start, end: value.start }, 'String(');
  view.edits.replace({ start: value.end, end: value.end }, ')');
}

function isText(value: Node): boolean {
  return stringOf(unwrap(value)) !== null || value.type === 'TemplateLiteral';
}
