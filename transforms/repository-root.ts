/** For transforms that are run by themselves: which folder is the repository. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const definitions = ['template.yaml', 'template.yml', 'serverless.yml', 'serverless.ts', 'cdk.json', 'package.json'];

/** The folder of `.git` around a folder; without one the outermost with a definition or a package.json, else the folder itself. */
export function outermostFolder(folder: string): string {
  let found = folder;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (definitions.some((name) => existsSync(join(at, name)))) found = at;
    if (dirname(at) === at) return found;
  }
}
