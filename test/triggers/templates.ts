/** Small templates for the tests of triggers. */
import type { LambdaFunction } from '../../src/project/model.js';
import { codesOf, discoverTree, functionOf, type Tree, withoutRanges } from '../project/tree.js';

const indented = (text: string, spaces: number) => text.trim().replace(/^(?=.)/gm, ' '.repeat(spaces));

/** A SAM template with one function `Fn`; `events` stand under its Events, `more` under Resources. */
export function samTemplate(events: string, more = '', head = ''): string {
  return `Transform: AWS::Serverless-2016-10-31
${head.trim()}
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: src/
${events === '' ? '' : `      Events:\n${indented(events, 8)}`}
${indented(more, 2)}
`;
}

/** A CloudFormation template with the functions `Fn` and `Other` and the given resources. */
export function rawTemplate(resources: string): string {
  const fn = (id: string) => `  ${id}:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: shop-${id.toLowerCase()}, Runtime: nodejs22.x, Handler: app.handler, Code: src/, Role: 'arn:aws:iam::123456789012:role/r' }
`;
  return `Resources:\n${fn('Fn')}${fn('Other')}${indented(resources, 2)}\n`;
}

export interface ReadTemplate {
  fn: LambdaFunction;
  triggers: unknown[];
  codes: string[];
  functions: LambdaFunction[];
}

/** The function `id` of a template, its triggers without places. */
export async function readTemplate(text: string, files: Tree = {}, id = 'Fn'): Promise<ReadTemplate> {
  const { projects, diagnostics } = await discoverTree({
    'template.yaml': text,
    'src/app.js': 'exports.handler = async () => {};\n',
    ...files,
  });
  const project = projects.find(({ definition }) => definition === 'template.yaml');
  if (!project) throw new Error(JSON.stringify(diagnostics));
  const fn = functionOf(project, id);
  return { fn, triggers: withoutRanges(fn.triggers), codes: codesOf(diagnostics), functions: project.functions };
}

/** Triggers of `Fn` with the events given. */
export async function samTriggers(events: string, more = '', head = ''): Promise<unknown[]> {
  return (await readTemplate(samTemplate(events, more, head))).triggers;
}

/** Triggers of `Fn` with the resources given. */
export async function rawTriggers(resources: string): Promise<unknown[]> {
  return (await readTemplate(rawTemplate(resources))).triggers;
}
