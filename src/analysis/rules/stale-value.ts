import type { Finding, Rule } from '../concurrency/rule.js';
import type { Read, Shared, Write } from '../concurrency/trace.js';
import { declaredWhere, nameOfState } from '../concurrency/words.js';
import { unwrap } from '../syntax.js';

const clock = /^(new\s+Date\(\s*\)|Date\.now\(\)|moment\(\)|dayjs\(\)|DateTime\.(now|utc|local)\(\))/;
const identifier = /^(uuid(v[1-7])?\(\)|uuid\.v[1-7]\(\)|v4\(\)|(crypto\.)?randomUUID\(\)|nanoid\(\)|ulid\(\)|Math\.random\(\))/;
/** Times and ids that are meant to be of the process. */
const ofProcess =
  /start|boot|cold|init|load|launch|begin|epoch|born|instance|container|process|uptime|deploy|build|version|worker|host|seed|server/i;
const secretNames = /secret|token|credential|password|apikey|api_key|jwk|signature|signedurl|authheader/i;
const fetchesSecret =
  /GetSecretValue|getSecretValue|AssumeRole|assumeRole|getAuthToken|getSecret|fetchSecret|oauth|access_token|accessToken|fetchToken|getToken|getCredentials|getSignedUrl|WithDecryption/;
const renews = /expir|ttl|maxAge|max_age|refresh|Date\.now|getTime\(\)|lru|setInterval/i;

/** Values that were renewed with each Lambda environment, and now stay for the weeks that a service lives. */
export const staleValue: Rule = {
  id: 'stale-value',
  find: ({ trace }) => {
    const found = new Map<string, Finding>();
    for (const read of trace.reads) {
      const { shared } = read;
      if (found.has(shared.key) || read.path.length > 0 || !isOfModule(shared)) continue;
      const text = initialText(shared);
      const what = clock.test(text) ? 'the time' : identifier.test(text) ? 'a random value' : null;
      if (what !== null && !ofProcess.test(shared.name) && read.use !== 'log' && !isElapsed(read))
        found.set(shared.key, stale(read, 'VALUE_OF_START', what));
      else if (isSecretAtStart(shared, text)) found.set(shared.key, stale(read, 'SECRET_GOES_STALE', 'a secret'));
    }
    for (const write of trace.writes)
      if (!found.has(write.shared.key) && isKeptSecret(write))
        found.set(write.shared.key, { ...stale(write, 'SECRET_GOES_STALE', 'a secret'), at: write.spot });
    return [...found.values()];
  },
};

function isOfModule({ kind }: Shared): boolean {
  return kind === 'variable' || kind === 'export';
}

function initialText({ initial }: Shared): string {
  const node = unwrap(initial?.node ?? null);
  return node && initial ? initial.module.text.slice(node.start, Math.min(node.end, node.start + 2000)) : '';
}

/** `Date.now() - started` */
function isElapsed({ spot: { module, node } }: Read): boolean {
  return (
    /-\s*\(?$/.test(module.text.slice(Math.max(0, node.start - 6), node.start)) ||
    /^(\.getTime\(\))?\s*-/.test(module.text.slice(node.end, node.end + 14))
  );
}

function isSecretAtStart({ name, initial }: Shared, text: string): boolean {
  const node = unwrap(initial?.node ?? null);
  if (
    !node ||
    !/^(CallExpression|MemberExpression)$/.test(node.type) ||
    renews.test(text) ||
    /process\.env|createRemoteJWKSet|jwksClient|CognitoJwtVerifier|_?[sS]ecret[sS]?(Client|Manager)/.test(text)
  )
    return false;
  return (
    (secretNames.test(name) || fetchesSecret.test(text)) &&
    fetchesSecret.test(text) &&
    /await|Promise|\(/.test(text) &&
    !/^(function|async|\()/.test(text)
  );
}

/** `if (!token) token = await getToken()` with nothing that lets it expire. */
function isKeptSecret(write: Write): boolean {
  if (write.guards.length === 0 || write.how !== 'assign' || write.literal !== null || write.value === null) return false;
  if (write.shared.kind === 'library' || write.shared.kind === 'environment') return false;
  const { text } = write.spot.module;
  const value = text.slice(write.value.start, write.value.end);
  const around = text.slice(write.fn.start, write.fn.end);
  if (/^(await\s+)?new\s/.test(value) || renews.test(around) || write.guards.some(({ sources }) => sources.size > 0)) return false;
  return (
    (secretNames.test(nameOfState(write)) || secretNames.test(value)) &&
    (fetchesSecret.test(value) || fetchesSecret.test(around)) &&
    !/client|manager/i.test(write.shared.name)
  );
}

function stale({ spot, shared, path }: Read | Write, code: string, what: string): Finding {
  return {
    code,
    at: shared.declared,
    args: { name: nameOfState({ shared, path }), what, declared: declaredWhere(shared, spot), read: `${spot.module.file}` },
  };
}
