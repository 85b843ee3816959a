/** How the resources of the services are deployed: commands and what they are given. */
import { imageName } from '../planning/names.js';
import type { Project } from '../project/model.js';
import { Code, markdownCode, shellWord } from '../render.js';
import { relativePath } from './paths.js';
import type { StagedStack } from './stage-infrastructure.js';

export interface DeployGuide {
  file: string;
  inPlace: boolean;
  cutOver: boolean;
  commands: Code[];
  parameters: { name: string; meaning: string; default: Code }[];
}

/** Values of `deploy` between angle brackets are the user's to give. */
export function deployGuide(stack: StagedStack, project: Project, build: string): DeployGuide {
  const repository = imageName(project.name);
  const image = `"$REGISTRY/${repository}:1"`;
  const local = /-t (\S+)/.exec(build)?.[1] ?? repository;
  return {
    file: relativePath(project.root, stack.file),
    inPlace: stack.inPlace,
    cutOver: stack.cutOver,
    commands: [
      'REGISTRY=<account>.dkr.ecr.<region>.amazonaws.com # in China: .amazonaws.com.cn',
      `aws ecr create-repository --repository-name ${shellWord(repository)}`,
      'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"',
      build,
      `docker tag ${shellWord(local)} ${image}`,
      `docker push ${image}`,
      ...deployCommands(stack, project, image),
    ].map((line) => new Code(line)),
    parameters: stack.parameters.map(({ name, description, default: fallback }) => ({
      name,
      meaning: description,
      default: new Code(fallback === undefined ? 'to be given' : markdownCode(fallback) || 'empty'),
    })),
  };
}

function deployCommands({ tool, file, parameters }: StagedStack, project: Project, image: string): string[] {
  const required = parameters.filter(({ default: fallback }) => fallback === undefined);
  const values = required.map(({ name }) => [name, /image$/i.test(name) ? image : `<${name}>`] as const);
  const template = shellWord(relativePath(project.root, file));
  if (tool === 'serverless') {
    // Before version 3, parameters are variables of the shell.
    const byShell = values.every(([name]) => name === name.toUpperCase());
    if (byShell) return [...values.map(([name, value]) => `export ${name}=${value}`), 'serverless deploy'];
    return [`serverless deploy ${values.map(([name, value]) => `--param=${name}=${value}`).join(' ')}`];
  }
  const overrides = values.map(([name, value]) => `${name}=${value}`).join(' ');
  if (tool === 'sam') return ['sam build', `sam deploy --capabilities CAPABILITY_IAM --parameter-overrides ${overrides}`];
  return [
    `aws cloudformation deploy --template-file ${template} --stack-name <stack> --capabilities CAPABILITY_IAM --parameter-overrides ${overrides}`,
  ];
}
