/**
 * `string.format`. Formats are read once; see `src/lua/format.ts` for numbers.
 * @module
 */
import {
  type Conversion,
  floatText,
  formatInteger,
  type FormatPiece,
  integerText,
  isPlainInteger,
  paddedText,
  parseFormat,
  quotedText,
} from '../../../lua/index.ts';
import { CData } from '../../../ffi/index.ts';
import { fault } from '../runtime/errors.ts';
import type { LuaFunction } from '../runtime/functions.ts';
import { isCData } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import { anyArgument, integerArgument, numberArgument, stringArgument } from './arguments.ts';
import { checkLength } from './limits.ts';

/** Formats that a state keeps. */
const MOST_FORMATS = 500;

/** `string.format`; `first` is how many arguments stand in front of the format. */
export function formatFunction(state: LuaState, first = 0): LuaFunction {
  const formats = new Map<string, FormatPiece[]>();
  const piecesOf = (format: string): FormatPiece[] => {
    let pieces = formats.get(format);
    if (pieces === undefined) {
      pieces = parseFormat(format);
      if (formats.size >= MOST_FORMATS) formats.clear();
      formats.set(format, pieces);
    }
    return pieces;
  };
  return function format(...args: unknown[]): string {
    const count = args.length;
    let text = '';
    let index = first + 1;
    for (const piece of piecesOf(stringArgument(args[first], first + 1, 'format', count))) {
      if (typeof piece === 'string') text += piece;
      else if ('invalid' in piece) throw fault(`invalid option '${piece.invalid}' to 'format'`);
      else {
        text += converted(state, args[index], piece, index + 1, count);
        index++;
        if (text.length > state.stringLimit) checkLength(state, text.length);
      }
    }
    return text;
  };
}

function converted(state: LuaState, value: unknown, conversion: Conversion, index: number, count: number): string {
  const { width, precision, letter } = conversion;
  if (index > count) anyArgument(value, index, 'format', count);
  switch (letter) {
    case 's': {
      const text = typeof value === 'string' ? value : textOf(state, value);
      return width === 0 && precision === null ? text : paddedText(precision === null ? text : text.slice(0, precision), conversion);
    }
    case 'q':
      return quotedText(textOf(state, value));
    case 'c':
      return paddedText(String.fromCharCode(integerArgument(value, index, 'format', count) & 0xff), conversion);
    case 'p':
      return pointerText(state, value);
    case 'd':
    case 'i':
      // Most are small, and as they are.
      if (width === 0 && precision === null && conversion.flags === '' && Number.isSafeInteger(value) && value !== 0) return `${value}`;
      return wholeText(state, value, conversion, index, count);
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return wholeText(state, value, conversion, index, count);
    default:
      return floatText(numberArgument(value, index, 'format', count), conversion);
  }
}

// Whatever `__tostring` answers is written as it is.
function textOf(state: LuaState, value: unknown): string {
  return state.plainText(state.tostring(value));
}

// Of cdata, the integers of 64 bits.
function wholeText(state: LuaState, value: unknown, conversion: Conversion, index: number, count: number): string {
  if (typeof value === 'number' && isPlainInteger(value, conversion)) return integerText(value, conversion);
  const wide = state.ffi !== null && isCData(value) ? state.ffi.integer64(value) : null;
  return integerText(wide ?? formatInteger(numberArgument(value, index, 'format', count), conversion), conversion);
}

// Neither strings nor numbers have an address; no width applies.
function pointerText(state: LuaState, value: unknown): string {
  if (value instanceof CData && state.ffi !== null) return state.ffi.printer.address(value);
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? state.addressOf(value) : 'NULL';
}
