import { listOf, objectOf, type PlainObject } from '../../src/project/data.js';
import { readYaml } from '../../src/project/yaml.js';

/** The CloudFormation of a definition: the template itself, or the merged `resources` of a Serverless service. */
export function templateOf({ dialect }: { dialect: string }, text: string): PlainObject {
  const document = objectOf(readYaml('', text, { yesIsTrue: true }).value);
  if (dialect !== 'serverless') return document;
  const parts = listOf(document['resources']).map(objectOf);
  const sections = [...new Set(parts.flatMap((each) => Object.keys(each)))].filter((name) => name !== 'extensions');
  return Object.fromEntries(sections.map((name) => [name, Object.assign({}, ...parts.map((each) => objectOf(each[name])))]));
}

/** What Serverless makes of `extensions`, as far as tools of CloudFormation have to know it: the properties as those of a whole resource. */
export function extendedResources(text: string): PlainObject {
  const { resources } = objectOf(readYaml('', text, { yesIsTrue: true }).value);
  const extensions = Object.assign({}, ...listOf(resources).map((each) => objectOf(objectOf(each)['extensions']))) as PlainObject;
  const entries = Object.entries(extensions).map(([id, entry]) => {
    const { Properties: properties } = objectOf(entry);
    const isMethod = id.startsWith('ApiGatewayMethod');
    const rest = isMethod
      ? { HttpMethod: 'GET', ResourceId: 'a1b2c3', RestApiId: 'd4e5f6', AuthorizationType: 'NONE' }
      : { ApiId: 'd4e5f6' };
    return [
      id,
      { Type: isMethod ? 'AWS::ApiGateway::Method' : 'AWS::ApiGatewayV2::Integration', Properties: { ...rest, ...objectOf(properties) } },
    ];
  });
  return Object.fromEntries(entries);
}

/** With the parameters of Serverless as parameters of the template, so that tools of CloudFormation can judge it. */
export function withParameters(template: PlainObject): PlainObject {
  const parameters: PlainObject = {};
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(entry)]));
    }
    const found = typeof value === 'string' ? /^\$\{(?:param|env):(\w+)(?:, '([^']*)')?\}$/.exec(value) : null;
    if (!found?.[1]) return value;
    parameters[found[1]] = { Type: 'String', ...(found[2] !== undefined && { Default: found[2] }) };
    return { Ref: found[1] };
  };
  const converted = objectOf(convert(template));
  return Object.keys(parameters).length === 0
    ? converted
    : { ...converted, Parameters: { ...objectOf(converted['Parameters']), ...parameters } };
}
