/**
 * Placing members: offsets, sizes and alignments of structs and unions as gcc computes them for the System V ABIs
 * (psABI x86-64 3.1.2; bit-fields by the rule that gcc calls PCC_BITFIELD_TYPE_MATTERS).
 *
 *     struct { char a : 7; int b : 7; }       struct { char a; int b : 28; }
 *      bit 0      7      14        32          bit 0    8          32          60
 *          | a    | b    | ....... |               | a  | .......  | b         | ...
 *          b fits into the int at bit 0            b would cross the int's end, and moves on
 * @module
 */
import type { LayoutRules } from './abi.ts';
import { GccMsPlacer, MsvcPlacer } from './microsoft.ts';
import { alignAsMember, hasOwnAlign, type Placement, Placer, type RecordOptions, roundUp } from './placer.ts';
import type { CType, RecordLayout } from './types.ts';

class SystemVPlacer extends Placer {
  #alignAsMember(type: CType): number {
    return alignAsMember(type, this.options.abi);
  }

  protected placeOrdinary(member: Placement): void {
    const { type, userAlign, isPacked } = member;
    let align = isPacked ? (userAlign ?? 1) : Math.max(this.#alignAsMember(type), userAlign ?? 1);
    // The pragma caps alignments that were asked for, too.
    if (this.options.pack !== null) align = Math.min(align, this.options.pack);
    this.raise(align, hasOwnAlign(member));
    this.bits = roundUp(this.bits, align * 8);
    this.add(member);
  }

  protected placeBitField(member: Placement, width: number): void {
    const { name, type, userAlign, isPacked } = member;
    const { pack } = this.options;
    if (width === 0) {
      // No pragma caps these.
      const align = Math.max(this.#alignAsMember(type), userAlign ?? 1);
      this.bits = roundUp(this.bits, align * 8);
      this.raise(this.options.abi.unnamedBitFieldsAlign ? align : 1, hasOwnAlign({ ...member, isPacked: false }));
      return;
    }
    // Where the field is before it is aligned counts: gcc decides there.
    const isWhole = !isPacked && this.#isWholeUnit(width);
    const asked = userAlign === null ? 1 : Math.min(userAlign, pack ?? userAlign);
    const before = this.bits;
    this.bits = roundUp(this.bits, userAlign === null ? 1 : asked * 8);
    const hasType = !isPacked && pack === null && !isWhole;
    if (hasType && this.#spansTooMuch(type, width)) {
      // An alignment smaller than gcc's blocks leaves it counting in the block it is in.
      this.bits = this.advanced(this.#alignAsMember(type) * 8, asked * 8 < this.blockBits ? before : this.bits);
    }
    if (name !== '' || this.options.abi.unnamedBitFieldsAlign) {
      const natural = this.#alignAsMember(type);
      let align = isWhole ? Math.max(natural, this.#alignOfWidth(width, userAlign !== null)) : natural;
      if (pack !== null) align = Math.min(align, pack);
      else if (isPacked) align = 1;
      this.raise(Math.max(align, asked), userAlign !== null || type.hasUserAlign);
    } else {
      // Nothing of it but that one was asked for.
      this.raise(1, userAlign !== null || (hasType && type.hasUserAlign));
    }
    this.addBits(member, this.bits, width);
    this.bits += width;
  }

  // A bit-field as wide as an integer, on that integer's boundary, is placed as one (gcc, stor-layout.c: layout_decl);
  // it matters for types that are aligned more or less strictly than their size.
  #isWholeUnit(width: number): boolean {
    return (width === 8 || width === 16 || width === 32 || width === 64) && this.bits % width === 0;
  }

  // The cap is for members that were not asked to be aligned, however little.
  #alignOfWidth(width: number, isUser: boolean): number {
    return isUser ? width / 8 : Math.min(width / 8, this.options.abi.memberAlignCap ?? width);
  }

  // Whether it would lie in more units of its type's alignment than the type itself does (excess_unit_span there).
  #spansTooMuch(type: CType, width: number): boolean {
    const unit = this.#alignAsMember(type) * 8;
    const spanned = Math.ceil(((this.bits % unit) + width) / unit);
    return spanned > Math.floor(((type.size as number) * 8) / unit);
  }
}

const PLACERS: Readonly<Record<LayoutRules, new (options: RecordOptions) => Placer>> = {
  'system-v': SystemVPlacer,
  'gcc-ms': GccMsPlacer,
  msvc: MsvcPlacer,
};

/** Lays out a struct or union. Members are valid already: sized types, widths that fit. */
export function layOut(members: readonly Placement[], options: RecordOptions): RecordLayout {
  return new PLACERS[options.rules](options).layOut(members);
}
