/** Logical id that Serverless gives the function with that key. */
export function functionLogicalId(key: string): string {
  const normalised = key.replace(/-/g, 'Dash').replace(/_/g, 'Underscore');
  return `${normalised.charAt(0).toUpperCase()}${normalised.slice(1)}LambdaFunction`;
}
