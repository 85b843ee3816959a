import type { Rule } from '../concurrency/rule.js';

/**
 * Prisma opens a pool of its own size in each process, unless the address of the database says otherwise; functions were told to say one.
 * https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/connection-pool
 */
export const poolSize: Rule = {
  id: 'pool-size',
  find: ({ trace, files, values }) => {
    const call = trace.calls.find(({ external }) => external?.package === '@prisma/client' && external.path[0] === 'PrismaClient');
    if (!call) return [];
    const isSaid = files.some((file) => /connection_limit=|connectionLimit|\bmax\s*:/.test(values.modules.get(file)?.text ?? ''));
    return isSaid ? [] : [{ code: 'POOL_SIZE_NOT_IN_CODE', at: call.spot, args: { library: 'Prisma' } }];
  },
};
