import { describe, expect, it } from 'vitest';
import { formatAddress, Memory, Region } from '../../../src/memory/index.ts';
import { failure } from '../../helpers/errors.ts';
import { collectGarbage } from '../../helpers/gc.ts';

describe('regions', () => {
  it('of our own are zeroed and owned, those of callers shared', () => {
    const memory = new Memory();
    const own = memory.allocate(4);
    expect([...own.bytes, own.isOwned]).toEqual([0, 0, 0, 0, true]);
    const bytes = new Uint8Array(4);
    const theirs = memory.regionOf(bytes);
    expect([theirs.bytes === bytes, theirs.isOwned]).toEqual([true, false]);
    expect(memory.regionOf(memory.bytesOf(own))).toBe(own);
  });

  it('are one for one Uint8Array', () => {
    const memory = new Memory();
    const [a, b] = [new Uint8Array(4), new Uint8Array(4)];
    expect(memory.regionOf(a)).toBe(memory.regionOf(a));
    expect(memory.regionOf(b)).not.toBe(memory.regionOf(a));
    expect(memory.regionOf(a)).not.toBe(memory.regionOf(a.subarray(0)));
  });

  it.each([
    [0, 8],
    [8, 0],
    [7, 1],
  ])('of 8 bytes allow %s + %s', (offset, size) => {
    expect(() => new Region(new Uint8Array(8), true).check(offset, size, 'int')).not.toThrow();
  });

  it.each([
    [5, 4],
    [8, 1],
    [-1, 1],
    [0.5, 1],
    [Number.NaN, 1],
    [2 ** 60, 1],
  ])('of 8 bytes refuse %s + %s', (offset, size) => {
    const message = `MemoryAccessError: int: needs ${size} bytes at offset ${offset}, have 8`;
    expect(failure(() => new Region(new Uint8Array(8), true).check(offset, size, 'int'))).toBe(message);
  });

  it('raise once they are freed, also at their old addresses', () => {
    const memory = new Memory();
    const region = memory.allocate(8);
    const address = memory.addressOf({ region, offset: 4 });
    region.free();
    expect(failure(() => region.check(0, 1, 'char'))).toBe(
      `MemoryAccessError: char: address 0x${(address - 4).toString(16)} is not in live memory`,
    );
    const place = memory.placeAt(address);
    expect(failure(() => place.region.check(place.offset, 1, 'char'))).toBe(
      `MemoryAccessError: char: address 0x${address.toString(16)} is not in live memory`,
    );
  });
});

describe('addresses', () => {
  it('are stable, and lead back to where they came from', () => {
    const memory = new Memory();
    const regions = [
      memory.allocate(16),
      memory.regionOf(Buffer.from('from the pool')),
      memory.regionOf(new Uint8Array(5000)),
      memory.allocate(0),
    ];
    for (const region of regions) {
      for (const offset of [0, 1, region.bytes.length - 1]) {
        if (offset >= region.bytes.length || offset < 0) continue;
        const address = memory.addressOf({ region, offset });
        expect(memory.addressOf({ region, offset })).toBe(address);
        expect(memory.placeAt(address)).toEqual({ region, offset });
        expect(address).toBeGreaterThan(65536);
        expect(address).toBeLessThan(2 ** 48);
      }
    }
  });

  it('one past the end belong to the region, those further out to none', () => {
    const memory = new Memory();
    const region = memory.allocate(16);
    const end = memory.addressOf({ region, offset: 16 });
    expect(memory.placeAt(end)).toEqual({ region, offset: 16 });
    expect(memory.placeAt(end + 1).region).toBe(memory.wild);
    expect(memory.placeAt(end - 17).region).toBe(memory.wild);
  });

  it('of separate regions never meet', () => {
    const memory = new Memory();
    const spans = Array.from({ length: 3000 }, (_, i) => {
      const start = memory.addressOf({ region: memory.allocate(i % 50), offset: 0 });
      return [start, start + (i % 50)] as const;
    }).sort(([a], [b]) => a - b);
    for (let i = 1; i < spans.length; i++)
      expect((spans[i] as readonly [number, number])[0]).toBeGreaterThan((spans[i - 1] as readonly [number, number])[1]);
  });

  it('keep the distances within one buffer', () => {
    const memory = new Memory();
    const buffer = new ArrayBuffer(32);
    const low = { region: memory.regionOf(new Uint8Array(buffer, 4, 8)), offset: 1 };
    const high = { region: memory.regionOf(new Uint8Array(buffer, 16)), offset: 0 };
    expect(memory.addressOf(high) - memory.addressOf(low)).toBe(11);
  });

  it.each([0, 1, 4095, 65535, -1, -(2 ** 40), 2 ** 47, 2 ** 53, 2 ** 64])('%s means no memory', (address) => {
    const memory = new Memory();
    const place = memory.placeAt(address);
    expect(place).toEqual({ region: memory.wild, offset: address });
    expect(failure(() => place.region.check(place.offset, 1, 'char'))).toBe(
      `MemoryAccessError: char: address ${formatAddress(address)} is not in live memory`,
    );
  });

  it('print as LuaJIT prints them', () => {
    expect([0, 4096, 2 ** 47, -1].map(formatAddress)).toEqual(['0x0', '0x1000', '0x800000000000', '0xffffffffffffffff']);
  });
});

describe('sameness', () => {
  it('is that of bytes, whatever they are seen through', () => {
    const memory = new Memory();
    const buffer = new ArrayBuffer(32);
    const whole = { region: memory.regionOf(new Uint8Array(buffer)), offset: 8 };
    const part = { region: memory.regionOf(new Uint8Array(buffer, 4, 8)), offset: 4 };
    expect(memory.isSame(whole, part)).toBe(true);
    expect(memory.isSame(whole, { ...part, offset: 5 })).toBe(false);
    expect(memory.isSame(whole, { ...whole })).toBe(true);
    expect(memory.isSame(whole, { region: memory.allocate(32), offset: 8 })).toBe(false);
    expect(memory.isSame(memory.null, memory.null)).toBe(true);
    expect(memory.isSame(memory.null, whole)).toBe(false);
    expect(memory.isSame(memory.placeAt(memory.addressOf(whole)), part)).toBe(true);
  });
});

describe('holding', () => {
  it('is weak for regions that have an address', async () => {
    const memory = new Memory();
    const address = memory.addressOf({ region: memory.allocate(64), offset: 0 });
    await collectGarbage();
    expect(memory.placeAt(address).region).toBe(memory.wild);
  });

  it('is strong for what owned memory points to', async () => {
    const memory = new Memory();
    const holder = memory.allocate(8);
    const address = ((): number => {
      const target = memory.allocate(64);
      holder.hold(0, target);
      return memory.addressOf({ region: target, offset: 0 });
    })();
    await collectGarbage();
    expect(memory.placeAt(address).region.bytes.length).toBe(64);
    holder.hold(0, memory.wild);
    await collectGarbage();
    expect(memory.placeAt(address).region).toBe(memory.wild);
  });

  it('ends when the holder is freed', async () => {
    const memory = new Memory();
    const holder = memory.allocate(8);
    const address = ((): number => {
      const target = memory.allocate(64);
      holder.hold(0, target);
      return memory.addressOf({ region: target, offset: 0 });
    })();
    holder.free();
    await collectGarbage();
    expect(memory.placeAt(address).region).toBe(memory.wild);
  });

  it('lasts as long as the bytes of a caller', async () => {
    const memory = new Memory();
    const bytes = new Uint8Array(64);
    const address = memory.addressOf({ region: memory.regionOf(bytes), offset: 0 });
    await collectGarbage();
    expect(memory.placeAt(address).region.bytes).toBe(bytes);
  });
});

it('addresses of collected regions are not used again', async () => {
  const memory = new Memory();
  const used = new Set<number>();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 1500; i++) {
      const address = memory.addressOf({ region: memory.allocate(16), offset: 0 });
      expect(used.has(address)).toBe(false);
      used.add(address);
    }
    await collectGarbage();
  }
  const region = memory.allocate(16);
  expect(memory.placeAt(memory.addressOf({ region, offset: 3 }))).toEqual({ region, offset: 3 });
});
