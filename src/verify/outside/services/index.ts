import { dynamodb } from './dynamodb.js';
import { events, ses, sns, sqs } from './messaging.js';
import { s3 } from './s3.js';
import type { AwsService } from './service.js';
import { lambda, secretsManager, ssm, stepFunctions, sts } from './values.js';

/** Every service that is answered, by its name in signatures; each call makes one without memory. */
export const awsServices: Readonly<Record<string, () => AwsService>> = {
  dynamodb,
  events,
  lambda,
  s3,
  secretsmanager: secretsManager,
  ses,
  sns,
  sqs,
  ssm,
  states: stepFunctions,
  sts,
};
