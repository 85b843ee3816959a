/** The program that a command starts in the end: through shell scripts and the scripts of package.json, read and never run. */
import type { PackageJson } from '../project/model.js';
import type { Repository } from '../project/repository.js';

export interface StartCommand {
  /** `['node', '--enable-source-maps', 'server.js']`; a tool of a package is its file below `node_modules/.bin`. */
  words: string[];
  /** Variables that the scripts set for it. */
  environment: Record<string, string>;
  /** Folders that a script makes before. */
  folders: string[];
  /** Package whose tool is started; undefined for Node itself. */
  tool?: string;
}

/** Why it cannot be told, and where that stands. */
export interface NotUnderstood {
  problem: string;
  file?: string;
  line?: number;
}

export interface StartSource {
  repository: Repository;
  /** Folder that relative paths start from. */
  root: string;
  packageJson: PackageJson;
}

const maximumDepth = 5;

/** Follows one command line. */
export function readStart(source: StartSource, command: string, depth = 0): StartCommand | NotUnderstood {
  if (depth > maximumDepth) return { problem: 'its scripts call each other' };
  const words = wordsOf(command);
  if (!words) return { problem: `"${command.trim()}" does more than start a program` };
  const environment: Record<string, string> = {};
  while (words.length > 0 && (isPrefix(words[0] as string) || assignment.test(words[0] as string))) {
    const [, name, value = ''] = assignment.exec(words.shift() as string) ?? [];
    if (name !== undefined) environment[name] = value;
  }
  const started = follow(source, words, command, depth);
  return 'problem' in started ? started : { ...started, environment: { ...environment, ...started.environment } };
}

const assignment = /^([A-Za-z_]\w*)=(.*)$/s;

function isPrefix(word: string): boolean {
  return ['exec', 'env', 'cross-env', 'npx', 'command', 'dumb-init', 'tini', '--'].includes(word);
}

/** Words of a simple command; undefined when the shell would do more with it than to split it. */
function wordsOf(command: string): string[] | undefined {
  const plain = command.trim().replace(/"?\$(?:\{LAMBDA_TASK_ROOT\}|LAMBDA_TASK_ROOT)"?\//g, '/var/task/');
  if (/[`$|&;<>()*?]/.test(plain)) return undefined;
  return [...plain.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function follow(source: StartSource, words: string[], command: string, depth: number): StartCommand | NotUnderstood {
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (name === 'node' || name === 'nodejs')
    return rest.length > 0 ? started(['node', ...rest]) : { problem: 'it starts Node without a file' };
  if (/^(?:sh|bash|ash|dash)$/.test(name)) return ofShell(source, rest, command, depth);
  if (/^(?:npm|yarn|pnpm)$/.test(name)) return ofManager(source, rest, command, depth);
  const script = scriptFile(source, program);
  if (script !== undefined) return ofScript(source, script, depth);
  return ofTool(source, words, command);
}

function started(words: string[]): StartCommand {
  return { words, environment: {}, folders: [] };
}

function ofShell(source: StartSource, words: readonly string[], command: string, depth: number): StartCommand | NotUnderstood {
  const [first = '', second] = words.filter((word) => !/^-(?!.*c)/.test(word));
  if (/^-\w*c$/.test(first))
    return second === undefined ? { problem: `"${command}" names no command` } : readStart(source, second, depth + 1);
  const script = scriptFile(source, first);
  return script === undefined ? { problem: `the script ${first} was not found` } : ofScript(source, script, depth);
}

/** A shell script of the project: `run.sh`, `./bootstrap`. */
function scriptFile({ repository, root }: StartSource, program: string): string | undefined {
  const path = repository.resolve(root, program.replace(/^\/var\/task\//, './'));
  if (path === undefined || !repository.isFile(path)) return undefined;
  const text = repository.read(path) ?? '';
  return path.endsWith('.sh') || /^#!.*\b(?:sh|bash|ash|dash)\b/.test(text) ? path : undefined;
}

function ofManager(source: StartSource, words: readonly string[], command: string, depth: number): StartCommand | NotUnderstood {
  const [verb = '', ...rest] = words.filter((word) => !/^(?:-s|--silent|--)$/.test(word));
  if (verb === 'exec' || verb === 'dlx') return ofTool(source, rest, command);
  const [name, args] = /^run(?:-script)?$/.test(verb) ? [rest[0] ?? '', rest.slice(1)] : [verb, rest];
  const { scripts = {}, main } = source.packageJson;
  const script = scripts[name];
  if (script === undefined) {
    // What npm does by itself: https://docs.npmjs.com/cli/commands/npm-start
    if (name === 'start' && source.repository.isFile(source.repository.resolve(source.root, 'server.js') ?? ''))
      return started(['node', 'server.js']);
    return { problem: `package.json has no script ${name}${main === undefined ? '' : ` (its main is ${main})`}` };
  }
  if (scripts[`pre${name}`] !== undefined) return { problem: `the script pre${name} of package.json runs before it` };
  const found = readStart(source, script, depth + 1);
  return 'problem' in found ? found : { ...found, words: [...found.words, ...args] };
}

/** Packages whose tool has another name. */
const toolPackages: Readonly<Record<string, string>> = {
  'remix-serve': '@remix-run/serve',
  'react-router-serve': '@react-router/serve',
  nest: '@nestjs/cli',
};

/** A tool of a package, as npm finds it. */
function ofTool({ packageJson }: StartSource, words: readonly string[], command: string): StartCommand | NotUnderstood {
  const [name = '', ...rest] = words;
  const tool = toolPackages[name] ?? name;
  const { dependencies, devDependencies } = packageJson;
  if (!Object.hasOwn({ ...dependencies, ...devDependencies }, tool))
    return { problem: `"${command.trim()}" starts no program of Node that is known` };
  // Compiles, then starts what its configuration names: https://docs.nestjs.com/cli/usages
  if (name === 'nest')
    return rest[0] === 'start' ? started(['node', 'dist/main.js']) : { problem: `"${command.trim()}" does not start a server` };
  return { ...started([`node_modules/.bin/${name}`, ...rest]), tool };
}

const harmless =
  /^(?:#|set\s|:$|true$|ulimit\s|umask\s|echo\s[^<>|&$`]*$|cd\s+(?:"?(?:\.|\/var\/task|\$\{?LAMBDA_TASK_ROOT\}?)\/?"?|"?\$\(dirname "?\$0"?\)"?)$)/;
const makesFolders = /^(?:\[\[?\s[^\]]*\]\]?\s*&&\s*)?mkdir\s+(?:-p\s+)?((?:["']?\/tmp\/[\w./-]+["']?\s*)+)$/;

/** A script that sets variables and makes folders, and then starts one program. */
function ofScript(source: StartSource, file: string, depth: number): StartCommand | NotUnderstood {
  const environment: Record<string, string> = {};
  const folders: string[] = [];
  const lines = (source.repository.read(file) ?? '').replace(/\\\r?\n/g, (text) => `${' '.repeat(text.length - 1)}\u2028`).split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.replaceAll('\u2028', ' ').trim();
    const made = makesFolders.exec(line)?.[1];
    const variables = variablesOf(line);
    if (line === '' || harmless.test(line)) continue;
    if (made !== undefined) folders.push(...made.replace(/["']/g, '').trim().split(/\s+/));
    else if (variables) Object.assign(environment, variables);
    else {
      const place = { file, line: lineOf(lines, index) };
      const more = lines.slice(index + 1).findIndex((each) => each.trim() !== '' && !each.trim().startsWith('#'));
      if (more !== -1 && !/^exec\s/.test(line)) return { problem: 'it does more than to start one program', ...place };
      const found = readStart(source, line, depth + 1);
      if ('problem' in found) return { ...place, ...found };
      return { ...found, environment: { ...environment, ...found.environment }, folders: [...folders, ...found.folders] };
    }
  }
  return { problem: 'it starts nothing', file, line: 1 };
}

/** The line that a person sees: continued lines were joined. */
function lineOf(lines: readonly string[], index: number): number {
  return lines.slice(0, index).reduce((count, line) => count + 1 + (line.match(/\u2028/g)?.length ?? 0), 1);
}

/** `export A=b C="d e"`, `A=b` alone; what is made from other variables is left to what follows. */
function variablesOf(line: string): Record<string, string> | undefined {
  const words = wordsOf(line.replace(/^export\s+/, ''));
  if (!words || words.length === 0 || !words.every((word) => assignment.test(word))) return undefined;
  return Object.fromEntries(words.map((word) => (assignment.exec(word) as RegExpExecArray).slice(1, 3) as [string, string]));
}
