import type { z } from 'zod';
import { stopTimeoutBounds } from '../aws/fargate.js';
import { UserError } from '../errors.js';
import { lazySchema } from '../lazy-schema.js';

export const planFileSchema = lazySchema((z) => {
  const route = z.string().regex(/^(ANY|[A-Z]+) (\$default|\/\S*)$/, 'a route is a method and a path, as in "GET /orders/{id}"');

  const functionEntry = z.strictObject({
    workload: z.enum(['web', 'worker', 'job', 'function', 'stays']),
    style: z.enum(['native', 'adapter', 'unwrapped']).optional(),
    front: z.enum(['rest-api', 'http-api', 'function-url', 'alb']).optional(),
    payload: z.enum(['1.0', '2.0']).optional(),
    routes: z.array(route).min(1).optional(),
    outcome: z.string().optional(),
    because: z.string().optional(),
  });

  const environmentEntry = z.union(
    [z.strictObject({ value: z.string() }), z.strictObject({ reference: z.string() }), z.strictObject({ secret: z.string() })],
    'a variable is { value: "text" }, { reference: "text" } or { secret: "reference" }; numbers and booleans need quotes',
  );

  const serviceEntry = z.strictObject({
    because: z.string().optional(),
    functions: z.array(z.string()).min(1, 'a service needs a function; remove the service instead'),
    cpu: z.int().positive(),
    memory: z.int().positive(),
    stopTimeout: z.int().min(stopTimeoutBounds.minimum).max(stopTimeoutBounds.maximum),
    ephemeralStorage: z.int().min(21).max(200).optional(),
    architecture: z.enum(['X86_64', 'ARM64']),
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a name of an environment variable'), environmentEntry)
      .optional(),
  });

  const projectEntry = z.strictObject({
    project: z.string(),
    definition: z.string(),
    target: z.string(),
    arch: z.enum(['arm64', 'x86_64']).optional(),
    spot: z.boolean().optional(),
    functions: z.record(z.string(), functionEntry),
    services: z.record(
      z
        .string()
        .regex(/^(web|worker|job)(-[a-z0-9]+)*$/, 'a service is named web, worker or job, or one of them with a suffix (web-admin)'),
      serviceEntry,
    ),
  });

  return z.strictObject({ version: z.literal(1), projects: z.array(projectEntry) });
});

export type PlanFileProject = z.infer<ReturnType<typeof planFileSchema>>['projects'][number];
export type PlanFileFunction = PlanFileProject['functions'][string];
export type PlanFileService = PlanFileProject['services'][string];

/** The plan as a person edited it, as plain data: it is handed to worker threads. */
export interface PlanFile {
  /** File name, for messages. */
  path: string;
  projects: PlanFileProject[];
  /** JSON of a key's path in the document → `line:column`. */
  places: Record<string, string>;
}

/** An edit that cannot be done, with the line it stands on. */
export function editError(file: PlanFile, path: readonly (string | number)[], message: string, advice: string): UserError {
  const place = file.places[JSON.stringify(path)];
  return new UserError(message, advice, place === undefined ? file.path : `${file.path}:${place}`);
}
