/** Packages that Lambda or its layers supplied and that package.json must name from now on. Not a code edit: it tells what to add. */
import { posix } from 'node:path';
import type { Facts } from '../../src/analysis/facts.js';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { PackageJson, Project } from '../../src/project/model.js';
import type { TransformMeta } from '../transform.js';
import { knownRange, rangeBeside } from './versions.js';

export const meta: TransformMeta = {
  id: 'sdk-dependencies',
  description: 'Lists in dependencies what the Lambda runtime or its layers supplied',
  trigger: 'an import of @aws-sdk/*, @smithy/*, aws-sdk or another package that dependencies does not list',
  kind: 'package-json',
};

export interface SdkDependencies {
  /** Package → version range, for all package.json files together. */
  add: Record<string, string>;
  /** Packages listed for development only that the running code imports. */
  moveToDependencies: string[];
  diagnostics: Diagnostic[];
  /** The same, by the package.json that rules the importing file (`''` when the project has none). */
  byPackageJson: Record<string, { add: Record<string, string>; moveToDependencies: string[] }>;
}

/** Example: a handler that imports `@aws-sdk/client-s3` beside an empty package.json → `{ add: { '@aws-sdk/client-s3': '^3.1169.0' }, … }`. */
export function sdkDependencies({ project, facts, functions }: { project: Project; facts: Facts; functions: string[] }): SdkDependencies {
  const result: SdkDependencies = { add: {}, moveToDependencies: [], diagnostics: [], byPackageJson: {} };
  for (const id of functions) {
    for (const [name, place] of Object.entries(facts.functions[id]?.packages ?? {})) {
      const ruling = rulingPackageJson(project, place.file);
      const own = result.byPackageJson[ruling.file] ?? { add: {}, moveToDependencies: [] };
      result.byPackageJson[ruling.file] = own;
      if (name in own.add || own.moveToDependencies.includes(name) || isSettled(name, ruling.json, project.packageInfo.json)) continue;
      if (ruling.json.devDependencies?.[name] !== undefined) {
        own.moveToDependencies.push(name);
        if (!result.moveToDependencies.includes(name)) result.moveToDependencies.push(name);
        result.diagnostics.push(diagnostic('SDK_DEPENDENCY_MOVED', { args: { package: name }, place, function: id }));
        continue;
      }
      const range = rangeBeside(name, { ...project.packageInfo.json.devDependencies, ...allListed(ruling.json) }) ?? knownRange(name);
      if (range === null) {
        if (!result.diagnostics.some((each) => each.code === 'DEPENDENCY_NOT_LISTED' && each.args.package === name))
          result.diagnostics.push(diagnostic('DEPENDENCY_NOT_LISTED', { args: { package: name }, place, function: id }));
        continue;
      }
      own.add[name] = range;
      if (name in result.add) continue;
      result.add[name] = range;
      result.diagnostics.push(diagnostic('SDK_DEPENDENCY_ADDED', { args: { package: name, range }, place, function: id }));
    }
  }
  result.moveToDependencies.sort();
  return result;
}

/** The nearest package.json of the project above an importing file. */
function rulingPackageJson(project: Project, file: string): { file: string; json: PackageJson } {
  const nested = project.packageInfo.nested
    .filter((each) => isBelow(file, posix.dirname(each.file)))
    .sort((a, b) => b.file.length - a.file.length)[0];
  return nested ?? { file: project.packageInfo.file ?? '', json: project.packageInfo.json };
}

function isBelow(file: string, folder: string): boolean {
  return folder === '.' || file.startsWith(`${folder}/`);
}

function allListed(json: PackageJson): Record<string, string> {
  return { ...json.devDependencies, ...json.peerDependencies, ...json.optionalDependencies, ...json.dependencies };
}

/** Listed where a production install finds it, or imported for its types only. */
function isSettled(name: string, ...packageJsons: PackageJson[]): boolean {
  if (
    packageJsons.some(
      (json) => json.dependencies?.[name] !== undefined || json.optionalDependencies?.[name] !== undefined || json.name === name,
    )
  )
    return true;
  // What the runtime supplied was never installed: its type package stood in for it.
  if (name !== 'aws-lambda' && knownRange(name) !== null) return false;
  const types = name.startsWith('@') ? `@types/${name.slice(1).replace('/', '__')}` : `@types/${name}`;
  const isListed = packageJsons.some((json) => name in allListed(json));
  return !isListed && (name === 'aws-lambda' || packageJsons.some((json) => types in allListed(json)));
}
