import { describe, expect, it } from 'vitest';
import { Memory, type RealMemory } from '../../../src/memory/index.ts';
import { failure } from '../../helpers/errors.ts';

const GIB = 2 ** 30;

// A process whose buffers are where the test says, and whose memory shows as fresh bytes, of which few are made.
class Process implements RealMemory {
  readonly addresses: Map<ArrayBufferLike, number> = new Map();
  readonly views: number[] = [];

  addressOf(buffer: ArrayBufferLike): number {
    return this.addresses.get(buffer) ?? 0x500000;
  }

  viewOf(address: number, size: number): Uint8Array {
    this.views.push(address);
    return Object.defineProperty(new Uint8Array(16), 'length', { value: size });
  }

  // A buffer of `size` bytes at `address`.
  at(address: number, size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    this.addresses.set(bytes.buffer, address);
    return bytes;
  }
}

function setUp(): { process: Process; memory: Memory } {
  const process = new Process();
  const memory = new Memory();
  memory.useRealAddresses(process);
  return { process, memory };
}

describe('real addresses', () => {
  it('are those of the process, in any order', () => {
    const { process, memory } = setUp();
    const regions = [0x300000, 0x100000, 0x200000, 0x100040].map((address) => memory.regionOf(process.at(address, 64)));
    const found = regions.map((region) => memory.addressOf({ region, offset: 8 }));
    expect(found).toEqual([0x300008, 0x100008, 0x200008, 0x100048]);
    expect(found.map((address) => regions.indexOf(memory.placeAt(address).region))).toEqual([0, 1, 2, 3]);
    expect(process.views).toEqual([]);
  });

  it('are used again by the process: what was there before is forgotten', () => {
    const { process, memory } = setUp();
    const old = memory.regionOf(process.at(0x100000, 64));
    memory.addressOf({ region: old, offset: 0 });
    const taken = memory.regionOf(process.at(0x100010, 16));
    memory.addressOf({ region: taken, offset: 0 });
    expect(memory.placeAt(0x100018)).toEqual({ region: taken, offset: 8 });
    expect(memory.isForeign(memory.placeAt(0x100004).region)).toBe(true);
  });

  it('outside of our memory show through windows of 2 GiB, which overlap and stay', () => {
    const { process, memory } = setUp();
    const address = 5.25 * GIB;
    const place = memory.placeAt(address);
    expect([place.offset, place.region.address, memory.isForeign(place.region)]).toEqual([1.25 * GIB, 4 * GIB, true]);
    expect(memory.addressOf(place)).toBe(address);
    expect(memory.placeAt(5.4 * GIB).region).toBe(place.region);
    expect(memory.placeAt(5.5 * GIB).region.address).toBe(5 * GIB);
    expect(memory.isSame(memory.placeAt(5.4 * GIB), { region: memory.placeAt(5.6 * GIB).region, offset: 0.4 * GIB })).toBe(true);
    expect(process.views).toEqual([4 * GIB, 5 * GIB]);
  });

  it('where no process has memory are nowhere', () => {
    const { process, memory } = setUp();
    for (const address of [0, 1, 65535, -1, 2 ** 47, 2 ** 63, Number.NaN]) {
      expect(memory.placeAt(address)).toEqual({ region: memory.wild, offset: address });
    }
    memory.placeAt(65536);
    expect(process.views).toEqual([65536]);
  });

  it('of code are regions of their own, without bytes', () => {
    const { memory } = setUp();
    const code = memory.regionAt(0x700000);
    expect(memory.placeAt(0x700000)).toEqual({ region: code, offset: 0 });
    expect(failure(() => code.check(0, 1, 'char'))).toBe('MemoryAccessError: char: address 0x700000 is not in live memory');
    const next = memory.regionAt(0x700000);
    expect(memory.placeAt(0x700000).region).toBe(next);
  });

  it('are aligned as was asked for, and there even for no bytes', () => {
    const { memory } = setUp();
    const region = memory.allocate(64, 64);
    expect([memory.addressOf({ region, offset: 0 }) % 64, region.bytes.length]).toEqual([0, 64]);
    expect([memory.allocate(0).bytes.length, memory.allocate(0).bytes.buffer.byteLength]).toEqual([0, 1]);
  });

  it('cannot take the place of others that are in use', () => {
    const memory = new Memory();
    memory.addressOf({ region: memory.allocate(4), offset: 0 });
    expect(failure(() => memory.useRealAddresses(new Process()))).toBe('TypeError: addresses of this memory are in use already');
    const { process, memory: real } = setUp();
    expect(() => real.useRealAddresses(process)).not.toThrow();
    expect(failure(() => real.useRealAddresses(new Process()))).toBe('TypeError: addresses of this memory are in use already');
  });
});
