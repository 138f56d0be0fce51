/**
 * Bytes as hex text that people edit and paste.
 * @module
 */

/** What a hex text says. `starts[i]` is where byte i stands in the text; it has two characters there. */
export interface ParsedHex {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly starts: readonly number[];
  /** The number of the first byte of each line of the text. */
  readonly lines: readonly number[];
  /** The first mistake; the bytes are those before it. */
  readonly error: { readonly from: number; readonly to: number; readonly message: string } | null;
}

/** The most bytes the page takes: larger files are cut. */
export const MOST_BYTES = 65_536;

/** Reads pairs of hex digits, with anything of white space, `,`, `:`, `-` and `0x` between them. */
export function parseHex(text: string): ParsedHex {
  const bytes: number[] = [];
  const starts: number[] = [];
  const pattern = /[\s,:-]+|0x(?=[0-9a-f]{2})|([0-9a-f]{2})|/giy;
  let error: ParsedHex['error'] = null;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text) as RegExpExecArray;
    if (match[0] === '') {
      const found = text[at] as string;
      const message = /[0-9a-f]/i.test(found) ? 'a byte has two hex digits' : `'${found}' is no hex digit`;
      error = { from: at, to: at + 1, message };
      break;
    }
    if (match[1] === undefined) continue;
    if (bytes.length === MOST_BYTES) {
      error = { from: at, to: text.length, message: `more than ${MOST_BYTES} bytes` };
      break;
    }
    bytes.push(Number.parseInt(match[1], 16));
    starts.push(at);
  }
  const lines = [0];
  for (let end = text.indexOf('\n'), count = 0; end >= 0; end = text.indexOf('\n', end + 1)) {
    while (count < starts.length && (starts[count] as number) < end) count++;
    lines.push(count);
  }
  return { bytes: Uint8Array.from(bytes), starts, lines, error };
}

/** One byte as two digits. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Bytes as rows of pairs. */
export function formatHex(bytes: Uint8Array, rowBytes: number): string {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) rows.push(Array.from(bytes.subarray(at, at + rowBytes), hexByte).join(' '));
  return rows.join('\n');
}

// `00000010  63 82 53 63 35 01 01 ff  00 00 00 00 00 00 00 00  |c.Sc5...........|`
const HEXDUMP = /^[0-9a-f]{6,8} +((?:[0-9a-f]{2} {1,2}){0,15}[0-9a-f]{2}) *(?:\|.*\|)?$/i;
// `00000010: 6382 5363 3501 01ff 0000 0000 0000 0000  c.Sc5...........`
const XXD = /^[0-9a-f]{4,8}: ((?:[0-9a-f]{4} ){0,7}[0-9a-f]{2,4})(?: {2}.*)?$/i;

/** The bytes' digits of what `hexdump -C`, `xxd` or `tcpdump -x` printed; other text as it is. */
export function withoutDumpColumns(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const used = lines.filter((line) => line !== '' && line !== '*' && !/^[0-9a-f]{6,8}$/i.test(line));
  for (const pattern of [HEXDUMP, XXD]) {
    const rows = used.map((line) => pattern.exec(line)?.[1]);
    if (rows.length > 0 && rows.every((row) => row !== undefined)) return rows.join('\n');
  }
  return text;
}
