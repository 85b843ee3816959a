/** Code that asks where it lies (`__dirname`, `import.meta.url`), and what it finds from there. */
import type { Facts, HandlerFacts } from '../analysis/facts.js';
import type { LambdaFunction, Project } from '../project/model.js';
import { parentOf, type Repository } from '../project/repository.js';
import { filesRead, ownPlaceLine } from './file-reads.js';
import { isBelow, join, relativePath } from './paths.js';

export interface OwnPlaces {
  /** Sources that ask, with the first place of each. */
  asking: { file: string; line: number; function: string }[];
  /** Those that stood elsewhere on Lambda and find their files only from there: source → deployed file. */
  moved: Record<string, string>;
  /** Files of the repository that they read, sorted. */
  read: string[];
}

/** Left out: functions that Lambda ran from a bundle. There a file's place was the bundle's, and the code was written for that. */
export function ownPlaces(input: { repository: Repository; project: Project; facts: Facts; functions: readonly string[] }): OwnPlaces {
  const { repository, project, facts, functions } = input;
  const found: OwnPlaces = { asking: [], moved: {}, read: [] };
  const read = new Set<string>();
  for (const lambda of project.functions) {
    const handler = facts.functions[lambda.id];
    if (!handler || !functions.includes(lambda.id) || lambda.build.tool === 'esbuild' || lambda.build.tool === 'webpack') continue;
    for (const file of handler.files) {
      const text = repository.read(file) ?? '';
      const line = ownPlaceLine(text);
      if (line === undefined) continue;
      if (!found.asking.some((each) => each.file === file)) found.asking.push({ file, line, function: lambda.id });
      const reads = (folder: string) => filesRead({ repository, text, folder, environment: literals(lambda) });
      const beside = reads(parentOf(file));
      const deployed = beside.length > 0 ? undefined : deployedFile(file, lambda, handler);
      const there = deployed === undefined ? [] : reads(parentOf(deployed));
      if (deployed !== undefined && there.length > 0) found.moved[file] = deployed;
      for (const path of [...beside, ...there]) read.add(path);
    }
  }
  return { ...found, read: [...read].sort() };
}

/** Environment variables whose value the definition states. */
function literals({ environment }: LambdaFunction): Record<string, string> {
  const known = Object.entries(environment).flatMap(([name, value]) => (value.kind === 'literal' ? [[name, String(value.value)]] : []));
  return Object.fromEntries(known);
}

/**
 * Where a compiler had put a source: as it moved the handler's own file. `src/app.ts` behind the handler `dist/src/app.handler` tells
 * that the root became `dist`.
 */
function deployedFile(file: string, { handler }: LambdaFunction, facts: HandlerFacts): string | undefined {
  if (handler.declared === null || handler.codeRoot === null || facts.file === null) return undefined;
  const module = handler.declared.replace(/\.[^./]*$/, '');
  const deployed = join(handler.codeRoot, module).split('/');
  const source = facts.file.replace(/\.[cm]?[jt]sx?$/, '').split('/');
  while (deployed.length > 0 && source.length > 0 && deployed.at(-1) === source.at(-1)) {
    deployed.pop();
    source.pop();
  }
  const from = source.join('/');
  const to = deployed.join('/');
  if (from === to || !isBelow(file, from)) return undefined;
  return join(to, relativePath(from, file)).replace(/\.([cm]?)[jt]sx?$/, '.$1js');
}
