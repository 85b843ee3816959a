/** What an error of the AWS SDK means for a person. */
import { UserError } from '../errors.js';

export type FailureKind = 'credentials' | 'expired' | 'denied' | 'throttled' | 'network' | 'absent' | 'no-such-call' | 'other';

const byName: readonly [RegExp, FailureKind][] = [
  [/^(Expired|TokenRefreshRequired)/, 'expired'],
  [/Throttl|TooManyRequests|RequestLimitExceeded/, 'throttled'],
  [
    /^(CredentialsProviderError|UnrecognizedClient|InvalidClientTokenId|IncompleteSignature|InvalidSignature|SignatureDoesNotMatch|InvalidAccessKeyId|MissingAuthenticationToken)/,
    'credentials',
  ],
  [/^(UnknownOperation|UnsupportedOperation|InvalidAction)/, 'no-such-call'],
  [/^(ResourceNotFound|NotFound)/, 'absent'],
];

const networkCodes = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|UND_ERR_\w+)$/;

/** What an API answers for an operation that the region does not have, although it is worded as a refusal. */
const unknownOperation = /Unable to determine service\/operation name|Unknown ?Operation/i;

/** The kind of a failed call. */
export function failureKind(error: unknown): FailureKind {
  const { name = '', message = '', code = '', $metadata } = shapeOf(error);
  if (
    networkCodes.test(code) ||
    /^(TimeoutError|NetworkingError)$/.test(name) ||
    networkCodes.test(shapeOf(shapeOf(error).cause).code ?? '')
  )
    return 'network';
  if (unknownOperation.test(message)) return 'no-such-call';
  const named = byName.find(([pattern]) => pattern.test(name))?.[1];
  if (named) return named;
  if (/security token .*expired|token has expired|session has expired/i.test(message)) return 'expired';
  if (/^(AccessDenied|NotAuthorized|UnauthorizedOperation|Forbidden)/.test(name) || $metadata?.httpStatusCode === 403) return 'denied';
  if ($metadata?.httpStatusCode === 404) return 'absent';
  return /credential/i.test(message) ? 'credentials' : 'other';
}

interface ErrorShape {
  name?: string;
  message?: string;
  code?: string;
  cause?: unknown;
  $metadata?: { httpStatusCode?: number };
}

function shapeOf(error: unknown): ErrorShape {
  return typeof error === 'object' && error !== null ? error : {};
}

const words: Readonly<Record<FailureKind, string>> = {
  credentials: 'the credentials are missing or not accepted',
  expired: 'the credentials have expired',
  denied: 'it is not allowed',
  throttled: 'it was throttled after every retry',
  network: 'the API cannot be reached',
  absent: 'it is not there',
  'no-such-call': 'the API does not have the call in this region',
  other: 'the answer was not understood',
};

/** Why a call failed, in a few words; never what the API wrote, which can hold names of users and roles. */
export function failureReason(error: unknown): string {
  return words[failureKind(error)];
}

const advice: Partial<Record<FailureKind, string>> = {
  credentials: 'Give credentials as the AWS command line takes them (environment, profile, SSO, role), or name a profile with --profile.',
  expired: 'Get new ones, e.g. with "aws sso login", and run again: what was read is kept.',
  denied: 'Allow it for this role: lambda:ListFunctions, and lambda:Get* and lambda:List* for the functions.',
  throttled: 'Run again: it goes on where it stopped.',
  network: 'Check the network, a proxy, --aws-region and --endpoint-url, and run again: it goes on where it stopped.',
};

/** The error of a call without which nothing can be read. */
export function accessError(call: string, error: unknown): UserError {
  const kind = failureKind(error);
  const { message = '' } = shapeOf(error);
  if (/region is missing/i.test(message))
    return new UserError('Which region are the functions in?', 'Give --aws-region, e.g. --aws-region eu-west-1.');
  return new UserError(
    `${call} failed: ${words[kind]}`,
    advice[kind] ?? 'Run again, or look at the call with "aws lambda list-functions --debug".',
  );
}

/** Failures that every further call would share: the run ends, and can be taken up again. */
export function endsTheRun(error: unknown): boolean {
  return ['credentials', 'expired', 'network'].includes(failureKind(error));
}
