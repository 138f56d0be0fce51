/**
 * Text of JavaScript as strings of Lua, which are bytes held as latin1.
 * @module
 */
import { encodeUtf8 } from '../../../util/utf8.ts';
import { stringOf } from '../ffi/bytes.ts';

/** JavaScript's text as a string of Lua: its UTF-8. */
export function latin1Of(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  const bytes = encodeUtf8(text);
  return stringOf(bytes, 0, bytes.length);
}
