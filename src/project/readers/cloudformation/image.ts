/** What a container image function runs, as far as its Dockerfile tells. */
import { objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { HandlerReference, LambdaFunction } from '../../model.js';
import type { Repository } from '../../repository.js';
import type { Template } from './template.js';

export interface ImageFunction {
  handler: HandlerReference;
  /** `nodejs20.x` and so on from the base image; null when it cannot be told. */
  runtime: string | null;
  /** `ENV` of the stage that runs, as far as it is literal. */
  environment: LambdaFunction['environment'];
  webAdapter: boolean;
  problem?: { code: string; args: Record<string, string> };
}

/** Reads the Dockerfile that `Metadata` of the function names; `properties.ImageConfig.Command` wins over its CMD. */
export function readImage(
  entry: PlainObject,
  properties: PlainObject,
  template: Template,
  repository: Repository,
  folder: string,
): ImageFunction {
  const metadata = objectOf(template.resolve(entry['Metadata']));
  const command = stringsOf(objectOf(template.resolve(properties['ImageConfig']))['Command']);
  const nothing: HandlerReference = { declared: command[0] ?? null, codeRoot: null };
  const unknown = { runtime: null, environment: {}, webAdapter: false };
  const { DockerContext: contextPath, Dockerfile: dockerfilePath } = metadata;
  if (typeof contextPath !== 'string' && typeof dockerfilePath !== 'string') {
    return { handler: nothing, ...unknown, problem: { code: 'IMAGE_WITHOUT_SOURCES', args: {} } };
  }
  const contextText = typeof contextPath === 'string' ? contextPath : '.';
  const context = repository.resolve(folder, contextText);
  if (context === undefined)
    return { handler: nothing, ...unknown, problem: { code: 'CODE_OUTSIDE_REPOSITORY', args: { path: contextText } } };
  const file = repository.resolve(context, typeof dockerfilePath === 'string' ? dockerfilePath : 'Dockerfile');
  const text = file === undefined ? undefined : repository.read(file);
  if (text === undefined) {
    const args = { path: typeof dockerfilePath === 'string' ? dockerfilePath : 'Dockerfile' };
    return { handler: { ...nothing, codeRoot: context }, ...unknown, problem: { code: 'DOCKERFILE_NOT_FOUND', args } };
  }
  return imageFromDockerfile(text, command, context, repository);
}

/** Handler, code folder and runtime that a Dockerfile gives; `command` overrides its CMD. */
export function imageFromDockerfile(text: string, command: readonly string[], context: string, repository: Repository): ImageFunction {
  const instructions = instructionsOf(text);
  const webAdapter = lastStage(instructions).some(({ name, rest }) => /^(?:COPY|ADD)$/.test(name) && adapterFile.test(rest));
  const own = command.length > 0 ? command : lastWords(instructions, 'CMD');
  // The base images of AWS have an entry point of their own, which is given the handler.
  const words = webAdapter ? [...lastWords(instructions, 'ENTRYPOINT'), ...own] : own;
  return {
    handler: handlerOf(words, instructions, context, repository),
    runtime: runtimeOf(instructions),
    environment: environmentOf(instructions),
    webAdapter,
  };
}

/** https://github.com/awslabs/aws-lambda-web-adapter: its image holds the extension `/lambda-adapter`. */
const adapterFile = /\blambda(?:-web)?-adapter\b/;

/** Left out: what only Lambda or the image's own system gives a meaning to, and what other variables make. */
function environmentOf(instructions: readonly Instruction[]): LambdaFunction['environment'] {
  const environment: LambdaFunction['environment'] = {};
  for (const { name, rest } of lastStage(instructions)) {
    if (name !== 'ENV') continue;
    const old = /^([A-Za-z_]\w*)\s+([^=\s].*)$/.exec(rest);
    const pairs = old ? [old] : [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s"'\\]|\\.)*)/g)];
    for (const [, key = '', written = ''] of pairs) {
      const value = written.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(.)/g, '$1');
      if (!written.includes('$') && !/^(?:PATH|LD_\w+|NODE_VERSION|YARN_VERSION)$/.test(key)) environment[key] = { kind: 'literal', value };
    }
  }
  return environment;
}

interface Instruction {
  name: string;
  rest: string;
}

function instructionsOf(text: string): Instruction[] {
  const joined = text.replace(/\\[ \t]*\r?\n/g, ' ');
  return [...joined.matchAll(/^[ \t]*([A-Za-z]+)[ \t]+(.+?)[ \t\r]*$/gm)].map((match) => ({
    name: (match[1] as string).toUpperCase(),
    rest: match[2] as string,
  }));
}

/** Instructions of the last stage: the one that runs. */
function lastStage(instructions: readonly Instruction[]): readonly Instruction[] {
  return instructions.slice(
    Math.max(
      0,
      instructions.findLastIndex(({ name }) => name === 'FROM'),
    ),
  );
}

function lastWords(instructions: readonly Instruction[], wanted: 'CMD' | 'ENTRYPOINT'): string[] {
  const rest = lastStage(instructions).findLast(({ name }) => name === wanted)?.rest ?? '';
  return wordsOf(rest);
}

function wordsOf(rest: string): string[] {
  if (rest.startsWith('[')) {
    try {
      return stringsOf(JSON.parse(rest));
    } catch {
      return [...rest.matchAll(/["']([^"']*)["']/g)].map((match) => match[1] as string);
    }
  }
  return rest.split(/\s+/).filter((word) => word !== '');
}

/** `app.handler` for the base images of AWS; `node server.js` starts a server (Lambda Web Adapter). */
function handlerOf(
  words: readonly string[],
  instructions: readonly Instruction[],
  context: string,
  repository: Repository,
): HandlerReference {
  const [first, second] = words;
  if (first === undefined) return { declared: null, codeRoot: context };
  if (/^(.*\/)?node$/.test(first) && second !== undefined) {
    const entry = sourceFile(second.replace(/\.[cm]?js$/, ''), instructions, context, repository);
    return { declared: words.join(' '), codeRoot: context, ...(entry && { entry: entry.file }) };
  }
  const found = sourceFile(first.slice(0, Math.max(0, first.lastIndexOf('.'))), instructions, context, repository);
  return { declared: words.length === 1 ? first : words.join(' '), codeRoot: found?.root ?? context };
}

/** The folder of the build context that the module is copied from. */
function sourceFile(
  module: string,
  instructions: readonly Instruction[],
  context: string,
  repository: Repository,
): { root: string; file: string } | undefined {
  const sources = instructions.filter(({ name, rest }) => (name === 'COPY' || name === 'ADD') && !rest.includes('--from'));
  const folders = sources.flatMap(({ rest }) =>
    wordsOf(rest)
      .filter((word) => !word.startsWith('--'))
      .slice(0, -1),
  );
  for (const folder of ['.', ...folders.filter((source) => !source.includes('*'))]) {
    const root = repository.resolve(context, folder.replace(/^\/+/, './'));
    if (root === undefined || !repository.isFolder(root)) continue;
    for (const extension of ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'tsx']) {
      const file = repository.resolve(root, `${module}.${extension}`);
      if (file !== undefined && repository.isFile(file)) return { root, file };
    }
  }
  return undefined;
}

/** From the base image of the last stage, followed through stage names and ARG defaults. */
function runtimeOf(instructions: readonly Instruction[]): string | null {
  const stages = new Map<string, string>();
  let base = '';
  const defaults = new Map(
    instructions.filter(({ name }) => name === 'ARG').map(({ rest }) => rest.split('=') as [string, string | undefined]),
  );
  for (const { name, rest } of instructions) {
    if (name !== 'FROM') continue;
    const [image = '', as, stage] = wordsOf(rest).filter((word) => !word.startsWith('--'));
    const known = image.replace(
      /\$\{?(\w+)(?::-([^}]*))?\}?/g,
      (whole, arg: string, fallback?: string) => defaults.get(arg)?.replace(/^["']|["']$/g, '') ?? fallback ?? whole,
    );
    base = stages.get(known.toLowerCase()) ?? known;
    if (as?.toLowerCase() === 'as' && stage !== undefined) stages.set(stage.toLowerCase(), base);
  }
  return runtimeOfImage(base);
}

/** `nodejs22.x` for `public.ecr.aws/lambda/nodejs:22`, `node:22-slim`. */
function runtimeOfImage(image: string): string | null {
  const node = /(?:lambda[/-]nodejs|build-nodejs|(?:^|\/)node)(?::(\d+)|(\d+)\.x|$)/.exec(image);
  if (node) return `nodejs${node[1] ?? node[2] ?? '22'}.x`;
  const other = /(?:lambda[/-]|(?:^|\/))(python|java|dotnet|ruby|golang|go|provided|rust|openjdk|amazoncorretto)[:.-]?([\w.]*)/.exec(image);
  return other ? `${other[1]}${other[2]}` : null;
}
