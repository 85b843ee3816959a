import { accountReader } from './account.js';
import { cdkReader } from './cdk.js';
import { cloudformationReader } from './cloudformation.js';
import type { Reader } from './reader.js';
import { samReader } from './sam.js';
import { serverlessReader } from './serverless.js';
import { terraformReader } from './terraform.js';
import { terraformPlanReader } from './terraform-plan.js';

/**
 * The dialects that have a definition file, in the order they are asked: the first whose guard holds reads the file.
 * What was read from an account, what the CDK synthesised and a SAM template are CloudFormation too, so these come first; packages without a definition come after all of these
 * (`convention.ts`).
 */
export const readers: readonly Reader[] = [
  accountReader,
  cdkReader,
  samReader,
  cloudformationReader,
  serverlessReader,
  terraformPlanReader,
  terraformReader,
];
