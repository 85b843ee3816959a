import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgedTemplate, templateOf } from '../../bench/infrastructure/template-of.js';
import { objectOf, type PlainObject } from '../../src/project/data.js';
import { defaultTarget, findTarget, targets } from '../../src/targets/index.js';
import { isFunctionTarget } from '../../src/targets/target.js';
import { cleanUp, fixtureNames, readTree, repositoryRoot, temporaryFolder } from '../support/fixtures.js';
import { type EditedDefinition, editedDefinitions, editedFunctionDefinitions } from '../support/stacks.js';
import { writeTree } from '../support/trees.js';

/**
 * What is generated, judged by checkov against what the user had. Its open edition gives no severities: every check that fails anew counts as
 * high, but those of this list, each on one kind of thing and for a reason.
 */
const accepted: readonly { check: string; on: readonly string[]; because: string }[] = [
  {
    check: 'CKV_AWS_2',
    on: ['AWS::ElasticLoadBalancingV2::Listener'],
    because: 'HTTPS as soon as ContainerCertificate is given; checkov does not follow the condition',
  },
  {
    check: 'CKV_AWS_103',
    on: ['AWS::ElasticLoadBalancingV2::Listener'],
    because: 'the policy of TLS 1.2 and 1.3, under the same condition',
  },
  {
    check: 'CKV_AWS_131',
    on: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    because: 'handlers got every header that a client sent, and Node.js refuses malformed ones itself; low',
  },
  {
    check: 'CKV_AWS_91',
    on: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    because: 'access logs need a bucket of the user; low',
  },
  {
    check: 'CKV_AWS_158',
    on: ['AWS::Logs::LogGroup'],
    because: 'encrypted by CloudWatch Logs itself, as the groups of the functions are; a key of its own costs money',
  },
  {
    check: 'CKV_AWS_65',
    on: ['AWS::ECS::Cluster'],
    because: 'container insights cost money for each metric, and are on where scaling needs them; low',
  },
  { check: 'CKV_AWS_115', on: ['AWS::Serverless::Function'], because: 'managed instances have limits of their own in its place' },
  {
    check: 'CKV_K8S_21',
    on: ['ServiceAccount', 'Deployment', 'Service', 'Ingress', 'CronJob'],
    because: 'the namespace is in the kustomization',
  },
  { check: 'CKV2_K8S_6', on: ['Pod'], because: 'who may call whom in a cluster is for its operators to say' },
  { check: 'CKV_K8S_11', on: ['Deployment', 'CronJob'], because: 'limits of the processor throttle Node.js; requests are set' },
  { check: 'CKV_K8S_14', on: ['Deployment', 'CronJob'], because: 'kustomize gives the image its tag' },
  { check: 'CKV_K8S_43', on: ['Deployment', 'CronJob'], because: 'kustomize gives the image its tag, or its digest' },
  { check: 'CKV_K8S_35', on: ['Deployment'], because: 'the code reads its secrets from the environment' },
  { check: 'CKV_K8S_40', on: ['Deployment', 'CronJob'], because: 'uid 1000 is the user node of the base image' },
  { check: 'CKV_DOCKER_2', on: ['Dockerfile'], because: 'an image of jobs alone ends by itself' },
  { check: 'CKV_DOCKER_7', on: ['Dockerfile'], because: 'the tag is in the argument BASE_IMAGE, which checkov does not follow' },
];

/** Checks that must be known to fail anew, so that a checkov that sees nothing is not taken for a template that has nothing. */
const bad = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'all',
        Roles: ['role'],
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      },
    },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'Open',
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0', Description: 'All' }],
      },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { AccessControl: 'PublicRead' } },
  },
};

const badPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'bad', namespace: 'bad' },
  spec: { containers: [{ name: 'bad', image: 'bad:1', securityContext: { privileged: true } }] },
};

interface Finding {
  check: string;
  /** Type of the resource, kind of the object, or `Dockerfile`. */
  on: string;
  resource: string;
  file: string;
}

const withStacks = targets.flatMap(({ id, available }) => {
  if (!available) return [];
  const target = findTarget(id);
  return isFunctionTarget(target) || target.stack ? [id] : [];
});

const folders = ['targets/input', 'projects/serverless-http-api/input', 'projects/plain-commonjs/input'];

/** Definitions as the user had them and as they are then, as files of one folder. */
async function templates(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const add = (name: string, before: unknown, after: unknown) => {
    files[`${name}/before.json`] = JSON.stringify(before, null, 2);
    files[`${name}/after.json`] = JSON.stringify(after, null, 2);
  };
  const runs = [
    ...(await fixtureNames()).map((fixture) => ({ name: fixture, definitions: () => editedDefinitions(fixture) })),
    ...withStacks
      .filter((target) => target !== defaultTarget)
      .flatMap((target) =>
        folders.map((folder) => ({
          name: `${target}/${folder}`,
          definitions: () => definitionsOf(target, join(repositoryRoot, 'fixtures', folder)),
        })),
      ),
  ];
  for (const { name, definitions } of runs) {
    for (const each of await definitions()) {
      const before = each.before === '' ? {} : judgedTemplate(each, each.before);
      add(`${name}/${each.path}`, 'Resources' in before ? before : { Resources: {} }, ofDefinition(each));
    }
  }
  add('bad', { Resources: {} }, bad);
  files['bad/pod.yaml'] = JSON.stringify(badPod);
  return files;
}

/** Without what stands for resources of Serverless. */
function ofDefinition(definition: EditedDefinition): PlainObject {
  const own = objectOf(templateOf(definition, definition.after)['Resources']);
  const { Resources: all, ...rest } = judgedTemplate(definition, definition.after);
  return { ...rest, Resources: Object.fromEntries(Object.entries(objectOf(all)).filter(([id]) => Object.hasOwn(own, id))) };
}

const definitionsOf = (target: string, folder: string) =>
  isFunctionTarget(findTarget(target)) ? editedFunctionDefinitions(target, folder) : editedDefinitions('', { target, folder });

/** Manifests and Dockerfiles as the fixtures have them: the user had none. */
async function others(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const folder of ['fixtures/targets/eks', 'fixtures/projects']) {
    for (const path of await readdir(join(repositoryRoot, folder), { recursive: true })) {
      if (!/(^|\/)(output\/.*Dockerfile|deploy\/eks\/[^/]+\.yaml)$/.test(path) || path.includes('/input/')) continue;
      const tree = await readTree(join(repositoryRoot, folder, dirname(path)));
      const name = path.slice(path.lastIndexOf('/') + 1);
      files[`${folder}/${path}`] = tree[name] ?? '';
    }
  }
  return files;
}

function judged(folder: string): Finding[] {
  const python = process.env['JUDGES_PYTHON'] ?? 'python3';
  const frameworks = ['cloudformation', 'kubernetes', 'dockerfile'];
  const { stdout, stderr, status } = spawnSync(
    join(dirname(python), 'checkov'),
    ['--directory', folder, '--framework', ...frameworks, '--output', 'json', '--quiet', '--compact', '--skip-download', '--soft-fail'],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(stderr);
  const reports = JSON.parse(stdout) as Report[];
  expect(reports.map(({ check_type: type }) => type).sort()).toEqual(frameworks.toSorted());
  expect(reports.filter(({ summary }) => summary.parsing_errors > 0)).toEqual([]);
  return reports.flatMap(({ check_type: type, results }) =>
    results.failed_checks.map(({ check_id: check, resource, file_path: file }) => ({
      check,
      on: type === 'dockerfile' ? 'Dockerfile' : (resource.split('.')[0] ?? ''),
      resource,
      file: file.replace(/^\//, ''),
    })),
  );
}

interface Report {
  check_type: string;
  results: { failed_checks: { check_id: string; resource: string; file_path: string }[] };
  summary: { parsing_errors: number };
}

let found: Finding[] = [];
let files: string[] = [];

beforeAll(async () => {
  const folder = await temporaryFolder();
  const all = { ...(await templates()), ...(await others()) };
  files = Object.keys(all);
  await writeTree(folder, all);
  const findings = judged(folder);
  // A function on managed instances is a copy of one, and as good as that.
  const key = ({ check, resource, file }: Finding) => `${check} ${resource.replace('.Managed', '.')} ${dirname(file)}`;
  const known = new Set(findings.filter(({ file }) => file.endsWith('/before.json')).map(key));
  found = findings.filter((each) => !each.file.endsWith('/before.json') && !known.has(key(each)));
}, 300_000);

afterAll(cleanUp);

describe('checkov', () => {
  const isBad = ({ file }: Finding) => file.startsWith('bad/');

  it('sees templates of every target, manifests and Dockerfiles', () => {
    const names = [...withStacks.filter((target) => target !== defaultTarget), 'fixtures/targets/eks', 'fixtures/projects'];
    expect(names.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
  });

  it('knows what is bad', () => {
    const checks = new Set(found.filter(isBad).map(({ check }) => check));
    // Administrators, SSH for all, a public bucket, a privileged pod.
    for (const check of ['CKV_AWS_62', 'CKV_AWS_24', 'CKV_AWS_20', 'CKV_K8S_16']) expect(checks).toContain(check);
  });

  it('finds nothing that the definition had not, but what has a reason', () => {
    const isAccepted = ({ check, on }: Finding) => accepted.some((each) => each.check === check && each.on.includes(on));
    expect(found.filter((each) => !isBad(each) && !isAccepted(each))).toEqual([]);
  });

  it('has no reason for what is not found', () => {
    const pairs = new Set(found.filter((each) => !isBad(each)).map(({ check, on }) => `${check} ${on}`));
    expect(accepted.flatMap(({ check, on }) => on.map((each) => `${check} ${each}`)).filter((pair) => !pairs.has(pair))).toEqual([]);
  });
});
