import { describe, expect, test } from 'vitest';
import { exportPathFor, parseHandler } from '../../src/analysis/handler-name.js';

describe('the handler string, as the runtime takes it apart', () => {
  test.each([
    ['index.handler', 'index', ['handler']],
    ['src/app.routes.get', 'src/app', ['routes', 'get']],
    ['./src/app.handler', 'src/app', ['handler']],
    ['/src/app.handler', 'src/app', ['handler']],
    ['/var/task/src/app.handler', 'src/app', ['handler']],
    ['my.folder/app.handler', 'my.folder/app', ['handler']],
    ['app.default', 'app', ['default']],
  ])('%s', (declared, module, exportPath) => {
    expect(parseHandler(declared)).toEqual({ module, exportPath });
  });

  test.each(['index', 'src/index', '../lib/app.handler', 'a/../b.handler', 'index..handler', '.handler', 'index.', ''])(
    '%s is refused',
    (declared) => {
      expect(parseHandler(declared)).toBeNull();
    },
  );

  test('a known source file may have dots in its name', () => {
    expect(exportPathFor('lib/stack.orders.handler', 'lib/stack.orders.ts')).toEqual(['handler']);
    expect(exportPathFor('index.handler', 'src/orders.ts')).toEqual(['handler']);
  });
});
