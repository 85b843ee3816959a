/** Packages that Lambda or its layers supplied and that package.json must name from now on. Not a code edit: it tells what to add. */
import { posix } from 'node:path';
import type { Facts } from '../../src/analysis/facts.js';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import type { LambdaFunction, PackageJson, Project } from '../../src/project/model.js';
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

/** A range that another file of the repository tells. */
export interface FoundRange {
  range: string;
  /** The package.json or lockfile. */
  file: string;
  /** A lockfile has also what only other packages need, and what production leaves out. */
  isLocked: boolean;
}

export interface SdkDependenciesInput {
  project: Project;
  facts: Facts;
  functions: string[];
  /** Range of a package that no ruling package.json lists, for the file that imports it. */
  elsewhere?: (name: string, file: string) => FoundRange | undefined;
  /** Command that adds a package, e.g. `npm install`. */
  install?: string;
}

/** Example: a handler that imports `@aws-sdk/client-s3` beside an empty package.json → `{ add: { '@aws-sdk/client-s3': '^3.1169.0' }, … }`. */
export function sdkDependencies(input: SdkDependenciesInput): SdkDependencies {
  const { project, facts, functions } = input;
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
      const found = input.elsewhere?.(name, place.file);
      const range =
        found?.range ?? rangeBeside(name, { ...project.packageInfo.json.devDependencies, ...allListed(ruling.json) }) ?? knownRange(name);
      if (range === null) {
        const args = { package: name, command: `${input.install ?? 'npm install'} ${name}` };
        if (!result.diagnostics.some((each) => each.code === 'DEPENDENCY_NOT_LISTED' && each.args['package'] === name))
          result.diagnostics.push(diagnostic('DEPENDENCY_NOT_LISTED', { args, place, function: id }));
        continue;
      }
      own.add[name] = range;
      if (name in result.add) continue;
      result.add[name] = range;
      const lambda = project.functions.find((each) => each.id === id);
      const code = addedCode(name, lambda, found);
      const args = { package: name, range, ...(found && { source: found.file }), runtime: lambda?.runtime ?? '', function: id };
      result.diagnostics.push(diagnostic(code, { args, place, function: id }));
    }
  }
  result.moveToDependencies.sort();
  return result;
}

/** Who supplied the package on Lambda: another package.json, the runtime or a layer of AWS's, or nobody. */
function addedCode(name: string, lambda: LambdaFunction | undefined, found: FoundRange | undefined): string {
  if (found && !found.isLocked) return 'DEPENDENCY_ADDED';
  if (knownRange(name) === null) return 'DEPENDENCY_ADDED';
  return isMissingOnLambda(name, lambda) ? 'SDK_NOT_SUPPLIED' : 'SDK_DEPENDENCY_ADDED';
}

/** Neither the runtime has the SDK of that generation, nor can a layer or a bundler have brought it. */
function isMissingOnLambda(name: string, lambda: LambdaFunction | undefined): boolean {
  const major = Number(/^nodejs(\d+)/.exec(lambda?.runtime ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(major) || !lambda || lambda.layers.length > 0 || lambda.packageType === 'image') return false;
  if (name === 'aws-sdk') return major >= firstWithoutV2;
  return name.startsWith('@aws-sdk/') && major < firstWithoutV2;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html: Node.js 18 has version 3 of the SDK in place of version 2. */
const firstWithoutV2 = 18;

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
