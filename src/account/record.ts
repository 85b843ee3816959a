/** What was read of one function: plain data, as it is kept in the state file and made into a template. Holds no secret. */
import { z } from 'zod';

const diagnosticSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  args: z.record(z.string(), z.union([z.string(), z.number()])),
  function: z.string().optional(),
});

const urlSchema = z.object({
  qualifier: z.string().nullable(),
  authType: z.string(),
  invokeMode: z.string(),
  cors: z.record(z.string(), z.unknown()).nullable(),
});

const mappingSchema = z.object({
  source: z.string().nullable(),
  enabled: z.boolean(),
  /** Properties of `AWS::Lambda::EventSourceMapping` beside the function and the source. */
  settings: z.record(z.string(), z.unknown()),
});

const permissionSchema = z.object({
  qualifier: z.string().nullable(),
  principal: z.string(),
  sourceArn: z.string().nullable(),
  sourceAccount: z.string().nullable(),
});

export const recordSchema = z.object({
  name: z.string(),
  arn: z.string(),
  /** Changes with the configuration; null when the API gives none. */
  revision: z.string().nullable(),
  codeSha256: z.string().nullable(),
  runtime: z.string().nullable(),
  handler: z.string().nullable(),
  description: z.string(),
  packageType: z.enum(['Zip', 'Image']),
  image: z.string().nullable(),
  architecture: z.enum(['x86_64', 'arm64']),
  memoryMb: z.number(),
  timeoutSeconds: z.number(),
  ephemeralStorageMb: z.number(),
  role: z.string().nullable(),
  subnets: z.array(z.string()),
  /** Value, or null where it was not asked for or is a secret. */
  environment: z.record(z.string(), z.string().nullable()),
  layers: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  reservedConcurrency: z.number().nullable(),
  aliases: z.array(z.object({ name: z.string(), version: z.string(), provisioned: z.number().nullable() })),
  urls: z.array(urlSchema),
  permissions: z.array(permissionSchema),
  mappings: z.array(mappingSchema),
  destinations: z.record(z.string(), z.unknown()).nullable(),
  /** Folder of its code below the account's folder; null when there is none. */
  code: z.string().nullable(),
  /** Handler string for the sources when a source map held them. */
  sourceHandler: z.string().nullable(),
  diagnostics: z.array(diagnosticSchema),
});

export type FunctionRecord = z.infer<typeof recordSchema>;
export type PermissionRecord = z.infer<typeof permissionSchema>;
export type MappingRecord = z.infer<typeof mappingSchema>;
