/** The runtime beside the entry files, from `templates/service`, in the user's language and module system. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandlerFacts } from '../analysis/facts.js';
import { entryMark } from '../analysis/kept-route.js';
import type { ServicePlan } from '../planning/plan.js';
import { templateFolder } from '../render.js';
import { marker } from './layout.js';
import type { ServiceModule } from './service-module.js';

export interface RuntimeInput {
  /** Kinds of services whose runtime is needed. */
  kinds: readonly ServicePlan['kind'][];
  /** Further modules that entry files import. */
  more?: readonly string[];
  module: ServiceModule;
}

const entryHeader = `// Lets routes run on Lambda while both are in use, ${entryMark}. Yours to edit; it goes with the last of its handlers.\n\n`;
const testHeader = `// Used by unit tests alone, ${marker}. Yours to edit.\n\n`;
const header = `// Part of the service runtime, ${marker}. Yours to edit; running migrate-lambda again writes it anew.\n\n`;

/** An import or require of another runtime file; the runtime names them all alike, whatever the form. */
const siblings = /(from |import |require\()'\.\/([\w-]+)\.js'/g;

/** Files of the runtime that the entry files need; paths are relative to the service folder (`runtime/web.js`). */
export function runtimeFiles({ kinds, more = [], module }: RuntimeInput): { path: string; content: string }[] {
  const form = formOf(module);
  const found = new Map<string, RuntimeFile>();
  const add = (name: string) => {
    if (found.has(name)) return;
    const file = read(form, name, module.importExtension);
    found.set(name, file);
    for (const sibling of file.imports) add(sibling);
  };
  for (const name of [...kinds, ...more]) add(name);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { content }]) => ({ path: `runtime/${name}${module.extension}`, content }));
}

/** Text of the module that lets the routes of a file run on Lambda as well. */
export function entryModule({ language, format }: Pick<HandlerFacts, 'language' | 'format'>): string {
  const form = formOf({ language, syntax: language === 'typescript' ? 'esm' : format });
  return read(form, 'on-lambda', '.js').content.replace(header, entryHeader);
}

/** Text of the module that unit tests ask routes with; its extension says in which form. */
export function testModule(path: string): string {
  const form = formOf({ language: path.endsWith('.ts') ? 'typescript' : 'javascript', syntax: path.endsWith('.cjs') ? 'commonjs' : 'esm' });
  return read(form, 'route-app', '.js').content.replace(header, testHeader);
}

interface RuntimeFile {
  content: string;
  /** Names of the runtime files that it imports. */
  imports: string[];
}

interface Form {
  /** Below the package's folder. */
  folder: string;
  extension: string;
}

function formOf({ language, syntax }: Pick<ServiceModule, 'language' | 'syntax'>): Form {
  if (language === 'typescript') return { folder: 'templates/service', extension: '.ts' };
  return { folder: `dist/templates/service/${syntax}`, extension: '.js' };
}

const made = new Map<string, RuntimeFile>();

/** Made once: the projects of a folder share the texts. */
function read({ folder, extension }: Form, name: string, importExtension: string): RuntimeFile {
  const file = join(templateFolder(), '..', folder, name + extension);
  const key = `${file} ${importExtension}`;
  let known = made.get(key);
  if (known === undefined) {
    if (!existsSync(file)) throw new Error(`The file ${folder}/${name}${extension} of migrate-lambda is missing: npm run build makes it`);
    const text = readFileSync(file, 'utf8').replace(/^\s*\/\/ biome-ignore.*\n/gm, '');
    known = {
      content: header + text.replace(siblings, `$1'./$2${importExtension}'`),
      imports: [...text.matchAll(siblings)].map(([, , sibling = '']) => sibling),
    };
    made.set(key, known);
  }
  return known;
}
