import type { Finding, Rule } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';
import { stringOf } from '../syntax.js';

/** One connection, as packages make it: package, and the end of the path to what is made. */
const single: readonly { package: RegExp; made: RegExp; pool: string }[] = [
  { package: /^pg$/, made: /(^|\.)Client\./, pool: 'new Pool({ max })' },
  { package: /^(mysql|mysql2|mysql2\/promise|mariadb)$/, made: /(^|\.)createConnection\./, pool: 'createPool()' },
  { package: /^oracledb$/, made: /(^|\.)getConnection\./, pool: 'oracledb.createPool()' },
  { package: /^tedious$/, made: /(^|\.)Connection\./, pool: 'a pool such as that of mssql' },
  { package: /^serverless-mysql$/, made: /^/, pool: 'createPool() of mysql2' },
  { package: /^postgres$/, made: /^$/, pool: '' },
];
const pools = /(^|\.)(Pool|createPool|createPoolCluster)\./;
const uses = /^(query|execute|exec|run|prepare|beginTransaction|execSql|callProcedure|transaction)$/;

/** A connection of the module that all requests share; with transactions their statements mix. */
export const databaseConnection: Rule = {
  id: 'database-connection',
  find: ({ trace }) => {
    const found = new Map<string, Finding>();
    for (const call of trace.calls) {
      const { receiver, external } = call;
      if (!receiver || !external || !uses.test(call.name)) continue;
      const kind = single.find((each) => each.package.test(external.package) && each.made.test(external.path.join('.')));
      const begins = isBegin(call);
      if (!kind && !(begins && pools.test(external.path.join('.')))) continue;
      const key = receiver.shared.key;
      const before = found.get(key);
      if (before && (before.code === 'TRANSACTION_ON_SHARED_CONNECTION' || !begins)) continue;
      const args = {
        name: nameOfState(receiver),
        declared: declaredWhere(receiver.shared, call.spot),
        pool: kind?.pool ?? 'pool.connect()',
      };
      found.set(key, {
        code: begins ? 'TRANSACTION_ON_SHARED_CONNECTION' : 'DATABASE_CONNECTION_SHARED',
        at: call.spot,
        shared: receiver.shared,
        args,
      });
    }
    return [...found.values(), ...trace.calls.filter(blocks).map(blocked)];
  },
};

function isBegin({ name, args }: Call): boolean {
  if (name === 'beginTransaction') return true;
  const text = stringOf(args[0]?.node ?? null);
  return text !== null && /^\s*(begin|start\s+transaction)\b/i.test(text);
}

/** Commands that keep a Redis connection to themselves. */
function blocks({ receiver, external, name }: Call): boolean {
  return (
    receiver !== null &&
    external !== null &&
    /^(redis|ioredis|@redis\/client)$/.test(external.package) &&
    /^(watch|subscribe|psubscribe|blpop|brpop|blmove|brpoplpush|bLPop|bRPop|WATCH)$/.test(name)
  );
}

function blocked({ spot, receiver }: Call): Finding {
  const { shared, path } = receiver as NonNullable<Call['receiver']>;
  return {
    code: 'DATABASE_CONNECTION_SHARED',
    at: spot,
    args: { name: nameOfState({ shared, path }), declared: declaredWhere(shared, spot), pool: 'client.duplicate()' },
  };
}
