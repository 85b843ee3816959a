/** Templates that the CDK synthesised, read back to the sources through their assets. */
import { diagnostic } from '../../diagnostics/catalog.js';
import type { ReadResult } from '../model.js';
import { parentOf, type Repository } from '../repository.js';
import { AssetLocator } from './cdk-out/assets.js';
import { hasResources, kebabCase, readTemplateFile } from './cloudformation/read-template.js';
import type { Reader } from './reader.js';

const synthesised = /(^|\/)cdk\.out\//;

export const cdkReader: Reader = {
  dialect: 'cdk',
  candidate: (path) => path.endsWith('.template.json'),
  guard: (text, path) =>
    text.includes('AWS::Lambda::Function') &&
    hasResources(text) &&
    (synthesised.test(path) || /"aws:(cdk:path|asset:path)"|"CDKMetadata"/.test(text)),
  async read(repository, path, text, options): Promise<ReadResult> {
    const root = applicationRoot(repository, path);
    const locator = new AssetLocator(repository, path, root);
    return readTemplateFile('cdk', repository, path, text, options, {
      root,
      name: kebabCase(path.slice(path.lastIndexOf('/') + 1).replace(/(\.nested)?\.template\.json$/, '')),
      locate: (id, resource, report) =>
        locator.locate(resource, (code, args, place) => report(diagnostic(code, { args: { function: id, ...args }, place, function: id }))),
    });
  },
};

/** Folder of the application: the one that holds cdk.out, or the nearest cdk.json. */
function applicationRoot(repository: Repository, path: string): string {
  const output = synthesised.exec(path);
  if (output) return path.slice(0, output.index);
  const configuration = repository.nearest(parentOf(path), 'cdk.json');
  return configuration === undefined ? parentOf(path) : parentOf(configuration);
}
