import { isPlainObject, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { HandlerReference } from '../../model.js';
import type { Repository } from '../../repository.js';
import { literalText } from './values.js';

/** What an `image:` function runs, as far as its Dockerfile tells. */
export interface ImageSources {
  handler: HandlerReference;
  runtime: string | null;
}

/**
 * Handler of a container image: `image.command`, else the CMD of the Dockerfile in `provider.ecr.images`. An image that
 * is only an address has no sources here.
 */
export function readImage(repository: Repository, folder: string, image: unknown, provider: PlainObject): ImageSources {
  const settings: PlainObject = isPlainObject(image) ? image : { name: image };
  const named = objectOf(objectOf(provider['ecr'])['images'])[String(settings['name'] ?? '')];
  const definition: PlainObject = isPlainObject(named) ? named : { uri: named };
  const path = literalText(definition['path']);
  const context = path === undefined ? undefined : repository.resolve(folder, path);
  const command = stringsOf(settings['command'])[0];
  if (context === undefined) return { handler: { declared: command ?? null, codeRoot: null }, runtime: null };
  const dockerfile = repository.resolve(context, literalText(definition['file']) ?? 'Dockerfile');
  const text = (dockerfile !== undefined && repository.read(dockerfile)) || '';
  return { handler: { declared: command ?? commandOf(text), codeRoot: context }, runtime: runtimeOf(text) };
}

/** First word of the last CMD; the base images of AWS take it as the handler. */
function commandOf(dockerfile: string): string | null {
  const last = [...dockerfile.matchAll(/^\s*CMD\s+(.+)$/gim)].at(-1)?.[1]?.trim();
  if (last === undefined) return null;
  return /^\[\s*"([^"]+)"/.exec(last)?.[1] ?? last.split(/\s+/)[0] ?? null;
}

/** `nodejs20.x` for `FROM public.ecr.aws/lambda/nodejs:20`. */
function runtimeOf(dockerfile: string): string | null {
  const base = [...dockerfile.matchAll(/^\s*FROM\s+(?:--\S+\s+)?(\S+)/gim)].at(-1)?.[1] ?? '';
  const node = /(?:lambda\/nodejs|lambda-nodejs|(?:^|\/)node):(\d+)/.exec(base);
  if (node) return `nodejs${node[1]}.x`;
  const other = /lambda\/(python|java|dotnet|ruby|go|provided)[:.]?([\w.]*)/.exec(base);
  return other ? `${other[1]}${other[2]}` : null;
}
