import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/assess/words/en.js';
import { sayIn, type WordKey } from '../../src/assess/words/words.js';
import { zh } from '../../src/assess/words/zh.js';
import { availabilityFacts } from '../../src/aws/facts.js';
import { targets } from '../../src/targets/index.js';
import { stay } from '../../src/targets/stay.js';
import { repositoryRoot } from '../support/fixtures.js';

const keys = Object.keys(en) as WordKey[];
const holes = (text: string) => [...text.matchAll(/\{([\w-]+)\}/g)].map(([hole]) => hole).sort();

describe('the dictionaries', () => {
  it('have the same keys, and a text for each', () => {
    expect(Object.keys(zh).sort()).toEqual([...keys].sort());
    for (const key of keys) for (const text of [en[key], zh[key]]) expect(text, key).toMatch(/\S/);
  });
  it('fill in the same values', () => {
    for (const key of keys) expect(holes(zh[key]), key).toEqual(holes(en[key]));
  });
  it('leave no English sentence in Chinese', () => {
    for (const key of keys) {
      const rest = zh[key].replace(/`[^`]*`/g, '').replace(/\{[\w-]+\}/g, '');
      expect(rest, key).not.toMatch(/\b[a-z]{2,}(?:[ ,]+[a-z]{2,}){1,}\b/);
      if (!key.startsWith('title.') && !/^variant\.(x86|arm|spot)$/.test(key)) expect(zh[key], key).toMatch(/[\u4e00-\u9fff]|^\{/);
    }
  });
  it('leave no Chinese in English', () => {
    for (const key of keys) expect(en[key], key).not.toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
  });
  it('have a title for each option and a sentence for each note of the facts', () => {
    for (const { id } of [stay, ...targets]) expect(keys).toContain(`title.${id}`);
    for (const { id, title } of [stay, ...targets]) expect(en[`title.${id}` as WordKey]).toBe(title);
    for (const { note } of availabilityFacts()) if (note !== undefined) expect(keys).toContain(`note.${note}`);
  });
  it('have no key that nothing says', () => {
    const files = ['src/assess', 'src/reports/assess', 'src/targets'].flatMap((folder) =>
      readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.includes('words/'))
        .map((name) => readFileSync(join(repositoryRoot, folder, name), 'utf8')),
    );
    const code = files.join('\n');
    const made = /^(title|note|level|rating|available|fit|readiness|column)\./;
    expect(keys.filter((key) => !made.test(key) && !code.includes(`'${key}'`))).toEqual([]);
  });
  it('say titles and levels within sentences in the same language', () => {
    expect(sayIn('zh')('because.effort', { effort: 'level.low', risk: 'level.high' })).toBe('工作量：低；风险：高。');
    expect(sayIn('en')('recommend.target', { target: 'title.eks' })).toBe('Recommended: Amazon EKS.');
    expect(sayIn('en')('recommend.target', { target: 'title.toString' })).toBe('Recommended: title.toString.');
  });
});
