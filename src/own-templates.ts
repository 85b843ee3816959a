/** Templates of the user, which replace ours one by one: checked before anything is made, so that a mistake is told and not written. */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { globbySync } from 'globby';
import Handlebars from 'handlebars';
import { UserError } from './errors.js';
import { nearest } from './nearest.js';
import { marker } from './producing/layout.js';
import { encodingHelpers, templateFolder } from './render.js';

/** Larger than any template. */
const maximumSize = 1024 * 1024;

/** Names of the templates that can be replaced, e.g. `docker/Dockerfile.hbs`. */
export function templateNames(): string[] {
  return globbySync('**/*.hbs', { cwd: templateFolder() }).sort();
}

/**
 * The absolute path of a folder of templates.
 * @throws UserError when it is no folder, holds a file that is no template of ours, or one that could print a value as it is.
 */
export function ownTemplates(folder: string): string {
  const found = resolve(folder);
  if (statSync(found, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UserError(`There is no folder of templates ${folder}`, 'Name a folder that holds files like docker/Dockerfile.hbs.');
  }
  const known = templateNames();
  for (const name of globbySync('**', { cwd: found, dot: true, followSymbolicLinks: false }).sort()) {
    const place = join(folder, name);
    if (!known.includes(name)) {
      const [like] = nearest(name, known);
      const advice = like === undefined ? `Templates: ${known.join(', ')}.` : `Did you mean ${like}? Templates: ${known.join(', ')}.`;
      throw new UserError(`${name} replaces no template`, advice, place);
    }
    checkTemplate(name, readTemplate(join(found, name), place), place);
  }
  return found;
}

function readTemplate(file: string, place: string): string {
  if (statSync(file).size > maximumSize) throw new UserError('The template is far too large', 'Make it smaller than 1 MiB.', place);
  return readFileSync(file, 'utf8');
}

function checkTemplate(name: string, text: string, place: string): void {
  if (readFileSync(join(templateFolder(), name), 'utf8').includes(marker) && !text.includes(marker)) {
    throw new UserError(
      `The template does not say "${marker}"`,
      'Put these words into a comment: later runs know by them that the file is theirs.',
      place,
    );
  }
  for (const { statement, line } of printing(text, place)) {
    const helper = statement.path.type === 'PathExpression' ? (statement.path as hbs.AST.PathExpression).original : '';
    if (Object.hasOwn(encodingHelpers, helper) && statement.params.length === 1) continue;
    throw new UserError(
      `The template prints a value that is not encoded for its place: {{${helper}}}`,
      `Write {{helper value}} with one of ${Object.keys(encodingHelpers).join(', ')}.`,
      `${place}:${line}`,
    );
  }
}

interface Printing {
  statement: hbs.AST.MustacheStatement;
  line: number;
}

/** Every `{{…}}` that prints. */
function printing(text: string, place: string): Printing[] {
  return statementsOf(parsed(text, place), place);
}

function parsed(text: string, place: string): hbs.AST.Program {
  try {
    return Handlebars.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UserError(`The template cannot be read: ${reason}`, 'It is a template of Handlebars.', place);
  }
}

function statementsOf(program: hbs.AST.Program | undefined, place: string): Printing[] {
  return (program?.body ?? []).flatMap((statement) => {
    const { line } = statement.loc.start;
    if (statement.type === 'MustacheStatement') return [{ statement: statement as hbs.AST.MustacheStatement, line }];
    if (statement.type === 'BlockStatement') {
      const { program: inner, inverse } = statement as hbs.AST.BlockStatement;
      return [...statementsOf(inner, place), ...statementsOf(inverse, place)];
    }
    if (statement.type === 'ContentStatement' || statement.type === 'CommentStatement') return [];
    throw new UserError('The template has a part of another one', 'Partials and decorators are not there.', `${place}:${line}`);
  });
}
