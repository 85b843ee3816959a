import type { ProjectResource, TextRange, Value } from '../project/model.js';

/** A CloudFormation template (SAM's Globals applied) as trigger readers see it. Intrinsics are in long form (`{ Ref: 'X' }`). */
export interface TemplateContext {
  resources: Record<string, ProjectResource>;
  /** Properties of `Globals.<section>` (SAM), or empty. */
  globals: Record<string, Record<string, unknown>>;
  /** Parameter defaults, pseudo parameters and mappings applied; what stays unknown comes back unchanged. */
  resolve(value: unknown): unknown;
  /** The same as a {@link Value} for the model. */
  toValue(value: unknown, path?: (string | number)[]): Value;
  /** Logical id of a function of this template that the value points at (Ref, GetAtt Arn, Sub of an invocation ARN, alias, version), or undefined. */
  functionOf(value: unknown): string | undefined;
  /** Logical id of any resource of this template that the value points at. */
  resourceOf(value: unknown): string | undefined;
  range(path: (string | number)[]): TextRange | undefined;
  /** Text of a file that the template names (an OpenAPI or state machine definition), relative to the template. */
  readFile?: ((path: string) => string | undefined) | undefined;
}
