import type { Project, ReferenceValue, Value } from '../project/model.js';

/** What `Ref` gives for these types is the physical name; for others it is a URL, an ARN or an id. */
const refIsName = new Set([
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Serverless::SimpleTable',
  'AWS::S3::Bucket',
  'AWS::Kinesis::Stream',
  'AWS::Logs::LogGroup',
  'AWS::Events::EventBus',
  'AWS::Lambda::Function',
  'AWS::Serverless::Function',
  'AWS::SSM::Parameter',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::ECR::Repository',
  'AWS::CloudWatch::Alarm',
]);

/** Attributes that `Fn::GetAtt` gives as the physical name. */
const nameAttributes: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::StepFunctions::StateMachine': 'Name',
};

/** A reference to a resource of the project whose physical name the definition gives becomes that name; other values stay. */
export function resolveValue(project: Pick<Project, 'resources'>, value: Value): Value {
  if (value.kind === 'literal') return value;
  const name = nameOf(project, value);
  return name === undefined ? value : { kind: 'literal', value: name, range: value.range };
}

function nameOf(project: Pick<Project, 'resources'>, { text }: ReferenceValue): string | undefined {
  const { id, attribute } = target(text);
  const resource = id !== undefined && Object.hasOwn(project.resources, id) ? project.resources[id] : undefined;
  if (resource?.name === undefined) return undefined;
  if (attribute === undefined) return refIsName.has(resource.type) ? resource.name : undefined;
  return nameAttributes[resource.type] === attribute ? resource.name : undefined;
}

/** Reads `!Ref X`, `Ref: X`, `{"Ref":"X"}`, `!GetAtt X.Y`, `{"Fn::GetAtt":["X","Y"]}` and `!Sub ${X}`. */
export function target(text: string): { id?: string; attribute?: string } {
  const plain = text.replace(/["'{}[\]\s,]+/g, ' ').trim();
  const ref = /^(?:!Ref|Ref ?:) ?(\w+)$/.exec(plain);
  if (ref?.[1]) return { id: ref[1] };
  const attribute = /^(?:!GetAtt|Fn::GetAtt ?:) ?(?:- )?(\w+)(?:\.| (?:- )?)(\w+)$/.exec(plain);
  if (attribute?.[1] && attribute[2]) return { id: attribute[1], attribute: attribute[2] };
  const substituted = /^(?:!Sub|Fn::Sub ?:)? ?["']?\$\{(\w+)(?:\.(\w+))?\}["']?$/.exec(text.trim());
  if (!substituted?.[1]) return {};
  return { id: substituted[1], ...(substituted[2] && { attribute: substituted[2] }) };
}
