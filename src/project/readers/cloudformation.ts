import { hasResources, isTemplateFile, readTemplateFile } from './cloudformation/read-template.js';
import type { Reader } from './reader.js';

/** Templates of CloudFormation without SAM; give it after the SAM reader. */
export const cloudformationReader: Reader = {
  dialect: 'cloudformation',
  candidate: isTemplateFile,
  guard: (text) => text.includes('AWS::Lambda::Function') && hasResources(text),
  async read(repository, path, text, options) {
    return readTemplateFile('cloudformation', repository, path, text, options);
  },
};
