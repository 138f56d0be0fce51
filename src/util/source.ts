/**
 * Source texts and the rendering of diagnostics: `file:line:column: error: message`, the line, a caret.
 * Scanners keep offsets only; lines and columns are computed when somebody asks.
 * @module
 */

/** A place in a text. `line` and `column` count from 1, `offset` from 0, in UTF-16 code units. */
export interface Position {
  readonly file: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A line marker (`# 12 "file.h"`): the line after `offset` is line `line` of `file`. */
export interface LineMarker {
  readonly offset: number;
  readonly line: number;
  readonly file: string | null;
}

/** A text with a name, and what line markers in it said about where its lines came from. */
export class Source {
  readonly name: string;
  readonly text: string;
  readonly markers: LineMarker[] = [];

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Notes a line marker: the line after `offset` is line `line` of `file`. */
  addMarker(marker: LineMarker): void {
    this.markers.push({ ...marker, file: marker.file ?? this.#fileAt(this.markers.length) });
  }

  /** The text that `offset` came from, and what led from there to here; this text itself unless it was preprocessed. */
  locate(offset: number): Located {
    return { source: this, offset, notes: [] };
  }

  /** The place of `offset`, with line markers applied to file and line. */
  position(offset: number): Position {
    const line = this.#lineOf(offset);
    const lineStart = this.#starts()[line - 1] as number;
    const passed = countBelow(this.markers.length, (i) => (this.markers[i] as LineMarker).offset < lineStart);
    const marker = this.markers[passed - 1];
    const shown = marker === undefined ? line : marker.line + (line - this.#lineOf(marker.offset) - 1);
    return { file: this.#fileAt(passed), offset, line: shown, column: offset - lineStart + 1 };
  }

  // The file that the first `count` markers lead to.
  #fileAt(count: number): string {
    for (let i = count - 1; i >= 0; i--) {
      const { file } = this.markers[i] as LineMarker;
      if (file !== null) return file;
    }
    return this.name;
  }

  #lineOf(offset: number): number {
    const starts = this.#starts();
    return countBelow(starts.length, (i) => (starts[i] as number) <= offset);
  }

  // The offset of every line, looked for once: the preprocessor asks for many lines.
  #starts(): readonly number[] {
    if (this.#lineStarts === null) {
      this.#lineStarts = [0];
      for (let end = this.text.indexOf('\n'); end >= 0; end = this.text.indexOf('\n', end + 1)) this.#lineStarts.push(end + 1);
    }
    return this.#lineStarts;
  }

  #lineStarts: number[] | null = null;
}

// How many of the ordered indices below `count` satisfy a condition that holds for the first ones.
function countBelow(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a piece of text really stands. */
export interface Located {
  readonly source: Source;
  readonly offset: number;
  /** Macros and includes on the way, innermost first. */
  readonly notes: readonly string[];
}

/** Where a piece of a preprocessed text came from. */
export interface Origin {
  /** Start of the piece in the preprocessed text. */
  readonly start: number;
  readonly source: Source;
  readonly offset: number;
  /** The macro whose expansion the piece is; null where it was copied. */
  readonly macro: string | null;
  readonly from: IncludedFrom | null;
}

/** The `#include` that a file was read for. */
export interface IncludedFrom {
  readonly source: Source;
  readonly offset: number;
  readonly from: IncludedFrom | null;
}

const MOST_INCLUDES = 10;
/** Characters of a macro's expansion that a note is made of. */
const MOST_OF_EXPANSION = 1000;

/** Notes on the includes that lead to a file. */
export function includeNotes(from: IncludedFrom | null): string[] {
  const notes: string[] = [];
  for (let at = from; at !== null && notes.length < MOST_INCLUDES; at = at.from) {
    const { file, line } = at.source.position(at.offset);
    notes.push(`included from ${file}:${line}`);
  }
  return notes;
}

/** A text put together by the preprocessor; it answers with places in the files it was made of. */
export class TracedSource extends Source {
  readonly #origins: readonly Origin[];

  constructor(name: string, text: string, origins: readonly Origin[]) {
    super(name, text);
    this.#origins = origins;
  }

  override locate(offset: number): Located {
    const next = countBelow(this.#origins.length, (i) => (this.#origins[i] as Origin).start <= offset);
    // The last piece that starts at or before `offset`.
    const origin = this.#origins[next - 1];
    if (origin === undefined) return { source: this, offset, notes: [] };
    const { source, macro, from } = origin;
    const notes = includeNotes(from);
    if (macro !== null) {
      const end = this.#origins[next]?.start ?? this.text.length;
      // Of an expansion of megabytes only what is shown.
      const line = this.text
        .slice(origin.start, Math.min(end, origin.start + MOST_OF_EXPANSION))
        .trim()
        .replace(/\s+/g, ' ');
      notes.unshift(`in the expansion of macro '${macro}': ${line.length > 80 ? `${line.slice(0, 77)}...` : line}`);
    }
    // Behind the end of a file stands a line end that it may not have.
    const place = origin.offset + (macro === null ? offset - origin.start : 0);
    // What that file was made of, in turn: its lines are spliced.
    const located = source.locate(Math.min(place, source.text.length));
    return { ...located, notes: [...notes, ...located.notes] };
  }

  override addMarker(marker: LineMarker): void {
    const { source, offset } = this.locate(marker.offset);
    if (source === this) super.addMarker(marker);
    else source.addMarker({ ...marker, offset });
  }

  override position(offset: number): Position {
    const located = this.locate(offset);
    return located.source === this ? super.position(offset) : located.source.position(located.offset);
  }
}

const WIDEST_LINE = 100;

// One printable column per character, so that the caret stands under what it points at.
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/g, '?');
}

// The line around `offset` and the caret below it, tabs expanded to eights, long lines cut around the caret.
function excerpt(source: Source, offset: number, length: number, line: number): string {
  const { text } = source;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  let end = text.indexOf('\n', offset);
  if (end < 0) end = text.length;
  // A line of megabytes is looked at only near the caret; its start then counts as the cut.
  const from = Math.max(start, offset - 1000);
  const raw = text.slice(from, Math.min(end, offset + 1000)).replace(/\r$/, '');
  let shown = '';
  let caret = 0;
  let width = 1;
  for (let i = 0; i < raw.length; i++) {
    const at = from + i;
    if (at === offset) caret = shown.length;
    const c = raw[i] as string;
    shown += c === '\t' ? ' '.repeat(8 - (shown.length % 8)) : printable(c);
    if (at >= offset && at < offset + length) width = shown.length - caret;
  }
  if (offset - from >= raw.length) caret = shown.length;
  if (from > start || shown.length > WIDEST_LINE) {
    const cut = Math.max(0, caret - WIDEST_LINE / 2);
    const tail = shown.length > cut + WIDEST_LINE ? '...' : '';
    const head = cut > 0 || from > start ? '...' : '';
    shown = head + shown.slice(cut, cut + WIDEST_LINE) + tail;
    caret += head.length - cut;
  }
  width = Math.max(1, Math.min(width, shown.length - caret));
  const gutter = String(line).padStart(5);
  return `${gutter} | ${shown}\n${' '.repeat(gutter.length)} | ${' '.repeat(caret)}^${'~'.repeat(width - 1)}`;
}

/** A message about a place, and further lines that explain it. */
export interface Diagnostic {
  readonly source: Source;
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
  readonly notes: readonly string[];
}

/** The text of a diagnostic as compilers print it: first line, source line, caret, notes. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { length, reason } = diagnostic;
  const { source, offset, notes: trail } = diagnostic.source.locate(diagnostic.offset);
  const { file, line, column } = source.position(offset);
  const lines = [`${file}:${line}:${column}: error: ${reason}`, excerpt(source, offset, length, line)];
  for (const note of [...diagnostic.notes, ...trail]) lines.push(`note: ${note}`);
  return lines.join('\n');
}
