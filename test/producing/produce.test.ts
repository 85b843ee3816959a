import { afterAll, expect, it } from 'vitest';
import { cleanSamples, http, produceSample, schedule, sqs } from './sample.js';

afterAll(cleanSamples);

it('smoke', async () => {
  const { files, diagnostics, plan } = await produceSample({
    files: {
      'package.json': '{\n  "name": "shop"\n}\n',
      'get.js': 'exports.handler = async () => 1;\n',
      'q.js': 'exports.handler = async () => 1;\n',
    },
    functions: {
      GetNote: {
        file: 'get.js',
        triggers: [
          http('GET', '/notes/{id}', {
            gateway: [
              {
                kind: 'cors',
                cors: {
                  mode: 'headers',
                  allowOrigins: ['*'],
                  allowMethods: ['*'],
                  allowHeaders: [],
                  exposeHeaders: [],
                  allowCredentials: false,
                  preflightStatus: 204,
                },
              },
            ],
          }),
        ],
      },
      Work: {
        file: 'q.js',
        triggers: [sqs('orders')],
        lambda: {
          environment: { TABLE: { kind: 'literal', value: 'a$b' }, REF: { kind: 'reference', text: '!Ref Table', names: ['Table'] } },
        },
      },
      Clean: { file: 'q.js', triggers: [schedule('rate(1 hour)', { days: 30 })] },
    },
  });
  console.log(JSON.stringify(plan.services, null, 1).slice(0, 300), diagnostics);
  for (const [path, text] of Object.entries(files)) console.log(`=== ${path}\n${text}`);
  expect(files['service/web.js']).toBeDefined();
});
