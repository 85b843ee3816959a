import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const projects = 50;
const functionsEach = 20;

/** Writes 1,000 functions as people have them, some with state that requests share, in 50 SAM projects; gives the folder. */
export function writeThousand(folder: string): string {
  for (let project = 0; project < projects; project++) {
    const root = join(folder, `project-${project}`);
    mkdirSync(join(root, 'src'), { recursive: true });
    const ids = Array.from({ length: functionsEach }, (_, index) => index);
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name: `project-${project}`, dependencies: { axios: '^1.7.0' } }));
    writeFileSync(join(root, 'template.yaml'), `Transform: AWS::Serverless-2016-10-31\nResources:\n${ids.map(resource).join('')}`);
    for (const id of ids) writeFileSync(join(root, 'src', `f${id}.js`), source(id));
  }
  return folder;
}

function resource(id: number): string {
  const events = [
    `Type: Api\n          Properties: { Path: /f${id}/{id}, Method: get }`,
    `Type: SQS\n          Properties: { Queue: !Sub "arn:aws:sqs:\${AWS::Region}:\${AWS::AccountId}:q${id}" }`,
    'Type: Schedule\n          Properties: { Schedule: rate(1 hour) }',
    'Type: SNS\n          Properties: { Topic: "arn:aws:sns:eu-west-1:123456789012:news" }',
  ];
  return `  F${id}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: f${id}.handler
      Runtime: nodejs22.x
      Events:
        Call:
          ${events[id % events.length]}
`;
}

function source(id: number): string {
  const state = id % 3 === 0 ? 'let last;\n' : '';
  const keep = id % 3 === 0 ? '  last = event;\n' : '';
  return `const axios = require('axios');
const { basename } = require('node:path');
${state}
exports.handler = async (event) => {
${keep}  const { data } = await axios.get(process.env.API_${id}, { params: { id: event.pathParameters && event.pathParameters.id } });
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ data, name: basename(__filename) }) };
};
`;
}
