/** Makes the server behind a Lambda adapter importable, so that it can listen by itself; the handler keeps working. */
import type { Collection, JSCodeshift } from 'jscodeshift';
import { diagnostic } from '../../src/diagnostics/catalog.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { requiredModule } from '../quiet-code.js';
import { type Builders, builders, child, list, type Node, programOf, some, stringOf } from '../syntax.js';
import { type ServerSite, standalone, type TransformContext, type TransformMeta } from '../transform.js';
import { adapterCalls, adapterPattern } from './adapters.js';
import { exportBinding, type ServerExport } from './export-binding.js';
import { listensOnImport } from './listens.js';
import { splitNest } from './split-nest.js';

export const meta: TransformMeta = {
  id: 'unwrap-server-adapter',
  description: 'Exports the server that a Lambda adapter wraps, so that the service can listen with it; the handler export stays',
  trigger: 'a handler made by serverless-http, serverless-express, @fastify/aws-lambda, hono/aws-lambda and their kin',
  kind: 'source',
};

export const concerns = 'servers';

export function guard(text: string): boolean {
  return adapterPattern.test(text);
}

export function transform(root: Collection, context: TransformContext): Diagnostic[] {
  const program = programOf(root);
  const build = builders(context.j);
  const sites = context.servers ?? adapterCalls(program).map((each) => ({ ...each, function: '' }));
  const diagnostics: Diagnostic[] = [];
  for (const site of sites) {
    const outcome = whatBecomes(program, site, context.j, build);
    const because = 'because' in outcome ? outcome.because : null;
    const listens = because === null ? listensOnImport(program, site.binding as string) : null;
    if (because !== null) diagnostics.push(notUnwrapped(context, site, because));
    if (listens !== null)
      diagnostics.push(
        diagnostic('SERVER_ALREADY_LISTENS', { place: { file: context.file, line: listens }, function: site.function || undefined }),
      );
  }
  return diagnostics;
}

function whatBecomes(program: Node, site: ServerSite, j: JSCodeshift, build: Builders): ServerExport {
  if (site.because !== undefined) return { because: site.because };
  if (importsNest(program)) {
    const made = splitNest(program, j, build);
    return 'because' in made ? made : exportBinding(program, made.name, build);
  }
  return site.binding === null ? { because: 'no variable holds the server' } : exportBinding(program, site.binding, build);
}

function importsNest(program: Node): boolean {
  return list(program, 'body').some((each) => stringOf(child(each, 'source')) === '@nestjs/core') || requiresNest(program);
}

function requiresNest(program: Node): boolean {
  return some(program, (each) => requiredModule(each) === '@nestjs/core');
}

function notUnwrapped(context: TransformContext, site: ServerSite, because: string): Diagnostic {
  return diagnostic('SERVER_NOT_UNWRAPPED', {
    args: { adapter: site.adapter, because },
    place: { file: context.file, line: site.line },
    function: site.function || undefined,
  });
}

export default standalone({ guard, transform });
export const parser = 'tsx';
