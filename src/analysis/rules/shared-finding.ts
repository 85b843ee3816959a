/** What the rules about shared state have in common: the sentence's places and how grave it is. */
import type { Finding } from '../concurrency/rule.js';
import type { Trace } from '../concurrency/trace.js';
import type { Verdict } from '../concurrency/verdicts.js';
import { dataName, declaredWhere, nameOfState, whereIs } from '../concurrency/words.js';

export function sharedFinding(code: string, { write, read, shared, ...verdict }: Verdict, trace: Trace): Finding {
  const at = write.spot;
  return {
    code,
    at,
    shared,
    severity: verdict.isRequestData && !verdict.onlyLogs ? 'error' : 'warning',
    args: {
      name: nameOfState(write),
      data: write.sources.size > 0 ? dataName(write.sources, trace) : 'what each request counts anew',
      declared: declaredWhere(shared, at),
      read: read ? whereIs(read.spot, at) : 'nowhere',
      consequence: consequenceOf({ write, read, shared, ...verdict }, trace),
    },
  };
}

function consequenceOf({ write, isRequestData, onlyLogs, isFirstKept, isLostUpdate }: Verdict, trace: Trace): string {
  const data = dataName(write.sources, trace);
  if (isFirstKept) return `every later request is answered with the ${data} of the first`;
  if (isLostUpdate) return 'of two requests at a time the changes of one are lost';
  if (onlyLogs) return `log lines of request A carry the ${data} of request B`;
  if (isRequestData) return `request B can be answered with A's ${data}`;
  return 'request B resets what request A is still working with';
}
