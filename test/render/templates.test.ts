import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globbySync } from 'globby';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { encodingHelpers } from '../../src/render.js';
import { repositoryRoot } from '../support/fixtures.js';

const folder = join(repositoryRoot, 'templates');
const names = globbySync('**/*.hbs', { cwd: folder });

/** Every `{{…}}` of a template that prints: its first word, and how many values follow. */
function printed(template: string): { helper: string; values: number }[] {
  const found: { helper: string; values: number }[] = [];
  const walk = (program: hbs.AST.Program | undefined) => {
    for (const statement of program?.body ?? []) {
      if (statement.type === 'MustacheStatement') {
        const { path, params } = statement as hbs.AST.MustacheStatement;
        found.push({ helper: (path as hbs.AST.PathExpression).original, values: params.length });
      } else if (statement.type === 'BlockStatement') {
        const { program: inner, inverse } = statement as hbs.AST.BlockStatement;
        walk(inner);
        walk(inverse);
      } else expect(statement.type, 'text, expressions and blocks are all there is').toMatch(/ContentStatement|CommentStatement/);
    }
  };
  walk(Handlebars.parse(template));
  return found;
}

it('there are templates', () => expect(names.length).toBeGreaterThan(5));

describe.each(names)('%s', (name) => {
  it('prints no value but through an encoding helper', () => {
    for (const { helper, values } of printed(readFileSync(join(folder, name), 'utf8'))) {
      expect(Object.keys(encodingHelpers)).toContain(helper);
      expect(values, helper).toBe(1);
    }
  });
});

it('the walk finds a value that stands bare', () => {
  expect(printed('{{#if a}}{{b}}{{/if}}')).toEqual([{ helper: 'b', values: 0 }]);
});
