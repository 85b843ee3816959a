import { type OxcError, type ParseResult, type ParserOptions, parseSync } from 'oxc-parser';
import { isNestedSafely } from './nesting.js';

/**
 * Parses a user's JavaScript or TypeScript with oxc; the only way to it, since deep nesting ends oxc's process and no error handler
 * survives that. Such text gives an empty program and one error, as other text that cannot be parsed.
 *
 * @param file name whose extension tells the language
 */
export function parseSource(file: string, text: string, options?: ParserOptions): Pick<ParseResult, 'program' | 'module' | 'errors'> {
  if (isNestedSafely(text)) return parseSync(file, text, options);
  const { program, module } = parseSync(file, '', options);
  return { program, module, errors: [tooDeep as OxcError] };
}

const tooDeep = { severity: 'Error', message: 'the code is nested too deep', labels: [], helpMessage: null, codeframe: null };
