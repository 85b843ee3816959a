/** Code of synthesised functions: asset → sources. */
import type { Place } from '../../../diagnostics/diagnostic.js';
import { isPlainObject, objectOf, type PlainObject, stringsOf } from '../../data.js';
import type { TextRange } from '../../model.js';
import { parentOf, type Repository } from '../../repository.js';
import { type CodeLocation, codeInImage } from '../cloudformation/code.js';
import { imageFromDockerfile } from '../cloudformation/image.js';
import { ConstructIndex } from './constructs.js';
import { bundledSource, copiedFolder } from './sources.js';

/** A function resource as the locator needs it. */
export interface SynthesisedFunction {
  properties: PlainObject;
  metadata: PlainObject;
  range: TextRange;
}

export type ReportCode = (code: string, args: Record<string, string>, place: Place) => void;

interface Asset {
  /** Folder of the asset in the output; undefined when it is not there. */
  folder: string | undefined;
  /** As the template names it. */
  name: string;
}

export class AssetLocator {
  private readonly folder: string;
  private readonly constructs: ConstructIndex;
  private manifestFiles: Map<string, string> | undefined;

  constructor(
    private readonly repository: Repository,
    private readonly definition: string,
    root: string,
  ) {
    this.folder = parentOf(definition);
    this.constructs = new ConstructIndex(repository, root);
  }

  /** Where the sources are; undefined for code that stands in the template itself. */
  locate(fn: SynthesisedFunction, report: ReportCode): CodeLocation | undefined {
    const { properties, metadata } = fn;
    const code = objectOf(properties['Code']);
    if (code['ZipFile'] !== undefined) return undefined;
    const asset = this.assetOf(code, metadata);
    if (!asset) return undefined;
    if (code['ImageUri'] !== undefined) return this.image(fn, asset);
    return this.zip(fn, asset, report);
  }

  private zip({ properties, metadata, range }: SynthesisedFunction, asset: Asset, report: ReportCode): CodeLocation {
    const handler = typeof properties['Handler'] === 'string' ? properties['Handler'] : '';
    const construct = this.constructs.find(String(metadata['aws:cdk:path'] ?? ''));
    const isBundled = metadata['aws:asset:is-bundled'] === true;
    const copied = asset.folder === undefined || isBundled ? undefined : copiedFolder(this.repository, asset.folder, handler);
    if (copied !== undefined) return { kind: 'folder', root: copied };
    if (construct?.code !== undefined && this.repository.isFolder(construct.code)) return { kind: 'folder', root: construct.code };
    const entry = (asset.folder === undefined ? undefined : bundledSource(this.repository, asset.folder, handler)) ?? construct?.entry;
    if (entry !== undefined) return { kind: 'folder', root: parentOf(entry), entry };
    if (asset.folder === undefined) return { kind: 'problem', code: 'CDK_ASSET_NOT_FOUND', args: { asset: asset.name } };
    // A folder that is copied as it is and lies nowhere in the repository comes with a construct library.
    if (metadata['aws:asset:is-bundled'] === false) return { kind: 'problem', code: 'CDK_LIBRARY_FUNCTION', args: {} };
    report('CDK_SOURCE_NOT_FOUND', { file: asset.folder }, range);
    return { kind: 'folder', root: asset.folder };
  }

  private image({ properties, metadata }: SynthesisedFunction, asset: Asset): CodeLocation {
    const dockerfile = String(metadata['aws:asset:dockerfile-path'] ?? 'Dockerfile');
    const construct = this.constructs.find(String(metadata['aws:cdk:path'] ?? ''));
    const copied =
      asset.folder === undefined
        ? undefined
        : copiedFolder(this.repository, asset.folder, dockerfile.replace(/\.[^./]+$/, ''), [dockerfile]);
    const context = copied ?? construct?.code ?? asset.folder;
    const file = context === undefined ? undefined : this.repository.resolve(context, dockerfile);
    const text = file === undefined ? undefined : this.repository.read(file);
    if (context === undefined || text === undefined) return { kind: 'problem', code: 'CDK_ASSET_NOT_FOUND', args: { asset: asset.name } };
    const command = stringsOf(objectOf(properties['ImageConfig'])['Command']);
    return codeInImage(imageFromDockerfile(text, command, context, this.repository), context);
  }

  /** By its metadata, else by the hash in the name of the object in S3 or of the image. */
  private assetOf(code: PlainObject, metadata: PlainObject): Asset | undefined {
    const written = metadata['aws:asset:path'];
    const hash = /([0-9a-f]{64})/.exec(JSON.stringify(code))?.[1];
    const name = typeof written === 'string' ? written : hash;
    if (name === undefined) return undefined;
    const candidates = [written, hash && this.manifest().get(hash), hash && `asset.${hash}`];
    for (const candidate of candidates) {
      const folder = typeof candidate === 'string' ? this.repository.resolve(this.folder, candidate) : undefined;
      if (folder !== undefined && this.repository.isFolder(folder)) return { folder, name };
    }
    return { folder: undefined, name };
  }

  /** Hash → folder, from the asset manifest of the stack. */
  private manifest(): Map<string, string> {
    this.manifestFiles ??= this.readManifest();
    return this.manifestFiles;
  }

  private readManifest(): Map<string, string> {
    const file = this.definition.replace(/(\.nested)?\.template\.json$/, '.assets.json');
    const found = new Map<string, string>();
    try {
      const json: unknown = JSON.parse(this.repository.read(file) ?? '{}');
      for (const section of ['files', 'dockerImages']) {
        for (const [hash, asset] of Object.entries(objectOf(isPlainObject(json) ? json[section] : {}))) {
          const source = objectOf(objectOf(asset)['source']);
          const path = source['path'] ?? source['directory'];
          if (typeof path === 'string') found.set(hash, path);
        }
      }
    } catch {
      return found;
    }
    return found;
  }
}
