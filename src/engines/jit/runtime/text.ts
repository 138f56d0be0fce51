/**
 * Text of JavaScript as strings of Lua, which are bytes held as latin1.
 * @module
 */
import { encodeUtf8 } from '../../../util/utf8.ts';
import { stringOf } from '../ffi/bytes.ts';

/** Up to this length, looking at characters one by one is quicker than a regular expression. */
const SHORT = 32;

/** Whether a text is the same in all encodings. */
export function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (text.length > SHORT) return /^[\x00-\x7f]*$/.test(text);
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** JavaScript's text as a string of Lua: its UTF-8. */
export function latin1Of(text: string): string {
  if (isAscii(text)) return text;
  const bytes = encodeUtf8(text);
  return stringOf(bytes, 0, bytes.length);
}
