import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fargateSizeFor, fargateTable, isFargateSize } from '../../src/aws/fargate.js';
import { nodeMajor } from '../../src/planning/node-version.js';
import { sizeOf } from '../../src/planning/sizing.js';

const lambda = (memoryMb: number, timeoutSeconds = 3, ephemeralStorageMb = 512, architecture: 'x86_64' | 'arm64' = 'x86_64') => ({
  memoryMb,
  timeoutSeconds,
  ephemeralStorageMb,
  architecture,
});

describe('sizing', () => {
  it.each([
    [128, 256, 512],
    [256, 256, 512],
    [512, 512, 1024],
    [1024, 1024, 2048],
    [1769, 1024, 3072],
    [3008, 2048, 4096],
    [10240, 8192, 16384],
  ])('%d MB of Lambda become cpu %d, memory %d', (memoryMb, cpu, memory) => {
    expect(sizeOf([lambda(memoryMb)])).toMatchObject({ cpu, memoryMb: memory });
  });

  it('follows the largest function', () => expect(sizeOf([lambda(128), lambda(1769)])).toMatchObject({ cpu: 1024, memoryMb: 3072 }));

  it.each([
    [3, 30],
    [29, 34],
    [60, 65],
    [900, 120],
  ])('a timeout of %d s stops within %d s', (timeout, stopTimeout) => expect(sizeOf([lambda(128, timeout)]).stopTimeout).toBe(stopTimeout));

  it.each([
    [[512], null],
    [[10240], null],
    [[10240, 10240], null],
    [[10240, 10240, 512], 21],
    [Array(30).fill(10240), 200],
  ])('/tmp of %j MB needs %s GiB', (storages, expected) => {
    expect(sizeOf((storages as number[]).map((storage) => lambda(128, 3, storage))).ephemeralStorageGb).toBe(expected);
  });

  it('keeps the architecture', () => {
    expect(sizeOf([lambda(128, 3, 512, 'arm64')]).architecture).toBe('ARM64');
    expect(sizeOf([lambda(128)]).architecture).toBe('X86_64');
  });

  it('always gives what Fargate has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ memoryMb: fc.integer({ min: 1, max: 10240 }), timeoutSeconds: fc.integer({ min: 1, max: 900 }) })),
        (functions) => {
          const size = sizeOf(functions.map(({ memoryMb, timeoutSeconds }) => lambda(memoryMb, timeoutSeconds)));
          expect(isFargateSize(size)).toBe(true);
          expect(size.memoryMb).toBeGreaterThanOrEqual(Math.max(0, ...functions.map(({ memoryMb }) => memoryMb)));
          expect(size.stopTimeout).toBeGreaterThanOrEqual(30);
          expect(size.stopTimeout).toBeLessThanOrEqual(120);
        },
      ),
    );
  });
});

describe('the table of Fargate', () => {
  it('has the documented ends', () => {
    expect(fargateTable.map(({ cpu, memory }) => [cpu, memory[0], memory.at(-1)])).toEqual([
      [256, 512, 2048],
      [512, 1024, 4096],
      [1024, 2048, 8192],
      [2048, 4096, 16384],
      [4096, 8192, 30720],
      [8192, 16384, 61440],
      [16384, 32768, 122880],
    ]);
  });
  it('refuses other pairs', () => {
    expect(isFargateSize({ cpu: 256, memoryMb: 3072 })).toBe(false);
    expect(isFargateSize({ cpu: 300, memoryMb: 512 })).toBe(false);
    expect(fargateSizeFor({ cpu: 99999, memoryMb: 999999 })).toEqual({ cpu: 16384, memoryMb: 122880 });
  });
});

describe('the Node.js of the image', () => {
  it.each([
    [['nodejs18.x'], 22],
    [['nodejs22.x'], 22],
    [['nodejs20.x', 'nodejs24.x'], 24],
    [[null], 22],
    [['nodejs8.10'], 22],
    [[], 22],
  ])('%j: %d', (runtimes, expected) => expect(nodeMajor(runtimes.map((runtime) => ({ runtime })))).toBe(expected));
});
