import { describe, expect, it } from 'vitest';
import { codesOf, discoverTree, functionOf, type projectOf, type Tree, withoutRanges } from './tree.js';

const hash = (letter: string) => letter.repeat(64);
const s3 = (letter: string) => ({
  S3Bucket: { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' },
  S3Key: `${hash(letter)}.zip`,
});

interface Synthesised {
  id: string;
  handler?: string;
  code?: object;
  metadata?: Record<string, unknown>;
}

function synthesised(...functions: Synthesised[]): string {
  const resources = functions.map(({ id, handler = 'index.handler', code, metadata }) => [
    id,
    {
      Type: 'AWS::Lambda::Function',
      Properties: { Runtime: 'nodejs22.x', Handler: handler, Code: code },
      Metadata: { 'aws:cdk:path': `Shop/${id}/Resource`, ...metadata },
    },
  ]);
  return JSON.stringify({ Resources: Object.fromEntries(resources) }, null, 1);
}

const bundled = (letter: string) => ({
  'aws:asset:path': `asset.${hash(letter)}`,
  'aws:asset:is-bundled': true,
  'aws:asset:property': 'Code',
});
const copied = (letter: string) => ({ ...bundled(letter), 'aws:asset:is-bundled': false });
const source = "import { helper } from './helper';\nexport const handler = async () => helper;\n";
const sources: Tree = { 'lambda/orders.ts': source, 'lambda/helper.ts': 'export const helper = 1;\n', '.gitignore': 'cdk.out\n' };
const minified = 'var a=1;module.exports={handler:async()=>a};';

async function read(files: Tree): Promise<Awaited<ReturnType<typeof projectOf>>> {
  const { projects, diagnostics } = await discoverTree(files);
  const project = projects.find(({ dialect }) => dialect === 'cdk');
  if (!project) throw new Error(JSON.stringify(diagnostics));
  return { project, diagnostics };
}

async function handlerOf(files: Tree, fn: Synthesised): Promise<{ handler: unknown; codes: string[]; unreadable: string | undefined }> {
  const { project, diagnostics } = await read({ 'cdk.out/Shop.template.json': synthesised(fn), ...files });
  const { handler, unreadable } = functionOf(project, fn.id);
  return { handler: withoutRanges(handler), codes: codesOf(diagnostics), unreadable };
}

const orders = { declared: 'index.handler', codeRoot: 'lambda', entry: 'lambda/orders.ts' };

describe('templates that the CDK synthesised', () => {
  it('makes the folder of the application the root, also when cdk.out is ignored by git', async () => {
    const { project } = await read({
      'cdk.out/Shop.template.json': synthesised({ id: 'Fn', code: { ZipFile: 'exports.handler = 1' } }),
      ...sources,
    });
    expect(project).toMatchObject({ dialect: 'cdk', root: '', name: 'shop', definition: 'cdk.out/Shop.template.json' });
  });

  it.each([
    [
      'a source map',
      {
        [`cdk.out/asset.${hash('a')}/index.js`]: minified,
        [`cdk.out/asset.${hash('a')}/index.js.map`]: JSON.stringify({
          version: 3,
          sources: ['../../lambda/orders.ts', '../../lambda/helper.ts', '../../node_modules/x/index.js'],
        }),
      },
    ],
    [
      'an inline source map',
      {
        [`cdk.out/asset.${hash('a')}/index.js`]: `${minified}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify({ sources: ['../../lambda/orders.ts'] })).toString('base64')}\n`,
      },
    ],
    [
      'a source map made in a container',
      {
        [`cdk.out/asset.${hash('a')}/index.mjs`]: minified,
        [`cdk.out/asset.${hash('a')}/index.mjs.map`]: JSON.stringify({ sources: ['../asset-input/lambda/orders.ts'] }),
      },
    ],
    [
      'the file names that esbuild leaves',
      {
        [`cdk.out/asset.${hash('a')}/index.js`]: `// lambda/orders.ts\nvar x;\n// node_modules/y/index.js\n// lambda/helper.ts\n// lambda/orders.ts\n${minified}`,
      },
    ],
  ])('follows a bundle by %s', async (_, files) => {
    const result = await handlerOf({ ...sources, ...files }, { id: 'Fn', code: s3('a'), metadata: bundled('a') });
    expect(result).toEqual({ handler: orders, codes: [], unreadable: undefined });
  }); // prettier-ignore

  const stack = (options: string) =>
    `import { Stack } from 'aws-cdk-lib';\nimport { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';\nimport * as path from 'node:path';\nconst folder = path.join(__dirname, '..', 'lambda');\nexport class Shop extends Stack {\n  fn = new NodejsFunction(this, 'Fn', { ${options} });\n}\n`;

  it.each([
    ['text', "entry: 'lambda/orders.ts'"],
    ['__dirname', 'entry: `${__dirname}/../lambda/orders.ts`'],
    ['path.join', "entry: path.join(__dirname, '../lambda', 'orders.ts')"],
    ['the folder of a module', "entry: path.join(path.dirname(fileURLToPath(import.meta.url)), '../lambda/orders.ts')"],
    ['a constant', "entry: path.join(folder, 'orders.ts')"],
    ['a module URL', "entry: fileURLToPath(new URL('../lambda/orders.ts', import.meta.url))"],
  ])('follows a minified bundle by the entry of its construct: %s', async (_, options) => {
    const files = { ...sources, 'lib/shop.ts': stack(options), [`cdk.out/asset.${hash('a')}/index.js`]: minified };
    expect(await handlerOf(files, { id: 'Fn', code: s3('a'), metadata: bundled('a') })).toMatchObject({ handler: orders, codes: [] });
  });

  it('follows a construct without an entry to the file named after it', async () => {
    const files = { ...sources, 'lib/shop.ts': stack(''), 'lib/shop.Fn.ts': source, [`cdk.out/asset.${hash('a')}/index.js`]: minified };
    expect((await handlerOf(files, { id: 'Fn', code: s3('a'), metadata: bundled('a') })).handler).toMatchObject({
      entry: 'lib/shop.Fn.ts',
    });
  });

  it('never runs the application', async () => {
    const files = {
      ...sources,
      'cdk.json': '{"app":"touch ran"}',
      'lib/shop.ts': stack("entry: require('fs').writeFileSync('ran', '')"),
      [`cdk.out/asset.${hash('a')}/index.js`]: minified,
    };
    const { handler, codes } = await handlerOf(files, { id: 'Fn', code: s3('a'), metadata: bundled('a') });
    expect(handler).toEqual({ declared: 'index.handler', codeRoot: `cdk.out/asset.${hash('a')}` });
    expect(codes).toEqual(['CDK_SOURCE_NOT_FOUND']);
  });

  it('finds the folder that an asset is a copy of, also without metadata', async () => {
    const code = 'exports.handler = async () => 1;\n';
    const files = {
      'lambda/a/index.js': 'exports.handler = 0;\n',
      'lambda/b/index.js': code,
      [`cdk.out/asset.${hash('b')}/index.js`]: code,
    };
    const fn = { id: 'Fn', code: s3('b') };
    expect((await handlerOf(files, { ...fn, metadata: copied('b') })).handler).toEqual({ declared: 'index.handler', codeRoot: 'lambda/b' });
    expect((await handlerOf(files, fn)).handler).toEqual({ declared: 'index.handler', codeRoot: 'lambda/b' });
    const manifest = { files: { [hash('b')]: { source: { path: 'elsewhere' } } } };
    const renamed = { 'lambda/b/index.js': code, 'cdk.out/elsewhere/index.js': code, 'cdk.out/Shop.assets.json': JSON.stringify(manifest) };
    expect((await handlerOf(renamed, fn)).handler).toEqual({ declared: 'index.handler', codeRoot: 'lambda/b' });
  });

  it('knows functions that come with a construct library', async () => {
    const files = { ...sources, [`cdk.out/asset.${hash('c')}/framework.js`]: 'exports.onEvent = 1;' };
    const result = await handlerOf(files, { id: 'Provider', handler: 'framework.onEvent', code: s3('c'), metadata: copied('c') });
    expect(result).toMatchObject({ unreadable: 'CDK_LIBRARY_FUNCTION', codes: ['CDK_LIBRARY_FUNCTION'] });
  });

  it('says when an asset is missing, and when it leaves the folder', async () => {
    for (const path of [`asset.${hash('d')}`, '../../../elsewhere', '/etc']) {
      const result = await handlerOf(sources, { id: 'Fn', code: s3('d'), metadata: { ...bundled('d'), 'aws:asset:path': path } });
      expect(result).toMatchObject({ unreadable: 'CDK_ASSET_NOT_FOUND', codes: ['CDK_ASSET_NOT_FOUND'] });
    }
  });

  it('reads an image through its Dockerfile, back to its folder', async () => {
    const dockerfile = 'FROM public.ecr.aws/lambda/nodejs:20\nCOPY app.js ./\nCMD ["app.handler"]\n';
    const files = {
      'image/Dockerfile': dockerfile,
      'image/app.js': '',
      [`cdk.out/asset.${hash('e')}/Dockerfile`]: dockerfile,
      [`cdk.out/asset.${hash('e')}/app.js`]: '',
    };
    const metadata = {
      'aws:asset:path': `asset.${hash('e')}`,
      'aws:asset:dockerfile-path': 'Dockerfile',
      'aws:asset:property': 'Code.ImageUri',
    };
    const resource = {
      Type: 'AWS::Lambda::Function',
      Properties: { PackageType: 'Image', Code: { ImageUri: { 'Fn::Sub': `x:${hash('e')}` } } },
      Metadata: metadata,
    };
    const { project } = await read({ ...files, 'cdk.out/Shop.template.json': JSON.stringify({ Resources: { Fn: resource } }) });
    expect(functionOf(project, 'Fn')).toMatchObject({
      packageType: 'image',
      runtime: 'nodejs20.x',
      handler: { declared: 'app.handler', codeRoot: 'image' },
    });
  });

  it('reads stacks, stages and nested stacks as projects of one application', async () => {
    const inline = { id: 'Fn', code: { ZipFile: 'exports.handler = 1' } };
    const outer = JSON.parse(synthesised(inline)) as { Resources: Record<string, unknown> };
    outer.Resources['Nested'] = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: { 'Fn::Sub': 'https://x' } },
      Metadata: { 'aws:asset:path': 'ShopNested.nested.template.json' },
    };
    const { projects, diagnostics } = await discoverTree({
      'app/cdk.out/Shop.template.json': JSON.stringify(outer),
      'app/cdk.out/ShopNested.nested.template.json': synthesised(inline),
      'app/cdk.out/assembly-Prod/ProdShop.template.json': synthesised(inline),
    });
    expect(projects.map(({ root, name }) => [root, name])).toEqual([
      ['app', 'shop'],
      ['app', 'shop-nested'],
      ['app', 'prod-shop'],
    ]);
    expect(codesOf(diagnostics)).toEqual(['NESTED_APPLICATION']);
  });

  it('reads output in another folder by what stands in it', async () => {
    const { project } = await read({
      'cdk.json': '{}',
      'build/out/Shop.template.json': synthesised({ id: 'Fn', code: { ZipFile: 'exports.handler = 1' } }),
    });
    expect(project).toMatchObject({ dialect: 'cdk', root: '' });
  });
});
