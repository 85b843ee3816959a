import { describe, expect, it } from 'vitest';
import { emptyStack } from '../../src/infrastructure/cloudformation.js';
import { rewritten } from '../../src/infrastructure/text/rewrite.js';
import { spliced, stripped } from '../../src/infrastructure/text/splice.js';
import { readYaml } from '../../src/project/yaml.js';

const yaml = `Resources:
  One: # the first
    Type: T
    Properties:
      Name: !GetAtt Fn.Arn # keep me
      Flow: { Arn: !Ref Fn, Id: x }
      Long:
        Fn::GetAtt:
          - Fn
          - Arn
      Text: !Sub 'a/\${Fn.Arn}/b'
      Block: !Sub |
        a/\${Fn.Arn}
        b
`;
const at = (...keys: string[]) => ['Resources', 'One', 'Properties', ...keys];
const edits = {
  added: [{ path: at(), entries: { New: { Ref: 'P' } } }],
  replaced: [
    { path: at('Name'), reference: 'Alias' },
    { path: at('Flow', 'Arn'), reference: 'Alias' },
    { path: at('Long'), reference: 'Alias' },
    { path: at('Text', 'Fn::Sub'), find: '${Fn.Arn}', put: '${Alias}' },
  ],
};
const stack = { ...emptyStack(), Resources: { Added: { Type: 'U' } } };
const documentOf = (text: string) => readYaml('', text).value as { Resources: Record<string, { Properties: Record<string, unknown> }> };
const changed = {
  Name: { Ref: 'Alias' },
  Flow: { Arn: { Ref: 'Alias' }, Id: 'x' },
  Long: { Ref: 'Alias' },
  Text: { 'Fn::Sub': 'a/${Alias}/b' },
  New: { Ref: 'P' },
};

describe.each([
  ['line ends of Unix', yaml],
  ['line ends of Windows', yaml.replaceAll('\n', '\r\n')],
])('edits of YAML with %s', (_, text) => {
  it('are made, and can be taken out again byte by byte', () => {
    const result = rewritten(spliced(text, stack, []), edits);
    expect(result.failed).toEqual({ added: [], replaced: [] });
    expect(documentOf(result.text).Resources['One']?.Properties).toMatchObject(changed);
    expect(result.text).toContain('!Ref Alias # keep me # migrate-lambda: was Name: !GetAtt Fn.Arn # keep me');
    expect(stripped(result.text)).toBe(text);
  });

  it('leave what has no place for a comment, and make the others', () => {
    const block = { path: at('Block', 'Fn::Sub'), find: '${Fn.Arn}', put: '${Alias}' };
    const result = rewritten(text, { ...edits, replaced: [...edits.replaced, block] });
    expect(result.failed).toEqual({ added: [], replaced: [block] });
    expect(documentOf(result.text).Resources['One']?.Properties).toMatchObject(changed);
    expect(stripped(result.text)).toBe(text);
  });
});

it('refuses an entry that is there', () => {
  const addition = { path: at(), entries: { Name: 'x' } };
  expect(rewritten(yaml, { added: [addition], replaced: [] })).toEqual({ text: yaml, failed: { added: [addition], replaced: [] } });
});

it('does not touch what an alias of YAML shares', () => {
  const shared = 'Resources:\n  A:\n    Properties: &all\n      X: 1\n  B:\n    Properties: *all\n';
  const addition = { path: ['Resources', 'B', 'Properties'], entries: { New: 1 } };
  expect(rewritten(shared, { added: [addition], replaced: [] }).failed.added).toEqual([addition]);
});

it('edits JSON, which tells of it in metadata', () => {
  const json = `${JSON.stringify(readYaml('', yaml).value, null, 4)}\n`;
  const result = rewritten(spliced(json, stack, []), edits);
  expect(result.failed).toEqual({ added: [], replaced: [] });
  expect(documentOf(result.text).Resources['One']?.Properties).toMatchObject(changed);
  expect(stripped(result.text)).toBe(json);
});
