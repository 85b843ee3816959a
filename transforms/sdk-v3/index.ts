/**
 * AWS's own codemod from version 2 of the SDK to version 3. Its package is optional, and looked for beside this one.
 * https://github.com/aws/aws-sdk-js-codemod
 */
import { createRequire } from 'node:module';
import type { API, FileInfo, JSCodeshift } from 'jscodeshift';
import { placeAt } from '../../src/analysis/places.js';
import { UserError } from '../../src/errors.js';
import { joinSource, splitSource } from '../source-text.js';
import type { TransformMeta } from '../transform.js';

export const meta: TransformMeta = {
  id: 'sdk-v3',
  description: "Runs AWS's codemod (aws-sdk-js-codemod) from version 2 of the SDK for JavaScript to version 3",
  trigger: '--sdk-v3, and an import of aws-sdk',
  kind: 'source',
};

export interface SdkV3 {
  /** Undefined when nothing changed. */
  text: string | undefined;
  /** What is still to be done, with the line of the code before. */
  left: { problem: string; line: number }[];
}

type Transformer = (file: FileInfo, api: API, options: object) => Promise<string>;

const require = createRequire(import.meta.url);

/** The codemod. @throws UserError when its package is not installed */
export function codemod(): Transformer {
  try {
    return (require('aws-sdk-js-codemod/dist/transforms/v2-to-v3/transformer.js') as { default: Transformer }).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new UserError(
      "--sdk-v3 runs AWS's codemod, and the package aws-sdk-js-codemod is not installed",
      'Install it where migrate-lambda is: "npm install aws-sdk-js-codemod@3", with --global when migrate-lambda is global.',
    );
  }
}

/** Whether a text imports version 2. */
export function usesSdkV2(text: string): boolean {
  return importOfV2.test(text);
}

const importOfV2 = /(?:from|import|require\()\s*(['"])aws-sdk(?:\/[^'"\n]*)?\1/;

/** Converts one file. A file of which the codemod says that version 3 cannot do something stays as it is. */
export async function sdkV3(file: string, text: string): Promise<SdkV3> {
  if (!usesSdkV2(text)) return { text: undefined, left: [] };
  const source = splitSource(text);
  const j = (require('jscodeshift') as JSCodeshift).withParser('tsx');
  const api = { j, jscodeshift: j, stats: () => {}, report: () => {} };
  const printed = await codemod()({ path: file, source: source.body }, api, {});
  const refused = remarks(text, printed, unsupported);
  if (refused.length > 0) return { text: undefined, left: refused };
  const left = [...remarks(text, printed, promised), ...results(text)];
  const line = placeAt(text, importOfV2.exec(text)?.index ?? 0).line;
  if (usesSdkV2(printed)) left.push({ problem: 'it still imports aws-sdk for what has no counterpart in version 3', line });
  const kept = printed.replace(comments, '').replace(doubled, '$1$2$2');
  return { text: kept === source.body ? undefined : joinSource(source, kept), left };
}

/** The same for jscodeshift's command line. */
export default async (file: FileInfo, api: API): Promise<string | undefined> => {
  const { text, left } = await sdkV3(file.path, file.source);
  for (const { problem, line } of left) api.report(`${file.path}:${line} ${problem}`);
  return text;
};

/** What the codemod writes in front of code that it does not convert. */
const unsupported = /^[ \t]*\/\/ (.* not supported in AWS SDK for JavaScript \(v3\))\.$/gm;
const promised = /^[ \t]*\/\/ (The `\.promise\(\)` call might be on an JS SDK v2 client API)\.$/gm;
const comments =
  /^[ \t]*\/\/ The `\.promise\(\)` call might be on an JS SDK v2 client API\.\r?\n[ \t]*\/\/ If yes, please remove \.promise\(\)\. If not, remove this comment\.\r?\n/gm;

/** The printer ends a directive twice when statements are put behind it. */
const doubled = /^([ \t]*['"]use strict['"];);(\r?\n)/m;

/** A remark belongs to the line of code that follows it. */
function remarks(before: string, printed: string, pattern: RegExp): SdkV3['left'] {
  return [...printed.matchAll(pattern)].map(({ 1: problem = '', index }) => {
    const code = printed
      .slice(index)
      .split(/\r?\n/)
      .find((each) => each.trim() !== '' && !each.trimStart().startsWith('//'));
    const at = code === undefined ? -1 : before.indexOf(code.trim());
    return { problem, line: placeAt(before, Math.max(at, importOfV2.exec(before)?.index ?? 0, 0)).line };
  });
}

/** Results that have another form in version 3, and which the codemod leaves as they are. */
const changed: readonly { call: RegExp; read: RegExp; problem: string }[] = [
  {
    call: /\.getObject\(/,
    read: /\.Body\b|[{,]\s*Body\s*(?=[,}])/g,
    problem: 'the Body of an S3 object is a stream in version 3: await Body.transformToString() or transformToByteArray()',
  },
  {
    call: /\.invoke\(/,
    read: /\.Payload\b|[{,]\s*Payload\s*(?=[,}])/g,
    problem: 'the Payload of an invocation is bytes in version 3: Payload.transformToString()',
  },
  {
    call: /\.waitFor\(/,
    read: /\.waitFor\((?![^;]*\)\s*\.promise\(\))/g,
    problem: 'a waiter gives a promise in version 3, and the codemod leaves its callback out',
  },
];

function results(before: string): SdkV3['left'] {
  return changed.flatMap(({ call, read, problem }) =>
    call.test(before) ? [...before.matchAll(read)].map(({ index }) => ({ problem, line: placeAt(before, index).line })) : [],
  );
}
