/** User data to give to launch templates by hand, where no resources are written. */
import { servicePort } from '../../planning/health-check.js';
import { imageName } from '../../planning/names.js';
import type { Project } from '../../project/model.js';
import { shellWord } from '../../render.js';
import type { Placeholder, TargetInput, TargetService } from '../target.js';
import { environmentOf, secretsOf, valuesToFill } from '../values/environment.js';
import { account, regionOf, regionToFill, registry } from '../values/placeholders.js';
import { runScript, secretWord } from './script.js';

export const ec2Folder = 'deploy/ec2';

interface Script {
  path: string;
  text: string;
}

/** A script a service, and one for each scheduled function. */
export function scripts({ project, services }: TargetInput): Script[] {
  return services.flatMap((each) => {
    const { service, command } = each;
    if (service.kind !== 'job') return [{ path: pathOf(service.name), text: scriptOf(project, each, command, false) }];
    return service.jobs.map(({ name }) => ({ path: pathOf(name), text: scriptOf(project, each, [...command, name], true) }));
  });
}

/** Path of the script of a service or a scheduled function. */
const pathOf = (name: string) => `${ec2Folder}/user-data.${name.replace(/[^\w-]+/g, '-')}.sh`;

export const logGroupOf = (project: Project, service: string) => `/ec2/${imageName(project.name)}-${service}`;

function scriptOf(project: Project, { service, port = servicePort }: TargetService, command: readonly string[], isJob: boolean): string {
  const lines = runScript({
    image: [`value_image=${shellWord(`${registry}/${imageName(project.name)}:latest`)}`],
    region: regionOf(project),
    logGroup: logGroupOf(project, service.name),
    environment: [
      ...environmentOf(project, service, port).map(({ name, value }) => `set -- "$@" --env ${shellWord(`${name}=${value}`)}`),
      ...secretsOf(project, service).map(({ name, valueFrom }) => secretWord(name, valueFrom)),
    ],
    command,
    stopTimeout: service.stopTimeout,
    runs: isJob ? 'job' : 'service',
    after: [],
  });
  return `${lines.join('\n')}\n`;
}

/** What a person fills into the scripts. */
export function placeholders(input: TargetInput): Placeholder[] {
  const made = scripts(input);
  const wanted = [
    ...regionToFill(input.project),
    { text: account, meaning: 'the AWS account' },
    { text: registry, meaning: 'the registry that holds the image' },
    ...input.services.flatMap(({ service }) => valuesToFill(input.project, service)),
  ];
  const distinct = [...new Map(wanted.map((each) => [each.text, each])).values()];
  return distinct.flatMap((each) => made.filter(({ text }) => text.includes(each.text)).map(({ path }) => ({ path, ...each })));
}
