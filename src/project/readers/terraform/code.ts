/** Where the code of a function stands, as its resource and the archive it names tell. */
import { posix } from 'node:path';
import { listOf, objectOf, type PlainObject, stringsOf } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';
import { sourceOfArchive } from '../archive-source.js';
import { type CodeLocation, codeInImage } from '../cloudformation/code.js';
import { imageFromDockerfile } from '../cloudformation/image.js';
import { attributeOf, intrinsicOf } from '../cloudformation/intrinsics.js';
import type { TerraformResource } from './module.js';
import { block } from './resource-types.js';
import { terraformText } from './values.js';

const archiveTypes = new Set(['data.archive_file', 'archive_file']);
const objectTypes = new Set(['aws_s3_object', 'aws_s3_bucket_object']);

/** Tells what was taken for the code of a function when its archive is not in the repository. */
export type ReportCode = (code: string, args: Readonly<Record<string, string>>) => void;

export class CodeLocator {
  private readonly byAddress: ReadonlyMap<string, TerraformResource>;

  constructor(
    private readonly repository: Repository,
    private readonly rootFolder: string,
    private readonly resources: readonly TerraformResource[],
  ) {
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  }

  locate({ values }: TerraformResource, report: ReportCode): CodeLocation | undefined {
    if (values['image_uri'] !== undefined && values['image_uri'] !== null) return this.image(values);
    if (values['source_path'] !== undefined) return this.sourcePath(values['source_path']);
    const { filename, s3_key: key } = values;
    const handler = typeof values['handler'] === 'string' ? values['handler'] : '';
    if (filename !== undefined && filename !== null) return this.archive(filename, handler, report);
    const object = this.objectOf(key);
    if (!object) return { kind: 'packaged' };
    const source = object.values['source'];
    return source === undefined ? { kind: 'packaged' } : this.archive(source, handler, report);
  }

  /** The object in S3 that holds the archive, when the configuration puts it there. */
  private objectOf(key: unknown): TerraformResource | undefined {
    const referred = this.referred(key);
    if (referred && objectTypes.has(referred.type)) return referred;
    const same = this.resources.filter(({ type, values }) => objectTypes.has(type) && terraformText(values['key']) === terraformText(key));
    return same.length === 1 ? same[0] : undefined;
  }

  private referred(value: unknown): TerraformResource | undefined {
    const intrinsic = intrinsicOf(value);
    return intrinsic?.name === 'Fn::GetAtt' ? this.byAddress.get(attributeOf(intrinsic.argument)?.id ?? '') : undefined;
  }

  private archive(file: unknown, handler: string, report: ReportCode): CodeLocation {
    const archive = this.archiveOf(file);
    if (archive) return this.contentOf(archive);
    if (typeof file !== 'string') return { kind: 'problem', code: 'CODE_UNRESOLVED', args: { code: terraformText(file) } };
    const path = this.repository.resolve(this.rootFolder, file);
    if (path === undefined) return { kind: 'problem', code: 'CODE_OUTSIDE_REPOSITORY', args: { path: file } };
    const source = sourceOfArchive(this.repository, path, handler);
    if (source === undefined) return { kind: 'problem', code: 'CODE_IS_ARCHIVE', args: { path: file } };
    report('ARCHIVE_SOURCE_ASSUMED', { archive: file, folder: source === '' ? '.' : source });
    return { kind: 'folder', root: source };
  }

  /** The archive that the configuration makes itself: named by a reference, or by the same path. */
  private archiveOf(file: unknown): TerraformResource | undefined {
    const referred = this.referred(file);
    if (referred) return archiveTypes.has(referred.type) ? referred : undefined;
    if (typeof file !== 'string') return undefined;
    return this.resources.find(
      ({ type, values }) =>
        archiveTypes.has(type) &&
        typeof values['output_path'] === 'string' &&
        posix.normalize(values['output_path']) === posix.normalize(file),
    );
  }

  private contentOf({ values }: TerraformResource): CodeLocation {
    const { source_dir: folder, source_file: file, source_content: content } = values;
    const inline = content ?? block(values['source'])['content'];
    if (folder === undefined && file === undefined && typeof inline === 'string') return { kind: 'inline' };
    const written = folder ?? file;
    if (typeof written !== 'string') {
      return { kind: 'problem', code: 'CODE_UNRESOLVED', args: { code: written === undefined ? 'its archive' : terraformText(written) } };
    }
    return this.folder(written, file !== undefined && folder === undefined);
  }

  /** Text of an archive that holds one file written in the configuration. */
  inlineCode({ values }: TerraformResource): string | undefined {
    const archive = this.archiveOf(values['filename']);
    const sources = listOf(archive?.values['source']);
    const content = archive?.values['source_content'] ?? (sources.length === 1 ? objectOf(sources[0])['content'] : undefined);
    return typeof content === 'string' ? content : undefined;
  }

  private folder(path: string, isFile: boolean): CodeLocation {
    const found = this.repository.resolve(this.rootFolder, path);
    if (found === undefined) return { kind: 'problem', code: 'CODE_OUTSIDE_REPOSITORY', args: { path } };
    if (/\.zip$/i.test(path) && !this.repository.isFolder(found)) return { kind: 'problem', code: 'CODE_IS_ARCHIVE', args: { path } };
    return { kind: 'folder', root: isFile || this.repository.isFile(found) ? parentOf(found) : found };
  }

  /** `source_path` of the module terraform-aws-modules/lambda: a path, or a list of paths and of steps that begin at one. */
  private sourcePath(written: unknown): CodeLocation {
    const paths = listOf(written).flatMap((entry) => (typeof entry === 'string' ? [entry] : stringsOf(objectOf(entry)['path'])));
    const [first] = paths;
    if (first === undefined) return { kind: 'problem', code: 'CODE_UNRESOLVED', args: { code: terraformText(written) } };
    return this.folder(first, false);
  }

  private image(values: PlainObject): CodeLocation | undefined {
    const build = this.buildContext(values['image_uri']);
    const context = build && this.repository.resolve(this.rootFolder, build.context);
    const file = context === undefined ? undefined : this.repository.resolve(context, build?.dockerfile ?? 'Dockerfile');
    const text = file === undefined ? undefined : this.repository.read(file);
    if (context === undefined || text === undefined) return undefined;
    const command = stringsOf(block(values['image_config'])['command']);
    return codeInImage(imageFromDockerfile(text, command, context, this.repository), context);
  }

  /** Context that the configuration builds the image from. */
  private buildContext(image: unknown): { context: string; dockerfile?: string } | undefined {
    const named = this.referred(image);
    const builders = this.resources.filter(
      ({ type }) => type === 'docker_image' || type === 'docker_registry_image' || type === 'module.docker-build',
    );
    const found = named && builders.includes(named) ? named : builders.length === 1 ? builders[0] : undefined;
    const settings = found && (found.type === 'module.docker-build' ? found.values : block(found.values['build']));
    const context = settings?.['context'] ?? settings?.['source_path'];
    const dockerfile = settings?.['dockerfile'] ?? settings?.['docker_file_path'];
    return typeof context === 'string' ? { context, ...(typeof dockerfile === 'string' && { dockerfile }) } : undefined;
  }
}
