/**
 * What the benchmark prints.
 * @module
 */

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** How far apart values lie, in percent of the middle one. */
export function spread(values) {
  return Math.round(((Math.max(...values) - Math.min(...values)) / median(values)) * 100);
}

/** Callbacks per second, for the table. */
export function rate(perSecond) {
  return Math.round(perSecond).toLocaleString('en');
}

/** A ratio with three digits, small ones included. */
export function ratio(value) {
  return value.toPrecision(3);
}

/** Rows of text as columns: the first is flush left, the others flush right; a line under the heading. */
export function formatTable(heading, rows) {
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => row[column].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return [line(heading), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
