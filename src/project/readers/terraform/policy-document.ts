import { listOf, objectOf, type PlainObject } from '../../data.js';
import { documentOf } from './values.js';

/** The JSON that a `data "aws_iam_policy_document"` makes. */
export function policyDocumentOf(values: PlainObject): PlainObject {
  const merged = [...listOf(values['source_policy_documents']), ...listOf(values['override_policy_documents'])];
  const inherited = merged.flatMap((document) => listOf(objectOf(documentOf(document))['Statement']));
  return { Version: '2012-10-17', Statement: [...inherited, ...listOf(values['statement']).map((each) => statementOf(objectOf(each)))] };
}

function statementOf(statement: PlainObject): PlainObject {
  const list = (key: string) => (statement[key] === undefined || statement[key] === null ? undefined : statement[key]);
  const conditions = listOf(statement['condition']).map((each) => objectOf(each));
  const parts: Record<string, unknown> = {
    Sid: list('sid'),
    Effect: list('effect') ?? 'Allow',
    Action: list('actions'),
    NotAction: list('not_actions'),
    Resource: list('resources'),
    NotResource: list('not_resources'),
    Principal: principalsOf(statement['principals']),
    NotPrincipal: principalsOf(statement['not_principals']),
    Condition: conditions.length === 0 ? undefined : conditionsOf(conditions),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

function principalsOf(blocks: unknown): PlainObject | undefined {
  const found = listOf(blocks).map((each) => objectOf(each));
  return found.length === 0 ? undefined : Object.fromEntries(found.map(({ type, identifiers }) => [String(type), identifiers]));
}

function conditionsOf(blocks: readonly PlainObject[]): PlainObject {
  const result: Record<string, PlainObject> = {};
  for (const { test, variable, values } of blocks) result[String(test)] = { ...result[String(test)], [String(variable)]: values };
  return result;
}
