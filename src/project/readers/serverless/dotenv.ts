/** `serverless-dotenv-plugin`: gives every function the variables of the .env files that lie beside the service. */
import { isPlainObject, objectOf, stringsOf } from '../../data.js';
import type { DotenvPlugin } from '../../model.js';
import { pluginNames } from './build-hint.js';
import type { Service } from './functions.js';

/** Undefined when the service has not the plugin. https://github.com/neverendingqs/serverless-dotenv-plugin */
export function dotenvPlugin({ data, provenance, definition }: Service): DotenvPlugin | undefined {
  if (!pluginNames(data).includes('serverless-dotenv-plugin')) return undefined;
  const options = objectOf(objectOf(data['custom'])['dotenv']);
  const range = provenance.range(data, 'plugins');
  return {
    place: range ? { file: range.file, line: range.line, column: range.column } : { file: definition },
    ...(isPlainObject(options) && Array.isArray(options['include']) && { include: stringsOf(options['include']) }),
    exclude: stringsOf(options['exclude']),
  };
}
