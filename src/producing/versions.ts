/** Ranges of the packages that a generated service depends on; a test holds them beside those that this repository tests with. */
export const serviceVersions = {
  fastify: '^5.12.8',
  'sqs-consumer': '^14.2.8',
  ajv: '^8.20.0',
  'ajv-formats': '^3.0.1',
  'aws-jwt-verify': '^5.2.1',
  '@aws-sdk/client-sqs': '^3.1164.0',
} as const;

/** What these packages, and the bridges of servers, want beside them. */
export const servicePeers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sqs-consumer': { '@aws-sdk/client-sqs': '^3.1018.0' },
  '@hono/node-server': { hono: '^4' },
};

export const buildVersions = {
  esbuild: '^0.28.2',
  typescript: '^5.9.3',
  'tsc-alias': '^1.9.0',
  '@types/node': '^22.19.0',
} as const;
