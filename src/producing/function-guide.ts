/** MIGRATION.md of functions that stay functions of Lambda. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { StackParameter } from '../infrastructure/stack-draft.js';
import type { Plan } from '../planning/plan.js';
import type { Project } from '../project/model.js';
import { Code, markdownCode, type RenderOptions, render, shellWord } from '../render.js';
import type { FunctionGuide, FunctionTarget, GuidePart } from '../targets/target.js';
import { findings, functionRow } from './migration-guide.js';
import { relativePath } from './paths.js';
import type { DeployTool } from './stage-infrastructure.js';

/** A definition with edits, and how it is deployed. */
export interface EditedDefinition {
  file: string;
  tool: DeployTool;
  parameters: StackParameter[];
}

interface FunctionGuideText {
  project: Project;
  plan: Plan;
  target: FunctionTarget;
  guide: FunctionGuide;
  /** Undefined where everything is done by hand. */
  definition: EditedDefinition | undefined;
  diagnostics: readonly Diagnostic[];
  options: RenderOptions;
}

export function functionGuide({ project, plan, target, guide, definition, diagnostics, options }: FunctionGuideText): string {
  const part = ({ template, values }: GuidePart) => new Code(render(template, values, options).trimEnd());
  return render(
    'report/FUNCTIONS.md.hbs',
    {
      project: project.name,
      definition: relativePath(project.root, project.definition),
      target: target.title,
      functions: plan.functions.map((each) => functionRow(each, plan)),
      ...findings(diagnostics),
      deploy: definition && {
        file: relativePath(project.root, definition.file),
        commands: commandsOf(definition, project).map((line) => new Code(line)),
        parameters: definition.parameters.map(({ name, description, default: fallback }) => ({
          name,
          meaning: description,
          default: new Code(fallback === undefined ? 'to be given' : markdownCode(fallback) || 'empty'),
        })),
      },
      steps: part(guide.steps),
      rollBack: part(guide.rollBack),
    },
    options,
  );
}

function commandsOf({ tool, file, parameters }: EditedDefinition, project: Project): string[] {
  const given = parameters.filter(({ default: fallback }) => fallback === undefined).map(({ name }) => name);
  const region = project.region === undefined ? [] : [`export AWS_REGION=${project.region}`];
  if (tool === 'serverless') return [...region, ['serverless deploy', ...given.map((name) => `--param=${name}=<${name}>`)].join(' ')];
  const overrides = given.length === 0 ? '' : ` --parameter-overrides ${given.map((name) => `${name}=<${name}>`).join(' ')}`;
  if (tool === 'sam') return [...region, 'sam build', `sam deploy --capabilities CAPABILITY_IAM${overrides}`];
  const template = shellWord(relativePath(project.root, file));
  return [
    ...region,
    `aws cloudformation package --template-file ${template} --s3-bucket <bucket> --output-template-file packaged.yaml`,
    `aws cloudformation deploy --template-file packaged.yaml --stack-name <stack> --capabilities CAPABILITY_IAM${overrides}`,
  ];
}
