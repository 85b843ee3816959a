/** Answers that the user recorded for calls to the outside; `docs/verify.md` describes the format. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.js';
import type { AwsCall } from './call.js';
import type { HttpCall } from './http-call.js';
import { writeError, writeOutput } from './protocol.js';
import type { AwsAnswer } from './services/service.js';

const status = z.int().min(100).max(599);
const body = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown()), z.number(), z.boolean(), z.null()]);
const headers = z.record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/), z.string().regex(/^[^\r\n]*$/));

/** An answer as it goes over the wire: a text, any JSON, or bytes. */
const httpAnswer = z.strictObject({
  status: status.default(200),
  headers: headers.default({}),
  body: body.optional(),
  base64: z.base64().optional(),
});

const awsRecording = z
  .strictObject({
    service: z.string(),
    operation: z.string(),
    parameters: z.record(z.string(), z.unknown()).default({}),
    answer: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()), z.string()]).optional(),
    error: z.strictObject({ code: z.string(), message: z.string().default(''), status: status.default(400) }).optional(),
    http: httpAnswer.optional(),
  })
  .refine(
    ({ answer, error, http }) => [answer, error, http].filter((each) => each !== undefined).length === 1,
    'one of "answer", "error" and "http" is needed',
  );

const httpRecording = z.strictObject({ method: z.string().default('GET'), url: z.string(), body: body.optional(), answer: httpAnswer });

const recordingsFile = z.strictObject({
  $schema: z.string().optional(),
  aws: z.array(awsRecording).default([]),
  http: z.array(httpRecording).default([]),
});

/** The recordings of a file or folder, in the order in which they are tried. */
export type Recordings = Pick<z.infer<typeof recordingsFile>, 'aws' | 'http'>;

export const noRecordings: Recordings = { aws: [], http: [] };

/** Larger than anything written by hand, small enough to be held twice. */
const maximumSize = 20 * 1024 * 1024;

/**
 * Reads a file, or all `.json` files of a folder in the order of their names.
 * @throws UserError when one cannot be read or is not of the format.
 */
export async function readRecordings(path: string): Promise<Recordings> {
  const files = await filesOf(path);
  if (files.length === 0) throw new UserError(`The folder ${path} has no .json file`, advice, path);
  const all: Recordings = { aws: [], http: [] };
  for (const file of files) {
    const { aws, http } = await readOne(file);
    all.aws.push(...aws);
    all.http.push(...http);
  }
  return all;
}

const advice = 'See docs/verify.md for the format; --unanswered <file> writes a file to fill in.';

async function filesOf(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new UserError(`There are no recordings at ${path}`, advice, path);
  if (!info.isDirectory()) return [path];
  const names = await readdir(path);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}

async function readOne(file: string): Promise<Recordings> {
  if ((await stat(file)).size > maximumSize)
    throw new UserError('The recordings are larger than 20 MB', 'Split the file, or shorten it.', file);
  const parsed = recordingsFile.safeParse(jsonOf(await readFile(file, 'utf8'), file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`The recordings are not of the format: ${issue?.path.join('.') || 'file'}: ${issue?.message}`, advice, file);
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`The recordings are no JSON: ${error instanceof Error ? error.message : String(error)}`, advice, file);
  }
}

/** The first recording that fits a call to AWS, in the form of the call's protocol. */
export function recordedAwsAnswer({ aws }: Recordings, { service, operation, input, protocol }: AwsCall): AwsAnswer | undefined {
  const found = aws.find(
    (each) =>
      fits(each.service, service) &&
      fits(each.operation, operation) &&
      (Object.keys(each.parameters).length === 0 || fits(each.parameters, input)),
  );
  if (!found) return undefined;
  if (found.error) return writeError(protocol, found.error);
  return found.http ? wireAnswer(found.http) : writeOutput(protocol, operation, found.answer);
}

/** The first recording that fits an HTTP call. */
export function recordedHttpAnswer({ http }: Recordings, call: HttpCall): AwsAnswer | undefined {
  const found = http.find(
    ({ method, url, body: wanted }) =>
      fits(method.toUpperCase(), call.method) && fits(url, call.url) && (wanted === undefined || fits(wanted, call.body)),
  );
  return found && wireAnswer(found.answer);
}

function wireAnswer({ status: code, headers: given, body: content, base64 }: z.infer<typeof httpAnswer>): AwsAnswer {
  if (base64 !== undefined) return { status: code, headers: given, body: Buffer.from(base64, 'base64') };
  if (content === undefined || typeof content === 'string') return { status: code, headers: given, body: content ?? '' };
  const hasType = Object.keys(given).some((name) => name.toLowerCase() === 'content-type');
  return { status: code, headers: hasType ? given : { 'content-type': 'application/json', ...given }, body: JSON.stringify(content) };
}

/** `*` in a text stands for anything; an object fits one with more in it, also one that is a JSON text. */
function fits(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted === 'string') return fitsText(wanted, typeof actual === 'object' ? JSON.stringify(actual) : String(actual));
  if (typeof wanted !== 'object' || wanted === null) return wanted === actual || String(wanted) === actual;
  const value = typeof actual === 'string' ? parsed(actual) : actual;
  if (Array.isArray(wanted))
    return Array.isArray(value) && value.length === wanted.length && wanted.every((each, index) => fits(each, value[index]));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(([name, each]) => Object.hasOwn(value, name) && fits(each, (value as Record<string, unknown>)[name]));
}

function fitsText(wanted: string, actual: string): boolean {
  if (!wanted.includes('*')) return wanted === actual;
  const [first = '', ...rest] = wanted.split('*');
  const last = rest.pop() ?? '';
  if (!actual.startsWith(first) || actual.length < first.length + last.length || !actual.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = actual.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= actual.length - last.length;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
