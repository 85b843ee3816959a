import type { LambdaFunction } from '../model.js';

/** As declared; what is not known, such as a value of the deployment, is told as unread. */
export function readArchitecture(declared: unknown): Pick<LambdaFunction, 'architecture' | 'architectureUnread'> {
  if (declared === 'arm64' || declared === 'x86_64') return { architecture: declared };
  return { architecture: 'x86_64', architectureUnread: true };
}
