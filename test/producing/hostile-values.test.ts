import { type Copy, DockerfileParser, type JSONInstruction } from 'dockerfile-ast';
import fc from 'fast-check';
import { parseSync } from 'oxc-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { hostileName, hostileText } from '../support/hostile.js';
import { cleanSamples, http, type Produced, produceSample, schedule, sqs } from './sample.js';

afterAll(cleanSamples);

const identifier = hostileText.filter((id) => id !== '__proto__');

interface Values {
  id: string;
  jobId: string;
  project: string;
  folder: string;
  route: string;
  literal: string;
  reference: string;
  queue: string;
  input: string;
}

const values: fc.Arbitrary<Values> = fc.record({
  id: identifier,
  jobId: identifier,
  project: hostileText,
  folder: hostileName,
  route: hostileText.map((path) => `/${path}`),
  literal: hostileText,
  reference: hostileText,
  queue: hostileText,
  input: hostileText,
});

const plain: Values = {
  id: 'a',
  jobId: 'b',
  project: 'shop',
  folder: 'fn',
  route: '/x',
  literal: '1',
  reference: '!Ref Table',
  queue: 'orders',
  input: 'in',
};

function produceWith({ id, jobId, project, folder, route, literal, reference, queue, input }: Values): Promise<Produced> {
  const environment = {
    LITERAL: { kind: 'literal' as const, value: literal },
    REFERENCE: { kind: 'reference' as const, text: reference, names: [] },
  };
  const file = `${folder}/get.js`;
  return produceSample({
    name: project,
    root: folder,
    definition: `${folder}/template.yaml`,
    files: { [`${folder}/package.json`]: '{"name":"shop"}', [file]: 'exports.handler = async () => 1;\n' },
    functions: {
      [`f${id}`]: { file, triggers: [http('GET', route)], lambda: { environment } },
      [`q${id}`]: { file, triggers: [sqs(queue)], lambda: { environment } },
      [`j${jobId}`]: { file, triggers: [schedule('rate(1 hour)', { [input]: input })] },
    },
  });
}

/** Runs an entry with everything it requires replaced, and gives what it hands to the runtime. */
function handedOver(code: string): Record<string, unknown> {
  let given: Record<string, unknown> = {};
  const starter = (service: Record<string, unknown>) => {
    given = service;
  };
  const required = { startWeb: starter, startWorker: starter, startJob: starter, handler: () => 1 };
  new Function('require', 'process', code)(() => required, { env: {} });
  return given;
}

const at = (files: Record<string, string>, folder: string, path: string): string => files[`${folder}/${path}`] ?? '';

function shapeOf(dockerfile: string): string[] {
  return DockerfileParser.parse(dockerfile)
    .getInstructions()
    .map((instruction) => instruction.getKeyword());
}

/** Headings, rows and items: what a value that breaks out of its place changes. */
function shapeOfGuide(guide: string): string[] {
  return guide.split(/\r\n|[\n\r\u2028\u2029\u0085]/).map((line) => /^(?:#+ |\||- \[ \]|- |\d\. |```\w*|<!--|$)/.exec(line)?.[0] ?? 'text');
}

describe('no value leaves its place', async () => {
  const ordinary = await produceWith(plain);

  it('in any generated file', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (hostile) => {
        const { files } = await produceWith(hostile);
        const { folder } = hostile;
        const read = (path: string) => at(files, folder, path);

        for (const name of ['web', 'worker', 'job']) expect(parseSync(`${name}.js`, read(`service/${name}.js`)).errors).toEqual([]);
        const web = handedOver(read('service/web.js')) as { name: string; routes: { path: string; function: { name: string } }[] };
        expect(web).toMatchObject({
          name: `${hostile.project}-web`,
          routes: [{ path: hostile.route, function: { name: `f${hostile.id}` } }],
        });
        const job = handedOver(read('service/job.js')) as { jobs: Record<string, unknown> };
        expect(job.jobs[`j${hostile.jobId}`]).toMatchObject({ input: JSON.parse(JSON.stringify({ [hostile.input]: hostile.input })) });

        const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
        expect(manifest.scripts).toEqual(JSON.parse(at(ordinary.files, plain.folder, 'package.json')).scripts);

        const { containerDefinitions } = JSON.parse(read('deploy/ecs/task-definition.web.json')) as {
          containerDefinitions: [{ environment: { name: string; value: string }[] }];
        };
        const environment = Object.fromEntries(containerDefinitions[0].environment.map(({ name, value }) => [name, value]));
        expect(environment['LITERAL']).toBe(hostile.literal);
        expect(environment['REFERENCE']).toBe(`REPLACE WITH THE VALUE OF ${hostile.reference}`);

        const compose = parseYaml(read('compose.yaml')) as { services: Record<string, { environment: Record<string, string | null> }> };
        expect(Object.keys(compose.services)).toEqual(['web', 'worker', 'job']);
        expect(compose.services['web']?.environment['LITERAL']).toBe(hostile.literal.replaceAll('$', '$$$$'));
        expect(compose.services['web']?.environment['REFERENCE']).toBeNull();

        expect(shapeOf(read('Dockerfile'))).toEqual(shapeOf(at(ordinary.files, plain.folder, 'Dockerfile')));
        expect(shapeOfGuide(read('MIGRATION.md'))).toEqual(shapeOfGuide(at(ordinary.files, plain.folder, 'MIGRATION.md')));
        expect(read('.dockerignore')).toBe(at(ordinary.files, plain.folder, '.dockerignore'));
      }),
      { numRuns: 40 },
    );
  });

  it('also where the image is built from a folder above', async () => {
    await fc.assert(
      fc.asyncProperty(hostileName, hostileName, async (outer, inner) => {
        fc.pre(outer !== inner);
        const folder = `${outer}/${inner}`;
        const { files } = await produceSample({
          root: folder,
          definition: `${folder}/template.yaml`,
          files: {
            [`${folder}/package.json`]: '{"name":"shop"}',
            [`${folder}/get.js`]: "require('../shared/a.js');\nexports.handler = async () => 1;\n",
            [`${outer}/shared/a.js`]: '',
          },
          functions: {
            Get: { file: `${folder}/get.js`, facts: { files: [`${folder}/get.js`, `${outer}/shared/a.js`] }, triggers: [http('GET', '/')] },
          },
        });
        const text = at(files, folder, 'Dockerfile');
        expect(shapeOf(text)).toEqual([
          'ARG',
          'FROM',
          'WORKDIR',
          'COPY',
          'RUN',
          'FROM',
          'ENV',
          'WORKDIR',
          'COPY',
          'VOLUME',
          'USER',
          'EXPOSE',
          'HEALTHCHECK',
          'CMD',
        ]);
        const instructions = DockerfileParser.parse(text).getInstructions();
        const workdir = instructions.find((each) => each.getKeyword() === 'WORKDIR')?.getArgumentsContent() ?? '';
        expect(unquoted(workdir)).toBe(`/app/${inner}`);
        const copies = instructions.filter((each): each is Copy => each.getKeyword() === 'COPY');
        expect(copies.map((copy) => copy.getArguments().at(-1)?.getValue().replace(/[\]"]/g, ''))).toEqual(['/app', '/app']);
        const command = instructions.at(-1) as JSONInstruction;
        expect(command.getJSONStrings().map((each) => JSON.parse(each.getValue()))).toEqual(['node', 'service/web.js']);
      }),
      { numRuns: 40 },
    );
  });
});

function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(["\\$])/g, '$1') : word;
}
