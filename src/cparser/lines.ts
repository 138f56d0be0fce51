/**
 * Lines as the preprocessor sees them (C11 5.1.1.2, phase 3): with comments that may span several.
 * @module
 */

// A piece of a line: white space and the like, a comment, the start of one without an end, a literal.
const PIECE = /[^\n/"'\\]+|\/\*[\s\S]*?\*\/|(\/\*)|\/\/[^\n]*|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'|[^\n]/y;

// The end of a line: its newline.
export function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

// The end of a line with comments and literals: its newline, not counting those within comments.
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
  const white = /[ \t\v\f\r]*/y;
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
  return line.replace(
    /("[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, literal: string | undefined) => literal ?? ' ',
  );
}
