/**
 * What a picture of a struct shows, before anything has a place on paper: panels, each a run of bytes cut into cells.
 * The first panel is the struct with the structs in it; every union in it is a group of panels, one per alternative.
 * @module
 */
import { type ByteOrder, type Field, isRecord, isTransparent, printFieldType, type RecordType } from '../ctype/index.ts';
import { withoutIds } from './json.ts';
import { bitsOf, spansOf } from './spans.ts';

/** A part of a panel. The cells of a panel cover every bit of it once. */
export interface Cell {
  readonly kind: 'field' | 'hole' | 'padding';
  /** Bits from the start of the panel; counted in each byte from the least significant one, or the most in big-endian structs. */
  readonly startBits: number;
  readonly endBits: number;
  readonly order: ByteOrder;
  readonly isBitField: boolean;
  /** The member's path from the panel's struct, and its type; of a transparent member its type alone, as path. */
  readonly path: string;
  readonly type: string;
  /** Which nested struct it is in; 0 for none. */
  readonly nest: number;
}

/** A struct within a panel, drawn around its cells. */
export interface Nest {
  readonly startBits: number;
  readonly endBits: number;
  readonly path: string;
  readonly type: string;
}

export interface Panel {
  /** The member that is this alternative of a union, empty for an unnamed one; null for the whole struct. */
  readonly name: string | null;
  readonly type: string;
  /** Bytes from the start of the whole struct. */
  readonly offset: number;
  readonly size: number;
  readonly cells: readonly Cell[];
  readonly nests: readonly Nest[];
  /** A flexible array at the end. */
  readonly open: { readonly path: string; readonly type: string; readonly offset: number } | null;
}

/** The alternatives of a union. */
export interface Group {
  readonly name: string;
  /** Empty where the union is the whole picture. */
  readonly type: string;
  readonly offset: number;
  readonly panels: readonly Panel[];
}

export interface Picture {
  /** Null for a union, whose alternatives are the first group. */
  readonly main: Panel | null;
  readonly groups: readonly Group[];
}

/**
 * Cells of nested structs and of unions' alternatives that one picture has at most. Types nest in one another many
 * times over in little C text; what is beyond is drawn as one cell.
 */
const MOST_NESTED = 3000;

/** What the picture of a complete struct or union shows. */
export function pictureOf(type: RecordType, name: string): Picture {
  const size = type.definition.layout?.size ?? 0;
  const painter = new Painter();
  if (type.kind === 'union') {
    painter.queue({ type, offset: 0, path: '', shown: '' });
    return { main: null, groups: painter.groups() };
  }
  const main = painter.panel({ name: null, type: name, offset: 0, size }, (sketch) => painter.struct(sketch, type, 0, '', 0));
  return { main, groups: painter.groups() };
}

// A panel in the making.
interface Sketch {
  readonly offset: number;
  readonly cells: Cell[];
  readonly nests: Nest[];
  open: Panel['open'];
}

interface QueuedUnion {
  readonly type: RecordType;
  readonly offset: number;
  readonly path: string;
  readonly shown: string;
}

class Painter {
  #left = MOST_NESTED;
  readonly #unions: QueuedUnion[] = [];

  queue(union: QueuedUnion): void {
    this.#unions.push(union);
  }

  panel(head: Pick<Panel, 'name' | 'type' | 'offset' | 'size'>, draw: (sketch: Sketch) => void): Panel {
    const sketch: Sketch = { offset: head.offset, cells: [], nests: [], open: null };
    draw(sketch);
    return { ...head, cells: sketch.cells, nests: sketch.nests, open: sketch.open };
  }

  struct(sketch: Sketch, type: RecordType, base: number, path: string, nest: number): void {
    const order = type.definition.layout?.order ?? 'little';
    for (const span of spansOf(type)) {
      const place = { startBits: base + span.startBits, endBits: base + span.endBits, order, nest };
      if (span.kind !== 'field') sketch.cells.push({ ...place, kind: span.kind, isBitField: span.isBits, path: '', type: '' });
      else this.#field(sketch, span.field, place, path);
    }
  }

  #field(sketch: Sketch, field: Field, place: Pick<Cell, 'startBits' | 'endBits' | 'order' | 'nest'>, prefix: string): void {
    const { type } = field;
    const path = isTransparent(field) ? prefix : `${prefix === '' ? '' : `${prefix}.`}${field.name}`;
    const shown = withoutIds(printFieldType(field));
    const { startBits, endBits } = place;
    if (startBits === endBits) {
      const isOpen = type.kind === 'array' && typeof type.length !== 'number';
      if (isOpen) sketch.open = { path, type: shown, offset: sketch.offset + startBits / 8 };
    } else if (isRecord(type) && type.kind === 'struct' && this.#mayNest(type)) {
      sketch.nests.push({ startBits, endBits, path, type: shown });
      this.struct(sketch, type, startBits, path, sketch.nests.length);
    } else {
      if (isRecord(type) && type.kind === 'union' && this.#mayNest(type)) {
        const inside = prefix === '' ? '' : `in ${prefix}`;
        this.queue({ type, offset: sketch.offset + startBits / 8, path: isTransparent(field) ? inside : path, shown });
      }
      const bits = field.bits === null ? '' : ` : ${field.bits.bitWidth}`;
      const named = isTransparent(field) ? { path: shown, type: '' } : { path, type: `${shown}${bits}` };
      sketch.cells.push({ ...place, kind: 'field', isBitField: field.bits !== null, ...named });
    }
  }

  #mayNest(type: RecordType): boolean {
    this.#left -= type.definition.layout?.fields.length ?? 0;
    return this.#left >= 0;
  }

  // Unions found while drawing the alternatives of others come behind.
  groups(): Group[] {
    const groups: Group[] = [];
    for (const union of this.#unions) groups.push(this.#group(union));
    return groups;
  }

  #group({ type, offset, path, shown }: QueuedUnion): Group {
    const { layout } = type.definition;
    const size = layout?.size ?? 0;
    const order = layout?.order ?? 'little';
    const panels = (layout?.fields ?? []).map((field) => {
      const name = isTransparent(field) ? '' : field.name;
      return this.panel({ name, type: withoutIds(printFieldType(field)), offset, size }, (sketch) => {
        const { startBits, endBits } = bitsOf(field);
        this.#field(sketch, field, { startBits, endBits, order, nest: 0 }, '');
        const rest = { startBits: endBits, endBits: size * 8, order, nest: 0, path: '', type: '' };
        if (endBits < size * 8) sketch.cells.push({ ...rest, kind: 'padding', isBitField: endBits % 8 !== 0 });
      });
    });
    return { name: path, type: shown, offset, panels };
  }
}
