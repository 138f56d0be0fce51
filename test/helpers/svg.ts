/**
 * Pictures as data: parsed strictly, with the outlines of their boxes as polygons.
 * @module
 */
import { SaxesParser } from 'saxes';

export interface Box {
  readonly classes: readonly string[];
  /** Its tooltip. */
  readonly title: string;
  /** Closed outlines; corners as `[x, y]`. */
  readonly outlines: readonly (readonly (readonly [number, number])[])[];
}

export interface SvgPicture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** What is written, in order. */
  readonly texts: readonly string[];
  readonly title: string;
  readonly description: string;
}

/** @throws {Error} when it is no well-formed XML */
export function parseSvg(svg: string): SvgPicture {
  const parser = new SaxesParser({ xmlns: true });
  const open: string[] = [];
  const boxes: Box[] = [];
  const texts: string[] = [];
  const found: Record<string, string> = {};
  let size = { width: 0, height: 0 };
  let title = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, uri, attributes }) => {
    if (uri !== 'http://www.w3.org/2000/svg') throw new Error(`${name} in name space '${uri}'`);
    open.push(name);
    const value = (key: string): string => attributes[key]?.value ?? '';
    if (name === 'svg') size = { width: Number(value('width')), height: Number(value('height')) };
    if (name === 'text') texts.push('');
    const classes = value('class').split(' ');
    if (name === 'path' && classes.includes('c')) boxes.push({ classes, title, outlines: polygons(value('d')) });
  });
  parser.on('text', (text) => {
    const element = open.at(-1) ?? '';
    if (element === 'title' && open.at(-2) === 'g') title = text;
    else if (element === 'text') texts[texts.length - 1] += text;
    else found[element] ??= text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(svg).close();
  return { ...size, boxes, texts, title: found['title'] ?? '', description: found['desc'] ?? '' };
}

// Path data of M, H, V and Z with absolute coordinates.
function polygons(path: string): [number, number][][] {
  const all: [number, number][][] = [];
  for (const [, command, numbers] of path.matchAll(/([A-Z])([^A-Z]*)/g)) {
    const [a = Number.NaN, b = Number.NaN] = (numbers as string).split(' ').map(Number);
    const polygon = all.at(-1) ?? [];
    const [x, y] = polygon.at(-1) ?? [Number.NaN, Number.NaN];
    if (command === 'M') all.push([[a, b]]);
    else if (command === 'H') polygon.push([a, y]);
    else if (command === 'V') polygon.push([x, a]);
    else if (command !== 'Z') throw new Error(`path command ${command}`);
  }
  return all;
}

/** The area within outlines; they go clockwise. */
export function areaOf({ outlines }: Box): number {
  const twice = outlines.map((corners) =>
    corners.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = corners[(i + 1) % corners.length] as readonly [number, number];
      return sum + x * nextY - nextX * y;
    }, 0),
  );
  return twice.reduce((sum, one) => sum + one, 0) / 2;
}

/** Whether a point that is on no line is within a box. */
export function contains({ outlines }: Box, x: number, y: number): boolean {
  let isInside = false;
  for (const corners of outlines) {
    corners.forEach(([x1, y1], i) => {
      const [x2, y2] = corners[(i + 1) % corners.length] as readonly [number, number];
      if (x1 === x2 && x1 > x && y1 > y !== y2 > y) isInside = !isInside;
    });
  }
  return isInside;
}
