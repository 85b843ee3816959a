/** Answers that a project template suggests: `cookiecutter.json` beside or above the folder it fills. */
import { isPlainObject } from '../../data.js';
import { parentOf, type Repository } from '../../repository.js';

const name = /\{\{\s*cookiecutter\.(\w+)\s*\}\}/g;

/** The text with placeholders replaced by their defaults; undefined when one of them has none. */
export function withDefaults(text: string, repository: Repository, file: string): string | undefined {
  const defaults = defaultsFor(repository, file);
  const filled = text.replace(name, (whole, key: string) => {
    const value = defaults[key];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? first : whole;
  });
  return filled.includes('{{') ? undefined : filled;
}

function defaultsFor(repository: Repository, file: string): Record<string, unknown> {
  const found = repository.nearest(parentOf(file), 'cookiecutter.json');
  try {
    const json: unknown = JSON.parse((found && repository.read(found)) || '{}');
    return isPlainObject(json) ? json : {};
  } catch {
    return {};
  }
}
