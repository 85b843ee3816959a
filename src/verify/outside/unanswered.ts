import type { AwsCall } from './call.js';
import type { HttpCall } from './http-call.js';

/** Calls without an answer, in the format of recordings: give the answers and use it as one. */
export interface UnansweredCalls {
  aws: { service: string; operation: string; parameters: Record<string, unknown>; answer: Record<string, unknown> }[];
  http: { method: string; url: string; body?: string; answer: { status: number; body: unknown } }[];
}

/** Collects them, each once. */
export interface UnansweredLog {
  addAws(call: AwsCall): void;
  addHttp(call: HttpCall): void;
  calls(): UnansweredCalls;
}

/** More than anybody fills in. */
const limit = 200;

/** Longer values are no help to recognise a call by. */
const longest = 4000;

export function unansweredLog(): UnansweredLog {
  const aws = new Map<string, UnansweredCalls['aws'][number]>();
  const http = new Map<string, UnansweredCalls['http'][number]>();
  return {
    addAws: ({ service, operation, input }) => {
      const text = general(JSON.stringify(input));
      const parameters = text.length > longest ? {} : (JSON.parse(text) as Record<string, unknown>);
      if (aws.size < limit) aws.set(`${service} ${operation} ${text}`, { service, operation, parameters, answer: {} });
    },
    addHttp: ({ method, url, body }) => {
      const [target, content] = [general(url), general(body)];
      const known = content !== '' && content.length <= longest;
      if (http.size < limit)
        http.set(`${method} ${target} ${content}`, {
          method,
          url: target,
          ...(known && { body: content }),
          answer: { status: 200, body: {} },
        });
    },
    calls: () => ({ aws: [...aws.values()], http: [...http.values()] }),
  };
}

/** What is another value the next time stands for any: UUIDs, trace ids and times. */
function general(text: string): string {
  return text
    .replace(/\b1-[0-9a-f]{8}-[0-9a-f]{24}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '*')
    .replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?/g, '*')
    .replace(/(?<=[:[,])1[789]\d{8}(\d{3})?(?=[,\]}])/g, '"*"');
}
