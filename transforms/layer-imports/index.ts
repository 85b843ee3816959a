/** Imports from `/opt`, where Lambda mounts layers: to the file in the repository, or the package, that the layer is made from. */
import type { API, FileInfo } from 'jscodeshift';
import { placeAt } from '../../src/analysis/places.js';
import type { Resolver } from '../../src/analysis/resolve.js';
import type { SourceModule } from '../../src/analysis/source-module.js';
import { stringOf, walk } from '../../src/analysis/syntax.js';
import { SourceView } from '../../src/mending/source-view.js';
import { specifier } from '../../src/producing/paths.js';
import { parentOf } from '../../src/project/repository.js';
import { importedBy } from '../imported-by.js';
import { inRepository } from '../in-repository.js';
import { joinSource, splitSource } from '../source-text.js';
import type { TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'layer-imports',
  description: 'Imports from /opt lead to the files and packages that the layer is made from; for code that leaves Lambda for good',
  trigger: 'by itself only: a migration bundles what /opt leads to, so that the code runs on both',
  kind: 'source',
};

export interface LayerImports {
  /** Undefined when nothing changed. */
  text: string | undefined;
  /** Imports whose source is not in the repository. */
  left: { specifier: string; line: number }[];
}

/** Rewrites the imports of one module. */
export function layerImports(resolver: Resolver, module: SourceModule): LayerImports {
  if (!module.program) return { text: undefined, left: [] };
  const view = new SourceView(module);
  const left: LayerImports['left'] = [];
  walk(module.program, (node) => {
    const source = importedBy(node);
    const from = stringOf(source);
    if (!source || from === null || !from.startsWith('/opt/')) return;
    const to = targetOf(resolver, module, from);
    if (to === undefined) left.push({ specifier: from, line: placeAt(module.text, source.start).line });
    else view.edits.replace({ start: source.start + 1, end: source.end - 1 }, to);
  });
  return { text: view.result() ?? undefined, left };
}

function targetOf(resolver: Resolver, module: SourceModule, from: string): string | undefined {
  const found = resolver.resolve(module, from);
  if (found.kind === 'package') return from.replace(/^\/opt\/(?:nodejs\/)?(?:node\d+\/)?node_modules\//, '');
  if (found.kind !== 'file') return undefined;
  const path = specifier(parentOf(module.file), found.file);
  // Node wants the whole name of the file in ES modules; TypeScript names the JavaScript that it becomes.
  if (module.isEsm || /\.[cm]?js(?:on)?$/.test(from)) return path.replace(/\.([cm]?)tsx?$/, '.$1js');
  return path.replace(/\/index\.[cm]?[jt]s$|\.(?:[jt]s|tsx)$/, '');
}

/** `npx jscodeshift --no-babel -t dist/transforms/layer-imports/index.js src` */
export default function transformFile({ path, source }: FileInfo, api: Pick<API, 'report'>): string | undefined {
  if (!source.includes('/opt/')) return undefined;
  const split = splitSource(source);
  const found = inRepository(path, split.body);
  if (!found) return undefined;
  const { text, left } = layerImports(found.resolver, found.module);
  for (const each of left) api.report(`${path}:${each.line} keeps ${each.specifier}: the source of the layer is not in this repository`);
  return text === undefined ? undefined : joinSource(split, text);
}
