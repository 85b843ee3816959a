/**
 * `npm run refresh-facts -- --region eu-west-1 [--region …] [--profile …] [--endpoint-url …] [--only prices] [--write]`
 *
 * Asks AWS for what the rows of `src/aws/data` say, where credentials exist, and shows what would change as a diff; `--write` writes
 * it. All regions must be of one partition, since credentials are. Needs `ssm:GetParametersByPath`, `pricing:GetProducts` and
 * `lambda:ListCapacityProviders`. No API tells the dates of runtimes: they stay as they are.
 */
import { fileURLToPath } from 'node:url';
import { refreshFacts } from './refresh-facts/run.js';

process.exitCode = await refreshFacts(process.argv.slice(2), {
  data: fileURLToPath(new URL('../../src/aws/data', import.meta.url)),
  today: new Date(),
  out: (text) => console.log(text),
  tell: (line) => console.error(line),
});
