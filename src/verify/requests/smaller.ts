import type { RequestPlan } from './plan.js';

/**
 * Makes a request as small as it can be while it still differs.
 * @param differs asked for each smaller request; at most `budget` times.
 */
export async function smallest(plan: RequestPlan, differs: (plan: RequestPlan) => Promise<boolean>, budget = 40): Promise<RequestPlan> {
  let current = plan;
  let left = budget;
  for (let found = true; found && left > 0; ) {
    found = false;
    for (const candidate of smallerPlans(current)) {
      if (left-- <= 0) break;
      if (await differs(candidate)) {
        current = candidate;
        found = true;
        break;
      }
    }
  }
  return current;
}

/** Each differs from the plan in one step, the largest steps first. */
function smallerPlans(plan: RequestPlan): RequestPlan[] {
  return [
    ...(plan.headers.length > 1 ? [{ ...plan, headers: [] }] : []),
    ...(plan.query.length > 1 ? [{ ...plan, query: [] }] : []),
    ...(plan.body ? [{ ...plan, body: null }] : []),
    ...plan.headers.map((_, index) => ({ ...plan, headers: without(plan.headers, index) })),
    ...plan.query.map((_, index) => ({ ...plan, query: without(plan.query, index) })),
    ...plan.variables.flatMap((value, index) => (value.length > 1 ? [{ ...plan, variables: plan.variables.with(index, '1') }] : [])),
    ...shorterBodies(plan.body).map((body) => ({ ...plan, body })),
  ];
}

function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, at) => at !== index);
}

function shorterBodies(body: string | null): string[] {
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.length < 2) return [];
  const half = Math.ceil(bytes.length / 2);
  return [bytes.subarray(0, half), bytes.subarray(half)].map((part) => part.toString('base64'));
}
