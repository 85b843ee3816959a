import { describe, expect, it } from 'vitest';
import { readList } from '../../src/batch/list.js';

const read = (text: string) => readList(text, 'repos.txt', '/lists');

it('reads folders, URLs, branches and comments', () => {
  const entries = read(
    [
      '\uFEFF# mine',
      '',
      './orders',
      '/srv/payments#main',
      'https://example.com/team/notes.git#release/1.x\r',
      'git@example.com:team/stock.git',
      'ssh://git@example.com:2222/team/stock2',
      'file:///srv/files',
      './orders',
    ].join('\n'),
  );
  expect(entries.map(({ source, from }) => [source.kind === 'url' ? source.url : source.folder, from])).toEqual([
    ['/lists/orders', undefined],
    ['/srv/payments', 'main'],
    ['https://example.com/team/notes.git', 'release/1.x'],
    ['git@example.com:team/stock.git', undefined],
    ['ssh://git@example.com:2222/team/stock2', undefined],
    ['/srv/files', undefined],
  ]);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(6);
  expect(entries[2]?.id).toMatch(/^notes-[0-9a-f]{8}$/);
});

it('shows no credentials', () => {
  const [entry] = read('https://user:s3cret@example.com/x.git');
  expect(entry?.name).toBe('https://example.com/x.git');
  expect(entry?.id).not.toContain('s3cret');
});

describe('refuses what would make git run a program or take an option', () => {
  it.each([
    '--upload-pack=touch /tmp/x',
    '-u./evil',
    'ext::sh -c touch% /tmp/x',
    'fd::17',
    'ssh://-oProxyCommand=x/y',
    'ssh://-oProxyCommand=x@host/y',
    'user@-oProxyCommand=x:y',
    'custom://example.com/x',
    'https://',
    'https://example.com/x#--upload-pack=x',
    'https://example.com/x#../../x',
    'https://example.com/x#a b',
    'a\u0000b',
    'a\u001b[2J',
  ])('%j', (line) => {
    const refused = () => read(`# one\n${line}`);
    // What is taken for a local folder is never given to a transport.
    if (line.startsWith('user@-')) expect(refused()[0]?.source.kind).toBe('folder');
    else expect(refused).toThrow(expect.objectContaining({ name: 'UserError', place: 'repos.txt:2' }));
  });

  it('and an empty list', () => expect(() => read('# nothing\n')).toThrow(/empty/));
});
