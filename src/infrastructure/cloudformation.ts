/** The few words of CloudFormation that generated resources are written with, in long form. */
import type { PlainObject } from '../project/data.js';

/**
 * Sections of a template, in the order in which they are written. `extensions` is one that Serverless has: properties that take the place of
 * those of a resource that it generates.
 */
export const sectionNames = ['Parameters', 'Rules', 'Conditions', 'Resources', 'extensions', 'Outputs'] as const;

export type SectionName = (typeof sectionNames)[number];

/** What is added to a template: logical id → entry, by section. */
export type Stack = Record<SectionName, PlainObject>;

export function emptyStack(): Stack {
  return { Parameters: {}, Rules: {}, Conditions: {}, Resources: {}, extensions: {}, Outputs: {} };
}

export const ref = (id: string) => ({ Ref: id });

export const noValue = ref('AWS::NoValue');

export const getAtt = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });

/** `text` may name pseudo parameters only: Serverless reads other names in it as variables of its own. */
export const sub = (text: string) => ({ 'Fn::Sub': text });

export const join = (separator: string, parts: readonly unknown[]) => ({ 'Fn::Join': [separator, [...parts]] });

export const not = (condition: unknown) => ({ 'Fn::Not': [condition] });

export const equals = (one: unknown, other: unknown) => ({ 'Fn::Equals': [one, other] });

export const both = (one: unknown, other: unknown) => ({ 'Fn::And': [one, other] });

export const when = (condition: string, then: unknown, otherwise: unknown) => ({ 'Fn::If': [condition, then, otherwise] });

/** One part of a text, e.g. the account in an ARN that only the deployment knows. */
export const part = (index: number, separator: string, text: unknown) => ({
  'Fn::Select': [index, { 'Fn::Split': [separator, text] }],
});

/** An ARN of this partition, region and account. */
export const ownArn = (service: string, resource: string) =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

/** ARN of a policy that AWS manages; `path` is its name, with its path where it has one. */
export const managedPolicy = (path: string) => sub(`arn:\${AWS::Partition}:iam::aws:policy/${path}`);

export const policyDocument = (statements: readonly unknown[]) => ({ Version: '2012-10-17', Statement: [...statements] });
