/** `custom.customDomain` of serverless-domain-manager: a base path or client certificates in front of every route. */
import type { ServerlessEventContext } from '../../../../triggers/kind.js';
import { listOf, objectOf } from '../../../data.js';
import type { GatewayFeature } from '../../../trigger.js';
import { describe, pluginsOf } from './service.js';

export function domainFeatures(apiType: 'rest' | 'http', context: ServerlessEventContext): GatewayFeature[] {
  if (!pluginsOf(context).includes('serverless-domain-manager')) return [];
  const custom = objectOf(context.service['custom']);
  const domains = [...listOf(custom['customDomain']), ...listOf(custom['customDomains'])].map(objectOf);
  return domains
    .flatMap((domain) =>
      'domainName' in domain ? [domain] : Object.entries(domain).map(([type, inner]) => ({ apiType: type, ...objectOf(inner) })),
    )
    .filter((domain) => String(domain['apiType'] ?? 'rest').toLowerCase() === apiType && domain['enabled'] !== false)
    .flatMap((domain): GatewayFeature[] => {
      const basePath = domain['basePath'];
      const hasBase = basePath !== undefined && basePath !== null && basePath !== '' && basePath !== '(none)';
      return [
        ...(domain['tlsTruststoreUri'] === undefined ? [] : [{ kind: 'mutual-tls' } as const]),
        ...(hasBase ? [{ kind: 'other', detail: `base path "${describe(basePath)}" of the custom domain` } as const] : []),
      ];
    });
}
