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
import type { Abi } from './abi.ts';
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
  readonly typedef: Field['typedef'];
}

export interface RecordOptions {
  readonly kind: 'struct' | 'union';
  /** From `__attribute__((aligned(n)))` on the struct. */
  readonly userAlign: number | null;
  /** `#pragma pack`. */
  readonly pack: number | null;
  readonly order: ByteOrder;
  readonly constants: ReadonlyMap<string, number | bigint>;
  readonly abi: Abi;
}

/** Sizes above this are refused, as offsets must stay exact and addresses within 48 bits. */
export const MAX_SIZE: number = 2 ** 47;

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/**
 * The alignment a type needs as a member, in bytes; on i386 less than it has on its own: gcc's ADJUST_FIELD_ALIGN, for
 * whatever is one integer or double to it, and arrays of these.
 */
export function alignAsMember(type: CType, abi: Abi): number {
  if (abi.memberAlignCap === null || type.hasUserAlign) return type.align;
  let element = type;
  while (element.kind === 'array' && element.isVector !== true) element = element.element;
  const isDouble = (element.kind === 'float' || element.kind === 'complex') && element.name.startsWith('double');
  // Without MMX, gcc keeps a vector of integers in eight bytes as one integer.
  const isSmallVector = element.kind === 'array' && element.element.kind === 'integer' && (element.size as number) <= 8;
  const isCapped = isDouble || isSmallVector || element.kind === 'integer' || element.kind === 'enum' || element.kind === 'bool';
  return isCapped ? Math.min(type.align, abi.memberAlignCap) : type.align;
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

  #alignAsMember(type: CType): number {
    return alignAsMember(type, this.#options.abi);
  }

  #raise(align: number, isUser: boolean): void {
    this.#align = Math.max(this.#align, align);
    this.#hasUserAlign ||= isUser;
  }

  #placeOrdinary({ name, type, userAlign, isPacked, typedef }: Placement): void {
    const isUser = userAlign !== null || (!isPacked && type.hasUserAlign);
    let align = isPacked ? (userAlign ?? 1) : Math.max(this.#alignAsMember(type), userAlign ?? 1);
    // The pragma caps alignments that were asked for, too.
    if (this.#options.pack !== null) align = Math.min(align, this.#options.pack);
    this.#raise(align, isUser);
    this.#bits = roundUp(this.#bits, align * 8);
    this.#fields.push({ name, type, offset: this.#bits / 8, bits: null, typedef });
    this.#bits += sizeAsMember(type) * 8;
  }

  #placeBitField({ name, type, widthBits, userAlign, isPacked, typedef }: Placement, width: number): void {
    const { pack } = this.#options;
    if (width === 0) {
      this.#bits = roundUp(this.#bits, Math.max(this.#alignAsMember(type), userAlign ?? 1) * 8);
      if (this.#options.abi.unnamedBitFieldsAlign) this.#raise(this.#alignAsMember(type), false);
      return;
    }
    // Where the field is before it is aligned counts: gcc decides there.
    const isWhole = !isPacked && this.#isWholeUnit(width);
    const asked = userAlign === null ? 1 : Math.min(userAlign, pack ?? userAlign);
    this.#bits = roundUp(this.#bits, userAlign === null ? 1 : asked * 8);
    if (!isPacked && pack === null && !isWhole && this.#spansTooMuch(type, width)) {
      this.#bits = this.#advanced(this.#alignAsMember(type) * 8);
    }
    if (name !== '' || this.#options.abi.unnamedBitFieldsAlign) {
      const natural = this.#alignAsMember(type);
      let align = isWhole ? Math.max(natural, this.#alignOfWidth(width)) : natural;
      if (pack !== null) align = Math.min(align, pack);
      else if (isPacked) align = 1;
      this.#raise(Math.max(align, asked), userAlign !== null || type.hasUserAlign);
    }
    if (name !== '') {
      const bits = { bitOffset: this.#bits, bitWidth: widthBits as number };
      this.#fields.push({ name, type, offset: Math.floor(this.#bits / 8), bits, typedef });
    }
    this.#bits += width;
  }

  // A bit-field as wide as an integer, on that integer's boundary, is placed as one (gcc, stor-layout.c: layout_decl);
  // it matters for types that are aligned more or less strictly than their size.
  #isWholeUnit(width: number): boolean {
    return (width === 8 || width === 16 || width === 32 || width === 64) && this.#bits % (this.#alignOfWidth(width) * 8) === 0;
  }

  #alignOfWidth(width: number): number {
    return Math.min(width / 8, this.#options.abi.memberAlignCap ?? width);
  }

  // Whether it would lie in more units of its type's alignment than the type itself does (excess_unit_span there).
  #spansTooMuch(type: CType, width: number): boolean {
    const unit = this.#alignAsMember(type) * 8;
    const spanned = Math.ceil(((this.#bits % unit) + width) / unit);
    return spanned > Math.floor(((type.size as number) * 8) / unit);
  }

  // gcc counts in blocks of the largest alignment and rounds within the block, so that a type aligned more strictly
  // than that does not always start on its own boundary.
  #advanced(unit: number): number {
    const { abi, userAlign } = this.#options;
    const block = Math.max(abi.largestAlign, userAlign ?? 1) * 8;
    const start = Math.floor(this.#bits / block) * block;
    return start + roundUp(this.#bits - start, unit);
  }

  finish(): Omit<RecordLayout, 'declared'> {
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
  return { ...placer.finish(), declared: { members, options } };
}
