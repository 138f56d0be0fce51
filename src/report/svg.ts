/**
 * Layouts as pictures: SVG in the manner of the packet figures in RFCs, for light and dark pages.
 * @module
 */
import type { RecordType } from '../ctype/index.ts';
import { Grid, type GridMeasures, type Piece, piecesOf, type Rectangle } from './grid.ts';
import { type Cell, type Group, type Panel, pictureOf } from './picture.ts';
import { layoutSummary } from './spans.ts';

/** Bytes in a row. */
export type RowBytes = 4 | 8 | 16;

export interface LayoutSvgOptions {
  /** By default 4 bytes as in RFCs; 8 for structs of 64-bit members and above 256 bytes, 16 above 1024. */
  readonly rowBytes?: RowBytes;
}

/** A type to draw, under its name. */
export interface NamedRecord {
  readonly type: RecordType;
  readonly name: string;
}

const BIT_WIDTHS: Readonly<Record<RowBytes, number>> = { 4: 22, 8: 11, 16: 6 };
const ROW_HEIGHT = 42;
const SKIPPED_HEIGHT = 26;
const LEFT = 52;
const MARGIN = 16;
/** Of bytes alone, and with bits below them. */
const RULER_HEIGHTS = [18, 28] as const;
const CAPTION_HEIGHT = 20;
const HEAD_HEIGHT = 46;
const LARGE = 12;
const SMALL = 10;
/** Of the width of a monospaced character, its height. */
const ASPECT = 0.605;
const TINTS = 6;

// [light, dark]; written out per scheme, as SVG renderers outside of browsers know no CSS variables.
const COLORS: readonly (readonly [string, string, string])[] = [
  ['.bg', 'fill:#fff', 'fill:#0d1117'],
  ['text', 'fill:#1f2328', 'fill:#e6edf3'],
  ['.m', 'fill:#59636e', 'fill:#9198a1'],
  ['.c', 'stroke:#6e7781', 'stroke:#7d8590'],
  ['.n0', 'fill:#f6f8fa', 'fill:#1c2129'],
  ['.n1', 'fill:#ddf4ff', 'fill:#12304f'],
  ['.n2', 'fill:#dafbe1', 'fill:#143b22'],
  ['.n3', 'fill:#fff8c5', 'fill:#40330c'],
  ['.n4', 'fill:#ffeff7', 'fill:#451f36'],
  ['.n5', 'fill:#fbefff', 'fill:#33234f'],
  ['.n6', 'fill:#d6f5f0', 'fill:#123d3a'],
  ['.hatch', 'stroke:#afb8c1', 'stroke:#484f58'],
  ['.w', 'fill:#f0f1f3', 'fill:#12161c'],
  ['.halo', 'stroke:#fff', 'stroke:#0d1117'],
  ['.nest', 'stroke:#0969da', 'stroke:#58a6ff'],
  ['.tick', 'stroke:#afb8c1', 'stroke:#484f58'],
];

const STYLE = [
  '.cdef-layout text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;text-anchor:middle}',
  '.cdef-layout .h{font-size:15px;font-weight:700;text-anchor:start}.cdef-layout .s{text-anchor:start}.cdef-layout .e{text-anchor:end}',
  '.cdef-layout .c{stroke-width:1}.cdef-layout .nest{fill:none;stroke-width:2}.cdef-layout .open{stroke-dasharray:5 4}',
  '.cdef-layout .halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}.cdef-layout g:hover>.c{stroke-width:2}',
  ...COLORS.map(([selector, light]) => `.cdef-layout ${selector}{${light}}`),
  `@media (prefers-color-scheme:dark){${COLORS.map(([selector, , dark]) => `.cdef-layout ${selector}{${dark}}`).join('')}}`,
].join('\n');

/** `text` as XML character data or attribute value; characters that XML has not become U+FFFD (XML 1.0, 2.2). */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function plural(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

function sizeOf(bits: number): string {
  return bits % 8 === 0 ? plural(bits / 8, 'byte') : plural(bits, 'bit');
}

/**
 * The picture of a complete struct or union: an SVG document.
 * @throws {TypeError} when the type is incomplete
 * @example
 * const { ctype } = cdef('struct udp { be16_t from, to, length, checksum; };').typeof('struct udp');
 * layoutAsSvg(ctype, 'struct udp', { rowBytes: 4 });
 */
export function layoutAsSvg(type: RecordType, name: string, options: LayoutSvgOptions = {}): string {
  return layoutsAsSvg([{ type, name }], options);
}

/**
 * The pictures of several types, one below the other, in one SVG document.
 * @throws {TypeError} when one of the types is incomplete
 */
export function layoutsAsSvg(types: readonly NamedRecord[], options: LayoutSvgOptions = {}): string {
  const parts: string[] = [];
  let y = MARGIN;
  let width = 0;
  for (const { type, name } of types) {
    const drawing = new Drawing(options.rowBytes ?? rowBytesFor(type), y);
    drawing.draw(type, name);
    for (const part of drawing.parts) parts.push(part);
    y = drawing.y + MARGIN;
    width = Math.max(width, drawing.width);
  }
  const names = types.map(({ name }) => name).join(', ');
  const head = `<svg xmlns="http://www.w3.org/2000/svg" class="cdef-layout" role="img" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}">`;
  const hatch = '<pattern id="cdef-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">';
  return [
    head,
    `<title>Layout of ${escapeXml(names)}</title>`,
    `<desc>${escapeXml(types.map(described).join('\n'))}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${hatch}<rect class="w" width="7" height="7"/><path class="hatch" d="M0 0V7"/></pattern></defs>`,
    `<rect class="bg" width="${width}" height="${y}"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function rowBytesFor(type: RecordType): RowBytes {
  const size = type.definition.layout?.size ?? 0;
  if (size > 1024) return 16;
  return size > 256 || (size > 4 && type.align >= 8) ? 8 : 4;
}

const MOST_DESCRIBED = 50;

function described({ type, name }: NamedRecord): string {
  const { size, align, holeBytes, padding } = layoutSummary(type);
  const fields = type.definition.layout?.fields ?? [];
  const members = fields.slice(0, MOST_DESCRIBED).map((field) => `${field.name || field.type.kind} at byte ${field.offset}`);
  if (fields.length > MOST_DESCRIBED) members.push(`${fields.length - MOST_DESCRIBED} more`);
  const unused = holeBytes + padding === 0 ? '' : `, ${plural(holeBytes + padding, 'byte')} unused`;
  return `${name}: ${plural(size, 'byte')}, alignment ${align}${unused}. ${members.join(', ')}.`;
}

class Drawing {
  readonly parts: string[] = [];
  readonly width: number;
  y: number;
  readonly #measures: GridMeasures;

  constructor(rowBytes: RowBytes, y: number) {
    const bitWidth = BIT_WIDTHS[rowBytes];
    this.#measures = { rowBits: rowBytes * 8, bitWidth, rowHeight: ROW_HEIGHT, skippedHeight: SKIPPED_HEIGHT };
    this.width = LEFT + rowBytes * 8 * bitWidth + MARGIN;
    this.y = y;
  }

  draw(type: RecordType, name: string): void {
    const { size, align, cachelines } = layoutSummary(type);
    const order = type.definition.layout?.order === 'big' ? ', big-endian' : '';
    const lines = cachelines > 1 ? `, ${plural(cachelines, 'cache line')}` : '';
    const room = this.width - 2 * MARGIN;
    this.#text(MARGIN, this.y + 16, 'h', 15, shortened(name, room, 15));
    this.#text(MARGIN, this.y + 34, 's m', 11, `${plural(size, 'byte')}, align ${align}${order}${lines}`);
    this.y += HEAD_HEIGHT;
    const { main, groups } = pictureOf(type, name);
    if (main !== null) this.y = this.#panel(main, 0, this.y);
    for (const group of groups) this.#group(group);
  }

  #text(x: number, y: number, classes: string, size: number, text: string): void {
    this.parts.push(`<text class="${classes}" x="${x}" y="${y}" font-size="${size}">${escapeXml(text)}</text>`);
  }

  // Alternatives stand side by side where there is room.
  #group({ name, type, offset, panels }: Group): void {
    const title = `${[type, name].filter((part) => part !== '').join(' ')}${type === '' ? '' : ` at byte ${offset}, `}one of`;
    this.y += type === '' ? 0 : 14;
    this.#text(MARGIN, this.y + 8, 's', LARGE, shortened(title, this.width - 2 * MARGIN, LARGE));
    this.y += 18;
    let x = 0;
    let bottom = this.y;
    for (const panel of panels) {
      const width = LEFT + this.#columns(panel) * this.#measures.bitWidth;
      if (x > 0 && x + width + MARGIN > this.width) {
        x = 0;
        this.y = bottom + 8;
      }
      bottom = Math.max(bottom, this.#panel(panel, x, this.y));
      x += width;
    }
    this.y = bottom;
  }

  #columns(panel: Panel): number {
    return Math.min(this.#measures.rowBits, panel.size * 8);
  }

  // Returns where it ends. Alternatives of a union are small; what the only box in one says needs no caption.
  #panel(panel: Panel, x: number, top: number): number {
    const left = x + LEFT;
    const columns = this.#columns(panel);
    let y = top;
    if (panel.name !== null && (panel.nests.length > 0 || columns === 0)) {
      const caption = `${panel.type} ${panel.name}`.trim();
      this.#text(left, y + 12, 's m', 11, shortened(caption, Math.max(columns * this.#measures.bitWidth, 120), 11));
      y += CAPTION_HEIGHT;
    }
    const hasBits = panel.cells.some((cell) => cell.isBitField);
    if (columns > 0 && (hasBits || panel.name === null)) {
      y += RULER_HEIGHTS[hasBits ? 1 : 0];
      this.#ruler(panel, left, y, columns);
    }
    const cells = panel.cells.map((cell) => ({ cell, pieces: piecesOf(cell.startBits, cell.endBits, cell.order) }));
    const grid = new Grid(
      cells.flatMap(({ pieces }) => pieces),
      left,
      y,
      this.#measures,
    );
    for (const row of grid.rows) {
      const label = row.skippedBytes === null ? String(panel.offset + (row.row * this.#measures.rowBits) / 8) : '⋮';
      this.#offset(left, row, label);
    }
    for (const { cell, pieces } of cells) this.#cell(panel, cell, pieces, grid);
    for (const { startBits, endBits, path, type } of panel.nests) {
      const title = `${type}${path === '' ? '' : ` ${path}`}`;
      const outline = grid.outline({ from: startBits, to: endBits, low: 0 });
      this.parts.push(`<path class="nest" d="${outline}"><title>${escapeXml(title)}</title></path>`);
    }
    this.#skipped(grid, left, columns);
    return panel.open === null ? grid.bottom : this.#open(panel.open, left, grid.bottom);
  }

  // To the left of a row; small enough for the margin.
  #offset(left: number, { y, height }: { readonly y: number; readonly height: number }, label: string): void {
    const size = Math.min(11, Math.floor((LEFT - 12) / (label.length * ASPECT)));
    this.#text(left - 8, y + height / 2 + 4, 'e m', size, label);
  }

  #skipped(grid: Grid, left: number, columns: number): void {
    for (const row of grid.rows) {
      if (row.skippedBytes === null) continue;
      const text = `⋯ ${row.skippedBytes.toLocaleString('en-US')} bytes ⋯`;
      this.#text(left + (columns * this.#measures.bitWidth) / 2, row.y + 17, 'm', SMALL, text);
    }
  }

  // A flexible array has as many bytes as there are.
  #open({ path, type, offset }: NonNullable<Panel['open']>, left: number, y: number): number {
    const width = this.#measures.rowBits * this.#measures.bitWidth;
    const rectangle = { x: left, y, width, height: ROW_HEIGHT };
    this.#offset(left, rectangle, String(offset));
    this.parts.push(`<g><title>${escapeXml(`${path}: ${type}, from byte ${offset}`)}</title>`);
    this.parts.push(`<path class="open c n0" d="M${left} ${y}H${left + width}V${y + ROW_HEIGHT}H${left}Z"/>`);
    this.#label(rectangle, [path], [`${type}, variable`], '');
    this.parts.push('</g>');
    return y + ROW_HEIGHT;
  }

  // Bits in the order of the struct: 7 to 0 in the bytes of a little-endian one, through the row as in RFCs in a
  // big-endian one. Bytes where there are no bit-fields.
  #ruler(panel: Panel, left: number, bottom: number, columns: number): void {
    const { bitWidth } = this.#measures;
    const bits = panel.cells.find((cell) => cell.isBitField);
    const isRfc = bits?.order === 'big';
    const digits = Math.min(9, bitWidth + 1);
    for (let byte = 0; byte < columns / 8 && !isRfc; byte++) {
      this.#text(left + (byte * 8 + 4) * bitWidth, bottom - (bits === undefined ? 6 : 16), 'm', SMALL, `+${byte}`);
    }
    for (let column = 0; bits !== undefined && column < columns; column++) {
      const x = left + (column + 0.5) * bitWidth;
      this.#text(x, bottom - 4, 'm', digits, String(isRfc ? column % 10 : 7 - (column % 8)));
      if (isRfc && column % 10 === 0) this.#text(x, bottom - 16, 'm', digits, String(column / 10));
    }
    const ticks = Array.from({ length: columns / 8 + 1 }, (_, byte) => `M${left + byte * 8 * bitWidth} ${bottom}v-${isRfc ? 12 : 16}`);
    this.parts.push(`<path class="tick" d="${ticks.join('')}"/>`);
  }

  #cell(panel: Panel, cell: Cell, pieces: readonly Piece[], grid: Grid): void {
    const bits = cell.endBits - cell.startBits;
    const byte = panel.offset + Math.floor(cell.startBits / 8);
    const at = cell.isBitField ? `byte ${byte} bit ${cell.startBits % 8}, ${plural(bits, 'bit')}` : `byte ${byte}, ${sizeOf(bits)}`;
    const title = cell.kind === 'field' ? `${cell.type} ${cell.path}: ${at}`.trimStart() : `${cell.kind}: ${at}`;
    const fill = cell.kind === 'field' ? `n${cell.nest === 0 ? 0 : ((cell.nest - 1) % TINTS) + 1}` : 'unused';
    const outline = pieces.map((piece) => grid.outline(piece)).join('');
    this.parts.push(
      `<g><title>${escapeXml(title)}</title><path class="c ${fill}"${fill === 'unused' ? ' fill="url(#cdef-hatch)"' : ''} d="${outline}"/>`,
    );
    for (const piece of pieces) {
      const part = pieces.length === 1 ? '' : `[${piece.low + piece.to - piece.from - 1}:${piece.low}]`;
      for (const place of grid.labelPlaces(piece)) {
        if (cell.kind === 'field') this.#label(place, names(cell.path, part), cell.isBitField ? [cell.type, `:${bits}`] : [cell.type], '');
        else this.#label(place, [`${cell.kind} ${sizeOf(bits)}`, sizeOf(bits), ''], [], ' halo m');
      }
    }
    this.parts.push('</g>');
  }

  // The first of `names` that fits, or the last one shortened; below it the first of `types` that fits.
  #label({ x, y, width, height }: Rectangle, all: readonly string[], below: readonly string[], classes: string): void {
    const room = width - 4;
    const middle = x + width / 2;
    const size = all.some((name) => fits(name, room, LARGE)) ? LARGE : SMALL;
    const name = all.find((one) => fits(one, room, size));
    const last = all.at(-1) ?? '';
    if (name !== undefined || room >= 4 * SMALL * ASPECT) {
      const type = height < 32 ? undefined : (below.find((one) => fits(one, room, SMALL)) ?? below[0]);
      const shown = type === undefined ? '' : shortened(type, room, SMALL);
      const center = y + height / 2;
      const text = name ?? shortened(last, room, size);
      if (text !== '') this.#text(middle, center + (shown === '' ? 4 : -2), `l${classes}`, size, text);
      if (shown !== '') this.#text(middle, center + 13, 'm', SMALL, shown);
    } else if (room >= 6) {
      const text = escapeXml(shortened(last, height - 4, SMALL));
      const turned = `transform="translate(${middle + 3.5} ${y + height / 2}) rotate(-90)"`;
      if (text !== '') this.parts.push(`<text class="l${classes}" font-size="${SMALL}" ${turned}>${text}</text>`);
    }
  }
}

function names(path: string, part: string): string[] {
  // Paths have no spaces; what has some is the type of a transparent union.
  const last = path.includes(' ') ? path : path.slice(path.lastIndexOf('.') + 1);
  return [`${path}${part}`, `${last}${part}`, last];
}

function fits(text: string, room: number, size: number): boolean {
  return [...text].length * size * ASPECT <= room;
}

// Nothing where less than three characters would be left.
function shortened(text: string, room: number, size: number): string {
  if (fits(text, room, size)) return text;
  const most = Math.floor(room / (size * ASPECT));
  return most < 3 ? '' : `${[...text].slice(0, most - 1).join('')}…`;
}
