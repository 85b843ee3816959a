import type { Rule } from '../concurrency/rule.js';
import type { Call } from '../concurrency/trace.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';

const closes = /^(end|close|quit|disconnect|destroy|\$disconnect|terminate|shutdown|dispose|closeConnection|drain)$/;
const connection =
  /conn|client|pool|db|redis|mongo|prisma|knex|sequelize|browser|mysql|pg|postgres|database|channel|producer|consumer|cache|sql|source|orm/i;
/** Libraries that are themselves the one connection. */
const library = /^(mongoose|typeorm|mssql|@prisma\/client)(\.|$)/;
/** `end()` of serverless-mysql keeps the connection unless there are too many. */
const keeps = /^serverless-mysql$/;

/** `await client.end()` in a request ends the connection that others use. */
export const clientClose: Rule = {
  id: 'client-close',
  find: ({ trace }) =>
    trace.calls.filter(isClosed).map(({ spot, receiver, path, name }) => {
      const { shared } = receiver as NonNullable<Call['receiver']>;
      return {
        code: 'CLIENT_CLOSED_IN_REQUEST',
        at: spot,
        shared,
        args: { call: path?.join('.') ?? `${nameOfState({ shared, path: [] })}.${name}`, declared: declaredWhere(shared, spot) },
      };
    }),
};

function isClosed({ name, receiver, external, target }: Call): boolean {
  if (!closes.test(name) || target !== null || receiver === null) return false;
  if (receiver.shared.kind === 'library') return library.test(receiver.shared.key.replace(/^library /, ''));
  if (external && keeps.test(external.package)) return false;
  return (
    connection.test(receiver.shared.name) ||
    connection.test(receiver.path.join('.')) ||
    (external !== null && connection.test(external.path.join('.')))
  );
}
