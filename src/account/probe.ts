/** Asks the Lambda API itself whether managed instances exist in a region. */
import type { Access } from './access.js';
import { AccountApis } from './access.js';
import { type FailureKind, failureKind } from './failures.js';

/** `unknown`: the API answered, but not so that it tells. */
export type ProbeAnswer = 'yes' | 'not-in-region' | 'not-allowed' | 'no-credentials' | 'no-network' | 'unknown';

const answers: Readonly<Record<FailureKind, ProbeAnswer>> = {
  'no-such-call': 'not-in-region',
  absent: 'not-in-region',
  denied: 'not-allowed',
  credentials: 'no-credentials',
  expired: 'no-credentials',
  network: 'no-network',
  throttled: 'unknown',
  other: 'unknown',
};

/** One read-only call, `ListCapacityProviders`, in one region. */
export async function probe(access: Access): Promise<ProbeAnswer> {
  const { ListCapacityProvidersCommand } = await import('@aws-sdk/client-lambda');
  try {
    const client = await new AccountApis(access, 2).lambda();
    await client.send(new ListCapacityProvidersCommand({ MaxItems: 1 }));
    return 'yes';
  } catch (error) {
    return answers[failureKind(error)];
  }
}
