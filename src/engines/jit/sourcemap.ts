/**
 * Source maps of generated text (ECMA-426), by lines: debuggers then show Lua and take breakpoints there.
 * @module
 */
import { decodeUtf8, encodeUtf8 } from '../../util/utf8.ts';
import { bytesOfString, stringOf } from './ffi/bytes.ts';
import { HEADER_LINES } from './runtime/frames.ts';
import type { Unit } from './runtime/units.ts';
import { functionsOf } from './tools/functions.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

// A number as ECMA-426 writes it: five bits to a digit, the lowest first, the sign at the very bottom.
function encoded(number: number): string {
  let text = '';
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

// Every line with code of a function's is the line of Lua that it is `shift` below.
function mappingsOf(unit: Unit): string {
  const rows = unit.script.text.split('\n');
  const lineOf: (number | undefined)[] = [];
  for (const { firstRow, lastRow, shift, node } of functionsOf(unit)) {
    for (let row = firstRow; row <= lastRow; row++) if (rows[row - 1] !== '') lineOf[row] = Math.max(row - shift, node.line, 1);
  }
  let previous = 0;
  const mappings = rows.map((_, i) => {
    const line = lineOf[i + 1];
    if (line === undefined) return '';
    const segment = `AA${encoded(line - 1 - previous)}A`;
    previous = line - 1;
    return segment;
  });
  return ';'.repeat(HEADER_LINES) + mappings.join(';');
}

/** A unit's source map as the comment that ends its text; `url` is what debuggers know the chunk by. */
export function sourceMapComment(unit: Unit, url: string): string {
  const content = decodeUtf8(bytesOfString(unit.chunk.text));
  const map = JSON.stringify({ version: 3, sources: [url], sourcesContent: [content], names: [], mappings: mappingsOf(unit) });
  const bytes = encodeUtf8(map);
  return `\n//# sourceMappingURL=data:application/json;base64,${btoa(stringOf(bytes, 0, bytes.length))}`;
}
