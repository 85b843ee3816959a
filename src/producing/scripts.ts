/** Scripts of package.json: `build`, `start:<service>` and `start`. */
import type { PackageJson } from '../project/model.js';
import { shellWord } from '../render.js';
import { type Build, isOwnBuild } from './build.js';
import type { Manager } from './manager.js';

export interface ServiceCommand {
  /** Name of the service in the plan: `web`, `web-admin`. */
  name: string;
  kind: 'web' | 'worker' | 'job';
  /** Exec form, from the package root. */
  command: string[];
}

export interface Scripts {
  scripts: Record<string, string>;
  /** Script that the image runs to build; undefined when there is nothing to build. */
  imageBuild: string | undefined;
}

/** Builds of Lambda's own tools need an account or tools that an image has not. */
const lambdaTooling = /\b(?:sam|sls|serverless|cdk|aws|samlocal|amplify|arc|terraform|docker)\s|\b(?:sls|serverless|cdk)$/;

export function decideScripts(
  json: PackageJson,
  build: Build,
  services: readonly ServiceCommand[],
  manager: Manager,
  suffix: string | undefined,
): Scripts {
  const scripts: Record<string, string> = {};
  const end = suffix === undefined ? '' : `:${suffix}`;
  const imageBuild = addBuild(scripts, json.scripts ?? {}, build, manager, end);
  for (const { name, command } of services) scripts[`start:${name}${end}`] = command.map(shellWord).join(' ');
  const main = services.find(({ kind }) => kind === 'web') ?? (services.length === 1 ? services[0] : undefined);
  const isOurs = services.some(({ name }) => json.scripts?.['start'] === manager.run(`start:${name}${end}`));
  if (main && (json.scripts?.['start'] === undefined || isOurs)) scripts['start'] = manager.run(`start:${main.name}${end}`);
  return { scripts, imageBuild };
}

function addBuild(
  scripts: Record<string, string>,
  existing: Record<string, string>,
  build: Build,
  manager: Manager,
  end: string,
): string | undefined {
  if (build.ownScript !== undefined) return build.ownScript;
  if (build.command === undefined) return undefined;
  const ownName = `build:service${end}`;
  const old = existing['build'];
  if (end === '' && (old === undefined || (isOwnBuild(old, build) && existing[ownName] === undefined))) {
    scripts['build'] = build.command;
    return 'build';
  }
  scripts[ownName] = build.command;
  const call = manager.run(ownName);
  if (old?.includes(call)) return lambdaTooling.test(old) || onlyCompiles(old.replace(call, '')) ? ownName : 'build';
  if (old !== undefined && lambdaTooling.test(old)) {
    // Where Lambda's tools are missing, what the service needs is built before they fail.
    scripts['build'] = cleans.test(old) ? `${old} && ${call}` : `${call} && ${old}`;
    return ownName;
  }
  scripts['build'] = old === undefined ? call : `${old} && ${call}`;
  return old !== undefined && onlyCompiles(old) ? ownName : 'build';
}

/** What another build compiles the service does not run; what one generates (clients, schemas, pages) it may import. */
function onlyCompiles(script: string): boolean {
  const commands = script.split(/&&|;/).map((command) => command.trim().replace(/^(?:npx|yarn|pnpm exec|pnpm|bunx)\s+/, ''));
  return commands.every(
    (command) => command === '' || (compilers.has(command.split(/\s+/)[0] ?? '') && !/\s(?:-b|--build)\b/.test(command)),
  );
}

const compilers = new Set(
  'tsc tsup webpack esbuild rollup babel swc ncc rm rimraf del mkdir echo eslint tslint prettier biome jest vitest mocha'.split(' '),
);

/** Empties output folders first, ours among them. */
const cleans = /\b(?:rm|rimraf|del|del-cli|clean|shx)\b/;
