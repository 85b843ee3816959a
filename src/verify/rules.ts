/** What is not a difference, and why; every rule that was used is shown in the report. */
export interface ComparisonRule {
  id: string;
  says: string;
}

export const comparisonRules = {
  transport: {
    id: 'transport',
    says: 'Headers of the connection and of the server are left out: Date, Connection, Keep-Alive, Transfer-Encoding, Content-Length, Server, Via.',
  },
  'request-ids': {
    id: 'request-ids',
    says: 'Headers that only name the request or the kind of a gateway error are left out: x-amzn-RequestId, x-amz-apigw-id, Apigw-Requestid, X-Amzn-Trace-Id, x-amzn-ErrorType.',
  },
  'vary-origin': { id: 'vary-origin', says: '`Vary: Origin` is left out: it tells caches what the CORS headers depend on.' },
  uuids: { id: 'uuids', says: 'UUIDs and X-Ray trace ids stand for any other.' },
  'log-streams': { id: 'log-streams', says: 'Names of log streams (`2026/01/31/[$LATEST]…`) stand for any other.' },
  signatures: { id: 'signatures', says: 'Signatures of presigned URLs stand for any other: the time is part of them.' },
  clock: {
    id: 'clock',
    says: 'Dates and times within two hours of the run, in ISO, epoch and HTTP forms, and those of the day in local forms, stand for "now".',
  },
  paths: { id: 'paths', says: 'The folders that the two sides run in stand for each other.' },
  stacks: {
    id: 'stacks',
    says: 'Frames of a stack trace in an answer stand for any others: they tell where code lies, which a build decides.',
  },
  'echoed-event': {
    id: 'echoed-event',
    says: 'A handler that answers with its event: the order of its keys, and what only the gateway knows (resourceId, deploymentId, extendedRequestId, the target group), are not compared.',
  },
  unstable: {
    id: 'unstable',
    says: 'Where the original gives another value each time it is asked the same, the value is not compared.',
  },
  'under-way': {
    id: 'under-way',
    says: 'Calls that a function still had under way when it returned count for the request that made them: Lambda freezes the process and ends them in a later invocation, the service ends them at once.',
  },
  'node-env': {
    id: 'node-env',
    says: 'Both sides run with NODE_ENV=production, as the image does, unless the function sets another; Lambda sets none.',
  },
  spelling: {
    id: 'spelling',
    says: 'REST APIs hand on header names as they were spelled; the service finds them in any spelling. An answer that the original gives when it finds each header in Title-Case and in lower case is equal.',
  },
} as const satisfies Record<string, ComparisonRule>;

export type RuleId = keyof typeof comparisonRules;

/** Collects the rules that changed something. */
export interface RuleUse {
  used(rule: RuleId): void;
}
