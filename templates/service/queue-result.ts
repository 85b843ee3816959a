/**
 * Which messages of a batch a handler's result leaves in the queue, by Lambda's rules:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * @param ids message ids of the batch
 * @param isReported whether the trigger has `ReportBatchItemFailures`; without it a result tells nothing
 * @returns the ids that failed: none for an empty result or list, all of them for a list that Lambda does not accept (an empty
 *   or unknown id, a wrong key)
 * @throws TypeError for a result that is no JSON: Lambda fails the invocation then
 */
export function failedMessages(result: unknown, ids: string[], isReported: boolean): Set<string> {
  const json = JSON.stringify(result) ?? 'null';
  const answer = JSON.parse(json) as { batchItemFailures?: unknown } | null;
  const failures = isReported ? answer?.batchItemFailures : undefined;
  if (!failures) return new Set();
  if (!Array.isArray(failures)) return new Set(ids);
  const failed = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  const isValid = failed.every((id) => typeof id === 'string' && ids.includes(id));
  return new Set(isValid ? (failed as string[]) : ids);
}
