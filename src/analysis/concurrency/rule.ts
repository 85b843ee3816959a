/** The contract of a rule: one hazard, found in what one request does. */
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { PackageJson } from '../../project/model.js';
import type { Values } from '../values.js';
import type { Shared, Spot, Trace } from './trace.js';

/**
 * Where many requests meet: `container` is one process, `service` one that has the runtime of this tool, which gives each request an invoke
 * store; Managed Instances are worker threads that each serve many.
 */
export type ConcurrencyTarget = 'container' | 'service' | 'lambda-managed-instances';

export interface RuleInput {
  trace: Trace;
  target: ConcurrencyTarget;
  values: Values;
  /** Files that the handler reaches. */
  files: readonly string[];
  /** Packages that they import → where first. */
  packages: Readonly<Record<string, { file: string; line: number }>>;
  packageJson: PackageJson;
  /** The handler, for findings about the function as a whole. */
  handler: Spot;
  usesCallback: boolean;
}

export interface Finding {
  code: string;
  /** The line that makes it a hazard. */
  at: Spot;
  args: Diagnostic['args'];
  /** The state that is concerned, for rewrites; left out where there is none. */
  shared?: Shared | undefined;
  severity?: Diagnostic['severity'] | undefined;
}

export interface Rule {
  /** Name of the file, of its fixtures, and of the item in the documentation. */
  id: string;
  /** Findings of one function; never throws for odd code. */
  find(input: RuleInput): Finding[];
}
