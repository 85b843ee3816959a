import { functionUrls } from '../project/readers/cloudformation/events/http/function-url.js';
import { urlProperty } from '../project/readers/serverless/events/url.js';
import type { TriggerKind } from './kind.js';

export const functionUrl: TriggerKind = {
  type: 'function-url',
  title: 'Lambda function URL',
  workload: 'web',
  serverless: { url: urlProperty },
  cloudformation: functionUrls,
};
