/**
 * Spliced lines (C11 5.1.1.2, phase 2): a backslash in front of a line's end joins it with the next line, wherever it
 * stands. Nobody behind this has to know of them. As in gcc there may be white space between the two.
 * @module
 */
import { type Origin, type Source, TracedSource } from '../util/source.ts';

/** The text with its spliced lines joined; it answers for places in the text as it was. */
export function joinLines(source: Source): Source {
  const { text } = source;
  const parts: string[] = [];
  const origins: Origin[] = [];
  let length = 0;
  let from = 0;
  const keep = (end: number): void => {
    origins.push({ start: length, source, offset: from, macro: null, from: null });
    parts.push(text.slice(from, end));
    length += end - from;
  };
  for (const splice of text.matchAll(/\\[ \t\v\f]*\r?\n/g)) {
    keep(splice.index);
    from = splice.index + splice[0].length;
  }
  if (from === 0) return source;
  keep(text.length);
  return new TracedSource(source.name, parts.join(''), origins);
}
