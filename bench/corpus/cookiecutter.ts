/** Projects that a repository keeps as cookiecutter templates (`sam init` renders such) are rendered before they can be read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globby } from 'globby';
import { run } from '../processes.js';
import type { Checkout } from './checkouts.js';

/** What `sam init` passes; JSON is YAML. A Lambda function has one architecture, the template's default lists all. */
const answers = { default_context: { project_name: 'sam-app', architectures: { value: ['x86_64'] } } };

/** Renders each template that its argument list names as `template, folder` pairs; hooks are programs of the repository: not run. */
const script = `
import sys
from cookiecutter.main import cookiecutter
config, pairs = sys.argv[1], sys.argv[2:]
for template, folder in zip(pairs[::2], pairs[1::2]):
    cookiecutter(template, no_input=True, output_dir=folder, config_file=config, accept_hooks=False)
`;

/**
 * Renders a checkout's Node.js templates into `into`, each at the place its template has.
 * @returns the rendered checkout, or the given one when it holds no template.
 * @throws Error when Python or its package cookiecutter is missing, or a template cannot be rendered.
 */
export async function renderTemplates(checkout: Checkout, into: string): Promise<Checkout> {
  const found = await globby('**/cookiecutter.json', { cwd: checkout.folder, gitignore: true });
  const templates = found.map((file) => dirname(file)).filter((folder) => /(^|\/)nodejs/.test(folder));
  if (templates.length === 0) return checkout;
  const folder = join(into, checkout.name);
  mkdirSync(folder, { recursive: true });
  const config = join(into, 'cookiecutter.yaml');
  writeFileSync(config, JSON.stringify(answers));
  const pairs = templates.sort().flatMap((each) => [join(checkout.folder, each), join(folder, each)]);
  const { code, output } = await run('python3', ['-c', script, config, ...pairs]);
  if (code !== 0) throw new Error(`cookiecutter templates of ${checkout.name} cannot be rendered (pip install cookiecutter)\n${output}`);
  return { ...checkout, folder };
}
