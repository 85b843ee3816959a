/**
 * The words of the project (design: "The words"). Readers fill these, every later stage reads them, nobody else writes
 * them. All paths are relative to the repository root, with `/`; `''` is the root itself.
 */
import type { Diagnostic, Place } from '../diagnostics/diagnostic.js';
import type { Trigger } from './trigger.js';

/** How the infrastructure is written. */
export type Dialect = 'sam' | 'cloudformation' | 'serverless' | 'cdk' | 'terraform' | 'account' | 'convention';

/** A span of a file: UTF-16 offsets (end exclusive) and the place of its start. */
export interface TextRange extends Required<Place> {
  start: number;
  end: number;
}

/**
 * A value of the infrastructure: known now, or a reference kept as its dialect writes it (`!Ref Table`,
 * `${self:custom.x}`, `!Sub "${A}-b"`).
 */
export type Value = LiteralValue | ReferenceValue;

interface LiteralValue {
  kind: 'literal';
  value: string | number | boolean | null;
  range?: TextRange | undefined;
}

export interface ReferenceValue {
  kind: 'reference';
  /** As the user wrote it, on one line. */
  text: string;
  /** Logical ids, parameters or variables it reads, e.g. `['OrdersTable', 'AWS::Region']`. */
  names: string[];
  range?: TextRange | undefined;
}

/** What turns sources into the deployed files, as far as the definition or package.json tells. */
export interface BuildHint {
  tool: 'esbuild' | 'webpack' | 'tsc' | 'none';
  /** Entry files given to the bundler, relative to the function's code root. */
  entryPoints?: string[];
  /** Module format of the deployed code when stated. */
  format?: 'esm' | 'cjs';
  /** Packages left out of the bundle. */
  external?: string[];
  /** The bundler has plugins of the project's own, which can do more than it does by itself. */
  plugins?: true;
  /** Of the files beside the handler only those are deployed that the definition lists. */
  listsFiles?: true;
}

export interface HandlerReference {
  /** As declared, e.g. `src/app.handler`; null when the definition has none (an image, say). */
  declared: string | null;
  /** Folder the handler string is relative to (CodeUri, service folder); null for inline code or an image without sources. */
  codeRoot: string | null;
  /** A source file named outright (CDK `entry`, an asset mapped back to its source); wins over `declared`'s module part. */
  entry?: string | undefined;
  /** Code that stands in the definition itself (`ZipFile`, `InlineCode`), when it is a literal. */
  inlineCode?: string | undefined;
  range?: TextRange | undefined;
}

export interface LambdaFunction {
  /** Logical id, function key, or resource name: unique within the project. */
  id: string;
  /** Physical name when the definition gives one. */
  name?: Value | undefined;
  description?: string | undefined;
  /** As declared (after Globals/provider defaults), e.g. `nodejs22.x`; null when it is not known (image, unresolved). */
  runtime: string | null;
  packageType: 'zip' | 'image' | 'inline';
  /** The image holds the Lambda Web Adapter: its command starts an HTTP server. */
  webAdapter?: boolean | undefined;
  handler: HandlerReference;
  architecture: 'x86_64' | 'arm64';
  /** The architecture is declared, but by a value that is not known here; it is then taken for x86_64. */
  architectureUnread?: true;
  /** MiB; Lambda's default 128 (serverless: 1024) when absent. */
  memoryMb: number;
  /** Seconds; Lambda's default 3 (serverless: 6) when absent. */
  timeoutSeconds: number;
  /** MiB of /tmp. */
  ephemeralStorageMb: number;
  environment: Record<string, Value>;
  triggers: Trigger[];
  layers: Value[];
  /** True when the function is attached to a VPC. */
  vpc: boolean;
  reservedConcurrency?: number | undefined;
  /** Statements and managed policies as found, for reports and for the permissions of later issues. */
  permissions: unknown[];
  build: BuildHint;
  /** Where it was declared. */
  range: TextRange;
  /** Set when it can be listed but not migrated as declared (packaged copy, unresolved handler …): the code of the diagnostic. */
  unreadable?: string | undefined;
}

/** One deployable unit: a definition with its functions and the folder they live in. */
export interface Project {
  /** Folder of the project: holds the definition, its package.json (if any) and, as a rule, its sources. */
  root: string;
  dialect: Dialect;
  /** Infrastructure file; for `convention` the package.json. */
  definition: string;
  /** Stack or service name when known; else the folder's name. Kebab-case, safe in file names. */
  name: string;
  functions: LambdaFunction[];
  packageInfo: PackageInfo;
  /** Queues, tables … of the project that values may refer to: logical id → what is known. */
  resources: Record<string, ProjectResource>;
  /** Region that the services are made for, where one was named. */
  region?: string | undefined;
  /** Set when a plugin gives the functions the variables of .env files, which stand in no definition. */
  dotenv?: DotenvPlugin | undefined;
}

export interface DotenvPlugin {
  /** Where the plugin is named. */
  place: Place;
  /** The only variables that it gives; all when absent. */
  include?: string[];
  exclude: string[];
}

export interface ProjectResource {
  type: string;
  /** Physical name when it is a literal. */
  name?: string | undefined;
  properties: Record<string, unknown>;
  range?: TextRange | undefined;
}

/** package.json and what surrounds it. */
export interface PackageInfo {
  /** Nearest package.json at or above the project root, inside the repository; null when there is none. */
  file: string | null;
  /** Its parsed content (empty when none). */
  json: PackageJson;
  manager: 'npm' | 'pnpm' | 'yarn' | 'yarn-berry' | 'bun';
  /** Version from `packageManager`, when stated. */
  managerVersion?: string | undefined;
  /** Lockfile that rules the project root, or null. */
  lockfile: string | null;
  /** Root folder of the workspace (npm/yarn/pnpm workspaces) that the project is part of, else null. */
  workspaceRoot: string | null;
  /** tsconfig.json that rules the project root, or null. */
  tsconfig: string | null;
  /** Other package.json files inside the project root that own handler code (SAM: one per CodeUri). */
  nested: NestedPackage[];
  /** True when `file` exists but is not valid JSON: it counts as empty and must not be edited. */
  unreadable?: boolean | undefined;
}

/** A package.json below the project root that owns the code of a function. */
export interface NestedPackage {
  file: string;
  json: PackageJson;
  lockfile: string | null;
  /** As {@link PackageInfo.unreadable}. */
  unreadable?: boolean | undefined;
}

export interface PackageJson {
  name?: string;
  type?: string;
  main?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  engines?: Record<string, string>;
  workspaces?: string[] | { packages?: string[] };
  packageManager?: string;
  [key: string]: unknown;
}

export interface ReadResult {
  projects: Project[];
  diagnostics: Diagnostic[];
}
