/**
 * The labelled set in `fixtures/concurrency/*.cases`: cases begin with `=== name`, their files with `--- path`; the handler is the export
 * `handler` of the first file. `// hazard: CODE` stands on the line of a finding of severity warning or error; there must be no other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHazards } from '../../../src/analysis/concurrency/find-hazards.js';
import type { ConcurrencyTarget } from '../../../src/analysis/concurrency/rule.js';
import { understandWith, valuesOf } from '../../../src/analysis/understand.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { openRepository } from '../../../src/project/open-repository.js';
import { readPackageInfo } from '../../../src/project/package-info.js';
import { lambda, project } from '../../planning/builders.js';
import { writeTree } from '../../project/tree.js';
import { repositoryRoot } from '../../support/fixtures.js';

export interface Case {
  set: string;
  name: string;
  files: Record<string, string>;
  target: ConcurrencyTarget;
}

const folder = join(repositoryRoot, 'fixtures/concurrency');

export function readCases(): Case[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cases'))
    .sort()
    .flatMap((file) => casesIn(file.replace(/\.cases$/, ''), readFileSync(join(folder, file), 'utf8')));
}

function casesIn(set: string, text: string): Case[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [heading = '', ...rest] = part.split('\n');
      const [, name = heading, target] = /^(.*?)(?: @(lambda-managed-instances))?$/.exec(heading) ?? [];
      const files = Object.fromEntries(
        rest
          .join('\n')
          .split(/^--- /m)
          .slice(1)
          .map((file) => {
            const end = file.indexOf('\n');
            return [file.slice(0, end).trim(), file.slice(end + 1)] as const;
          }),
      );
      return { set, name, files, target: target === undefined ? 'container' : 'lambda-managed-instances' };
    });
}

/** `file:line CODE` of every mark. */
export function marksOf({ files }: Case, kind: 'hazard' | 'benign'): string[] {
  return Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const mark = new RegExp(`(?://|#) ${kind}: ([A-Z_]+|.*)`).exec(line)?.[1];
      return mark === undefined ? [] : [`${file}:${index + 1}${kind === 'hazard' ? ` ${mark}` : ''}`];
    }),
  );
}

/** Findings of a case's function. */
export function findingsOf({ files, target }: Case): Diagnostic[] {
  const [entry = ''] = Object.keys(files).filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  const repository = openRepository(writeTree({ 'package.json': '{}', ...files }));
  const fn = lambda('Fn', { handler: { declared: `${entry.replace(/\.[cm]?[jt]sx?$/, '')}.handler`, codeRoot: '' } });
  const { info } = readPackageInfo(repository, '', [fn]);
  const of = project([fn], { packageInfo: info });
  const values = valuesOf(repository, of);
  const facts = understandWith(values, of);
  const broken = facts.diagnostics.filter(({ severity }) => severity === 'error');
  if (broken.length > 0) throw new Error(`the case cannot be read: ${JSON.stringify(broken)}`);
  return findHazards(values, of, { functions: [fn], facts, target });
}
