import { hasResources, isTemplateFile, readTemplateFile } from './cloudformation/read-template.js';
import type { Reader } from './reader.js';

const mark = /AWS::Serverless-2016-10-31|AWS::Serverless::Function/;

/** Templates of the AWS Serverless Application Model. */
export const samReader: Reader = {
  dialect: 'sam',
  candidate: isTemplateFile,
  guard: (text) => mark.test(text) && hasResources(text),
  async read(repository, path, text, options) {
    return readTemplateFile('sam', repository, path, text, options);
  },
};
