import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/change-set.js';
import { exitCodeOf } from '../../src/reports/exit-code.js';
import { paintOf, visible, visibleLine } from '../../src/reports/paint.js';
import { preview } from '../../src/reports/preview.js';
import { table, wrap } from '../../src/reports/table.js';

describe('table', () => {
  it('aligns columns, leaves no blanks at the end, and wraps the last column only', () => {
    const rows = [
      [{ text: 'a' }, { text: 'long' }, { text: 'why' }],
      [{ text: 'größe' }, { text: 'b' }, { text: 'one two three four five six seven' }],
      [{ text: 'x' }, { text: 'y' }, { text: '' }],
    ];
    expect(table(rows)).toBe('a      long  why\ngröße  b     one two three four five six seven\nx      y\n');
    expect(table(rows, { columns: 37 })).toBe(
      `a      long  why\ngröße  b     one two three four five\n${' '.repeat(13)}six seven\nx      y\n`,
    );
  });

  it('paints without changing the width', () => {
    const paint = (text: string) => `<${text}>`;
    expect(
      table([
        [{ text: 'a', paint }, { text: 'b' }],
        [{ text: 'ccc' }, { text: 'd', paint }],
      ]),
    ).toBe('<a>    b\nccc  <d>\n');
  });

  it('breaks after Chinese punctuation, which no blank follows', () =>
    expect(wrap('可用：lambda、ecs、ecr。', 14)).toEqual(['可用：lambda、', 'ecs、ecr。']));
  it('gives a word that is too long a line of its own', () => expect(wrap('a bbbbbbbb c', 4)).toEqual(['a', 'bbbbbbbb', 'c']));
});

it('makes control and direction characters visible, and keeps tabs and line ends', () => {
  expect(visible('\u001b[2Ja\tb\nc\u0007\u009b\u202ex\u007f')).toBe('\u241b[2Ja\tb\nc\u2407\ufffd\ufffdx\u2421');
  expect(visibleLine('a\n  b\r\nc')).toBe('a b\u240d c');
});

describe('preview', () => {
  const change = (before: string | null, after: string | null): Change => ({ path: 'a.js', kind: 'modify', before, after, by: [] });

  it('shows no line that holds something like a secret', () => {
    const text = preview(
      [change("const key = 'AKIAIOSFODNN7EXAMPLE';\nold\n", "const key = 'AKIAIOSFODNN7EXAMPLE';\nnew\n")],
      paintOf(false),
    );
    expect(text).not.toContain('AKIA');
    expect(text).toContain(' (looks like a secret, not shown)\n-old\n+new\n');
  });

  it('is coloured', () => {
    expect(preview([change('a\n', 'b\n')], paintOf(true))).toContain('\u001b[32m+b\u001b[39m');
  });
});

describe('exit code', () => {
  const summary = { projects: 1, functions: 3, migrated: 1, stays: 2, needsPerson: 0, failed: 0 };
  const found = (severity: 'error' | 'warning' | 'info') => ({ code: 'PROJECT_FAILED', severity, args: {} });
  const code = (
    severities: ('error' | 'warning' | 'info')[],
    counts: Partial<typeof summary> = {},
    failOn?: 'error' | 'warning' | 'never',
  ) => exitCodeOf({ projects: [], diagnostics: severities.map(found), summary: { ...summary, ...counts } }, failOn);

  it.each([
    [[], {}, undefined, 0],
    [['info', 'warning'], {}, undefined, 0],
    [['error'], {}, undefined, 1],
    [['warning'], {}, 'warning', 1],
    [['info'], {}, 'warning', 0],
    [[], { failed: 1 }, undefined, 1],
    [[], { needsPerson: 1 }, 'warning', 1],
    [['error'], { failed: 1, needsPerson: 1 }, 'never', 0],
  ] as const)('findings %j, %j, --fail-on %s → %i', (severities, counts, failOn, wanted) => {
    expect(code([...severities], counts, failOn)).toBe(wanted);
  });
});
