import { expect, it } from 'vitest';
import { findingsOf, marksOf, readCases } from './cases.js';

interface Result {
  title: string;
  found: string[];
  wanted: string[];
}

it('labels every case', () => {
  const bare = readCases().filter((each) => marksOf(each, 'hazard').length + marksOf(each, 'benign').length === 0);
  expect(bare.map(({ set, name }) => `${set}: ${name}`)).toEqual([]);
});

it('finds the hazards of the labelled set, and leaves the look-alikes alone', () => {
  const cases = readCases();
  const results = cases.map((each): Result => {
    const found = findingsOf(each).filter(({ severity }) => severity !== 'info');
    return {
      title: `${each.set}: ${each.name}`,
      found: found.map(({ code, file, line }) => `${file}:${line} ${code}`),
      wanted: marksOf(each, 'hazard'),
    };
  });
  const wrong = results.flatMap(({ title, found, wanted }) =>
    found.filter((each) => !wanted.includes(each)).map((each) => `false: ${title}: ${each}`),
  );
  const missed = results.flatMap(({ title, found, wanted }) =>
    wanted.filter((each) => !found.includes(each)).map((each) => `missed: ${title}: ${each}`),
  );
  const hazards = results.reduce((sum, { wanted }) => sum + wanted.length, 0);
  const benign = cases.reduce((sum, each) => sum + marksOf(each, 'benign').length, 0);
  const right = hazards - missed.length;
  const precision = right / (right + wrong.length);
  const recall = right / hazards;
  console.log(
    [`${hazards} hazards, ${benign} look-alikes: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`, ...wrong, ...missed].join(
      '\n',
    ),
  );
  expect(hazards).toBeGreaterThanOrEqual(80);
  expect(benign).toBeGreaterThanOrEqual(120);
  expect(precision).toBeGreaterThanOrEqual(0.95);
  expect(recall).toBeGreaterThanOrEqual(0.95);
});
