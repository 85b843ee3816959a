/** Where the code of a function stands, as its template says. */
import { isPlainObject, objectOf, type PlainObject } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';
import type { ImageFunction } from './image.js';
import type { Template } from './template.js';

export type CodeLocation =
  | {
      kind: 'folder';
      root: string;
      entry?: string;
      declared?: string;
      runtime?: string;
      image?: Pick<ImageFunction, 'environment' | 'webAdapter'>;
    }
  | { kind: 'inline' }
  /** A packaged copy: an object in S3, with its key where the template tells it. */
  | { kind: 'packaged'; key?: string | undefined }
  | { kind: 'problem'; code: string; args: Record<string, string> };

/** Where the Dockerfile of a function says that its code is; `context` is the folder that its image is built from. */
export function codeInImage({ handler, runtime, environment, webAdapter }: ImageFunction, context: string): CodeLocation {
  return {
    kind: 'folder',
    root: handler.codeRoot ?? context,
    ...(handler.declared !== null && { declared: handler.declared }),
    ...(handler.entry !== undefined && { entry: handler.entry }),
    ...(runtime !== null && { runtime }),
    image: { environment, webAdapter },
  };
}

/** Code of a zip function; `folder` is the template's. */
export function locateCode(
  type: string,
  properties: PlainObject,
  template: Template,
  repository: Repository,
  folder: string,
): CodeLocation {
  if (type === 'AWS::Serverless::Function') {
    if (properties['InlineCode'] !== undefined) return { kind: 'inline' };
    return properties['CodeUri'] === undefined
      ? { kind: 'folder', root: folder }
      : locate(properties['CodeUri'], template, repository, folder);
  }
  const { Code: code } = properties;
  if (isPlainObject(code) && code['ZipFile'] !== undefined) return { kind: 'inline' };
  return code === undefined ? { kind: 'folder', root: folder } : locate(code, template, repository, folder);
}

function locate(value: unknown, template: Template, repository: Repository, folder: string): CodeLocation {
  const known = template.resolve(value);
  if (isPlainObject(known)) {
    const bucket = ['S3Bucket', 'S3Key', 'Bucket', 'Key'].some((key) => key in known);
    if (bucket) return { kind: 'packaged', key: template.text(known['S3Key'] ?? known['Key']) };
    if (typeof objectOf(known)['ZipFile'] === 'string') return { kind: 'inline' };
    return { kind: 'problem', code: 'CODE_UNRESOLVED', args: { code: describe(template, value) } };
  }
  if (typeof known !== 'string') return { kind: 'problem', code: 'CODE_UNRESOLVED', args: { code: describe(template, value) } };
  return locatePath(known, repository, folder);
}

function describe(template: Template, value: unknown): string {
  const { kind, ...rest } = template.toValue(value);
  return kind === 'reference' && 'text' in rest ? rest.text : 'its code';
}

/** A path beside the template: a folder, one file, or an archive that a build made. */
function locatePath(path: string, repository: Repository, folder: string): CodeLocation {
  if (/^(s3|https?):\/\//i.test(path)) return { kind: 'packaged' };
  const root = repository.resolve(folder, path.trim());
  if (root === undefined) return { kind: 'problem', code: 'CODE_OUTSIDE_REPOSITORY', args: { path } };
  if (/\.(zip|jar)$/i.test(path) && !repository.isFolder(root)) return { kind: 'problem', code: 'CODE_IS_ARCHIVE', args: { path } };
  return { kind: 'folder', root: repository.isFile(root) ? parentOf(root) : root };
}
