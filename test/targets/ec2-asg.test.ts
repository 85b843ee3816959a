import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../../bench/infrastructure/template-of.js';
import { objectOf } from '../../src/project/data.js';
import { given, runScript } from '../../src/targets/ec2-asg/script.js';
import { repositoryRoot } from '../support/fixtures.js';
import { editedDefinitions } from '../support/stacks.js';

async function resources(folder = 'fixtures/targets/input') {
  const [definition] = await editedDefinitions('', { target: 'ec2-asg', folder: join(repositoryRoot, folder) });
  const all = objectOf(templateOf({ dialect: definition?.dialect ?? '' }, definition?.after ?? '')['Resources']);
  return (type: string) =>
    Object.values(all)
      .map(objectOf)
      .filter((each) => each['Type'] === type);
}

describe('services on instances', () => {
  it('have groups that are replaced one by one, and a load balancer for those of the web', async () => {
    const ofType = await resources();
    const groups = ofType('AWS::AutoScaling::AutoScalingGroup');
    expect(groups).toHaveLength(3);
    for (const group of groups) {
      expect(group['UpdatePolicy']).toMatchObject({ AutoScalingRollingUpdate: { WaitOnResourceSignals: true, MinInstancesInService: 1 } });
      expect(group['CreationPolicy']).toMatchObject({ ResourceSignal: { Count: 1 } });
    }
    expect(groups.filter(({ Properties: own }) => 'TargetGroupARNs' in objectOf(own))).toHaveLength(2);
    for (const { Properties: own } of ofType('AWS::ElasticLoadBalancingV2::TargetGroup'))
      expect(own).toMatchObject({ TargetType: 'instance' });
    for (const { Properties: own } of ofType('AWS::EC2::LaunchTemplate')) {
      expect(own).toMatchObject({ LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } } });
    }
    expect(ofType('AWS::ECS::Service')).toEqual([]);
  });

  it('have an instance for each run of a schedule, and a role that starts no other', async () => {
    const ofType = await resources();
    const schedules = ofType('AWS::Scheduler::Schedule');
    expect(schedules.length).toBeGreaterThan(0);
    for (const { Properties: own } of schedules) expect(JSON.stringify(own)).toContain('aws-sdk:ec2:runInstances');
    const ending = ofType('AWS::EC2::LaunchTemplate').filter(({ Properties: own }) =>
      JSON.stringify(own).includes('"InstanceInitiatedShutdownBehavior":"terminate"'),
    );
    expect(ending).toHaveLength(2);
  });
});

describe('the script of an instance', () => {
  const quiet = ['dnf() { :; }; mkdir() { :; }; systemctl() { :; }; aws() { :; }', 'docker() { printf "%s\\\\0" "$@" >&3; }'].join('\n');
  const told = (name: string, value: string) => {
    const lines = runScript({
      image: ['value_image=image'],
      region: 'eu-west-1',
      logGroup: '/ec2/web',
      environment: [given({ Name: name, Value: value })],
      command: ['node', 'a b.js'],
      stopTimeout: 30,
      runs: 'service',
      after: [],
    });
    const script = lines.join('\n').replace(' > /etc/docker/daemon.json', ' > /dev/null');
    return execFileSync('bash', ['-c', `exec 3>&1 1>&2\n${quiet}\n${script}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).split('\0');
  };

  it('gives the container any variable as it is, and reads no command in it', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', "'", '"', '\\', '$', '(', ')', '`', ';', '\n', ' ', '{', '}', '&', '|', '#', '!', 'é', '%'),
    });
    fc.assert(
      fc.property(
        fc.oneof(text, fc.constantFrom('$(exit 3)', "'; exit 3; '", '$PATH')),
        fc.constantFrom('NAME', 'a b', "it's"),
        (value, name) => {
          fc.pre(!value.includes('${'));
          const words = told(name, value);
          expect(words[words.indexOf('--env') + 1]).toBe(`${name}=${value}`);
          expect(words.slice(-4)).toEqual(['image', 'node', 'a b.js', '']);
        },
      ),
      { numRuns: 60 },
    );
  });
});
