/**
 * How the project's own formatter writes code: the settings of Prettier, Biome and EditorConfig, as data. A configuration that is code or a
 * package is not looked at, because nothing of the user's is run.
 */
import { type ParseError, parse as parseJson } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { isPlainObject } from '../project/data.js';
import { parentOf, type Repository } from '../project/repository.js';
import type { CodeStyle } from './style.js';

type Settings = Record<string, unknown>;

const prettierFiles = ['.prettierrc', '.prettierrc.json', '.prettierrc.yaml', '.prettierrc.yml'];
const biomeFiles = ['biome.json', 'biome.jsonc'];

/** What the formatter that rules `folder` says of files with that extension; empty when there is none, or none that is data. */
export function formatterStyle(repository: Repository, folder: string, extension: string): Partial<CodeStyle> {
  const prettier = prettierSettings(repository, folder);
  if (prettier)
    return { ...ofPrettier({}), ...editorConfigStyle(repository, folder, extension), ...stated(ofPrettier(prettier), prettier) };
  const biome = nearestOf(repository, folder, biomeFiles);
  const settings = biome === undefined ? undefined : dataOf(repository.read(biome));
  if (settings) return ofBiome(settings, () => editorConfigStyle(repository, folder, extension));
  return editorConfigStyle(repository, folder, extension);
}

function prettierSettings(repository: Repository, folder: string): Settings | undefined {
  const file = nearestOf(repository, folder, prettierFiles);
  if (file !== undefined) return dataOf(repository.read(file));
  const manifest = repository.nearest(folder, 'package.json');
  const settings = manifest === undefined ? undefined : dataOf(repository.read(manifest))?.['prettier'];
  return isPlainObject(settings) ? settings : undefined;
}

/** The file in the deepest folder; of one folder the first that is named. */
function nearestOf(repository: Repository, folder: string, names: readonly string[]): string | undefined {
  const found = names.flatMap((name) => repository.nearest(folder, name) ?? []);
  return found.reduce<string | undefined>(
    (best, each) => (best === undefined || parentOf(each).length > parentOf(best).length ? each : best),
    undefined,
  );
}

/** JSON may hold comments, as Biome's and Prettier's own readers allow. Nothing comes of a text that has errors. */
function dataOf(text: string | undefined): Settings | undefined {
  if (text === undefined) return undefined;
  try {
    const errors: ParseError[] = [];
    const isJson = text.trimStart().startsWith('{');
    const value: unknown = isJson
      ? parseJson(text, errors, { allowTrailingComma: true })
      : parseYaml(text, { maxAliasCount: 0, logLevel: 'error' });
    return isPlainObject(value) && errors.length === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Which setting of Prettier's decides what, and so whether EditorConfig may. */
const prettierNames: Readonly<Record<keyof CodeStyle, readonly string[]>> = {
  quote: ['singleQuote'],
  semicolons: ['semi'],
  indent: ['useTabs', 'tabWidth'],
  eol: ['endOfLine'],
  width: ['printWidth'],
  trailingCommas: ['trailingComma'],
};

function stated(style: Partial<CodeStyle>, settings: Settings): Partial<CodeStyle> {
  const names = Object.entries(prettierNames) as [keyof CodeStyle, readonly string[]][];
  const kept = names.filter(([, all]) => all.some((name) => name in settings)).map(([name]) => name);
  return Object.fromEntries(Object.entries(style).filter(([name]) => kept.includes(name as keyof CodeStyle)));
}

/** https://prettier.io/docs/options (2026-11-27). */
function ofPrettier(settings: Settings): Partial<CodeStyle> {
  return {
    quote: settings['singleQuote'] === true ? "'" : '"',
    semicolons: settings['semi'] !== false,
    indent: settings['useTabs'] === true ? '\t' : spaces(settings['tabWidth'], 2),
    width: columns(settings['printWidth'], 80),
    trailingCommas: settings['trailingComma'] !== 'none',
    ...eolOf(settings['endOfLine']),
  };
}

/** https://biomejs.dev/reference/configuration (2026-11-27); what it says of JavaScript goes before what it says of all languages. */
function ofBiome(settings: Settings, editorConfig: () => Partial<CodeStyle>): Partial<CodeStyle> {
  const all = sectionOf(settings, 'formatter');
  const own = sectionOf(sectionOf(settings, 'javascript'), 'formatter');
  if ((own['enabled'] ?? all['enabled']) === false) return {};
  const setting = (name: string) => own[name] ?? all[name];
  const indent = setting('indentStyle') === 'space' ? spaces(setting('indentWidth'), 2) : '\t';
  return {
    quote: own['quoteStyle'] === 'single' ? "'" : '"',
    semicolons: own['semicolons'] !== 'asNeeded',
    indent,
    width: columns(setting('lineWidth'), 80),
    trailingCommas: own['trailingCommas'] !== 'none',
    ...eolOf(setting('lineEnding')),
    ...(all['useEditorconfig'] === true && editorConfig()),
  };
}

/** The nearest `.editorconfig` alone: its sections for all files, and for that extension. https://spec.editorconfig.org */
function editorConfigStyle(repository: Repository, folder: string, extension: string): Partial<CodeStyle> {
  const file = repository.nearest(folder, '.editorconfig');
  const text = file === undefined ? '' : (repository.read(file) ?? '');
  const found: Record<string, string> = {};
  let applies = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    const [, name, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined) applies = isFor(section, extension);
    else if (applies && name !== undefined && value !== undefined) found[name.toLowerCase()] = value.toLowerCase();
  }
  const size = Number(found['indent_size'] === 'tab' ? found['tab_width'] : (found['indent_size'] ?? found['tab_width']));
  const indent = found['indent_style'] === 'tab' ? '\t' : Number.isNaN(size) ? undefined : spaces(size, 2);
  const width = Number(found['max_line_length']);
  return {
    ...(indent !== undefined && { indent }),
    ...(width > 0 && { width }),
    ...eolOf(found['end_of_line']),
  };
}

/** `*`, `*.js`, `*.{js,ts}`, `{*.js,*.ts}`. */
function isFor(section: string, extension: string): boolean {
  const [, before = '', list, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(section) ?? [];
  const patterns = list === undefined ? [section] : list.split(',').map((each) => before + each.trim() + after);
  return patterns.some((pattern) => /^\*+$/.test(pattern) || pattern.replace(/^\*+(?:\/\*)?/, '') === extension);
}

function sectionOf(settings: Settings, name: string): Settings {
  const found = settings[name];
  return isPlainObject(found) ? found : {};
}

function spaces(width: unknown, otherwise: number): string {
  return ' '.repeat(isWithin(width, 1, 16) ? width : otherwise);
}

function columns(width: unknown, otherwise: number): number {
  return isWithin(width, 20, 1000) ? width : otherwise;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function eolOf(name: unknown): Pick<CodeStyle, 'eol'> | undefined {
  if (name === 'crlf') return { eol: '\r\n' };
  return name === 'lf' ? { eol: '\n' } : undefined;
}
