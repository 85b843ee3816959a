import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyStack, getAtt, ref, type Stack, sub } from '../../src/infrastructure/cloudformation.js';
import { CannotSplice } from '../../src/infrastructure/text/place.js';
import { spliced, stripped } from '../../src/infrastructure/text/splice.js';
import { yamlLines } from '../../src/infrastructure/text/yaml.js';
import { objectOf } from '../../src/project/data.js';
import { readYaml } from '../../src/project/yaml.js';

const stack: Stack = {
  ...emptyStack(),
  Parameters: { ContainerImage: { Type: 'String' } },
  Resources: {
    ContainerTask: { Type: 'AWS::ECS::TaskDefinition', Properties: { Image: ref('ContainerImage'), Role: getAtt('ContainerRole', 'Arn') } },
    ContainerRole: { Type: 'AWS::IAM::Role', Properties: { Arn: sub('arn:${AWS::Partition}:x') } },
  },
};

const template = `# head
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
    Name: {Type: String}   # flow
Resources:
    # first
    A: &a
        Type: AWS::S3::Bucket
        Properties: { BucketName: !Sub "\${Name}-x" }
    B:
        <<: *a
        Metadata:
            Text: |
                a: b

                # no comment
# after the resources
Outputs:
    Bucket: { Value: !Ref A }
`;

describe('a YAML template', () => {
  it.each([
    ['as it is', template],
    ['with Windows line ends', template.replaceAll('\n', '\r\n')],
    ['without a last line end', template.trimEnd()],
    ['with a byte order mark', `\uFEFF${template}`],
    ['with a section that has no value', `Parameters:\nResources:\n  A:\n    Type: AWS::S3::Bucket\n`],
    ['that ends in a comment', `Resources:\n  A:\n    Type: AWS::S3::Bucket\n  # the end`],
    ['in several documents', `Resources:\n  A:\n    Type: AWS::S3::Bucket\n---\nOther: 1\n`],
  ])('gets its entries, and loses them again: %s', (_, text) => {
    const result = spliced(text, stack, []);
    expect(stripped(result)).toBe(text);
    const { value } = readYaml('', result);
    expect(objectOf(objectOf(value)['Resources'])).toMatchObject(stack.Resources);
    expect(objectOf(objectOf(value)['Resources'])['A']).toMatchObject({ Type: 'AWS::S3::Bucket' });
    expect(spliced(stripped(result), stack, [])).toBe(result);
  });

  it('keeps its indentation and line ends', () => {
    const result = spliced(template.replaceAll('\n', '\r\n'), stack, []);
    expect(result).toContain("\r\n    ContainerTask:\r\n        Type: 'AWS::ECS::TaskDefinition'\r\n".replaceAll("'", ''));
    expect(result.replaceAll('\r\n', '')).not.toContain('\n');
    expect(result.indexOf('ContainerTask')).toBeLessThan(result.indexOf('# after the resources'));
  });

  it.each([
    ['in flow style', 'Resources: { A: { Type: AWS::S3::Bucket } }\n'],
    ['whose resources are an alias', 'X: &x\n  A: { Type: AWS::S3::Bucket }\nResources: *x\n'],
    ['that ends in a text which keeps its line ends', 'Resources:\n  A:\n    Type: X\n    Metadata: |+\n      a\n\n\n'],
  ])('is refused, not broken: %s', (_, text) => expect(() => spliced(text, stack, [])).toThrow(CannotSplice));
});

describe('a Serverless service', () => {
  it.each([
    ['without resources', 'service: a\nprovider:\n  name: aws\n'],
    ['with resources', 'service: a\nresources:\n  Resources:\n    A:\n      Type: AWS::S3::Bucket\nfunctions: {}\n'],
    ['with outputs only', 'service: a\nresources:\n  Outputs:\n    A:\n      Value: 1\n'],
    [
      'with a list of templates',
      'service: a\nresources:\n  - ${file(a.yml)}\n  - Resources:\n      A:\n        Type: AWS::S3::Bucket\n# end\n',
    ],
    ['with a list in the column of its key', 'resources:\n- ${file(a.yml)}\nservice: a\n'],
    ['with an empty key', 'service: a\nresources:\n'],
  ])('gets its entries, and loses them again: %s', (_, text) => {
    const result = spliced(text, stack, ['resources']);
    expect(stripped(result)).toBe(text);
    expect(JSON.stringify(readYaml('', result).value)).toContain('ContainerTask');
  });

  it('is refused when its resources are a variable', () =>
    expect(() => spliced('service: a\nresources: ${file(a.yml)}\n', stack, ['resources'])).toThrow(CannotSplice));
});

describe('a JSON template', () => {
  const json = { Resources: { A: { Type: 'AWS::S3::Bucket' } }, Outputs: { O: { Value: 1 } } };
  it.each([
    ['two columns', JSON.stringify(json, null, 2)],
    ['tabs and a last line end', `${JSON.stringify(json, null, '\t')}\n`],
    ['one line', JSON.stringify(json)],
    ['Windows line ends', JSON.stringify(json, null, 2).replaceAll('\n', '\r\n')],
  ])('gets its entries, and loses them again: %s', (_, text) => {
    const result = spliced(text, stack, []);
    expect(stripped(result)).toBe(text);
    expect(JSON.parse(result)).toMatchObject({ ...json, ...{ Parameters: stack.Parameters } });
    expect(spliced(stripped(result), stack, [])).toBe(result);
  });

  it('of a service gets them under resources', () => {
    const text = JSON.stringify({ service: 'a', functions: {} }, null, 2);
    const result = spliced(text, stack, ['resources']);
    expect(JSON.parse(result).resources.Resources).toHaveProperty('ContainerTask');
    expect(stripped(result)).toBe(text);
  });
});

/** Texts that mean something to YAML, CloudFormation, Serverless or a template engine. */
const fragment = fc.constantFrom(
  ...[
    '"',
    "'",
    '\\',
    '\n',
    '\r\n',
    '\t',
    ': ',
    ' #',
    '#',
    '- ',
    '${x}',
    '{{y}}',
    '!Ref A',
    '&a',
    '*a',
    '|',
    '>',
    '%',
    '@',
    '`',
    ',',
    '[',
    '{',
    '}',
  ],
  ...[
    'yes',
    'null',
    '~',
    '1e3',
    '012',
    '2020-01-01',
    '12:30:00',
    '0x1F',
    '=',
    '<<',
    '\u2028',
    '\u0007',
    'é',
    '\ufeff',
    '',
    ' ',
    '---',
    '...',
  ],
);
const hostile = fc.array(fragment, { maxLength: 6 }).map((parts) => parts.join(''));

it('whatever a value holds, it stays one value', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hostile, hostile), { maxLength: 5 }), hostile, fc.boolean(), (pairs, text, windows) => {
      const variables = pairs.map(([Name, Value]) => ({ Name, Value }));
      const entry = { Type: 'X', Properties: { Environment: variables, Labels: { [`k${text}`]: text }, Text: { 'Fn::Sub': text } } };
      expect(readYaml('', `${yamlLines({ entry }, 2).join('\n')}\n`, { yesIsTrue: true }).value).toEqual({ entry });
      const given: Stack = { ...emptyStack(), Resources: { ContainerX: entry } };
      const source = windows ? template.replaceAll('\n', '\r\n') : template;
      const result = spliced(source, given, []);
      expect(stripped(result)).toBe(source);
      const json = spliced('{"Resources":{"A":{}}}', given, []);
      expect(JSON.parse(json).Resources.ContainerX.Properties).toEqual(entry.Properties);
    }),
    { numRuns: 300 },
  );
});
