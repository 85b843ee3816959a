/** Ways to declare Lambda functions that are recognised but not read yet: each gets a diagnostic, never silence. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Project } from '../model.js';
import { isWithin } from '../project-root.js';
import { parentOf, type Repository } from '../repository.js';

/** Where a dialect was seen. */
interface Sighting {
  /** Folder whose functions it declares. */
  folder: string;
  file: string;
  line: number;
}

interface UnreadDialect {
  title: string;
  /** What the user can do today. */
  advice: string;
  find(search: Search): Sighting[];
}

/** What recognisers may ask. */
interface Search {
  repository: Repository;
  files: readonly string[];
}

const codeFile = /\.([cm]?[jt]sx?|py|java|cs|fs|go|kt|ya?ml)$/;

const cdkFunction =
  /\bnew\s+(?:[\w$]+\.)*(?:NodejsFunction|DockerImageFunction|SingletonFunction|EdgeFunction|TriggerFunction|Function|NodeJsFunction|LambdaRestApi)\s*[(<]|\b_?(?:aws_?)?lambda_?(?:_\w+)?\.(?:\w*Function)\s*\(|\b(?:NodejsFunction|PythonFunction|DockerImageFunction|LambdaToDynamoDB)\s*\(|NewFunction\(|Function\.Builder|Function\(this\b/;

const dialects: readonly UnreadDialect[] = [
  {
    title: 'AWS CDK',
    advice: 'Run `npx cdk synth` in {folder} and run migrate-lambda again: the templates in cdk.out are read.',
    find: (search) => [...cdkApplications(search), ...cdkLibraries(search)],
  },
  {
    title: 'Terraform',
    advice: 'Terraform is not read yet. Until then give migrate-lambda the folder of the handler with its package.json alone.',
    find: (search) => inFiles(search, /\.tf$/, /^\s*resource\s+"aws_lambda_function"|source\s*=\s*"terraform-aws-modules\/lambda\//m),
  },
  {
    title: 'Terraform (JSON)',
    advice: 'Terraform is not read yet. Until then give migrate-lambda the folder of the handler with its package.json alone.',
    find: (search) => inFiles(search, /\.tf\.json$/, /"aws_lambda_function"/),
  },
  {
    title: 'SST',
    advice: 'SST is not read yet. Until then give migrate-lambda the folder of the handlers with their package.json alone.',
    find: (search) => inFiles(search, /(^|\/)sst\.(config\.([cm]?[jt]s)|json)$/, /./),
  },
  {
    title: 'Pulumi',
    advice: 'Pulumi is not read yet. Until then give migrate-lambda the folder of the handlers with their package.json alone.',
    find: (search) => belowMarker(search, /(^|\/)Pulumi\.ya?ml$/, /\baws\.lambda\b|aws:lambda|lambda\.(?:Callback)?Function|aws\.apigateway|onEvent\(/i),
  },
  {
    title: 'Architect',
    advice: 'Run `npx arc deploy --dry-run` (it writes sam.json) and give migrate-lambda that template.',
    find: (search) => inFiles(search, /(^|\/)(app\.arc|\.arc|arc\.ya?ml)$/, /^\s*@(http|queues|events|scheduled|ws|tables-streams)|^(http|queues|events|scheduled):/m),
  },
  {
    title: 'Serverless Components',
    advice: 'Serverless Components are no longer developed; declare the functions in a serverless.yml with `provider: aws` or in a SAM template.',
    find: (search) => inFiles(search, /(^|\/)serverless\.ya?ml$/, /^component:\s*\S/m),
  },
  {
    title: 'AWS Amplify',
    advice: 'Amplify functions are not read yet. Give migrate-lambda the folder of one function (amplify/backend/function/<name>/src) alone.',
    find: amplifyFunctions,
  },
];

/** Findings for the dialects that no reader covered, and the folders whose handlers they declare. */
export function findUnreadDialects(
  repository: Repository,
  files: readonly string[],
  projects: readonly Project[],
): { diagnostics: Diagnostic[]; folders: string[] } {
  const diagnostics: Diagnostic[] = [];
  const folders = new Set<string>();
  for (const dialect of dialects) {
    const told = new Set<string>();
    for (const { folder, file, line } of dialect.find({ repository, files })) {
      folders.add(folder);
      if (told.has(folder) || isReadAsCdkOutput(dialect, folder, projects)) continue;
      told.add(folder);
      const advice = dialect.advice.replace('{folder}', folder === '' ? 'the project' : folder);
      diagnostics.push(diagnostic('DIALECT_NOT_READ', { args: { dialect: dialect.title, file, line, advice }, place: { file, line } }));
    }
  }
  return { diagnostics, folders: [...folders] };
}

function isReadAsCdkOutput(dialect: UnreadDialect, folder: string, projects: readonly Project[]): boolean {
  return dialect.title === 'AWS CDK' && projects.some((project) => project.dialect === 'cdk' && isWithin(project.definition, folder));
}

function inFiles({ repository, files }: Search, name: RegExp, text: RegExp): Sighting[] {
  return files.filter((file) => name.test(file)).flatMap((file) => sightings(repository, parentOf(file), file, text));
}

/** Code below the folder of a marker file, up to the first that declares a function. */
function belowMarker(search: Search, marker: RegExp, text: RegExp): Sighting[] {
  return search.files
    .filter((file) => marker.test(file))
    .flatMap((file) => firstBelow(search, parentOf(file), text));
}

function firstBelow({ repository, files }: Search, folder: string, text: RegExp): Sighting[] {
  for (const file of filesBelow(files, folder)) {
    if (!codeFile.test(file)) continue;
    const found = sightings(repository, folder, file, text);
    if (found.length > 0) return found;
  }
  return [];
}

function filesBelow(files: readonly string[], folder: string): readonly string[] {
  return folder === '' ? files : files.filter((file) => file.startsWith(`${folder}/`));
}

function sightings(repository: Repository, folder: string, file: string, pattern: RegExp): Sighting[] {
  const text = repository.peek(file);
  const match = text === undefined ? null : pattern.exec(text);
  if (text === undefined || match === null) return [];
  const before = text.slice(0, match.index + (/^\s*/.exec(match[0])?.[0].length ?? 0));
  return [{ folder, file, line: before.split('\n').length }];
}

/** A cdk.json with a `new Function(…)` below it; without a visible one but with Lambda in its words, the cdk.json itself. */
function cdkApplications(search: Search): Sighting[] {
  return search.files
    .filter((file) => file === 'cdk.json' || file.endsWith('/cdk.json'))
    .flatMap((file) => {
      const folder = parentOf(file);
      const declared = firstBelow(search, folder, cdkFunction);
      if (declared.length > 0) return declared;
      return firstBelow(search, folder, /aws[-_]lambda|aws\.lambda|awslambda/i).map(() => ({ folder, file, line: 1 }));
    });
}

/** Stacks of a package without a cdk.json of its own: a construct library, or an application started from elsewhere. */
function cdkLibraries(search: Search): Sighting[] {
  const applications = search.files.filter((file) => file === 'cdk.json' || file.endsWith('/cdk.json')).map(parentOf);
  return search.files
    .filter((file) => file === 'package.json' || file.endsWith('/package.json'))
    .filter((file) => !applications.some((folder) => isWithin(file, folder) || isWithin(folder, parentOf(file))))
    .filter((file) => /"(aws-cdk-lib|@aws-cdk\/(core|aws-lambda[\w-]*))"/.test(search.repository.peek(file) ?? ''))
    .flatMap((file) => firstBelow(search, parentOf(file), /\bnew\s+(?:[\w$]+\.)*(?:NodejsFunction|DockerImageFunction|(?:lambda|aws_lambda)\.Function)\s*\(/));
}

/** Amplify Gen 1 keeps one folder a function, Gen 2 declares them in code. */
function amplifyFunctions({ repository, files }: Search): Sighting[] {
  const first = files.filter((file) => /(^|\/)amplify\/backend\/function\/[^/]+\/[^/]*cloudformation-template\.(json|ya?ml)$/.test(file));
  const second = files
    .filter((file) => /(^|\/)amplify\/(.*\/)?resource\.ts$/.test(file))
    .flatMap((file) => sightings(repository, parentOf(file), file, /defineFunction\s*\(/));
  return [...first.map((file) => ({ folder: parentOf(file), file, line: 1 })), ...second];
}
