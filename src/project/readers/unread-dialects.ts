/** Ways to declare Lambda functions that are recognised but not read yet: each gets a diagnostic, never silence. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Project } from '../model.js';
import { isWithin } from '../project-root.js';
import { parentOf, type Repository } from '../repository.js';
import { terraformFolders } from './terraform/folders.js';

/** Where a dialect was seen. */
interface Sighting {
  /** Folder whose functions it declares. */
  folder: string;
  file: string;
  line: number;
  /** A reader took the file: nothing more is to be told. */
  read?: boolean;
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

const architectSection =
  /^\s*@(http|queues|events|scheduled|ws|tables-streams|macros|plugins)\b|^"?(http|queues|events|scheduled|ws)"?\s*:|"(http|queues|events|scheduled|ws)"\s*:/m;

const dialects: readonly UnreadDialect[] = [
  {
    title: 'AWS CDK',
    advice: 'Run `npx cdk synth` in {folder} and run migrate-lambda again: the templates in cdk.out are read.',
    find: (search) => [...cdkApplications(search), ...cdkLibraries(search)],
  },
  {
    title: 'Terraform',
    advice:
      'No root module that creates the function was found. Put the output of `terraform show -json` of a plan into {folder} as plan.json.',
    find: terraformFunctions,
  },
  {
    title: 'SST',
    advice: 'SST is not read yet. Until then give migrate-lambda the folder of the handlers with their package.json alone.',
    find: (search) => inFiles(search, /(^|\/)sst\.(config\.([cm]?[jt]s)|json)$/, /./),
  },
  {
    title: 'Pulumi',
    advice: 'Pulumi is not read yet. Until then give migrate-lambda the folder of the handlers with their package.json alone.',
    find: (search) =>
      belowMarker(search, /(^|\/)Pulumi\.ya?ml$/, /\baws\.lambda\b|aws:lambda|lambda\.(?:Callback)?Function|aws\.apigateway|onEvent\(/i),
  },
  {
    title: 'Architect',
    advice: 'Run `npx arc deploy --dry-run` (it writes sam.json) and give migrate-lambda that template.',
    find: (search) => inFiles(search, /(^|\/)(app\.arc|\.arc|arc\.(ya?ml|json))$/, architectSection),
  },
  {
    title: 'Netlify Functions',
    advice: 'Netlify deploys these functions into its own account. Give migrate-lambda the folder of one function alone.',
    find: (search) =>
      inFiles(search, /(^|\/)netlify\/functions\/.*\.[cm]?[jt]s$/, /\bhandler\b/).map((sighting) => ({
        ...sighting,
        folder: netlifyFolder(sighting.folder),
      })),
  },
  {
    title: 'Serverless Components',
    advice:
      'Serverless Components are no longer developed; declare the functions in a serverless.yml with `provider: aws` or in a SAM template.',
    find: (search) => inFiles(search, /(^|\/)serverless\.ya?ml$/, /^component:\s*\S/m),
  },
  {
    title: 'AWS Amplify',
    advice:
      'Amplify functions are not read yet. Give migrate-lambda the folder of one function (amplify/backend/function/<name>/src) alone.',
    find: amplifyFunctions,
  },
];

/**
 * Tools that deploy a folder as it is: they do not say where its handlers are, so the conventions are tried first and
 * these are told when they found none.
 */
const tools: readonly UnreadDialect[] = [
  {
    title: 'Claudia.js',
    advice:
      'Export the function that Lambda calls as `handler` (of claudia-api-builder: `exports.handler = api.proxyRouter`) and run migrate-lambda again.',
    find: (search) => inFiles(search, /(^|\/)claudia\.json$/, /"lambda"/),
  },
  {
    title: 'Apex Up',
    advice: 'Up runs a plain HTTP server on Lambda. The server can be put into a container as it is; migrate-lambda is not needed for it.',
    find: (search) => inFiles(search, /(^|\/)up\.json$/, /"(?:lambda|proxy|regions|profile)"/),
  },
  {
    title: 'Apex',
    advice: 'Give migrate-lambda the folder of one function alone, with a package.json and an export called `handler`.',
    find: (search) => inFiles(search, /(^|\/)project\.json$/, /"role"\s*:\s*"arn:aws[\w-]*:iam:/),
  },
];

/** Findings for folders that a deployment tool knows and in which no project was found. */
export function findUnreadTools(repository: Repository, files: readonly string[], projects: readonly Project[]): Diagnostic[] {
  return tools.flatMap((tool) =>
    tool
      .find({ repository, files })
      .filter(({ folder }) => !projects.some(({ root }) => isWithin(root, folder) || isWithin(folder, root)))
      .map((sighting) => notRead(tool, sighting)),
  );
}

function notRead({ title, advice }: UnreadDialect, { folder, file, line }: Sighting): Diagnostic {
  const place = folder === '' ? 'the project' : folder;
  return diagnostic('DIALECT_NOT_READ', {
    args: { dialect: title, file, line, advice: advice.replace('{folder}', place) },
    place: { file, line },
  });
}

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
    for (const sighting of dialect.find({ repository, files })) {
      const { folder } = sighting;
      folders.add(folder);
      if (sighting.read || told.has(folder) || isReadAsCdkOutput(dialect, folder, projects)) continue;
      told.add(folder);
      diagnostics.push(notRead(dialect, sighting));
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
  return search.files.filter((file) => marker.test(file)).flatMap((file) => firstBelow(search, parentOf(file), text));
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

/** A function can be declared in a child module; its handlers lie beside the root module. */
function terraformFunctions(search: Search): Sighting[] {
  const folders = new Set(search.files.filter((file) => /\.tf(\.json)?$/.test(file)).map(parentOf));
  const declared = [
    ...inFiles(search, /\.tf$/, /^\s*resource\s+"aws_lambda_function"|source\s*=\s*"[^"\n]*terraform-aws-(?:modules\/)?lambda\b/m),
    ...inFiles(search, /\.tf\.json$/, /"aws_lambda_function"/),
  ];
  const { read } = terraformFolders(search.repository);
  return declared.map((sighting) => ({
    ...sighting,
    folder: rootModule(sighting.folder, folders),
    ...(read.has(sighting.folder) && { read: true }),
  }));
}

/** Outermost folder with Terraform files that holds the module; folders between that only group modules are passed. */
function rootModule(folder: string, folders: ReadonlySet<string>): string {
  let root = folder;
  for (let at = folder; at !== ''; at = parentOf(at)) if (folders.has(parentOf(at))) root = parentOf(at);
  return root;
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
    .flatMap((file) =>
      firstBelow(
        search,
        parentOf(file),
        /\bnew\s+(?:[\w$]+\.)*(?:NodejsFunction|DockerImageFunction|(?:lambda|aws_lambda)\.Function)\s*\(/,
      ),
    );
}

function netlifyFolder(folder: string): string {
  return folder.slice(0, folder.lastIndexOf('netlify/functions') + 'netlify/functions'.length);
}

/** Amplify Gen 1 keeps one folder a function, Gen 2 declares them in code. */
function amplifyFunctions({ repository, files }: Search): Sighting[] {
  const first = files.filter((file) => /(^|\/)amplify\/backend\/function\/[^/]+\/[^/]*cloudformation-template\.(json|ya?ml)$/.test(file));
  const second = files
    .filter((file) => /(^|\/)amplify\/(.*\/)?resource\.ts$/.test(file))
    .flatMap((file) => sightings(repository, parentOf(file), file, /defineFunction\s*\(/));
  return [...first.map((file) => ({ folder: parentOf(file), file, line: 1 })), ...second];
}
