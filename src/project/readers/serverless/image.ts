import { isPlainObject, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { Repository } from '../../repository.js';
import { type ImageFunction, imageFromDockerfile } from '../cloudformation/image.js';
import { literalText } from './values.js';

/**
 * Handler of a container image: `image.command`, else the CMD of the Dockerfile in `provider.ecr.images`. An image that
 * is only an address has no sources here.
 */
export function readImage(repository: Repository, folder: string, image: unknown, provider: PlainObject): ImageFunction {
  const settings: PlainObject = isPlainObject(image) ? image : { name: image };
  const named = objectOf(objectOf(provider['ecr'])['images'])[String(settings['name'] ?? '')];
  const definition: PlainObject = isPlainObject(named) ? named : { path: settings['path'], file: settings['file'] };
  const path = literalText(definition['path']);
  const context = path === undefined ? undefined : repository.resolve(folder, path);
  const command = stringsOf(settings['command']);
  const unknown = { runtime: null, environment: {}, webAdapter: false };
  if (context === undefined) return { handler: { declared: command[0] ?? null, codeRoot: null }, ...unknown };
  const dockerfile = repository.resolve(context, literalText(definition['file']) ?? 'Dockerfile');
  const text = (dockerfile !== undefined && repository.read(dockerfile)) || '';
  return imageFromDockerfile(text, [...stringsOf(settings['entryPoint']), ...command], context, repository);
}
