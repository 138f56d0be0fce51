/**
 * Placing members: offsets, sizes and alignments of structs and unions as gcc computes them for the System V ABIs
 * (psABI x86-64 3.1.2; bit-fields by the rule that gcc calls PCC_BITFIELD_TYPE_MATTERS).
 *
 *     struct { char a : 7; int b : 7; }       struct { char a; int b : 28; }
 *      bit 0      7      14        32          bit 0    8          32          60
 *          | a    | b    | ....... |               | a  | .......  | b         | ...
 *          b fits into the int at bit 0            b would cross the int's end, and moves on
 *
 * All arithmetic is on numbers of bits below 2^53.
 * @module
 */
import type { ByteOrder, CType, Field, RecordLayout } from './types.ts';

/** A member before it is placed. */
export interface Placement {
  readonly name: string;
  readonly type: CType;
  /** Bit width, or null for an ordinary member. */
  readonly widthBits: number | null;
  /** From `__attribute__((aligned(n)))` on the member, in bytes. */
  readonly userAlign: number | null;
  readonly isPacked: boolean;
}

export interface RecordOptions {
  readonly kind: 'struct' | 'union';
  /** From `__attribute__((aligned(n)))` on the struct. */
  readonly userAlign: number | null;
  /** `#pragma pack`. */
  readonly pack: number | null;
  readonly order: ByteOrder;
  readonly constants: ReadonlyMap<string, number | bigint>;
}

/** Sizes above this are refused, as offsets must stay exact and addresses within 48 bits. */
export const MAX_SIZE: number = 2 ** 47;

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

class Placer {
  readonly #options: RecordOptions;
  readonly #fields: Field[] = [];
  #bits = 0;
  #unionBits = 0;
  #align = 1;
  #hasUserAlign = false;
  #depth = 1;
  #isVariable = false;

  constructor(options: RecordOptions) {
    this.#options = options;
  }

  place(member: Placement): void {
    if (this.#options.kind === 'union') this.#bits = 0;
    if (member.widthBits === null) this.#placeOrdinary(member);
    else this.#placeBitField(member, member.widthBits);
    this.#unionBits = Math.max(this.#unionBits, this.#bits);
    if (member.type.kind === 'array' && member.type.length === '?') this.#isVariable = true;
    this.#depth = Math.max(this.#depth, 1 + recordDepth(member.type));
  }

  #raise(align: number, isUser: boolean): void {
    this.#align = Math.max(this.#align, align);
    this.#hasUserAlign ||= isUser;
  }

  #placeOrdinary({ name, type, userAlign, isPacked }: Placement): void {
    const isUser = userAlign !== null || (!isPacked && type.hasUserAlign);
    let align = isPacked ? (userAlign ?? 1) : Math.max(type.align, userAlign ?? 1);
    // An alignment that was asked for is stronger than the pragma (gcc, stor-layout.c: layout_decl).
    if (this.#options.pack !== null && !isUser) align = Math.min(align, this.#options.pack);
    this.#raise(align, isUser);
    this.#bits = roundUp(this.#bits, align * 8);
    this.#fields.push({ name, type, offset: this.#bits / 8, bits: null });
    this.#bits += sizeAsMember(type) * 8;
  }

  #placeBitField({ name, type, widthBits, userAlign, isPacked }: Placement, width: number): void {
    const { pack } = this.#options;
    if (width === 0) {
      this.#bits = roundUp(this.#bits, Math.max(type.align, userAlign ?? 1) * 8);
      return;
    }
    if (userAlign !== null) this.#bits = roundUp(this.#bits, userAlign * 8);
    const unit = type.align * 8;
    const spanned = Math.ceil(((this.#bits % unit) + width) / unit);
    if (!isPacked && pack === null && spanned > ((type.size as number) * 8) / unit) {
      this.#bits = roundUp(this.#bits, unit);
    }
    if (name !== '') {
      let align = type.align;
      if (pack !== null) align = Math.min(align, pack);
      else if (isPacked) align = 1;
      this.#raise(Math.max(align, userAlign ?? 1), userAlign !== null || type.hasUserAlign);
      const bits = { bitOffset: this.#bits, bitWidth: widthBits as number };
      this.#fields.push({ name, type, offset: Math.floor(this.#bits / 8), bits });
    }
    this.#bits += width;
  }

  finish(): RecordLayout {
    const { kind, userAlign, order, constants } = this.#options;
    if (userAlign !== null) this.#raise(userAlign, true);
    const bits = kind === 'union' ? this.#unionBits : this.#bits;
    const bytes = Math.ceil(bits / 8);
    return {
      // LuaJIT: a struct that ends in T[?] has no trailing padding of its own.
      size: this.#isVariable ? bytes : roundUp(bytes, this.#align),
      align: this.#align,
      hasUserAlign: this.#hasUserAlign,
      order,
      fields: this.#fields,
      constants,
      isVariable: this.#isVariable,
      depth: this.#depth,
    };
  }
}

/** Bytes a member takes: a flexible array none, a variable one none of its own. */
function sizeAsMember(type: CType): number {
  return type.size ?? 0;
}

/** How many structs deep a type is, itself included. */
export function recordDepth(type: CType): number {
  let element = type;
  while (element.kind === 'array') element = element.element;
  return element.kind === 'struct' || element.kind === 'union' ? (element.definition.layout?.depth ?? 0) : 0;
}

/** Lays out a struct or union. Members are valid already: sized types, widths that fit. */
export function layOut(members: readonly Placement[], options: RecordOptions): RecordLayout {
  const placer = new Placer(options);
  for (const member of members) placer.place(member);
  return placer.finish();
}
