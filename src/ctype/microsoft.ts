/**
 * Placing members as Microsoft's compilers do, in two readings: gcc's (`ms_struct`, `-mms-bitfields`, MinGW;
 * stor-layout.c, place_field) and Visual C++'s own, for which clang's MicrosoftRecordLayoutBuilder is the reference.
 *
 * Bit-fields whose types have the same size share a unit of that size as long as there is room in it; anything else
 * starts behind the whole unit.
 *
 *     struct { char a : 7; int b : 7; }
 *      bit 0      8           32      39         64
 *          | a  . | ......... | b     . ......... |
 *           char                int
 *
 * @module
 */
import { alignAsMember, hasOwnAlign, type Placement, Placer, roundUp } from './placer.ts';
import type { CType } from './types.ts';

// A bit-field that later ones may join.
interface Run {
  /** Bytes. */
  readonly typeSize: number;
  readonly width: number;
}

/** gcc's reading. */
export class GccMsPlacer extends Placer {
  // The bit-field that began the run, or stands alone with width 0.
  #run: Run | null = null;
  // Bits of the run's last unit that are still free.
  #free = 0;

  protected placeOrdinary(member: Placement): void {
    const { type, userAlign, isPacked } = member;
    const asked = this.#capped(isPacked ? (userAlign ?? 1) : Math.max(alignAsMember(type, this.options.abi), userAlign ?? 1));
    const natural = this.#capped(isPacked ? asked : Math.max(type.align, asked));
    this.raise(natural, hasOwnAlign(member));
    this.#startBehindRun(asked, isPacked ? 1 : type.align);
    this.#run = null;
    this.#free = 0;
    this.add(member);
  }

  protected placeBitField(member: Placement, width: number): void {
    const { type, isPacked } = member;
    const run = this.options.kind === 'union' ? null : this.#run;
    const typeSize = type.size as number;
    const asked = this.#alignAsked(member, width);
    if (width > 0 ? !isPacked : run !== null && run.width > 0) {
      this.raise(this.#capped(Math.max(type.align, asked)), member.userAlign !== null);
    } else {
      this.raise(1, member.userAlign !== null);
    }
    if (this.options.kind === 'union') {
      this.addBits(member, 0, width);
      this.bits = width;
      return;
    }
    if (run !== null && run.width > 0 && width > 0 && run.typeSize === typeSize) {
      this.#continueRun(width, typeSize, asked);
    } else {
      const startsUnit = run !== null && run.width > 0 ? run.typeSize !== typeSize : width > 0;
      if (startsUnit) {
        this.#startBehindRun(asked, isPacked ? 1 : type.align);
        this.#free = Math.max(0, typeSize * 8 - width);
      } else {
        this.#endRun(asked);
      }
      this.#run = { typeSize, width };
    }
    this.addBits(member, this.bits, width);
    this.bits += width;
  }

  #continueRun(width: number, typeSize: number, asked: number): void {
    if (this.#free >= width) {
      this.#free -= width;
      return;
    }
    this.#useUp(asked);
    this.#free = Math.max(0, typeSize * 8 - width);
    this.#run = { typeSize, width };
  }

  // A unit starts where it was asked to, then where its type wants it; in gcc's blocks, see `advanced`. Without a run before it, an
  // alignment smaller than these leaves gcc counting in the block that it is in.
  #startBehindRun(asked: number, typeAlign: number): void {
    const before = this.bits;
    const hadRun = this.#run !== null;
    this.#endRun(asked);
    this.bits = this.advanced(this.#capped(typeAlign) * 8, !hadRun && asked * 8 < this.blockBits ? before : this.bits);
  }

  // What follows a run starts behind its whole unit.
  #endRun(asked: number): void {
    if (this.#run !== null && this.#run.width > 0) this.#useUp(asked);
    else this.bits = roundUp(this.bits, asked * 8);
  }

  // Passes over what is free. gcc looks at the place before that to see whether the next one has to be aligned.
  #useUp(asked: number): void {
    const isAligned = this.bits % (asked * 8) === 0;
    this.bits += this.#free;
    if (!isAligned) this.bits = roundUp(this.bits, asked * 8);
  }

  // What gcc has asked for before it looks at the type: an attribute's alignment, or that of an integer of just this
  // width where the field happens to be on its boundary.
  #alignAsked({ userAlign, isPacked }: Placement, width: number): number {
    const { abi } = this.options;
    let align = userAlign ?? 1;
    const isWhole = width === 8 || width === 16 || width === 32 || width === 64;
    const whole = Math.min(width / 8, abi.memberAlignCap ?? width);
    if (isWhole && !(isPacked && width > 8) && this.bits % (whole * 8) === 0) align = Math.max(align, whole);
    return this.#capped(align);
  }

  #capped(align: number): number {
    return Math.min(align, this.options.pack ?? align);
  }

  protected override sizeOf(bytes: number): number {
    const isOpen = this.options.kind === 'struct' && this.#run !== null && this.#run.width > 0;
    return super.sizeOf(isOpen ? Math.ceil((this.bits + this.#free) / 8) : bytes);
  }
}

/** Visual C++'s own rules. */
export class MsvcPlacer extends Placer {
  // Alignment that no packing takes away: __declspec(align), here of the members.
  #required = 1;
  // Bytes of the unit in which the last bit-field was; 0 where the last member was none.
  #unit = 0;
  #free = 0;

  // Packing; /Zp and the pragma are not heard beyond the size of a pointer.
  get #cap(): number {
    const { isPacked, pack, abi } = this.options;
    if (isPacked) return 1;
    return pack !== null && pack <= abi.pointerSize ? pack : Number.POSITIVE_INFINITY;
  }

  protected placeOrdinary(member: Placement): void {
    const { type, userAlign, isPacked } = member;
    const required = Math.max(requiredBy(type), userAlign ?? 1);
    this.#required = Math.max(this.#required, required);
    const align = Math.max(isPacked ? 1 : Math.min(naturalAlign(type), this.#cap), required);
    this.#unit = 0;
    this.raise(align, false);
    this.bits = roundUp(this.bits, align * 8);
    this.add(member);
  }

  protected placeBitField(member: Placement, width: number): void {
    const { type, userAlign, isPacked } = member;
    const unit = type.size as number;
    const isUnion = this.options.kind === 'union';
    const required = Math.max(type.hasUserAlign ? type.align : 1, userAlign ?? 1);
    // On a bit-field, an alignment asked for is one that can be packed.
    const natural = Math.max(naturalAlign(type), required);
    const align = isPacked ? required : Math.max(Math.min(natural, this.#cap), required);
    if (width === 0) {
      const isHeard = this.#unit > 0;
      this.#unit = 0;
      if (!isHeard) return;
      if (isUnion) this.bits = unit * 8;
      else this.#start(align);
      return;
    }
    if (!isUnion && this.#unit === unit && width <= this.#free) {
      this.addBits(member, this.bits - this.#free, width);
      this.#free -= width;
      return;
    }
    this.#unit = unit;
    if (!isUnion) this.#start(align);
    this.addBits(member, this.bits, width);
    this.bits += unit * 8;
    this.#free = unit * 8 - width;
  }

  #start(align: number): void {
    this.bits = roundUp(this.bits, align * 8);
    this.raise(align, false);
  }

  protected override sizeOf(bytes: number): number {
    if (bytes === 0) return this.requiredAlign() >= EMPTY_SIZE ? this.align : EMPTY_SIZE;
    return super.sizeOf(bytes);
  }

  protected override requiredAlign(): number {
    return Math.max(this.#required, this.options.userAlign ?? 1);
  }
}

// Bytes of a struct of nothing, in C.
const EMPTY_SIZE = 4;

/** The alignment of a type without what was asked for. */
function naturalAlign(type: CType): number {
  if (!type.hasUserAlign) return type.align;
  switch (type.kind) {
    case 'array':
      return type.element.align;
    case 'struct':
    case 'union':
      return type.definition.layout?.align ?? 1;
    case 'complex':
      return type.part.size;
    default:
      return type.size ?? 1;
  }
}

// What was asked for on the type itself, or on members of a struct in it.
function requiredBy(type: CType): number {
  let element = type;
  while (element.kind === 'array') element = element.element;
  const inside = element.kind === 'struct' || element.kind === 'union' ? (element.definition.layout?.requiredAlign ?? 1) : 1;
  return type.hasUserAlign ? Math.max(type.align, inside) : inside;
}
