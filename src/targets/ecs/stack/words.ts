/** `orders-api` → `OrdersApi`: fit for a part of a logical id. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) =>
      word === word.toUpperCase() ? word.charAt(0) + word.slice(1).toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join('');
}

/** Keys of an API of ECS as CloudFormation writes them. */
export function capitalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalised(entry)]));
}
