/**
 * `string.format` as LuaJIT's: fengari's has 32 bits, and leaves floats to a package that knows no infinity. Here integers
 * have 64 bits, also those of cdata; floats in `%d` are truncated, as LuaJIT does.
 * @module
 */
import { CData } from '../../ffi/index.ts';
import {
  type Conversion,
  floatText,
  formatInteger,
  type FormatPiece,
  integerText,
  paddedText,
  parseFormat,
  quotedText,
} from '../../lua/index.ts';
import { cdataIn } from './adapter.ts';
import { argumentAt, badArgument, numberAt, wrongType } from './arguments.ts';
import type { FengariFfi } from './ffi.ts';
import { lobject } from './internals.ts';
import { bytesOfLatin1, latin1Of, latin1OfString } from './strings.ts';
import { lauxlib, lua, type LuaFunction, type LuaState, type LuaString, TAG, type TaggedValue, toLuaString, TYPE_MASK } from './vm.ts';

/** Replaces `string.format` in a state that has it. */
export function repairFormat(L: LuaState, state: FengariFfi): void {
  lua.lua_checkstack(L, 4);
  if (lua.lua_getglobal(L, toLuaString('string')) === TAG.table) {
    lua.lua_pushcfunction(L, state.wrap(formatter(state)));
    lua.lua_setfield(L, -2, toLuaString('format'));
  }
  lua.lua_pop(L, 1);
}

const MOST_FORMATS = 500;

/** `string.format` */
export function formatter(state: FengariFfi): LuaFunction {
  const { adapter } = state;
  const formats = new Map<string, FormatPiece[]>();
  const piecesOf = (format: string): FormatPiece[] => {
    let pieces = formats.get(format);
    if (pieces === undefined) {
      pieces = parseFormat(format);
      if (formats.size < MOST_FORMATS) formats.set(format, pieces);
    }
    return pieces;
  };
  return (L) => {
    const first = argumentAt(L, 1);
    const type = first === undefined ? 'nil' : adapter.typeOf(first);
    if (type !== 'string' && type !== 'number') wrongType(adapter, first, 'string', 1, 'format');
    let text = '';
    let index = 1;
    for (const piece of piecesOf(type === 'string' ? adapter.toName(first as TaggedValue) : textAt(L, 1))) {
      if (typeof piece === 'string') text += piece;
      else if ('invalid' in piece) throw new TypeError(`invalid option '${piece.invalid}' to 'format'`);
      else text += convert(L, state, piece, ++index);
    }
    lua.lua_pushstring(L, bytesOfLatin1(text));
    return 1;
  };
}

// As `tostring` gives it, latin1.
function textAt(L: LuaState, index: number): string {
  lua.lua_checkstack(L, 4);
  const text = latin1Of(lauxlib.luaL_tolstring(L, index));
  lua.lua_pop(L, 1);
  return text;
}

function convert(L: LuaState, state: FengariFfi, conversion: Conversion, index: number): string {
  const { letter, precision } = conversion;
  const value = argumentAt(L, index) ?? badArgument(index, 'format', 'value expected');
  switch (letter) {
    case 's': {
      const text = value.type === TAG.string ? latin1OfString(value.value as LuaString) : textAt(L, index);
      return paddedText(precision === null ? text : text.slice(0, precision), conversion);
    }
    case 'q':
      return quotedText(textAt(L, index));
    case 'c':
      return paddedText(String.fromCharCode(Math.trunc(numberAt(L, state.adapter, index, 'format')) & 0xff), conversion);
    case 'p':
      return paddedText(addressText(L, state, value), conversion);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integerText(integerAt(L, state, value, index, conversion), conversion);
    default:
      return floatText(numberAt(L, state.adapter, index, 'format'), conversion);
  }
}

// Of cdata, the 64-bit integers.
function integerAt(L: LuaState, { adapter, ffi }: FengariFfi, value: TaggedValue, index: number, conversion: Conversion): bigint {
  const cdata = cdataIn(value);
  return (cdata === null ? null : ffi.integer64(cdata)) ?? formatInteger(numberAt(L, adapter, index, 'format'), conversion);
}

// What `tostring` shows of things that have an identity; strings have none here.
function addressText(L: LuaState, { ffi }: FengariFfi, value: TaggedValue): string {
  const cdata = cdataIn(value);
  if (cdata instanceof CData) return ffi.printer.address(cdata);
  if (!IDENTITIES.has(value.type & TYPE_MASK)) return 'NULL';
  lua.lua_checkstack(L, 4);
  const text = latin1Of(lobject.luaO_pushvfstring(L, toLuaString('%p'), [value.value]));
  lua.lua_pop(L, 1);
  return text;
}

const IDENTITIES: ReadonlySet<number> = new Set([TAG.table, TAG.function, TAG.userdata, TAG.thread]);
