/** Code that functions of several definitions run: what is made of it for one of them is there for the others too. */
import type { LambdaFunction, Project } from '../project/model.js';
import type { Repository } from '../project/repository.js';
import { findHandlerFile } from './handler-file.js';
import { parseHandler } from './handler-name.js';
import { Resolver } from './resolve.js';
import { vendorHandler } from './vendor-handlers.js';

/** Files of handlers (links followed), each with another definition whose functions have a handler in it. */
export type HandlersElsewhere = Readonly<Record<string, string>>;

/** Which handlers of each project are in files that other projects of the folder have handlers in. */
export function handlersElsewhere(repository: Repository, projects: readonly Project[]): Map<Project, HandlersElsewhere> {
  const files = new Map(projects.length < 2 ? [] : projects.map((project) => [project, handlerFilesOf(repository, project)]));
  const owners = new Map<string, Project[]>();
  for (const [project, each] of files) for (const file of each) owners.set(file, [...(owners.get(file) ?? []), project]);
  return new Map(
    [...files].map(([project, each]) => {
      const shared = [...each].flatMap((file) => {
        const other = owners.get(file)?.find((owner) => owner !== project);
        return other ? [[file, other.definition]] : [];
      });
      return [project, Object.fromEntries(shared) as HandlersElsewhere];
    }),
  );
}

function handlerFilesOf(repository: Repository, project: Project): Set<string> {
  const resolver = new Resolver(repository, project);
  const files = project.functions.map((lambda) => (isNodeCode(lambda) ? handlerFile(resolver, lambda) : null));
  return new Set(files.flatMap((file) => (file === null ? [] : [repository.behindLinks(file)])));
}

function isNodeCode({ runtime, unreadable, packageType, handler }: LambdaFunction): boolean {
  const isNode = runtime === null || runtime.startsWith('nodejs');
  return isNode && unreadable === undefined && packageType !== 'inline' && handler.inlineCode === undefined;
}

function handlerFile(resolver: Resolver, lambda: LambdaFunction): string | null {
  const { declared, entry } = lambda.handler;
  if (entry !== undefined && resolver.repository.isFile(entry)) return entry;
  const original = declared === null ? null : (vendorHandler(lambda, declared)?.original ?? declared);
  const name = original === null ? null : parseHandler(original);
  return name ? findHandlerFile(resolver, lambda, name.module).file : null;
}
