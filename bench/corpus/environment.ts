/** What a service finds around it: an AWS on this machine, and made-up values where a deployment has real ones. */
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import type { Service } from './services.js';

/** Of the surroundings that the processes of user code may see. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** Nothing listens there, and a client finds out at once. */
const nowhere = '127.0.0.1:9';

let aws: Promise<FauxqsServer> | undefined;

/** Variables for all user code: every AWS client of it talks to this machine. */
async function surroundings(): Promise<Record<string, string>> {
  aws ??= startFauxqs({ port: 0, logger: false });
  const { address } = await aws;
  const passed = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return {
    ...Object.fromEntries(passed as [string, string][]),
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: address,
  };
}

/** The variables of a task definition, filled in: queues exist, references and secrets have a placeholder of their kind. */
export async function serviceEnvironment({ environment, placeholders }: Service): Promise<Record<string, string>> {
  const around = await surroundings();
  const server = await aws;
  const filled = Object.entries(environment).map(([name, value]) => {
    const queue = /^https:\/\/sqs\.[^/]+\/\d+\/([\w.-]+)$/.exec(value)?.[1];
    return [name, queue ? (server?.createQueue(queue).queueUrl ?? value) : value] as const;
  });
  const made = placeholders.map((name) => [name, placeholderOf(name)] as const);
  return { ...Object.fromEntries(filled), ...Object.fromEntries(made), ...around };
}

export async function stopAws(): Promise<void> {
  await (await aws)?.stop();
}

/** Of the kind that the variable's name speaks of, so that a client which checks its form when it is made accepts it. */
function placeholderOf(name: string): string {
  if (/MONGO/i.test(name)) return `mongodb://${nowhere}/placeholder`;
  if (/REDIS.*UR[IL]/i.test(name)) return `redis://${nowhere}`;
  if (/(?:DATABASE|POSTGRES|PG|DB)_?UR[IL]/i.test(name)) return `postgres://placeholder:placeholder@${nowhere}/placeholder`;
  if (/UR[IL]|ENDPOINT/i.test(name)) return `http://${nowhere}/placeholder`;
  if (/ARN/i.test(name)) return 'arn:aws:sns:us-east-1:000000000000:placeholder';
  if (/HOST/i.test(name)) return '127.0.0.1';
  if (/PORT/i.test(name)) return '9';
  return 'placeholder';
}
