/** Aliases that bundlers, Babel and module-alias give to folders and files; their configurations are read and never run. */
import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import { isPlainObject, objectOf } from '../project/data.js';
import { parentOf, type Repository } from '../project/repository.js';
import { StaticEvaluator } from '../project/static/evaluate.js';
import { Provenance } from '../project/static/provenance.js';
import { webpackConfigurations } from './webpack-entries.js';

/** Alias → path relative to the repository root. A trailing `$` stands for the alias alone, without anything below it. */
type Aliases = Record<string, string>;

const babelConfigurations = [
  'babel.config.js',
  'babel.config.cjs',
  '.babelrc.js',
  '.babelrc.cjs',
  '.babelrc',
  '.babelrc.json',
  'babel.config.json',
];

/** Reads the aliases that rule a folder, each configuration once. */
export class BundlerAliases {
  private readonly byFolder = new Map<string, Aliases>();

  constructor(private readonly repository: Repository) {}

  /** Paths below the repository root that an import may mean, the longest alias first. */
  targets(folder: string, specifier: string): string[] {
    const found = Object.entries(this.ruling(folder)).flatMap(([alias, target]) => {
      const name = alias.replace(/\$$/, '');
      if (specifier === name) return [{ name, path: target }];
      const isBelow = alias === name && specifier.startsWith(name.endsWith('/') ? name : `${name}/`);
      return isBelow ? [{ name, path: posix.join(target, specifier.slice(name.length)) }] : [];
    });
    return found.sort((a, b) => b.name.length - a.name.length).map(({ path }) => path);
  }

  /** Aliases of a folder and of those above it; the nearest wins. */
  private ruling(folder: string): Aliases {
    const known = this.byFolder.get(folder);
    if (known) return known;
    const above = folder === '' ? {} : this.ruling(parentOf(folder));
    const aliases = { ...above, ...this.ofPackage(folder), ...this.ofBabel(folder), ...this.ofWebpack(folder) };
    this.byFolder.set(folder, aliases);
    return aliases;
  }

  private ofWebpack(folder: string): Aliases {
    const found = webpackConfigurations.map((name) => {
      const configuration = this.evaluated(folder, name);
      const alias = objectOf(objectOf(configuration['resolve'])['alias']);
      return this.placed(folder, alias, '.');
    });
    return Object.assign({}, ...found);
  }

  /** babel-plugin-module-resolver: https://github.com/tleunen/babel-plugin-module-resolver/blob/master/DOCS.md */
  private ofBabel(folder: string): Aliases {
    const found = babelConfigurations.map((name) => {
      const isJson = /rc$|\.json$/.test(name);
      const { plugins } = isJson ? objectOf(this.json(folder, name)) : this.evaluated(folder, name);
      return this.ofPlugins(folder, plugins);
    });
    return Object.assign({}, ...found);
  }

  private ofPlugins(folder: string, plugins: unknown): Aliases {
    const found = (Array.isArray(plugins) ? plugins : []).map((plugin: unknown) => {
      const [name, options] = Array.isArray(plugin) ? (plugin as unknown[]) : [];
      if (name !== 'module-resolver' && name !== 'babel-plugin-module-resolver') return {};
      const { alias, cwd } = objectOf(options);
      return this.placed(folder, objectOf(alias), typeof cwd === 'string' && cwd.startsWith('.') ? cwd : '.');
    });
    return Object.assign({}, ...found);
  }

  /** module-alias (`_moduleAliases`), and Babel's options when they stand in package.json. */
  private ofPackage(folder: string): Aliases {
    const json = objectOf(this.json(folder, 'package.json'));
    const aliases = this.placed(folder, objectOf(json['_moduleAliases']), '.');
    return { ...aliases, ...this.ofPlugins(folder, objectOf(json['babel'])['plugins']) };
  }

  private placed(folder: string, alias: Record<string, unknown>, base: string): Aliases {
    const entries = Object.entries(alias).flatMap(([name, target]) => {
      const isPath = typeof target === 'string' && /^(?!\/)(?!.*\$\{)/.test(target) && !/[\^(\\]/.test(name);
      const path = isPath ? this.repository.resolve(folder, posix.join(base, target)) : undefined;
      return path === undefined ? [] : [[name, path] as const];
    });
    return Object.fromEntries(entries);
  }

  private evaluated(folder: string, name: string): Record<string, unknown> {
    const file = posix.join(folder, name);
    const text = this.repository.isFile(file) ? (this.repository.read(file) ?? '') : '';
    if (!/\balias\b/.test(text)) return {};
    const value = new StaticEvaluator(this.repository, folder, new Provenance(), () => undefined).defaultExport(file);
    return objectOf(Array.isArray(value) ? value.find(isPlainObject) : value);
  }

  private json(folder: string, name: string): unknown {
    const file = posix.join(folder, name);
    const text = this.repository.isFile(file) ? (this.repository.read(file) ?? '') : '';
    return /alias/i.test(text) ? parse(text, [], { allowTrailingComma: true }) : undefined;
  }
}
