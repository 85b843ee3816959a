import { describe, expect, it } from 'vitest';
import { readYaml } from '../../src/project/yaml.js';

const read = (text: string) => readYaml('t.yaml', text, { yesIsTrue: true });
const plain = (text: string) => {
  const { value, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return value;
};

describe('what AWS accepts', () => {
  it.each([
    [
      'short tags',
      'A: !Ref X\nB: !GetAtt Stack.Outputs.Url\nC: !Sub "${A}"\nD: !If [C, 1, !Ref "AWS::NoValue"]\nE: !Condition Other\nF: !Fn::Length [1]',
      {
        A: { Ref: 'X' },
        B: { 'Fn::GetAtt': ['Stack', 'Outputs.Url'] },
        C: { 'Fn::Sub': '${A}' },
        D: { 'Fn::If': ['C', 1, { Ref: 'AWS::NoValue' }] },
        E: { Condition: 'Other' },
        F: { 'Fn::Length': [1] },
      },
    ],
    [
      'a closer of a flow list at the wrong indentation',
      'A:\n  B: [\n    1,\n    2\n  ]\n  C:\n    D: {\n  x: 1\n}\n',
      { A: { B: [1, 2], C: { D: { x: 1 } } } },
    ],
    ['quotes over lines with less indentation', 'A:\n  B: "one\ntwo"\n', { A: { B: 'one two' } }],
    ['a byte order mark and CRLF', '\uFEFFA:\r\n  - 1\r\n  - |\r\n    x\r\n', { A: [1, 'x\n'] }],
    [
      'anchors and merge keys, own keys first',
      'base: &b { x: 1, y: 2 }\nA:\n  <<: *b\n  y: 3\nC:\n  <<: [{ z: 1 }, *b]\n',
      { base: { x: 1, y: 2 }, A: { x: 1, y: 3 }, C: { x: 1, y: 2, z: 1 } },
    ],
    ['several documents: the first that holds something', '---\n# nothing\n---\nA: 1\n---\nB: 2\n', { A: 1 }],
    [
      'texts that look like other values',
      'A: 012345678901\nB: 2012-10-17\nC: 12:30\nD: 9007199254740993\nE: 1e3\nF: "on"\nG: 0x1f',
      { A: '012345678901', B: '2012-10-17', C: '12:30', D: '9007199254740993', E: '1e3', F: 'on', G: 31 },
    ],
    ['booleans of YAML 1.1', 'A: yes\nB: Off\nC: True\nD: nO', { A: true, B: false, C: true, D: 'nO' }],
    ['a key that is no text', 'on: 1\n200: 2\nnull: 3', { on: 1, 200: 2, null: 3 }],
    ['JSON', '{"A": {"Fn::GetAtt": ["X", "Arn"]}, "B": [1, null]}', { A: { 'Fn::GetAtt': ['X', 'Arn'] }, B: [1, null] }],
    ['JSON with comments and tabs', '{\n\t"A": 1, # note\n\t"B": [2]\n}', { A: 1, B: [2] }],
    [
      'placeholders of a project template',
      'Name: {{ cookiecutter.name }}\nArn: !GetAtt {{cookiecutter.name}}.Arn\n{{cookiecutter.name}}Role: 1\nText: "{{resolve:ssm:x}}"',
      {
        Name: '{{ cookiecutter.name }}',
        Arn: { 'Fn::GetAtt': ['{{cookiecutter.name}}', 'Arn'] },
        '{{cookiecutter.name}}Role': 1,
        Text: '{{resolve:ssm:x}}',
      },
    ],
    [
      'tags of a template engine: first branches, loops once',
      'A: 1\n{%- if x %}\nB: 2\n{%- else %}\nB: 3\n{% if y %}\nB: 4\n{% endif %}\n{%- endif %}\nC:\n{% for a in b %}\n  - {{a}}\n{% endfor %}\n',
      { A: 1, B: 2, C: ['{{a}}'] },
    ],
    ['an empty text', '', null],
  ])('%s', (_, text, expected) => {
    expect(plain(text)).toEqual(expected);
  }); // prettier-ignore

  it('joins hundreds of lines at once', () => {
    const text = `A:\n${Array.from({ length: 400 }, (_, at) => ` k${at}: [\n  1\n ]\n`).join('')}`;
    const start = performance.now();
    expect(Object.keys((plain(text) as { A: object }).A)).toHaveLength(400);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('takes the last of two equal keys and says where it stands', () => {
    for (const text of ['A: 1\nB:\n  x: 1\n  x: 2\n', '{"A": 1,\n"B": {"x": 1,\n  "x": 2}}']) {
      const { value, diagnostics } = read(text);
      expect(value).toEqual({ A: 1, B: { x: 2 } });
      expect(diagnostics).toMatchObject([{ code: 'DUPLICATE_KEY', args: { key: 'x' }, column: 3 }]);
    }
  });

  it('keeps a key called __proto__ a key', () => {
    const value = plain('__proto__: { polluted: 1 }\nA: 2') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'A']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('places', () => {
  it('finds values and entries, through tags, aliases and merges', () => {
    const text = 'base: &b\n  k: one\nA:\n  <<: *b\n  B: !GetAtt X.Arn\n  C:\n    - two\n    - x: *b\n';
    const document = read(text);
    const at = (...path: (string | number)[]) => {
      const range = document.range(path);
      return range && [range.line, range.column, text.slice(range.start, range.end)];
    };
    expect(at('A', 'k')).toEqual([2, 6, 'one']);
    expect(at('A', 'B')).toEqual([5, 14, 'X.Arn']);
    expect(at('A', 'C', 0)).toEqual([7, 7, 'two']);
    expect(at('A', 'C', 1, 'x', 'k')).toEqual([2, 6, 'one']);
    expect(at('A', 'Missing')).toBeUndefined();
    expect(document.entryRange(['A', 'B'])).toMatchObject({ file: 't.yaml', line: 5, column: 3 });
  });

  it('keeps offsets when lines were joined or tags left out', () => {
    const text = 'A: [\n1\n]\n{% if x %}\nB: { y: two }\n{% endif %}\n';
    const range = read(text).range(['B', 'y']);
    expect(range && text.slice(range.start, range.end)).toBe('two');
    expect(range?.line).toBe(5);
  });

  it('finds values of JSON', () => {
    const text = '{"A": {"B": [1, "two"]}}';
    const range = read(text).range(['A', 'B', 1]);
    expect(range && text.slice(range.start, range.end)).toBe('"two"');
  });
});

describe('what cannot be read', () => {
  it.each([
    ['broken indentation', 'A:\n  B: 1\n C: 2\n', 3],
    ['an unknown alias', 'A: 1\nB: *missing\n', 2],
    ['an alias that contains itself', 'A: &a\n  B: *a\n', 2],
    ['an open quote', 'A: 1\nB: "open\n', 3],
    ['text after a closed quote', "A: 'x' (y)\n", 1],
  ])('%s is one diagnostic with its place', (_, text, line) => {
    const { value, diagnostics } = read(text);
    expect(value).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'DEFINITION_UNREADABLE', severity: 'error', file: 't.yaml', line }]);
  });

  it.each([
    [
      'aliases that expand without end',
      `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (__, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join('\n')}\n`,
    ],
    ['YAML nested too deeply', `A: ${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['JSON nested too deeply', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ])('%s ends soon', (_, text) => {
    const start = performance.now();
    const { diagnostics } = read(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['DEFINITION_UNREADABLE']);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
