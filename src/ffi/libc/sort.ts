/**
 * `qsort` and `bsearch`: C11 7.22.5; glibc's `qsort_r`. The sort is stable, as glibc's, and ends with any comparison function.
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
  function comparison(pointer: CData, context: Place | null): (a: Place, b: Place) => number {
    const { parameters } = (pointer.type as FunctionPointer).target;
    const [first, second, third] = [parameters[0]?.type, parameters[1]?.type, parameters[2]?.type];
    const needed = context === null ? 2 : 3;
    if (parameters.length !== needed || first?.kind !== 'pointer' || second?.kind !== 'pointer' || (third ?? first).kind !== 'pointer')
      throw new FfiError(`a comparison function has ${needed === 2 ? 'two' : 'three'} pointers as parameters`);
    const last = context === null ? [] : [new CData(third ?? first, context.region, context.offset, null)];
    return (a, b) =>
      Number(
        callFunctionPointer(pointer, [new CData(first, a.region, a.offset, null), new CData(second, b.region, b.offset, null), ...last]),
      );
  }

  function sort(base: Place, count: number, size: number, compare: CData, context: Place | null = null): void {
    const { length } = span(base, count * size, 'qsort');
    if (length === 0) return;
    if (count > MOST_ELEMENTS) throw new FfiError(`qsort: ${count} elements, at most ${MOST_ELEMENTS} can be sorted`);
    // Compares a copy, so that the function sees all elements whole at all times.
    const copy = memory.allocate(length);
    copy.bytes.set(span(base, length, 'qsort'));
    copy.holdCopied(0, base.region, base.offset, length);
    const order = comparison(compare, context);
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
    const order = comparison(compare, null);
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
    'void qsort_r(void *, size_t, size_t, int (*)(const void *, const void *, void *), void *)': (
      base: Place,
      count: Integer,
      size: Integer,
      compare: CData,
      context: Place,
    ): undefined => {
      sort(base, Number(count), Number(size), compare, context);
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
