import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { maximumFileSize, Repository } from '../../src/project/repository.js';
import { writeTree } from './tree.js';

describe('Repository', () => {
  it.each([
    ['', 'a/b.js', 'a/b.js'],
    ['a', './b.js', 'a/b.js'],
    ['a', '../c.js', 'c.js'],
    ['a', '.', 'a'],
    ['', './', ''],
    ['a', 'b\\c.js', 'a/b/c.js'],
    ['', '../x', undefined],
    ['a', '../../x', undefined],
    ['', '/etc/passwd', undefined],
    ['', 'a\0b', undefined],
    ['', '..x/y', '..x/y'],
  ])('resolves %j + %j to %j', (from, path, expected) => {
    expect(new Repository(writeTree({ 'a/b.js': '' })).resolve(from, path)).toBe(expected);
  });

  it('treats a symlink out of the folder as outside, one inside as a file', () => {
    const outside = writeTree({ 'secret.txt': 'secret' });
    const folder = writeTree({ 'a/real.txt': 'real' });
    symlinkSync(join(outside, 'secret.txt'), join(folder, 'file.txt'));
    symlinkSync(outside, join(folder, 'folder'));
    symlinkSync(join(folder, 'a/real.txt'), join(folder, 'inside.txt'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.txt'));
    const repository = new Repository(folder);
    for (const path of ['file.txt', 'folder/secret.txt', 'broken.txt']) {
      expect(repository.resolve('', path)).toBeUndefined();
      expect(repository.read(path)).toBeUndefined();
      expect(repository.readFailure(path)).toBe('outside');
      expect(repository.head(path, 10)).toBe('');
      expect(repository.isFile(path)).toBe(false);
    }
    expect(repository.read('inside.txt')).toBe('real');
    expect(repository.files()).toEqual(['a/real.txt']);
  });

  it('says why a file cannot be read', () => {
    const folder = writeTree({ 'big.yml': 'x'.repeat(maximumFileSize + 1), 'binary.yml': Buffer.from([97, 0, 98]), 'text.yml': 'a: é' });
    const repository = new Repository(folder);
    expect(['big.yml', 'binary.yml', 'none.yml', 'text.yml'].map((path) => repository.readFailure(path))).toEqual([
      'too-large',
      'binary',
      'missing',
      undefined,
    ]);
    expect(repository.read('text.yml')).toBe('a: é');
    expect(repository.head('big.yml', 3)).toBe('xxx');
  });

  it.skipIf(process.getuid?.() === 0)('says that it may not read a file', () => {
    const folder = writeTree({ 'closed.yml': 'a' });
    chmodSync(join(folder, 'closed.yml'), 0o000);
    expect(new Repository(folder).readFailure('closed.yml')).toBe('unreadable');
  });

  it('reads a file once', () => {
    const folder = writeTree({ 'a.txt': 'before' });
    const repository = new Repository(folder);
    expect(repository.read('a.txt')).toBe('before');
    writeFileSync(join(folder, 'a.txt'), 'after');
    expect(repository.read('a.txt')).toBe('before');
    expect(repository.peek('a.txt')).toBe('before');
  });

  it('lists synthesised templates though git ignores them', () => {
    const repository = new Repository(
      writeTree({ '.gitignore': 'cdk.out\n', 'cdk.out/manifest.json': '{}', 'cdk.out/Stack.template.json': '{}' }),
    );
    expect(repository.files()).toEqual(['.gitignore', 'cdk.out/Stack.template.json', 'cdk.out/manifest.json']);
  });

  it('finds the nearest file upwards, not above the root', () => {
    const repository = new Repository(writeTree({ 'package.json': '{}', 'a/package.json': '{}', 'a/b/c.js': '' }));
    expect(repository.nearest('a/b', 'package.json')).toBe('a/package.json');
    expect(repository.nearest('', 'package.json')).toBe('package.json');
    expect(repository.nearest('a/b', 'none.json')).toBeUndefined();
  });
});
