/** `OrdersFunction` → `orders-function`: fit for file names, scripts and task definition families. */
export function kebab(text: string): string {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase()
    .slice(0, 48);
  return words.replace(/^-+|-+$/g, '') || 'service';
}

/** `orders.fifo` → `ORDERS_FIFO`: fit for an environment variable. */
export function constantCase(text: string): string {
  const name = kebab(text).replace(/-/g, '_').toUpperCase();
  return /^\d/.test(name) ? `_${name}` : name;
}

/** The name, or the name with the first number that makes it new; remembers it. */
export function unique(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let number = 2; taken.has(candidate); number++) candidate = `${name}-${number}`;
  taken.add(candidate);
  return candidate;
}

/** The project's name as a repository of a registry can be called. */
export function imageName(project: string): string {
  return (
    project
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'service'
  );
}
