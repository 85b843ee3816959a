/** Marks of one request in what belongs to another. */
import type { ModelRoute } from './fronts/routing.js';

export interface Asked {
  route: ModelRoute;
  mark: string;
}

/** The mark of another request, and where it was. */
export interface Leak {
  asked: Asked;
  foreign: string;
  where: string;
}

/** What a request has got: its id in the log, where the front tells it, and its answer as text. */
export interface Answered {
  requestId: string | undefined;
  text: string;
}

export function leaksInAnswers(asked: readonly Asked[], answers: readonly Answered[]): Leak[] {
  return answers.flatMap(({ text }, index): Leak[] => {
    const own = asked[index] as Asked;
    const foreign = asked.find(({ mark }) => mark !== own.mark && text.includes(mark));
    return foreign ? [{ asked: own, foreign: foreign.mark, where: 'an answer' }] : [];
  });
}

/** The lines of each request, as the service's log names it: with the mark of another one, or with two. */
export function leaksInLog(asked: readonly Asked[], answers: readonly Answered[], log: string): Leak[] {
  const owners = new Map(answers.map(({ requestId }, index) => [requestId, asked[index]] as const));
  return [...linesByRequest(log)].flatMap(([id, text]): Leak[] => {
    const marked = asked.filter(({ mark }) => text.includes(mark));
    const own = owners.get(id) ?? marked[0];
    const foreign = marked.find((each) => each !== own);
    return own && foreign ? [{ asked: own, foreign: foreign.mark, where: 'the log of one request' }] : [];
  });
}

function linesByRequest(log: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of log.split('\n')) {
    const id = /"requestId":"([^"]+)"/.exec(line)?.[1];
    if (id !== undefined) lines.set(id, `${lines.get(id) ?? ''}${line}\n`);
  }
  return lines;
}

/**
 * Calls to the outside with two marks; and, where each request makes the same number of calls with its mark when it is alone, a mark that is
 * in more of them while another is missing in one.
 */
export function leaksInCalls(asked: readonly Asked[], calls: readonly string[], alone: ReadonlyMap<ModelRoute, number>): Leak[] {
  const where = 'a call to the outside';
  const mixed = calls.flatMap((call): Leak[] => {
    const [own, foreign] = asked.filter(({ mark }) => call.includes(mark));
    return own && foreign ? [{ asked: own, foreign: foreign.mark, where }] : [];
  });
  const counts = new Map(asked.map((each) => [each, calls.filter((call) => call.includes(each.mark)).length]));
  const replaced = [...alone].flatMap(([route, expected]): Leak[] => {
    const of = asked.filter((each) => each.route === route);
    const lacking = of.find((each) => (counts.get(each) ?? 0) < expected);
    const doubled = of.find((each) => (counts.get(each) ?? 0) > expected);
    return lacking && doubled ? [{ asked: lacking, foreign: doubled.mark, where }] : [];
  });
  return [...mixed, ...replaced];
}
