import { listOf, objectOf, type PlainObject } from '../../src/project/data.js';
import { functionLogicalId } from '../../src/project/readers/serverless/names.js';
import { readYaml } from '../../src/project/yaml.js';

/** The CloudFormation of a definition: the template itself, or the merged `resources` of a Serverless service. */
export function templateOf({ dialect }: { dialect: string }, text: string): PlainObject {
  const document = objectOf(readYaml('', text, { yesIsTrue: true }).value);
  if (dialect !== 'serverless') return document;
  const parts = listOf(document['resources']).map(objectOf);
  const sections = [...new Set(parts.flatMap((each) => Object.keys(each)))].filter((name) => name !== 'extensions');
  return Object.fromEntries(sections.map((name) => [name, Object.assign({}, ...parts.map((each) => objectOf(each[name])))]));
}

/** What Serverless makes of `extensions`, as far as tools of CloudFormation have to know it: whole resources with those properties. */
function extendedResources(text: string): PlainObject {
  const { resources, functions } = objectOf(readYaml('', text, { yesIsTrue: true }).value);
  const extensions = Object.assign({}, ...listOf(resources).map((each) => objectOf(objectOf(each)['extensions']))) as PlainObject;
  if (Object.keys(extensions).length === 0) return {};
  const extended = Object.entries(extensions).map(([id, entry]) => {
    const isMethod = id.startsWith('ApiGatewayMethod');
    const method = { HttpMethod: 'GET', ResourceId: id.toLowerCase(), RestApiId: extendedApi, AuthorizationType: 'NONE' };
    const properties = { ...(isMethod ? method : { ApiId: extendedApi }), ...objectOf(objectOf(entry)['Properties']) };
    return [id, { Type: isMethod ? 'AWS::ApiGateway::Method' : 'AWS::ApiGatewayV2::Integration', Properties: properties }];
  });
  const role = `arn:aws:iam::123456789012:role/${extendedApi}`;
  const lambda = { Role: role, Handler: 'a.b', Runtime: 'nodejs22.x', Code: { ZipFile: '//' } };
  const called = Object.keys(objectOf(functions)).map((key) => [
    functionLogicalId(key),
    { Type: 'AWS::Lambda::Function', Properties: lambda },
  ]);
  return Object.fromEntries([...extended, ...called]);
}

/** The CloudFormation of a definition with what is extended of that which Serverless makes. */
function wholeTemplate(definition: { dialect: string }, text: string): PlainObject {
  const own = templateOf(definition, text);
  if (definition.dialect !== 'serverless' || !('Resources' in own)) return own;
  return { ...own, Resources: { ...objectOf(own['Resources']), ...extendedResources(text) } };
}

/** Stands for the API that Serverless makes; `test/judges/stacks.py` knows it. */
const extendedApi = 'd4e5f6';

/** With the parameters of Serverless as parameters of the template, so that tools of CloudFormation can judge it. */
export function withParameters(template: PlainObject): PlainObject {
  const parameters: PlainObject = {};
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(entry)]));
    }
    if (typeof value !== 'string') return value;
    const found = /^\$\{(?:param|env):(\w+)(?:, '([^']*)')?\}$/.exec(value);
    if (!found?.[1]) return value;
    const [, name] = found;
    parameters[name] = { Type: 'String', ...(found[2] !== undefined && { Default: found[2] }) };
    return { Ref: name };
  };
  const converted = objectOf(convert(template));
  return Object.keys(parameters).length === 0
    ? converted
    : { ...converted, Parameters: { ...objectOf(converted['Parameters']), ...parameters } };
}

/** The template that tools of CloudFormation can judge: what it has of Serverless is as CloudFormation could have it. */
export function judgedTemplate(definition: { dialect: string }, text: string): PlainObject {
  const template = withParameters(wholeTemplate(definition, text));
  if (definition.dialect !== 'serverless') return template;
  const parameters: PlainObject = {};
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value === 'string') return withoutVariables(value, parameters);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref: name } = value as PlainObject;
    if (typeof name === 'string' && name.includes('_')) return { Ref: name.replaceAll('_', '') };
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, convert(entry)]));
  };
  const { Parameters: given, ...rest } = template;
  const converted = objectOf(convert(rest));
  const named = Object.entries(objectOf(given)).map(([name, entry]) => [name.replaceAll('_', ''), entry]);
  const all = { ...Object.fromEntries(named), ...parameters };
  return Object.keys(all).length === 0 ? converted : { ...converted, Parameters: all };
}

/** Nothing is known of a variable that is a whole text; as a part of one it is a word. */
function withoutVariables(text: string, parameters: PlainObject): unknown {
  if (/^\$\{[^{}]*[:.][^{}]*\}$/.test(text) && !text.startsWith('${AWS::')) {
    const name = `Serverless${text.replace(/[^0-9A-Za-z]/g, '')}`;
    parameters[name] = { Type: 'String' };
    return { Ref: name };
  }
  return text.replace(/\$\{(?!AWS::)[^{}]*:[^{}]*\}/g, 'x');
}
