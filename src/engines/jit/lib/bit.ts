/**
 * `bit`: numbers here, quickly; as soon as there is a cdata among the arguments, as the ffi has it.
 * @module
 */
import { bitsOfNumber } from '../../../ffi/index.ts';
import { isCData } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { numberArgument } from './arguments.ts';

export function openBit(state: LuaState): LuaTable {
  // The arguments as 32 bits each, of which there are at least `least`; or the result, where the ffi knows it.
  const general = (name: string, args: ArrayLike<unknown>, least: number, compute: (bits: readonly number[]) => unknown): unknown => {
    const values = Array.from(args);
    if (state.cdata !== null && values.some(isCData)) return state.cdata.bit[name]?.(values);
    const { length } = values;
    const bits: number[] = [];
    for (let i = 0; i < Math.max(length, least); i++) bits.push(bitsOf(numberArgument(values[i], i + 1, name, length)));
    return compute(bits);
  };
  // Functions of their own, and not of one that is given the operation: V8 would not know which one it is.
  return state.library({
    tobit(a: unknown): unknown {
      return arguments.length === 1 && typeof a === 'number' ? bitsOf(a) : general('tobit', arguments, 1, ([x = 0]) => x);
    },
    tohex(a: unknown): unknown {
      if (arguments.length === 1 && typeof a === 'number') return (bitsOf(a) >>> 0).toString(16).padStart(8, '0');
      return general('tohex', arguments, 1, ([x = 0, digits = 8]) => hexadecimal(x, digits));
    },
    bnot(a: unknown): unknown {
      return arguments.length === 1 && typeof a === 'number' ? ~bitsOf(a) : general('bnot', arguments, 1, ([x = 0]) => ~x);
    },
    bswap(a: unknown): unknown {
      return arguments.length === 1 && typeof a === 'number' ? swapped(bitsOf(a)) : general('bswap', arguments, 1, ([x = 0]) => swapped(x));
    },
    band(a: unknown, b: unknown): unknown {
      if (arguments.length === 2 && typeof a === 'number' && typeof b === 'number') return bitsOf(a) & bitsOf(b);
      return general('band', arguments, 1, (bits) => bits.reduce((x, y) => x & y));
    },
    bor(a: unknown, b: unknown): unknown {
      if (arguments.length === 2 && typeof a === 'number' && typeof b === 'number') return bitsOf(a) | bitsOf(b);
      return general('bor', arguments, 1, (bits) => bits.reduce((x, y) => x | y));
    },
    bxor(a: unknown, b: unknown): unknown {
      if (arguments.length === 2 && typeof a === 'number' && typeof b === 'number') return bitsOf(a) ^ bitsOf(b);
      return general('bxor', arguments, 1, (bits) => bits.reduce((x, y) => x ^ y));
    },
    lshift(a: unknown, n: unknown): unknown {
      if (typeof a === 'number' && typeof n === 'number') return bitsOf(a) << bitsOf(n);
      return general('lshift', arguments, 2, ([x = 0, by = 0]) => x << by);
    },
    rshift(a: unknown, n: unknown): unknown {
      if (typeof a === 'number' && typeof n === 'number') return (bitsOf(a) >>> bitsOf(n)) | 0;
      return general('rshift', arguments, 2, ([x = 0, by = 0]) => (x >>> by) | 0);
    },
    arshift(a: unknown, n: unknown): unknown {
      if (typeof a === 'number' && typeof n === 'number') return bitsOf(a) >> bitsOf(n);
      return general('arshift', arguments, 2, ([x = 0, by = 0]) => x >> by);
    },
    rol(a: unknown, n: unknown): unknown {
      if (typeof a === 'number' && typeof n === 'number') return rotated(bitsOf(a), bitsOf(n));
      return general('rol', arguments, 2, ([x = 0, by = 0]) => rotated(x, by));
    },
    ror(a: unknown, n: unknown): unknown {
      if (typeof a === 'number' && typeof n === 'number') return rotated(bitsOf(a), -bitsOf(n));
      return general('ror', arguments, 2, ([x = 0, by = 0]) => rotated(x, -by));
    },
  });
}

function bitsOf(value: number): number {
  const bits = value | 0;
  return bits === value ? bits : bitsOfNumber(value);
}

function rotated(bits: number, left: number): number {
  return (bits << left) | (bits >>> -left);
}

function swapped(bits: number): number {
  return (bits << 24) | ((bits & 0xff00) << 8) | ((bits >>> 8) & 0xff00) | (bits >>> 24);
}

// In capitals where the number of digits is negative.
function hexadecimal(bits: number, digits: number): string {
  const count = Math.abs(digits) & 0xff;
  const text = count === 0 ? '' : (bits >>> 0).toString(16).padStart(count, '0').slice(-count);
  return digits < 0 ? text.toUpperCase() : text;
}
