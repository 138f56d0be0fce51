/**
 * `qsort` and `bsearch`: C11 7.22.5. The sort is stable, as glibc's, and ends with any comparison function.
 * @module
 */
import type { FunctionType, PointerType } from '../../ctype/index.ts';
import type { Place } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';
import { CData } from '../cdata.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { advance, type Integer, span } from './bytes.ts';

type FunctionPointer = PointerType & { readonly target: FunctionType };

// Engines end the process where an array to sort is too large.
const MOST_ELEMENTS = 2 ** 24;

export function sortFunctions({ memory, callFunctionPointer }: Machine): CFunctions {
  // Compares with the function of the script, which gets pointers of the types that it declared.
  function comparison(pointer: CData): (a: Place, b: Place) => number {
    const { parameters } = (pointer.type as FunctionPointer).target;
    const [first, second] = [parameters[0]?.type, parameters[1]?.type];
    if (parameters.length !== 2 || first?.kind !== 'pointer' || second?.kind !== 'pointer')
      throw new FfiError('a comparison function has two pointers as parameters');
    return (a, b) =>
      Number(callFunctionPointer(pointer, [new CData(first, a.region, a.offset, null), new CData(second, b.region, b.offset, null)]));
  }

  function sort(base: Place, count: number, size: number, compare: CData): void {
    const { length } = span(base, count * size, 'qsort');
    if (length === 0) return;
    if (count > MOST_ELEMENTS) throw new FfiError(`qsort: ${count} elements, at most ${MOST_ELEMENTS} can be sorted`);
    // Compares a copy, so that the function sees all elements whole at all times.
    const copy = memory.allocate(length);
    copy.bytes.set(span(base, length, 'qsort'));
    copy.holdCopied(0, base.region, base.offset, length);
    const order = comparison(compare);
    const at = (index: number): Place => ({ region: copy, offset: index * size });
    const sorted = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => order(at(a), at(b)));
    // The function may have freed the memory.
    const room = span(base, length, 'qsort');
    const movedTo = new Uint32Array(count);
    for (const [to, from] of sorted.entries()) {
      room.set(copy.bytes.subarray(from * size, (from + 1) * size), to * size);
      movedTo[from] = to;
    }
    for (const [offset, target] of copy.heldIn(0, length)) {
      const moved = (movedTo[Math.floor(offset / size)] as number) * size + (offset % size);
      base.region.hold(base.offset + moved, target);
    }
  }

  function find(key: Place, base: Place, count: number, size: number, compare: CData): Place | null {
    span(base, count * size, 'bsearch');
    const order = comparison(compare);
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const element = advance(base, middle * size);
      const result = order(key, element);
      if (result === 0) return element;
      if (result < 0) high = middle;
      else low = middle + 1;
    }
    return null;
  }

  return {
    'void qsort(void *, size_t, size_t, int (*)(const void *, const void *))': (
      base: Place,
      count: Integer,
      size: Integer,
      compare: CData,
    ): undefined => {
      sort(base, Number(count), Number(size), compare);
    },
    'void *bsearch(const void *, const void *, size_t, size_t, int (*)(const void *, const void *))': (
      key: Place,
      base: Place,
      count: Integer,
      size: Integer,
      compare: CData,
    ) => find(key, base, Number(count), Number(size), compare),
  };
}
