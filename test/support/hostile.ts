/** Texts that break out of their place where one is not encoded for it. */
import fc from 'fast-check';

const fragments = [
  '"',
  "'",
  '`',
  '\\',
  '$',
  '$$',
  '$(id)',
  '$(HOME)',
  `\${HOME}`,
  `\${HOME:?x}`,
  `\${AWS::Region}`,
  '{{v}}',
  '{{{v}}}',
  '}}',
  '#{x}',
  '%{x}',
  '%',
  '%s',
  '!',
  '!Ref A',
  '*/',
  '/*',
  '//',
  '#',
  ' # ',
  ': ',
  '- ',
  '---',
  '<!--',
  '-->',
  '</script>',
  '<b>',
  '|',
  '>',
  '&a',
  '*b',
  '@',
  ',',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  ';',
  '&&',
  '~',
  '=',
  '?',
  ' ',
  'a',
  'B',
  '7',
  'é',
  '😀',
  '\u00a0',
  '\ufeff',
  '__proto__',
  'true',
  'null',
  '0x1',
  '1e3',
  '12:30',
  'end',
  '.env',
];

const breaks = ['\n', '\r', '\r\n', '\u2028', '\u2029', '\t', '\nRUN evil\n', '\n- evil', '\n---\n', '\u0085', '\u001b[31m'];

const joined = (parts: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength }).map((list) => list.join(''));

/** Any text at all. NUL is left out: no environment and no argument can hold one. */
export const hostileText = joined([...fragments, ...breaks], 6);

/** A name of a file or folder. */
export const hostileName = joined(fragments, 4)
  .map((name) => name.replace(/[/\\]/g, ''))
  .filter((name) => name.trim() !== '' && name.trim() === name && !/^\.+$/.test(name));
