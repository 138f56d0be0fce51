/**
 * `string.format` for integers that fengari's 32 bits cannot hold: a `uint32_t` above 2^31-1 is a float there, whose
 * `%x` and `%d` would raise; 64-bit cdata are none of its types at all. Such arguments are formatted here, everything
 * else is left to fengari.
 * @module
 */
import { cdataIn } from './adapter.ts';
import type { FengariFfi } from './ffi.ts';
import { latin1OfString } from './strings.ts';
import { lua, type LuaFunction, type LuaState, type LuaString, TAG, type TaggedValue, toLuaString } from './vm.ts';

const INTEGER_CONVERSION = /%([-+ #0]*)(\d{0,2})(?:\.(\d{0,2}))?([diuoxX])/y;

/** Replaces `string.format` in a state that has it. */
export function repairFormat(L: LuaState, state: FengariFfi): void {
  lua.lua_checkstack(L, 4);
  if (lua.lua_getglobal(L, toLuaString('string')) !== TAG.table) {
    lua.lua_pop(L, 1);
    return;
  }
  lua.lua_getfield(L, -1, toLuaString('format'));
  const { type, value } = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
  if (type === TAG.lightFunction) {
    lua.lua_pushcfunction(L, formatter(state, value as LuaFunction));
    lua.lua_setfield(L, -2, toLuaString('format'));
  }
  lua.lua_pop(L, 1);
}

function formatter(state: FengariFfi, original: LuaFunction): LuaFunction {
  return (L) => {
    const base = L.ci.funcOff + 1;
    const count = L.top - base;
    let hasWide = false;
    for (let i = 1; i < count; i++) if (wideInteger(state, L.stack[base + i] as TaggedValue) !== null) hasWide = true;
    const format = L.stack[base] as TaggedValue | undefined;
    if (!hasWide || format?.type !== TAG.string) return original(L);
    rewrite(L, state, latin1OfString(format.value as LuaString), base, count);
    return original(L);
  };
}

// An integer that fengari would not format: a float beyond 32 bits without a fraction, a 64-bit cdata.
function wideInteger(state: FengariFfi, { type, value }: TaggedValue): bigint | null {
  if (type === TAG.float) {
    const number = value as number;
    const isWide = Number.isInteger(number) && (number | 0) !== number && Math.abs(number) < 2 ** 64;
    return isWide ? BigInt(number) : null;
  }
  const cdata = cdataIn({ type, value });
  return cdata === null ? null : state.ffi.integer64(cdata);
}

// Puts the finished text of each wide argument in its place, and `%s` in the format.
function rewrite(L: LuaState, state: FengariFfi, format: string, base: number, count: number): void {
  let result = '';
  let argument = 0;
  for (let at = 0; at < format.length; ) {
    if (format[at] !== '%') {
      result += format[at++];
    } else if (format[at + 1] === '%') {
      result += '%%';
      at += 2;
    } else {
      argument++;
      INTEGER_CONVERSION.lastIndex = at;
      const conversion = INTEGER_CONVERSION.exec(format);
      const wide = conversion !== null && argument < count ? wideInteger(state, L.stack[base + argument] as TaggedValue) : null;
      if (conversion === null || wide === null) {
        result += '%';
        at++;
        continue;
      }
      replace(L, base + argument, toLuaString(formatInteger(wide, conversion)));
      result += '%s';
      at = INTEGER_CONVERSION.lastIndex;
    }
  }
  replace(
    L,
    base,
    Uint8Array.from(result, (character) => character.charCodeAt(0)),
  );
}

function replace(L: LuaState, slot: number, bytes: Uint8Array): void {
  lua.lua_checkstack(L, 1);
  lua.lua_pushstring(L, bytes);
  L.stack[slot] = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
}

// C11 7.21.6.1: flags, width, precision of the integer conversions.
function formatInteger(value: bigint, [, flags = '', width = '', precision, conversion = 'd']: RegExpExecArray): string {
  const isSigned = conversion === 'd' || conversion === 'i';
  const number = isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  const radix = conversion === 'o' ? 8 : conversion === 'x' || conversion === 'X' ? 16 : 10;
  let digits = (number < 0n ? -number : number).toString(radix);
  if (precision !== undefined) digits = digits.padStart(Number(precision), '0');
  if (flags.includes('#') && conversion === 'o' && !digits.startsWith('0')) digits = `0${digits}`;
  let sign = '';
  if (number < 0n) sign = '-';
  else if (isSigned && flags.includes('+')) sign = '+';
  else if (isSigned && flags.includes(' ')) sign = ' ';
  if (flags.includes('#') && radix === 16) sign += '0x';
  if (flags.includes('0') && !flags.includes('-') && precision === undefined) digits = digits.padStart(Number(width) - sign.length, '0');
  const text = flags.includes('-') ? (sign + digits).padEnd(Number(width)) : (sign + digits).padStart(Number(width));
  return conversion === 'X' ? text.toUpperCase() : text;
}
