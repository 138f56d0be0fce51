/**
 * Names of chunks (Lua 5.1 manual, `lua_load` and `lua_Debug.source`): `@file`, `=name`, or the text of the chunk itself.
 * @module
 */

/** Bytes that a short name may have, with the NUL that C puts behind it (`LUA_IDSIZE`). */
const SIZE = 60;
const MAX_TEXT = SIZE - 12;
const MAX_CUT_TEXT = SIZE - 15;

/** The name of a chunk in messages: `@a/b.lua` is `a/b.lua` (its end, where it is long), `=stdin` is `stdin`, `x = 1` is `[string "x = 1"]`. */
export function shortChunkName(chunk: string): string {
  const text = chunk.replace(/\0.*/s, '');
  if (text.startsWith('=')) return text.slice(1, SIZE);
  if (text.startsWith('@')) return text.length > SIZE ? `...${text.slice(-(SIZE - 4))}` : text.slice(1);
  // Its first line, or what fits of it.
  let length = 0;
  while (length < text.length && text.charCodeAt(length) >= 0x20) length++;
  const isWhole = length === text.length && length <= MAX_TEXT;
  return `[string "${isWhole ? text : `${text.slice(0, Math.min(length, MAX_CUT_TEXT))}...`}"]`;
}
