/** Values that a template hands to the nested stacks beside or below it. */
import { isPlainObject, objectOf, type PlainObject } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';
import { readYaml } from '../../yaml.js';
import { localLocation } from './nested.js';
import { Template } from './template.js';

/** Stacks within stacks that are followed, and outer stacks of one template: a hostile repository could have very many. */
const maximumLevels = 3;
const maximumOuter = 8;

/**
 * Parameters that the outer templates of the repository give the template at `path`, as far as they are known; a value on
 * which two of them disagree is not. `given` are those of the user, which hold for every template.
 */
export function parametersOfOuterStacks(
  repository: Repository,
  path: string,
  declared: PlainObject,
  given: Readonly<Record<string, string>>,
  level = 0,
): Record<string, string> {
  // A secret must not become a literal.
  const names = Object.keys(declared).filter((name) => String(objectOf(declared[name])['NoEcho']) !== 'true');
  if (names.length === 0 || level >= maximumLevels) return {};
  const outer = outerTemplates(repository, path);
  if (outer.length > maximumOuter) return {};
  const found = outer.flatMap((each) => parametersFrom(repository, each, path, given, level));
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = new Set(found.map((parameters) => parameters[name]));
      const [value] = values;
      return values.size === 1 && value !== undefined ? [[name, value] as const] : [];
    }),
  );
}

/** A template with nested stacks. */
interface OuterTemplate {
  path: string;
  content: PlainObject;
  /** Templates of the repository that it nests. */
  nested: ReadonlySet<string>;
}

/** Templates in the folder of a template or above it that nest it. */
function outerTemplates(repository: Repository, path: string): OuterTemplate[] {
  const { folders, looked } = indexOf(repository);
  const found: OuterTemplate[] = [];
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    for (const file of folders.get(folder) ?? []) {
      const outer = looked.has(file) ? looked.get(file) : outerTemplate(repository, file);
      looked.set(file, outer);
      if (outer?.nested.has(path) && file !== path) found.push(outer);
    }
    if (folder === '') return found;
  }
}

function outerTemplate(repository: Repository, path: string): OuterTemplate | undefined {
  const text = repository.peek(path) ?? '';
  if (!/AWS::CloudFormation::Stack|AWS::Serverless::Application/.test(text)) return undefined;
  const { value: content } = readYaml(path, text, { yesIsTrue: true });
  if (!isPlainObject(content)) return undefined;
  const template = new Template({ template: content, range: () => undefined, parameters: {} });
  const nested = Object.keys(template.resources).flatMap((id) => localLocation(id, template, repository, path) ?? []);
  return { path, content, nested: new Set(nested) };
}

interface TemplateIndex {
  /** Folder → files that can be templates. */
  folders: ReadonlyMap<string, string[]>;
  /** File → what it nests, once looked at. */
  looked: Map<string, OuterTemplate | undefined>;
}

const indexes = new WeakMap<Repository, TemplateIndex>();

function indexOf(repository: Repository): TemplateIndex {
  const known = indexes.get(repository);
  if (known) return known;
  const folders = new Map<string, string[]>();
  for (const file of repository.files()) {
    if (!/\.(ya?ml|json|template)$/i.test(file)) continue;
    const beside = folders.get(parentOf(file)) ?? [];
    beside.push(file);
    folders.set(parentOf(file), beside);
  }
  const index: TemplateIndex = { folders, looked: new Map() };
  indexes.set(repository, index);
  return index;
}

function parametersFrom(
  repository: Repository,
  { path: outer, content }: OuterTemplate,
  path: string,
  given: Readonly<Record<string, string>>,
  level: number,
): Record<string, string | undefined>[] {
  const inherited = parametersOfOuterStacks(repository, outer, objectOf(content['Parameters']), given, level + 1);
  const template = new Template({ template: content, range: () => undefined, parameters: { ...inherited, ...given } });
  return Object.entries(template.resources)
    .filter(([id]) => localLocation(id, template, repository, outer) === path)
    .map(([, { properties }]) =>
      Object.fromEntries(Object.entries(objectOf(properties['Parameters'])).map(([name, each]) => [name, knownText(template, each)])),
    );
}

function knownText(template: Template, value: unknown): string | undefined {
  const known = template.resolve(value);
  if (Array.isArray(known))
    return known.every((entry) => typeof entry === 'string' || typeof entry === 'number') ? known.join(',') : undefined;
  return typeof known === 'string' || typeof known === 'number' || typeof known === 'boolean' ? String(known) : undefined;
}
