/**
 * Where the bits of a panel are on paper: in rows of bytes, the most significant bit of each byte to the left, as in
 * the figures of RFCs. What covers many rows is shortened.
 *
 *     bit-field over the end of byte 0, in either byte order (bits 5 to 11):
 *          byte 0   byte 1             byte 0   byte 1
 *         |xxx.....|....xxxx|  little |.....xxx|xxxx....|  big
 *
 * @module
 */
import type { ByteOrder } from '../ctype/index.ts';

/** A run of columns; they count from the start of the panel, on through all rows. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  /** The bit of the member that its least significant bit is, where bits count from 0; big-endian members are whole. */
  readonly low: number;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A row that is drawn; or, with a number of bytes, the place of rows that are left out. */
export interface VisibleRow {
  readonly row: number;
  readonly y: number;
  readonly height: number;
  readonly skippedBytes: number | null;
}

export interface GridMeasures {
  readonly rowBits: number;
  /** Pixels: a bit's width, and a row's height. */
  readonly bitWidth: number;
  readonly rowHeight: number;
  readonly skippedHeight: number;
}

/** Rows of one cell that are drawn at most; of more, the first and the last. */
const MOST_ROWS = 4;

/** The columns of a run of bits: one piece, or of little-endian bits up to three where they do not fill their bytes. */
export function piecesOf(startBits: number, endBits: number, order: ByteOrder): Piece[] {
  if (order === 'big') return [{ from: startBits, to: endBits, low: 0 }];
  const pieces: Piece[] = [];
  const first = startBits - (startBits % 8);
  const last = endBits - (endBits % 8);
  // In a byte's columns the bits run from right to left.
  const within = (byte: number, low: number, high: number): void => {
    if (low < high) pieces.push({ from: byte + 8 - high, to: byte + 8 - low, low: byte + low - startBits });
  };
  if (first === last) {
    within(first, startBits - first, endBits - first);
    return pieces;
  }
  const wholeFrom = first === startBits ? first : first + 8;
  if (wholeFrom > first) within(first, startBits - first, 8);
  if (wholeFrom < last) pieces.push({ from: wholeFrom, to: last, low: wholeFrom - startBits });
  within(last, 0, endBits - last);
  return pieces;
}

function wholeRows({ from, to }: Piece, rowBits: number): number {
  return Math.floor(to / rowBits) - Math.ceil(from / rowBits);
}

/** Rows of bits at a place on paper. */
export class Grid {
  readonly rows: readonly VisibleRow[];
  readonly bottom: number;
  readonly #x: number;
  readonly #measures: GridMeasures;
  readonly #byRow: ReadonlyMap<number, VisibleRow>;

  /** @param pieces all that is drawn; together they cover the panel once */
  constructor(pieces: readonly Piece[], x: number, y: number, measures: GridMeasures) {
    this.#x = x;
    this.#measures = measures;
    const { rowBits, rowHeight, skippedHeight } = measures;
    const rows: VisibleRow[] = [];
    let bottom = y;
    let next = 0;
    const show = (row: number, count: number): void => {
      if (row < next) return;
      const isSkipped = count > 1;
      const height = isSkipped ? skippedHeight : rowHeight;
      rows.push({ row, y: bottom, height, skippedBytes: isSkipped ? (count * rowBits) / 8 : null });
      bottom += height;
      next = row + count;
    };
    for (const piece of pieces.toSorted((a, b) => a.from - b.from)) {
      const { from, to } = piece;
      const end = Math.ceil(to / rowBits);
      const firstWhole = Math.ceil(from / rowBits);
      const whole = wholeRows(piece, rowBits);
      const start = Math.floor(from / rowBits);
      if (whole > MOST_ROWS) {
        for (let row = start; row <= firstWhole; row++) show(row, 1);
        show(firstWhole + 1, whole - 2);
        for (let row = firstWhole + whole - 1; row < end; row++) show(row, 1);
      } else {
        for (let row = start; row < end; row++) show(row, 1);
      }
    }
    this.rows = rows;
    this.bottom = bottom;
    this.#byRow = new Map(rows.map((row) => [row.row, row]));
  }

  #row(row: number): VisibleRow {
    return this.#byRow.get(row) as VisibleRow;
  }

  #column(bits: number): number {
    return this.#x + bits * this.#measures.bitWidth;
  }

  // The rows and columns at both ends of a piece.
  #ends({ from, to }: Piece): { left: number; right: number; top: VisibleRow; bottom: VisibleRow } {
    const { rowBits } = this.#measures;
    const start = Math.floor(from / rowBits);
    const end = Math.ceil(to / rowBits) - 1;
    return {
      left: this.#column(from - start * rowBits),
      right: this.#column(to - end * rowBits),
      top: this.#row(start),
      bottom: this.#row(end),
    };
  }

  /** The outline of a piece as path data. It has no lines within where it goes over several rows. */
  outline(piece: Piece): string {
    const { left, right, top, bottom } = this.#ends(piece);
    const [x0, x1] = [this.#column(0), this.#column(this.#measures.rowBits)];
    const topEnd = top.y + top.height;
    const end = bottom.y + bottom.height;
    if (top === bottom) return `M${left} ${top.y}H${right}V${end}H${left}Z`;
    const isApart = topEnd === bottom.y && right <= left;
    if (isApart) return `M${left} ${top.y}H${x1}V${topEnd}H${left}ZM${x0} ${bottom.y}H${right}V${end}H${x0}Z`;
    if (left === x0 && right === x1) return `M${x0} ${top.y}H${x1}V${end}H${x0}Z`;
    return `M${left} ${top.y}H${x1}V${bottom.y}H${right}V${end}H${x0}V${topEnd}H${left}Z`;
  }

  /** Where to write on a piece: its largest rectangle; where rows are left out, above them; on both parts of one that falls apart. */
  labelPlaces(piece: Piece): Rectangle[] {
    const { rowHeight, rowBits } = this.#measures;
    const { left, right, top, bottom } = this.#ends(piece);
    const [x0, x1] = [this.#column(0), this.#column(rowBits)];
    if (top === bottom) return [{ x: left, y: top.y, width: right - left, height: top.height }];
    const wholeTop = left === x0 ? top.y : top.y + top.height;
    const wholeEnd = right === x1 ? bottom.y + bottom.height : bottom.y;
    const isShortened = wholeRows(piece, rowBits) > MOST_ROWS;
    if (wholeEnd > wholeTop) return [{ x: x0, y: wholeTop, width: x1 - x0, height: isShortened ? rowHeight : wholeEnd - wholeTop }];
    const upper = { x: left, y: top.y, width: x1 - left, height: top.height };
    const lower = { x: x0, y: bottom.y, width: right - x0, height: bottom.height };
    if (right <= left) return [upper, lower];
    return [upper.width >= lower.width ? upper : lower];
  }
}
