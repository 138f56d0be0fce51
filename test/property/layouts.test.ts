import { describe, expect, it } from 'vitest';
import { isRecord, type RecordType } from '../../src/ctype/index.ts';
import { betterOrder, layoutAsSvg, layoutAsText, layoutSummary } from '../../src/report/index.ts';
import { cdef } from '../../src/view/index.ts';
import { fc } from '../helpers/properties.ts';
import { randomRecord, recordText } from '../helpers/structs.ts';
import { areaOf, contains, parseSvg } from '../helpers/svg.ts';

function record(source: string, name: string): RecordType {
  const { ctype } = cdef(source).typeof(name);
  if (!isRecord(ctype)) throw new Error(`${name} is no struct`);
  return ctype;
}

const BIT_WIDTHS = { 4: 22, 8: 11, 16: 6 } as const;

describe('layouts of random structs', () => {
  it('have sums that make their sizes', () => {
    fc.assert(
      fc.property(randomRecord, (random) => {
        if (random.kind === 'union') return;
        const sums = layoutSummary(record(recordText(random, 's'), 'struct s'));
        const bytes = sums.memberBytes + sums.holeBytes + sums.padding;
        expect(bytes * 8 + sums.bitFieldBits + sums.bitHoleBits + sums.bitPadding).toBe(sums.size * 8);
      }),
      { numRuns: 500 },
    );
  });

  it('are listed, whatever they are', () => {
    fc.assert(
      fc.property(randomRecord, (random) => {
        const name = `${random.kind} s`;
        expect(layoutAsText(record(recordText(random, 's'), name), name)).toMatch(/^\w+ s \{ {2}\/\/ size \d+, align \d+.*\};\n$/s);
      }),
    );
  });

  it('are drawn well-formed, and boxes cover every bit once', () => {
    fc.assert(
      fc.property(randomRecord, fc.constantFrom(4 as const, 8 as const, 16 as const), (random, rowBytes) => {
        const name = `${random.kind} s`;
        const type = record(recordText(random, 's'), name);
        const picture = parseSvg(layoutAsSvg(type, name, { rowBytes }));
        const boxes = picture.boxes.filter(({ classes }) => !classes.includes('open'));
        const corners = boxes.flatMap(({ outlines }) => outlines.flat());
        expect(corners.every(([x, y]) => x >= 0 && x <= picture.width && y >= 0 && y <= picture.height)).toBe(true);
        // No box lies over another: beside none of its corners, within it, is another one.
        const points = corners.flatMap(([x, y]) => [-0.5, 0.5].flatMap((dx) => [-0.5, 0.5].map((dy) => [x + dx, y + dy] as const)));
        expect(points.filter(([x, y]) => boxes.filter((box) => contains(box, x, y)).length > 1)).toEqual([]);
        // Without alternatives there is one block of rows, and no gap in it.
        if (/union/.test(recordText(random, 's')) || boxes.length === 0) return;
        const { size } = layoutSummary(type);
        const bitWidth = BIT_WIDTHS[rowBytes];
        const ys = corners.map(([, y]) => y);
        const columns = Math.min(rowBytes, size) * 8;
        const missing = size < rowBytes ? 0 : (rowBytes - (size % rowBytes)) % rowBytes;
        const block = (Math.max(...ys) - Math.min(...ys)) * columns * bitWidth - missing * 8 * bitWidth * 42;
        expect(boxes.reduce((sum, box) => sum + areaOf(box), 0)).toBe(block);
      }),
      { numRuns: 100 },
    );
  });
});

const TYPES = ['char', 'short', 'int', 'long', 'char a[3]', 'short a[3]', 'long double', 'int : 5', 'char : 3', 'long : 40'];

function declared(type: string, i: number): string {
  if (type.includes(' a[')) return `${type.replace(' a[', ` m${i}[`)};`;
  const [base, width] = type.split(' : ');
  return `${base} m${i}${width === undefined ? '' : ` : ${width}`};`;
}

function* permutations<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield [];
  for (const [i, first] of list.entries()) for (const rest of permutations(list.toSpliced(i, 1))) yield [first, ...rest];
}

describe('better orders of random structs', () => {
  const types = (maxLength: number): fc.Arbitrary<string[]> => fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength });
  const sizeOf = (members: readonly string[]): number => cdef(`struct s { ${members.join(' ')} };`).sizeof('struct s') as number;

  it('have the size that C text in that order has, and save something', () => {
    fc.assert(
      fc.property(types(14), (list) => {
        const members = list.map(declared);
        const found = betterOrder(record(`struct s { ${members.join(' ')} };`, 'struct s'));
        if (found === null) return;
        const order = found.members.map(({ name }) => members[Number(name.slice(1))] as string);
        expect(order.toSorted()).toEqual(members.toSorted());
        expect(sizeOf(order)).toBe(found.size);
        expect(found.saved).toBe(sizeOf(members) - found.size);
        expect(found.saved).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('are the best there are, of a few members', () => {
    fc.assert(
      fc.property(types(5), (list) => {
        const members = list.filter((type) => !type.includes(':')).map(declared);
        const type = record(`struct s { ${members.join(' ')} };`, 'struct s');
        const size = betterOrder(type)?.size ?? sizeOf(members);
        const align = type.align;
        const bytes = members.reduce((sum, member) => sum + sizeOf([member]), 0);
        const least = Math.ceil(bytes / align) * align;
        // The sum of the members is a bound; where it is not met, all orders say what is possible.
        if (size !== least) expect(size).toBe(Math.min(...[...permutations(members)].map(sizeOf)));
      }),
      { numRuns: 60 },
    );
  });
});
