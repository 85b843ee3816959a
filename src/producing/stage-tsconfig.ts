import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PackageJson } from '../project/model.js';
import { parentOf } from '../project/repository.js';
import type { Draft } from './draft.js';
import { join } from './paths.js';
import { baseConfig, excludeService, excludeServiceIn, serviceTsConfig, tsConfigPath } from './tsconfig.js';
import { checkCommand, compilerVersion } from './typescript.js';

/** `tsconfig.build.json`: what a build names instead of tsconfig.json. */
const variant = /^tsconfig\.[\w.-]+\.json$/;

/** For TypeScript: a tsconfig.json of the service, and an exclusion in one that would compile the service too. `json`: package.json as it will be. */
export function stageTsConfig(
  { repository, project, facts, functions, layout, module, build, packaged, changes, plan }: Draft,
  json: PackageJson,
  diagnostics: Diagnostic[],
): void {
  if (module.language !== 'typescript' || plan.services.every(({ server }) => server?.start)) return;
  const files = functions.flatMap((id) => facts.functions[id]?.file ?? []);
  const base = baseConfig(
    project.packageInfo,
    files.map((file) => repository.nearest(parentOf(file), 'tsconfig.json')),
  );
  const text = serviceTsConfig({
    folder: layout.service,
    packageRoot: layout.packageRoot,
    sourceRoot: layout.context,
    base,
    baseText: base === null ? '' : (changes.read(base) ?? ''),
    emits: build.tool === 'tsc',
    isModulePackage: packaged.json.type === 'module',
    compiler: compilerVersion(packaged.json),
    check: checkCommand(json, build.tool === 'tsc'),
  });
  changes.stage(tsConfigPath(layout.service), text, 'tsconfig');
  const covering = repository.nearest(parentOf(layout.service), 'tsconfig.json');
  if (covering === undefined) return;
  const before = changes.read(covering) ?? '';
  const edit = (file: string, after: string | undefined) => {
    if (after === undefined) diagnostics.push(diagnostic('TSCONFIG_NOT_EDITED', { args: { file }, place: { file } }));
    else if (after !== changes.read(file)) changes.stage(file, after, 'tsconfig');
  };
  edit(covering, excludeService(before, covering, layout.service));
  const folder = parentOf(covering);
  const others = [...repository.entries(folder)].flatMap(([name, kind]) =>
    kind === 'file' && variant.test(name) ? [join(folder, name)] : [],
  );
  for (const file of others)
    edit(file, excludeServiceIn(changes.read(file) ?? '', file, layout.service, { text: before, config: covering }));
}
