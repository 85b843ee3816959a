import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diagramBefore } from '../../src/diagram/diagram.js';
import { diagramSvg } from '../../src/reports/assess/diagram-svg.js';
import { sqs } from '../producing/sample.js';
import { hostileText } from '../support/hostile.js';

const drawn = (id: string, queue: string) =>
  diagramSvg(
    diagramBefore({ functions: [{ id, workload: 'worker', style: null, outcome: 'migrated', because: '', triggers: [sqs(queue)] }] }),
    id,
  );

it('has a box for each, with its whole text as title, and an arrow from what calls to what is called', () => {
  const svg = drawn('A'.repeat(60), 'orders');
  expect(svg.match(/<rect /g)).toHaveLength(2);
  expect(svg).toContain(`<title>${'A'.repeat(60)}</title>`);
  expect(svg).toContain(`>${'A'.repeat(37)}…</text>`);
  // The queue is in the first column, the function in the second.
  expect(svg).toMatch(/<path d="M280 20C320 20 320 20 360 20"/);
  expect(svg).toMatch(/<rect x="360" y="0"[^>]*stroke="#bf8700"/);
});

it('is the same markup whatever names hold', () => {
  const markup = (svg: string) => svg.match(/<\/?\w+/g);
  const usual = markup(drawn('a', 'b'));
  fc.assert(
    fc.property(hostileText, hostileText, (id, queue) => {
      expect(markup(drawn(id, queue))).toEqual(usual);
      expect(drawn(id, queue)).not.toMatch(/&(?!#\d+;)/);
    }),
  );
});
