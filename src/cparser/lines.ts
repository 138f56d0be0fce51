/**
 * Lines as the preprocessor sees them (C11 5.1.1.2, phases 2 and 3): spliced, with comments that may span several.
 * @module
 */

// A piece of a line: white space and the like, a comment, the start of one without an end, a literal, a spliced line end.
const PIECE =
  /[^\n/"'\\]+|\/\*[\s\S]*?\*\/|(\/\*)|\/\/[^\n\\]*(?:\\(?:\r?\n)?[^\n\\]*)*|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'|\\\r?\n|[^\n]/y;

// The end of a `//` comment: its line's, with spliced lines.
export function lineEnd(text: string, start: number): number {
  let end = text.indexOf('\n', start);
  while (end >= 0 && /\\\r?$/.test(text.slice(Math.max(start, end - 2), end))) end = text.indexOf('\n', end + 1);
  return end < 0 ? text.length : end;
}

// The end of a line with comments and literals: its newline, not counting those within comments and spliced ones.
export function logicalLineEnd(text: string, start: number, unfinished: (open: number) => never): number {
  let at = start;
  PIECE.lastIndex = start;
  for (let piece = PIECE.exec(text); piece !== null; piece = PIECE.exec(text)) {
    if (piece[1] !== undefined) unfinished(at);
    at = PIECE.lastIndex;
  }
  return at;
}

// Where the `#` of a directive stands, if the line at `start` is one: behind nothing but white space and comments.
export function hashAt(text: string, start: number): number | null {
  const white = /(?:[ \t\v\f\r]|\\\r?\n)*/y;
  let at = start;
  while (true) {
    white.lastIndex = at;
    white.test(text);
    at = white.lastIndex;
    if (text.startsWith('#', at)) return at;
    if (text.startsWith('%:', at)) return at + 1;
    if (!text.startsWith('/*', at)) return null;
    const end = text.indexOf('*/', at + 2);
    if (end < 0) return null;
    at = end + 2;
  }
}

export function withoutComments(line: string): string {
  return line
    .replace(/\\\r?\n/g, '')
    .replace(
      /("[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*')|\/\*[\s\S]*?\*\/|\/\/[\s\S]*/g,
      (_, literal: string | undefined) => literal ?? ' ',
    );
}
