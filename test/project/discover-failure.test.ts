import { expect, it, vi } from 'vitest';
import { discoverTree } from './tree.js';

vi.mock('../../src/project/readers/index.js', () => ({
  readers: [
    {
      dialect: 'sam',
      candidate: (path: string) => path.endsWith('.yaml'),
      guard: () => true,
      read: async (_: unknown, path: string) => {
        if (path === 'a.yaml') throw new TypeError('x is not a function');
        return { projects: [], diagnostics: [] };
      },
    },
  ],
}));

it('charges an unexpected error to its definition alone', async () => {
  const { projects, diagnostics } = await discoverTree({
    'a.yaml': 'x',
    'b.yaml': 'x',
    'fn/package.json': '{"name": "fn", "engines": {"node": "22"}}',
    'fn/index.js': 'exports.handler = async (event) => event;',
  });
  expect(diagnostics).toMatchObject([{ code: 'DEFINITION_FAILED', file: 'a.yaml', args: { reason: 'x is not a function' } }]);
  expect(diagnostics).toHaveLength(1);
  expect(projects).toEqual([]);
});
