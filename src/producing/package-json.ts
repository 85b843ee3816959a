/** Edits package.json as a person would: only what changes changes; indentation, line ends and order stay. */
import detectIndent from 'detect-indent';
import { applyEdits, type FormattingOptions, getNodeValue, modify, parseTree } from 'jsonc-parser';
import semver from 'semver';
import type { PackageJson } from '../project/model.js';

/** What the service needs of its package.json. */
export interface PackageEdits {
  dependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
  /** Packages that move from devDependencies to dependencies with the range they have. */
  move: readonly string[];
  scripts: Readonly<Record<string, string>>;
  /** Node.js major of the image, which `engines` must allow. */
  nodeMajor: number;
  /** Leave out `engines` where there is none. */
  enginesOptional?: boolean;
}

/** Text of a package.json with the edits; what is there already and serves stays as it is. */
export function editPackageJson(text: string, edits: PackageEdits): string {
  const editor = new JsonEditor(text);
  const json = editor.value() as PackageJson;
  for (const name of edits.move) {
    const range = json.devDependencies?.[name];
    if (range === undefined || json.dependencies?.[name] !== undefined) continue;
    editor.remove(['devDependencies', name]);
    editor.set(['dependencies', name], range, 'alphabetical');
  }
  for (const [name, range] of sorted(edits.dependencies)) {
    if (json.dependencies?.[name] !== undefined || json.optionalDependencies?.[name] !== undefined) continue;
    if (json.devDependencies?.[name] !== undefined) editor.remove(['devDependencies', name]);
    editor.set(['dependencies', name], json.devDependencies?.[name] ?? range, 'alphabetical');
  }
  for (const [name, range] of sorted(edits.devDependencies)) {
    if (json.devDependencies?.[name] === undefined && json.dependencies?.[name] === undefined)
      editor.set(['devDependencies', name], range, 'alphabetical');
  }
  if (Object.keys((editor.value() as PackageJson).devDependencies ?? { kept: '' }).length === 0) editor.remove(['devDependencies']);
  for (const [name, script] of Object.entries(edits.scripts))
    if (json.scripts?.[name] !== script) editor.set(['scripts', name], script, 'last');
  const engine = json.engines?.['node'];
  const wanted = engineFor(engine, edits.nodeMajor);
  if (wanted !== engine && !(engine === undefined && edits.enginesOptional)) editor.set(['engines', 'node'], wanted, 'last');
  return editor.text;
}

/** The range of `engines`, widened where no version of the major satisfies it: some managers refuse to install under any other. */
export function engineFor(range: string | undefined, major: number): string {
  if (range === undefined) return `>=${major}`;
  if (semver.validRange(range) === null || semver.intersects(range, `^${major}.12.0`)) return range;
  return `${range} || >=${major}`;
}

function sorted(entries: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A small editor over JSON text that keeps its style. */
class JsonEditor {
  private readonly formatting: FormattingOptions;

  constructor(public text: string) {
    const { indent } = detectIndent(text);
    this.formatting = {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 1 : indent.length || 2,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    };
  }

  value(): unknown {
    const tree = parseTree(this.text);
    return tree ? getNodeValue(tree) : {};
  }

  /** `alphabetical`: keeps a sorted object sorted. A new section goes to its customary place. */
  set(path: string[], value: string, order: 'alphabetical' | 'last'): void {
    const [section = '', name = ''] = path;
    const root = this.value() as Record<string, Record<string, unknown> | undefined>;
    const siblings = root[section] === undefined ? undefined : Object.keys(root[section]);
    if (siblings === undefined) {
      this.apply([section], { [name]: value }, (names) => customaryIndex(section, names));
      return;
    }
    const isSorted = siblings.every((sibling, index) => index === 0 || (siblings[index - 1] as string) <= sibling);
    const next = siblings.findIndex((sibling) => sibling > name);
    this.apply(path, value, (names) => (order === 'alphabetical' && isSorted && next !== -1 ? next : names.length));
  }

  remove(path: string[]): void {
    this.text = applyEdits(this.text, modify(this.text, path, undefined, { formattingOptions: this.formatting }));
  }

  private apply(path: string[], value: unknown, index: (names: string[]) => number): void {
    const options = { formattingOptions: this.formatting, getInsertionIndex: index };
    this.text = applyEdits(this.text, modify(this.text, path, value, options));
  }
}

const customary = [
  'name',
  'version',
  'description',
  'private',
  'type',
  'main',
  'bin',
  'exports',
  'files',
  'scripts',
  'engines',
  'dependencies',
  'devDependencies',
];

/** After the nearest section that customarily stands before it. */
function customaryIndex(section: string, names: string[]): number {
  const before = customary.slice(0, customary.indexOf(section)).map((name) => names.indexOf(name));
  return section === 'dependencies' || section === 'devDependencies' ? afterLast(names, section) : Math.max(-1, ...before) + 1;
}

/** Dependencies end the file, those for development last. */
function afterLast(names: string[], section: string): number {
  const following = section === 'dependencies' ? names.indexOf('devDependencies') : -1;
  return following === -1 ? names.length : following;
}

/** A package.json for a folder that has none. */
export function newPackageJson(name: string, type: string | undefined): string {
  return `${JSON.stringify({ name, version: '1.0.0', private: true, ...(type !== undefined && { type }) }, null, 2)}\n`;
}
