/**
 * LuaJIT's literals for fengari: `1LL`, `0xffULL`, `12i`, and the numbers that Lua 5.3 reads otherwise. Every text that a state
 * compiles, by whatever function, goes through `luaY_parser`. It gets the text in Lua 5.3 (see `lua/lua53.ts`), and the strings that
 * stand for literals give way to the cdata in the constants of the compiled functions. So a literal is made once,
 * when its function is compiled, and reached without any name.
 * @module
 */
import { type Lua53Text, toLua53 } from '../../lua/index.ts';
import type { FengariFfi } from './ffi.ts';
import { bytesOfLatin1, latin1Of, latin1OfString } from './strings.ts';
import { type Input, lparser, type Prototype, ZIO } from './internals.ts';
import { lua, type LuaState, type LuaString, TAG, type TaggedValue, TValue } from './vm.ts';

const STATES: WeakMap<object, FengariFfi> = new WeakMap();
let isInstalled = false;

/** Makes a state compile LuaJIT's literals. The compiler is replaced process-wide, once; other states see no difference. */
export function installLiterals(L: LuaState, state: FengariFfi): void {
  STATES.set(L.l_G, state);
  if (isInstalled) return;
  isInstalled = true;
  const original = lparser.luaY_parser;
  lparser.luaY_parser = (S, input, buffer, data, chunkName, first) => {
    const ffi = STATES.get(S.l_G);
    if (ffi === undefined) return original(S, input, buffer, data, chunkName, first);
    const bytes = remainder(input, first);
    const changed = toLua53(latin1Of(bytes));
    const text = changed === null ? bytes : bytesOfLatin1(changed.text);
    const again = inputOf(S, text);
    if (changed === null || changed.literals.size === 0) return original(S, again, buffer, data, chunkName, again.zgetc());
    try {
      const closure = original(S, again, buffer, data, chunkName, again.zgetc());
      placeLiterals(closure.p, constants(changed, ffi));
      return closure;
    } catch (error) {
      showLiterals(S, changed);
      throw error;
    }
  };
}

// All that `input` still gives, and `first` before it.
function remainder(input: Input, first: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let byte = first; byte >= 0; byte = input.zgetc()) {
    const rest = input.n > 0 && input.buffer !== null ? input.buffer.subarray(input.off, input.off + input.n) : new Uint8Array(0);
    const part = new Uint8Array(rest.length + 1);
    part[0] = byte;
    part.set(rest, 1);
    parts.push(part);
    size += part.length;
    (input as { n: number }).n = 0;
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function inputOf(L: LuaState, bytes: Uint8Array): Input {
  let isRead = false;
  const read = (): Uint8Array | null => {
    if (isRead) return null;
    isRead = true;
    return bytes;
  };
  return new ZIO(L, read, null);
}

function constants({ literals }: Lua53Text, { ffi }: FengariFfi): Map<string, TaggedValue> {
  return new Map([...literals].map(([name, { value }]) => [name, ffi.creation.literal(value)]));
}

function placeLiterals(prototype: Prototype, values: ReadonlyMap<string, TaggedValue>): void {
  prototype.k.forEach((constant, i) => {
    const literal = constant.type === TAG.string ? values.get(latin1OfString(constant.value as LuaString)) : undefined;
    if (literal !== undefined) prototype.k[i] = new TValue(literal.type, literal.value);
  });
  for (const inner of prototype.p) placeLiterals(inner, values);
}

// The error message on top of the stack, with the literals as they were written.
function showLiterals(L: LuaState, { literals }: Lua53Text): void {
  const message = L.stack[L.top - 1];
  if (message?.type !== TAG.string) return;
  let text = latin1OfString(message.value as LuaString);
  for (const [name, { written }] of literals) text = text.replace(`"${name}"`, () => written);
  lua.lua_pushstring(L, bytesOfLatin1(text));
  L.stack[L.top - 2] = L.stack[L.top - 1] as TaggedValue;
  lua.lua_pop(L, 1);
}
