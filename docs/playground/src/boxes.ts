/**
 * Which box stands where in the picture: fields without parts of their own, in lanes, one for each alternative of a union.
 * @module
 */
import type { FieldNode } from './fields.ts';

/** A field in the picture. */
export interface Box {
  readonly node: FieldNode;
  /** From 0; the alternatives of a union lie below each other. */
  readonly lane: number;
}

/** A run of bytes that is drawn as one row, or left out as nothing begins or ends in it. */
export interface Row {
  readonly start: number;
  readonly end: number;
  readonly isSkipped: boolean;
}

/** Boxes that one picture has at most; what is beyond is drawn as one. */
const MOST_BOXES = 1500;
const MOST_ROWS = 120;
/** Rows in the middle of one field that are drawn; more are left out. */
const MOST_INNER_ROWS = 2;

/** The boxes of a value. */
export function boxesOf(root: FieldNode): Box[] {
  const boxes: Box[] = [];
  place(root, 0, boxes);
  return boxes;
}

// Returns how many lanes the node takes.
function place(node: FieldNode, lane: number, boxes: Box[]): number {
  if (node.endBits <= node.startBits) return 1;
  const parts = node.kind === 'value' || boxes.length > MOST_BOXES ? [] : node.children();
  if (parts.length === 0 || parts.length > MOST_BOXES) {
    boxes.push({ node, lane });
    return 1;
  }
  let lanes = 0;
  for (const part of parts) {
    if (node.kind === 'union') lanes += place(part, lane + lanes, boxes);
    else lanes = Math.max(lanes, place(part, lane, boxes));
  }
  return Math.max(1, lanes);
}

/** The rows that show the bytes from `start` to `end`, and whether there were too many. */
export function rowsOf(boxes: readonly Box[], start: number, end: number, rowBytes: number): { rows: Row[]; isCut: boolean } {
  const edges = new Set<number>();
  for (const { node } of boxes) {
    edges.add(Math.floor(node.startBits / 8 / rowBytes));
    edges.add(Math.floor((node.endBits - 1) / 8 / rowBytes));
  }
  const stops = [...edges].sort((a, b) => a - b);
  const rows: Row[] = [];
  const last = Math.ceil(end / rowBytes);
  for (let row = Math.floor(start / rowBytes), stop = 0; row < last; ) {
    if (rows.length === MOST_ROWS) return { rows, isCut: true };
    while (stop < stops.length && (stops[stop] as number) < row) stop++;
    const next = rows.length === 0 ? row : Math.min(stops[stop] ?? last, last);
    const isSkipped = next - row > MOST_INNER_ROWS;
    const after = isSkipped ? next : row + 1;
    rows.push({ start: row * rowBytes, end: after * rowBytes, isSkipped });
    row = after;
  }
  return { rows, isCut: false };
}
