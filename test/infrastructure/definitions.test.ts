import { describe, expect, it } from 'vitest';
import { templateOf, withParameters } from '../../bench/infrastructure/template-of.js';
import { stripped } from '../../src/infrastructure/text/splice.js';
import { listOf, objectOf } from '../../src/project/data.js';
import { namesIn } from '../../src/project/readers/cloudformation/intrinsics.js';
import { functionLogicalId } from '../../src/project/readers/serverless/names.js';
import { readYaml } from '../../src/project/yaml.js';
import { fixtureNames } from '../support/fixtures.js';
import { editedDefinitions } from '../support/stacks.js';

/** Logical ids that SAM and Serverless make themselves. */
const implicit = /^(ServerlessRestApi|ServerlessHttpApi|HttpApi|ApiGatewayRestApi)$/;

describe.each(await fixtureNames())('%s', async (name) => {
  const definitions = await editedDefinitions(name);

  it('has resources that run its services', () => expect(definitions.length).toBeGreaterThan(0));

  it.each(definitions.filter(({ before }) => before !== ''))('keeps every byte of $path beside what is added', ({ before, after }) => {
    expect(after).not.toBe(before);
    expect(stripped(after)).toBe(before);
    const lines = after.split('\n');
    expect(before.split('\n').every((line) => lines.includes(line) || lines.includes(`${line},`))).toBe(true);
  });

  it.each(definitions)('changes no resource of $path', ({ before, after, ...of }) => {
    const old = objectOf(templateOf(of, before)['Resources']);
    const now = objectOf(templateOf(of, after)['Resources']);
    for (const [id, resource] of Object.entries(old)) expect(now[id], id).toEqual(resource);
    const added = Object.keys(now).filter((id) => !Object.hasOwn(old, id));
    expect(added.every((id) => id.startsWith('Container'))).toBe(true);
    const types = new Set(added.map((id) => objectOf(now[id])['Type']));
    expect([...types]).toEqual(expect.arrayContaining(['AWS::ECS::TaskDefinition', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']));
  });

  it.each(definitions.filter(({ before }) => before !== ''))('makes nothing in $path before an image is given', ({ after, ...of }) => {
    const { Resources, Parameters, Conditions, Outputs } = withParameters(templateOf(of, after));
    const own = (section: unknown) => Object.entries(objectOf(section)).filter(([id]) => /^container/i.test(id));
    for (const [id, entry] of own(Parameters)) expect(objectOf(entry)['Default'], id).toBeTypeOf('string');
    const conditions = objectOf(Conditions);
    for (const [id, entry] of [...own(Resources), ...own(Outputs)]) {
      const { Condition: condition } = objectOf(entry);
      const parts = listOf(objectOf(conditions[String(condition)])['Fn::And']).map((each) => objectOf(each)['Condition']);
      expect([condition, ...parts], id).toContain('ContainerDeployed');
    }
    const image = own(Parameters).find(([id]) => /^containerimage$/i.test(id))?.[0] ?? 'CONTAINER_IMAGE';
    const given = objectOf(conditions['ContainerDeployed']);
    expect(listOf(given['Fn::And'] ?? given)).toContainEqual({ 'Fn::Not': [{ 'Fn::Equals': [{ Ref: image }, ''] }] });
  });

  it('is the same again without what is added where its API stays in front', async () => {
    for (const { before, after, dialect } of await editedDefinitions(name, { front: 'api-gateway' })) {
      if (before !== '') expect(stripped(after)).toBe(before);
      const isExtended = after.includes('extensions');
      if (dialect !== 'serverless') expect(isExtended).toBe(false);
    }
  });

  it('changes no resource that stays when it is cut over', async () => {
    for (const { before, after, ...of } of await editedDefinitions(name, { cutover: true })) {
      const old = objectOf(templateOf(of, before)['Resources']);
      const now = objectOf(templateOf(of, after)['Resources']);
      const gone = Object.keys(old).filter((id) => !Object.hasOwn(now, id));
      for (const id of gone)
        expect(objectOf(old[id])['Type'], id).toMatch(
          /^AWS::(Serverless::(Function|Api|HttpApi)|Lambda::\w+|Events::Rule|Scheduler::Schedule)$/,
        );
      for (const [id, resource] of Object.entries(old)) if (!gone.includes(id)) expect(now[id], id).toEqual(resource);
    }
  });

  it.each(definitions)('refers in $path to nothing that is not there', ({ after, ...of }) => {
    const template = templateOf(of, after);
    const document = objectOf(readYaml('', after).value);
    const functions = Object.keys(objectOf(document['functions'])).map(functionLogicalId);
    const known = new Set([...functions, ...['Resources', 'Parameters'].flatMap((section) => Object.keys(objectOf(template[section])))]);
    const added = Object.entries(objectOf(template['Resources'])).filter(([id]) => id.startsWith('Container'));
    for (const [id, resource] of added) {
      const { DependsOn: dependsOn } = objectOf(resource);
      const names = [...namesIn(resource), ...((dependsOn as string[] | undefined) ?? [])];
      const unknown = names.filter((each) => !known.has(each) && !each.startsWith('AWS::') && !implicit.test(each));
      expect(unknown, id).toEqual([]);
    }
    const conditions = new Set(Object.keys(objectOf(template['Conditions'])));
    const used = added.flatMap(([, resource]) => objectOf(resource)['Condition'] ?? []) as string[];
    expect(used.filter((each) => !conditions.has(each))).toEqual([]);
  });
});
