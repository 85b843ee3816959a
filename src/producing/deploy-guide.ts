/** How the resources of the services are deployed: commands and what they are given. */
import { dnsSuffix, partitionOf } from '../aws/partition.js';
import { imageName } from '../planning/names.js';
import type { Project } from '../project/model.js';
import { Code, markdownCode, shellWord } from '../render.js';
import { type BaseImage, copyCommands } from './base-image.js';
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
export function deployGuide(stack: StagedStack, project: Project, { build, base }: { build: string; base: BaseImage }): DeployGuide {
  const repository = imageName(project.name);
  const image = `"$REGISTRY/${repository}:1"`;
  const local = /-t (\S+)/.exec(build)?.[1] ?? repository;
  return {
    file: relativePath(project.root, stack.file),
    inPlace: stack.inPlace,
    cutOver: stack.cutOver,
    commands: [
      ...placeCommands(project),
      `aws ecr create-repository --repository-name ${shellWord(repository)}`,
      'aws ecr get-login-password | docker login --username AWS --password-stdin "$REGISTRY"',
      ...copyCommands(base, / --platform (\S+)/.exec(build)?.[1] ?? ''),
      base.copyOf === undefined
        ? build
        : build.replace(' --platform', ` --build-arg NODE_IMAGE="$REGISTRY/base/${base.copyOf}" --platform`),
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

/** Where all is deployed: the registry of the account there. */
function placeCommands(project: Project): string[] {
  const suffix = dnsSuffix(partitionOf(project));
  if (project.region !== undefined)
    return [`export AWS_REGION=${project.region}`, `REGISTRY=<account>.dkr.ecr.${project.region}.${suffix}`];
  const elsewhere = suffix.endsWith('.cn') ? '' : ' # in China: .amazonaws.com.cn';
  return [`REGISTRY=<account>.dkr.ecr.<region>.${suffix}${elsewhere}`];
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
