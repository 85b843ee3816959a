/**
 * The contract of a code edit. A source transform edits one jscodeshift tree and returns findings: no file system, no
 * environment, no clock. It is listed in `index.ts`, and its default export is the same thing as a plain jscodeshift transform.
 */
import type { API, Collection, FileInfo, JSCodeshift } from 'jscodeshift';
import type { Facts } from '../src/analysis/facts.js';
import type { ChangeSet } from '../src/changes/change-set.js';
import type { Diagnostic } from '../src/diagnostics/diagnostic.js';
import type { Plan } from '../src/planning/plan.js';
import type { Project } from '../src/project/model.js';
import type { Repository } from '../src/project/repository.js';
import { joinSource, printOptions, restyle, splitSource } from './source-text.js';

/** What `migrate-lambda list transforms` shows. */
export interface TransformMeta {
  /** Name of the folder, of its fixtures, and of the item in the documentation. */
  id: string;
  /** One line: what it does. */
  description: string;
  /** What in the code (or project) makes it run. */
  trigger: string;
  kind: 'source' | 'package-json';
}

/** A handler of the file that is migrated. */
export interface HandlerSite {
  /** Id of the Lambda function, for findings. */
  function: string;
  /** Line of the handler's declaration; null when it is not known. */
  line: number | null;
  /** Exported name in this file, when the declaration is exported here. */
  name: string | null;
  /** What the facts say, for handlers that are no plain exported functions. */
  usesCallback?: boolean | undefined;
  usesContextDone?: boolean | undefined;
  /** Place of a caller besides the Lambda runtime (a test, another module), which pins the signature. */
  calledFrom?: { file: string; line: number } | undefined;
}

/** A server of the file that will listen by itself. */
export interface ServerSite {
  function: string;
  /** Variable that holds the server; null when the adapter holds it in a way that cannot be reached. */
  binding: string | null;
  /** Line of the adapter's call. */
  line: number;
  adapter: string;
  /** Why it is not unwrapped, as the facts tell; absent when it is. */
  because?: string | undefined;
}

/** Everything a source transform may know besides the tree. */
export interface TransformContext {
  j: JSCodeshift;
  /** Relative to the repository root. */
  file: string;
  /** Handlers to convert; absent (plain jscodeshift): every exported function that looks like a handler. */
  handlers?: readonly HandlerSite[] | undefined;
  /** Servers to make reachable; absent (plain jscodeshift): those that the adapter calls of the file wrap. */
  servers?: readonly ServerSite[] | undefined;
}

export interface SourceTransform {
  meta: TransformMeta;
  /** Cheap test of the text; false means that the file is not even parsed. */
  guard(text: string): boolean;
  /** What of a file it works on: a file without one is not looked at. Left out: any reachable file. */
  concerns?: 'handlers' | 'servers' | undefined;
  /** Edits the tree in place. */
  transform(root: Collection, context: TransformContext): Diagnostic[];
}

/** A project whose sources are edited. */
export interface ApplyTransformsInput {
  repository: Repository;
  project: Project;
  facts: Facts;
  plan: Plan;
  changes: ChangeSet;
}

/** The same transform for `npx jscodeshift --parser tsx -t dist/transforms/<id>/index.js`. */
export function standalone({
  guard,
  transform,
}: Pick<SourceTransform, 'guard' | 'transform'>): (file: FileInfo, api: API) => string | undefined {
  return (file, api) => {
    if (!guard(file.source)) return undefined;
    const source = splitSource(file.source);
    const j = api.jscodeshift.withParser('tsx');
    const options = printOptions(source);
    const root = j(source.body, { tabWidth: options.tabWidth });
    for (const found of transform(root, { j, file: file.path })) api.report(`${found.code} ${found.file ?? file.path}:${found.line ?? 1}`);
    const printed = root.toSource(options);
    return printed === source.body ? undefined : joinSource(source, restyle(source, printed));
  };
}
