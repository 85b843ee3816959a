import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fixtureNames, projectFixtures, repositoryRoot } from '../support/fixtures.js';
import { manifestsOf, objectsIn } from '../support/manifests.js';

/** Folders of the projects whose manifests are judged. */
const folders = [
  ...(await fixtureNames()).map((name) => join(projectFixtures, name, 'input')),
  join(repositoryRoot, 'fixtures/targets/input'),
];

const scratch = mkdtempSync(join(tmpdir(), 'manifests-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function run(command: string, args: readonly string[], input?: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(command, args, { encoding: 'utf8', input, maxBuffer: 64 * 1024 * 1024 });
}

/** What kustomize makes of the manifests of each project in the folder. */
async function built(folder: string): Promise<string[]> {
  const files = await manifestsOf(folder);
  const place = mkdtempSync(join(scratch, 'folder-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  const roots = Object.keys(files).filter((path) => path.endsWith('/kustomization.yaml'));
  return roots.map((path) => {
    const { status, stdout, stderr } = run(process.env['JUDGES_KUSTOMIZE'] ?? 'kustomize', ['build', join(place, dirname(path))]);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout;
  });
}

interface Judgement {
  resources: { kind: string; status: string; msg: string }[];
  summary: Record<string, number>;
}

function judge(text: string): Judgement {
  const schemas = `${process.env['JUDGES_SCHEMAS']}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const args = ['-strict', '-summary', '-output', 'json', '-schema-location', schemas];
  const { stdout } = run(process.env['JUDGES_KUBECONFORM'] ?? 'kubeconform', args, text);
  return { resources: [], ...JSON.parse(stdout) } as Judgement;
}

describe.each(folders)('%s', (folder) => {
  it('has manifests that kustomize builds and the schemas of Kubernetes, KEDA and External Secrets take', async () => {
    const texts = await built(folder);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      const objects = objectsIn(text);
      expect(objects.length).toBeGreaterThan(2);
      // The kustomization puts the image and the namespace into every object.
      expect(text).toContain('image: replace-with-registry/');
      const { resources, summary } = judge(text);
      expect(resources).toEqual([]);
      expect(summary).toEqual({ valid: objects.length, invalid: 0, errors: 0, skipped: 0 });
    }
  });
});

describe('the judge', () => {
  it.each([
    ['podDisruptionBudget: 1', 'apps/v1', 'Deployment'],
    ['minReplicas: 1', 'keda.sh/v1alpha1', 'ScaledObject'],
    ['secretData: []', 'external-secrets.io/v1', 'ExternalSecret'],
  ])('refuses %s in a %s %s', (field, apiVersion, kind) => {
    const { resources } = judge(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\nspec:\n  ${field}\n`);
    expect(resources.map(({ status }) => status)).toEqual(['statusInvalid']);
  });
});
