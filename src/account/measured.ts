/** Traffic as CloudWatch measured it, in the form of `--traffic`. */
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { diagnostic } from '../diagnostics/catalog.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { failureReason } from './failures.js';
import type { ReadAccount } from './read-account.js';

const days = 30;
const day = 86_400;
/** Two queries a function; the API takes 500 at a time. */
const functionsAtATime = 250;

export interface Measured {
  traffic: string[];
  diagnostics: Diagnostic[];
}

/** Invocations of each function and the mean duration of all, of the last 30 days as a month of 730 hours. */
export async function measuredTraffic({ apis, functions }: ReadAccount, now: Date): Promise<Measured> {
  const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = await apis.metrics();
  const end = new Date(Math.floor(now.getTime() / 1000 / day) * day * 1000);
  const start = new Date(end.getTime() - days * day * 1000);
  const requests = new Map<string, number>();
  const busy = new Map<string, number>();
  try {
    for (let first = 0; first < functions.length; first += functionsAtATime) {
      const some = functions.slice(first, first + functionsAtATime);
      const queries = some.flatMap(({ name }, index) => [
        query(`requests${index}`, name, 'Invocations'),
        query(`busy${index}`, name, 'Duration'),
      ]);
      let next: string | undefined;
      do {
        const answer = await client.send(
          new GetMetricDataCommand({
            StartTime: start,
            EndTime: end,
            MetricDataQueries: queries,
            ...(next !== undefined && { NextToken: next }),
          }),
        );
        for (const { Id: id = '', Values: values = [] } of answer.MetricDataResults ?? []) {
          const [, kind = '', index = ''] = /^(requests|busy)(\d+)$/.exec(id) ?? [];
          const fn = some[Number(index)]?.id;
          const sums = kind === 'requests' ? requests : busy;
          if (fn !== undefined) sums.set(fn, (sums.get(fn) ?? 0) + values.reduce((sum, value) => sum + value, 0));
        }
        next = answer.NextToken;
      } while (next !== undefined && next !== '');
    }
  } catch (error) {
    return { traffic: [], diagnostics: [diagnostic('ACCOUNT_METRICS_UNREAD', { args: { reason: failureReason(error) } })] };
  }
  const month = 730 / 24 / days;
  const total = sum(requests);
  const own = functions.map(({ id }) => `${id}:requests=${Math.round((requests.get(id) ?? 0) * month)}`);
  return {
    traffic: [...new Set(own), ...(total > 0 ? [`duration=${Math.max(1, Math.round(sum(busy) / total))}ms`] : [])],
    diagnostics: [],
  };
}

function sum(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}

function query(id: string, name: string, metric: 'Invocations' | 'Duration'): MetricDataQuery {
  const Metric = { Namespace: 'AWS/Lambda', MetricName: metric, Dimensions: [{ Name: 'FunctionName', Value: name }] };
  return { Id: id, MetricStat: { Metric, Period: day, Stat: 'Sum' }, ReturnData: true };
}
