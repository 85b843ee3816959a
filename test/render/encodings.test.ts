import { execFileSync } from 'node:child_process';
import { DockerfileParser } from 'dockerfile-ast';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import {
  Code,
  commentText,
  copyPaths,
  dockerfileList,
  dockerfileWord,
  encodingHelpers,
  markdownCode,
  markdownText,
  render,
  shellWord,
  stringLiteral,
  yamlScalar,
} from '../../src/render.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', "'", '`', '\\', '\n', '\r', '$', '{', '}', '<', '/', ':', '#', '\u2028', '\ufeff', ' ', 'a', '-', '|', '*'),
  }),
);
const oneLine = anyText.filter((text) => !/[\r\n\u2028\u2029\0]/.test(text));

describe('a text is read back as it was', () => {
  it('from JavaScript', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("'" as const, '"' as const), (text, quote) => {
        expect(new Function(`return ${stringLiteral(text, quote)}`)()).toBe(text);
      }),
    );
  });

  it('from YAML, beside a key', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parseYaml(`key: ${yamlScalar(text)}\nnext: 1\n`)).toEqual({ key: text, next: 1 });
      }),
    );
  });

  it('from a shell', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', "'", '`', '\\', '\n', '$', '(', ')', ';', '&', '*', '~', ' ', 'a', '!') }),
        (text) => {
          expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('from the exec form of a Dockerfile', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (words) => {
        const list = dockerfileList(words);
        expect(list).not.toMatch(/[\r\n]/);
        expect(JSON.parse(list)).toEqual(words);
      }),
    );
  });

  it('from COPY', () => {
    fc.assert(
      fc.property(
        fc.array(
          oneLine.filter((text) => text !== ''),
          { minLength: 2, maxLength: 4 },
        ),
        (paths) => {
          const [copy] = DockerfileParser.parse(`COPY ${copyPaths(paths)}\n`).getInstructions();
          const content = copy?.getRawArgumentsContent() ?? '';
          expect(content.startsWith('["') ? JSON.parse(content) : content.split(' ')).toEqual(paths);
        },
      ),
    );
  });
});

describe('a text stays on its line', () => {
  it('in a comment, which it does not end', () => {
    fc.assert(fc.property(anyText, (text) => void expect(commentText(text)).not.toMatch(/[\r\n\u2028\u2029\u0085]|\*\//)));
  });

  it('in a cell of a table', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const cell of [markdownText(text), markdownCode(text)]) {
          expect(cell).not.toMatch(/[\r\n\u2028\u2029\u0085]/);
          expect(cell.replaceAll(/\\./g, '')).not.toContain('|');
        }
      }),
    );
  });

  it('and no markup of Markdown or HTML begins in it', () => {
    expect(markdownText('<b>*a* [x](y) `c` _d_ # e')).toBe('\\<b\\>\\*a\\* \\[x\\](y) \\`c\\` \\_d\\_ \\# e');
    expect(markdownCode('a`b``c')).toBe('```a`b``c```');
  });
});

describe('what cannot be written is refused', () => {
  it.each(['a\nb', 'a\rb', 'a\u2028b', 'a\0b'])('a line break in a Dockerfile: %j', (text) => {
    expect(() => dockerfileWord(text)).toThrow(/line break/);
    expect(() => copyPaths([text, './'])).toThrow(/line break/);
  });

  it('a value where code is expected, and anything but a text where a text is', () => {
    expect(() => encodingHelpers['code']?.('process.exit()')).toThrow(/generated code/);
    expect(encodingHelpers['code']?.(new Code('x'))).toBe('x');
    expect(() => commentText(undefined)).toThrow(/undefined/);
    expect(() => commentText({})).toThrow(/object/);
    expect(() => dockerfileList('node')).toThrow(/list/);
  });

  it('a template value that is missing', () => {
    expect(() => render('entry/web.hbs', {})).toThrow(/undefined/);
  });
});
