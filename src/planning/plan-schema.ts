import { z } from 'zod';

const workload = z.enum(['web', 'worker', 'job', 'stays']);

const functionEntry = z.strictObject({
  workload,
  style: z.enum(['adapter', 'unwrapped']).optional(),
  front: z.enum(['rest-api', 'http-api', 'function-url', 'alb']).optional(),
  payload: z.enum(['1.0', '2.0']).optional(),
  outcome: z.string().optional(),
  because: z.string().optional(),
});

const environmentEntry = z.union([
  z.strictObject({ value: z.string() }),
  z.strictObject({ reference: z.string() }),
  z.strictObject({ secret: z.string() }),
]);

const serviceEntry = z.strictObject({
  because: z.string().optional(),
  functions: z.array(z.string()).min(1),
  cpu: z.number().int().positive(),
  memory: z.number().int().positive(),
  stopTimeout: z.number().int().min(2).max(120),
  ephemeralStorage: z.number().int().min(21).max(200).optional(),
  architecture: z.enum(['X86_64', 'ARM64']),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), environmentEntry).optional(),
});

const projectEntry = z.strictObject({
  project: z.string(),
  definition: z.string(),
  target: z.string(),
  functions: z.record(z.string(), functionEntry),
  services: z.record(z.string().regex(/^(web|worker|job)(-[a-z0-9]+)*$/), serviceEntry),
});

export const planFileSchema = z.strictObject({ version: z.literal(1), projects: z.array(projectEntry) });

/** The plan as a person edits it: one entry a project. */
export type PlanFile = z.infer<typeof planFileSchema>;
export type PlanFileProject = z.infer<typeof projectEntry>;
export type PlanFileFunction = z.infer<typeof functionEntry>;
export type PlanFileService = z.infer<typeof serviceEntry>;
