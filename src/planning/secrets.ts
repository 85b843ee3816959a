/**
 * Which environment variables hold secrets. Names tell most of it, values the rest. A false alarm costs the user one edit
 * in the plan; a miss puts a password into a task definition.
 */

const secretWords =
  /(^|_)(PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRETS?|TOKENS?|CREDENTIALS?|CREDS?|PRIVATE_?KEY|ACCESS_?KEY|API_?KEYS?|APP_?KEY|AUTH_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|MASTER_?KEY|SECRET_?KEY|LICENSE_?KEY|SERVICE_?KEY|SHARED_?KEY|CLIENT_?KEY|JWT_?KEY)(_|$)/;

/** A name that ends so tells where a secret is, or something about it, not the secret. */
const aboutSecrets =
  /_(NAME|NAMES|ARN|ARNS|ID|IDS|URL|URI|ENDPOINT|HOST|TABLE|TABLE_NAME|BUCKET|TTL|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION|LIFETIME|AGE|LENGTH|HEADER|PATH|PREFIX|SUFFIX|PARAM|PARAMETER|VERSION|ISSUER|AUDIENCE|ALGORITHM|TYPE|COUNT|LIMIT|ENABLED|REQUIRED|MAX|MIN|SECONDS|MINUTES|HOURS|DAYS|FIELD|COOKIE|INDEX|TOPIC|QUEUE|FUNCTION|LOCATION|REGION|STAGE|PROVIDER|POLICY|ROUNDS)$/;

const identifierNames =
  /(^|_)(ID|IDS|ARN|NAME|HASH|SHA|SHA1|SHA256|COMMIT|VERSION|CHECKSUM|DIGEST|BUILD|REVISION|TABLE|BUCKET|URL|HOST|PATH|ENDPOINT|TAG|PUBLIC_?KEY)$/;

/** Lambda allows 4 KB of environment; longer text is not tested further. */
const maximumTested = 4096;

const secretValues: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bglpat-[A-Za-z0-9_-]{18,}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /hooks\.slack\.com\/services\/\w+\/\w+\/\w+|discord(app)?\.com\/api\/webhooks\/\d+\/[\w-]+/,
  /\b[srp]k_(live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\bAIza[\w-]{35}\b/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/,
  // A URL or DSN with a password: postgres://user:password@host
  /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i,
  // ADO, ODBC, JDBC and Azure connection strings
  /(^|[;?&\s])(password|passwd|pwd|accountkey|sharedaccesskey|secretkey|api_?key|access_?token|client_?secret)=[^;&\s]+/i,
];

/** `dbPassword`, `db-password`, `DB_PASSWORD` → `DB_PASSWORD`. */
function normalise(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

/** The name alone says that the value is a secret: `DB_PASSWORD`, not `DB_PASSWORD_PARAMETER`. */
export function isSecretName(name: string): boolean {
  const normal = normalise(name);
  return normal !== 'PWD' && secretWords.test(normal) && !aboutSecrets.test(normal);
}

/** The text holds something that is a secret whatever it is called: a private key, an access key id, a URL with a password. */
export function hasSecretValue(text: string): boolean {
  const start = text.slice(0, maximumTested);
  return secretValues.some((pattern) => pattern.test(start));
}

/**
 * Does this literal look like a secret?
 * @example looksLikeSecret('DB_PASSWORD', 'hunter2') // true
 * @example looksLikeSecret('TABLE_NAME', 'orders') // false
 */
export function looksLikeSecret(name: string, value: string): boolean {
  if (value === '' || /^(true|false)$/i.test(value)) return false;
  if (hasSecretValue(value)) return true;
  if (isSecretName(name)) return !saysWhereItIs(value) && !isCount(name, value);
  return !identifierNames.test(normalise(name)) && isHighEntropy(value.slice(0, maximumTested));
}

/** An ARN names a secret that the code fetches by itself. */
function saysWhereItIs(value: string): boolean {
  return /^arn:[\w-]+:[\w-]+:/.test(value);
}

/** `MAX_TOKENS: 4096` is a limit, not a token. */
function isCount(name: string, value: string): boolean {
  return /^\d{1,7}$/.test(value) && /TOKENS?$/.test(normalise(name));
}

function isHighEntropy(value: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(value)) return entropy(value) > 3;
  if (!/^[A-Za-z0-9+/_=-]{24,}$/.test(value)) return false;
  return /[A-Z]/.test(value) && /[a-z]/.test(value) && /\d/.test(value) && entropy(value) > 4 && changes(value) > 0.4;
}

/** How often the kind of character changes, per character: about 0.6 in random text, below 0.3 in `MyStack-OrdersTable-1`. */
function changes(text: string): number {
  const kinds = [...text].map((character) =>
    /[a-z]/.test(character) ? 'a' : /[A-Z]/.test(character) ? 'A' : /\d/.test(character) ? '0' : '-',
  );
  return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length / text.length;
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
