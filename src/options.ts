/**
 * The one table of commands and flags: parsing, help text and types are made from it. Pure data, loaded before anything else,
 * so it imports nothing.
 */

interface FlagEntry {
  /** `pairs`: KEY=VALUE, may be repeated. `list`: separated by commas, may be repeated. `off`: `--no-…`, true unless given. */
  kind: 'boolean' | 'off' | 'text' | 'number' | 'choice' | 'list' | 'pairs';
  /** Name of the value in the help text. */
  value?: string;
  choices?: readonly string[];
  help: string;
}

interface CommandEntry {
  /** What follows the command's name; `[x]` is optional. */
  arguments: string;
  help: string;
  flags: readonly FlagName[];
  /** Shown below the flags of `migrate-lambda <command> --help`. */
  notes?: readonly string[];
}

/** Every flag, by its name on the command line. */
export const flags = {
  write: { kind: 'boolean', help: 'write the changes; without it, and without a terminal to ask in, they are only shown' },
  'dry-run': { kind: 'boolean', help: 'never write and never ask, only tell what would be done' },
  diff: { kind: 'boolean', help: 'print the changes as a patch for `git apply`, nothing else on stdout' },
  json: { kind: 'boolean', help: 'print one JSON document, nothing else on stdout (docs/output.schema.json)' },
  sarif: { kind: 'boolean', help: 'print the findings as one SARIF 2.1.0 document, nothing else on stdout' },
  only: { kind: 'list', value: 'function', help: 'only this function; may be repeated, or name several with commas' },
  out: { kind: 'text', value: 'folder', help: 'write a migrated copy to this new or empty folder; the sources stay as they are' },
  plan: { kind: 'text', value: 'file', help: 'follow an edited plan (made by `migrate-lambda plan`)' },
  target: { kind: 'text', value: 'target', help: 'where the services will run (`migrate-lambda list targets`); default ecs-fargate' },
  style: {
    kind: 'choice',
    value: 'style',
    choices: ['auto', 'native', 'adapter'],
    help: 'auto (default): handlers become routes where they are understood, and stay for Lambda beside them where the definition deploys both; native: routes alone; or adapter',
  },
  'keep-handler': { kind: 'boolean', help: 'beside a native route the handler stays for Lambda, made of it: the code runs in both places' },
  'sdk-v3': {
    kind: 'boolean',
    help: "first run AWS's codemod from version 2 of the SDK to version 3 (its package aws-sdk-js-codemod has to be installed)",
  },
  split: {
    kind: 'choice',
    value: 'how',
    choices: ['function', 'api', 'none'],
    help: 'one service per function or api; default none: as few as possible',
  },
  arch: {
    kind: 'choice',
    value: 'architecture',
    choices: ['arm64', 'x86_64'],
    help: 'what all services run on; default: what the functions run on',
  },
  spot: {
    kind: 'boolean',
    help: 'services that run on are bought as Spot capacity beyond their first task: cheaper, and AWS stops them when it needs the place (ecs-fargate)',
  },
  infra: {
    kind: 'choice',
    value: 'how',
    choices: ['template', 'none'],
    help: 'template (default): the resources that run the services go into the definition, and are made once an image is given; none: files to register by hand',
  },
  front: {
    kind: 'choice',
    value: 'door',
    choices: ['alb', 'api-gateway'],
    help: 'what is in front of web services: alb, a load balancer of their own; or api-gateway, the API that the functions have, with all that it does; the default follows from that',
  },
  cutover: {
    kind: 'boolean',
    help: 'the services take over: with their resources in the definition, the functions that moved and what starts them go from it',
  },
  templates: {
    kind: 'text',
    value: 'folder',
    help: 'templates of your own: a file there replaces the built-in one of the same path (docs/templates.md)',
  },
  stage: { kind: 'text', value: 'stage', help: 'stage that variables of the definition are resolved for' },
  param: { kind: 'pairs', value: 'KEY=VALUE', help: 'template parameter or serverless param; may be repeated' },
  'allow-dirty': { kind: 'boolean', help: 'write although git shows uncommitted changes' },
  'fail-on': {
    kind: 'choice',
    value: 'severity',
    choices: ['error', 'warning', 'info', 'never'],
    help: 'exit with 1 from this severity on: error (default), warning, info, never',
  },
  yes: { kind: 'boolean', help: 'answer every question with yes (the same as --write)' },
  color: { kind: 'off', help: 'no colours' },
  force: { kind: 'boolean', help: 'put files back although they were changed since the write' },
  work: { kind: 'text', value: 'folder', help: 'where the clones and the state are kept; default ./migrate-lambda-batch' },
  branch: { kind: 'text', value: 'name', help: 'branch for the commit; default migrate-lambda' },
  concurrency: { kind: 'number', value: 'number', help: 'repositories at a time; default 2' },
  resume: { kind: 'boolean', help: 'go on after an interruption: skip repositories that are done' },
  'only-failed': { kind: 'boolean', help: 'run the failed repositories of the last time again, nothing else' },
  before: {
    kind: 'text',
    value: 'ref|folder',
    help: 'git ref or folder of the code before the migration; the given folder is the migrated one',
  },
  runtime: {
    kind: 'choice',
    value: 'runtime',
    choices: ['built-in', 'ric'],
    help: "built-in (default), or ric: AWS's own runtime client, installed once",
  },
  events: { kind: 'text', value: 'folder', help: 'folder of recorded events; default: the event folders of the project' },
  container: { kind: 'boolean', help: 'run the services as their built image, with Docker or podman' },
  recordings: { kind: 'text', value: 'file|folder', help: 'answers of AWS and of others to calls of the code (docs/verify.md); JSON' },
  unanswered: { kind: 'text', value: 'file', help: 'write the calls that had no answer to this file, to be filled in for --recordings' },
  guide: { kind: 'boolean', help: 'write the result into the MIGRATION.md of each project; a later migration keeps it' },
  runs: { kind: 'number', value: 'number', help: 'random requests a route; default 25' },
  region: {
    kind: 'list',
    value: 'region',
    help: 'AWS region, e.g. eu-west-1 or cn-north-1; assess and facts take several, repeated or with commas',
  },
  traffic: {
    kind: 'list',
    value: 'KEY=VALUE',
    help: 'requests=5M (a month), duration=120ms, memory=512MB; a range is 1M-5M, one function is GetOrder:requests=2M; may be repeated',
  },
  prices: { kind: 'text', value: 'file', help: 'prices that come before those of the data (docs/assess.md); JSON' },
  format: { kind: 'choice', value: 'format', choices: ['text', 'markdown', 'html'], help: 'text (default), markdown, or html with charts' },
  lang: { kind: 'choice', value: 'language', choices: ['en', 'zh'], help: 'language of the report: en (default) or zh' },
  'from-aws': {
    kind: 'boolean',
    help: 'first read the functions that are deployed, and their code, into the folder, with calls that only read (docs/from-aws.md)',
  },
  'aws-region': {
    kind: 'text',
    value: 'region',
    help: 'region of the functions to read; default: what the environment or the profile says',
  },
  profile: { kind: 'text', value: 'profile', help: 'profile of the AWS configuration to read with' },
  'endpoint-url': { kind: 'text', value: 'url', help: 'ask the APIs of AWS there' },
  name: { kind: 'list', value: 'function', help: 'read only this function of the account; may be repeated, or name several with commas' },
  prefix: { kind: 'text', value: 'text', help: 'read only functions of the account whose name begins so' },
  tag: { kind: 'pairs', value: 'KEY=VALUE', help: 'read only functions of the account with this tag, KEY= for any value; may be repeated' },
  'env-values': {
    kind: 'boolean',
    help: 'keep values of environment variables too, but for what looks like a secret; default: names alone',
  },
  measured: { kind: 'boolean', help: 'take the traffic of the last 30 days from CloudWatch' },
  probe: { kind: 'boolean', help: 'ask the Lambda API of each region whether it has managed instances' },
  seed: { kind: 'number', value: 'number', help: 'seed of the random requests; default 1' },
} as const satisfies Record<string, FlagEntry>;

export type FlagName = keyof typeof flags;

const deciding = [
  'target',
  'region',
  'style',
  'keep-handler',
  'sdk-v3',
  'split',
  'arch',
  'spot',
  'infra',
  'front',
  'templates',
  'stage',
  'param',
] as const;
const reading = ['only', 'plan', ...deciding] as const;
const ending = ['fail-on', 'color'] as const;
const deployed = ['from-aws', 'aws-region', 'profile', 'endpoint-url', 'name', 'prefix', 'tag', 'env-values'] as const;

/** Every command, by its name; `migrate` is the one that runs when none is named. */
export const commands = {
  migrate: {
    arguments: '[folder]',
    help: 'turn the Lambda functions of a folder into services that run in containers',
    flags: ['write', 'dry-run', 'diff', 'json', 'out', ...reading, 'cutover', 'allow-dirty', 'yes', ...deployed, ...ending],
  },
  plan: {
    arguments: '[folder]',
    help: 'print what would be done as YAML, to be edited and given back with --plan',
    flags: [...reading, 'color'],
  },
  verify: {
    arguments: '[folder]',
    help: 'run the old functions and the new services side by side and compare what they answer',
    flags: [
      'before',
      'container',
      'runtime',
      'events',
      'recordings',
      'unanswered',
      'guide',
      'runs',
      'seed',
      'json',
      'yes',
      ...reading,
      'color',
    ],
    notes: [
      'It runs the code of the project, without credentials, on loopback alone: nothing leaves the machine, calls to AWS are',
      'answered and recorded here. Exit code 1: something differs.',
    ],
  },
  check: {
    arguments: '[folder…]',
    help: 'find code that is only right while a process serves one request at a time',
    flags: ['json', 'sarif', 'only', 'target', 'stage', 'param', ...ending],
    notes: [
      'It only reads, and looks for state that requests share. Targets: container (default, as is any target of a migration), and',
      'lambda-managed-instances, where worker threads have their rules. Exit code 1: a finding of the severity of --fail-on.',
    ],
  },
  undo: { arguments: '[folder]', help: 'put every file back as it was before the last write', flags: ['force', 'color'] },
  explain: { arguments: '<CODE>', help: 'say what a diagnostic means and what to do about it', flags: ['color'] },
  list: { arguments: '<transforms|targets|triggers|diagnostics>', help: 'list what there is', flags: ['json', 'color'] },
  assess: {
    arguments: '[folder]',
    help: 'say where the functions could run in a region: availability, fit, effort, risk, cost, and one recommendation',
    flags: ['region', 'traffic', 'prices', 'format', 'lang', 'json', 'only', 'stage', 'param', ...deployed, 'measured', 'probe', 'color'],
    notes: [
      'It reads code and definitions only, and no account and no network unless --from-aws or --probe ask for them. What is not',
      'known is told as unknown (`migrate-lambda facts`). The functions of --from-aws are in --aws-region, else in the first --region.',
      'Exit code 1: something could not be read or understood, so that the assessment is not complete.',
    ],
  },
  facts: {
    arguments: '[availability|regions|runtimes|limits|fargate-sizes|instances|prices]',
    help: 'print what is known of AWS, each row with its source and date',
    flags: ['region', 'json', 'color'],
    notes: ['--region leaves availability and prices of that region. What is not known is told as "unknown", never guessed.'],
  },
  batch: {
    arguments: '<list>',
    help: 'migrate many repositories, each on a branch of its own clone',
    flags: ['work', 'branch', 'concurrency', 'resume', 'only-failed', 'json', ...deciding, ...ending],
    notes: [
      'The list holds one local folder or git URL a line; `#branch` after it names the branch to start from, lines that begin',
      'with # are comments. Nothing is pushed, and a local folder is cloned, never touched.',
    ],
  },
} as const satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof commands;

type FlagValue<F extends FlagEntry> = F extends { choices: readonly (infer C)[] }
  ? C
  : F['kind'] extends 'boolean' | 'off'
    ? boolean
    : F['kind'] extends 'number'
      ? number
      : F['kind'] extends 'list'
        ? string[]
        : F['kind'] extends 'pairs'
          ? Record<string, string>
          : string;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;

/** Parsed flags of a command, in camelCase. */
export type FlagValues<C extends CommandName> = {
  [F in (typeof commands)[C]['flags'][number] as CamelCase<F>]?: FlagValue<(typeof flags)[F]>;
};

/** As it is typed: `--param <KEY=VALUE>`, `--no-color`, `--write`. */
export function flagSyntax(name: FlagName): string {
  const flag: FlagEntry = flags[name];
  if (flag.kind === 'off') return `--no-${name}`;
  if (flag.kind === 'boolean') return `--${name}`;
  return `--${name} <${flag.value}>`;
}
