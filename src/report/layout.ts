/**
 * Layouts as text: offset, size and declaration of every member, holes between them, padding behind, cache lines, and
 * what a better order of members would save.
 *
 *     struct sample {  // size 24, align 8
 *       offset   size
 *            0      1  char flag;
 *            1      7  // hole
 *            8      8  double value;
 *           16      2  short last;
 *           18      6  // padding
 *       // size 24, cachelines 1, members 3
 *       // sum of members 11, holes 1 (7 bytes), padding 6
 *       // last cacheline 24 bytes
 *       // saves 8 bytes in the order: flag, last, value
 *     };
 *
 * @module
 */
import {
  type Field,
  isRecord,
  isTransparent,
  type Placement,
  printFieldType,
  type RecordDefinition,
  type RecordType,
} from '../ctype/index.ts';
import { withoutIds } from './json.ts';
import { betterOrder } from './reorder.ts';
import { DEFAULT_CACHELINE, type LayoutSummary, layoutSummary, type Span, spansOf } from './spans.ts';

/** What a piece of the text is, for whoever colours it. */
export type LayoutPart = 'type' | 'number' | 'name' | 'unused' | 'note' | 'advice';

export interface LayoutTextOptions {
  /** Bytes in a cache line; 64. */
  readonly cachelineSize?: number;
  /** Puts colours around a piece of text; without it the text is plain. */
  readonly paint?: (part: LayoutPart, text: string) => string;
}

/**
 * The layout of a complete struct or union under `name`.
 * @throws {RangeError} for a cache line that is no positive integer
 */
export function layoutAsText(type: RecordType, name: string, options: LayoutTextOptions = {}): string {
  const { cachelineSize = DEFAULT_CACHELINE, paint = (_, text) => text } = options;
  if (!Number.isSafeInteger(cachelineSize) || cachelineSize <= 0) throw new RangeError(`cache line of ${cachelineSize} bytes`);
  if (type.definition.layout === null) return `${name} is incomplete\n`;
  return new Listing(cachelineSize, paint).of(type, type.definition.layout, name);
}

/** Characters in a line of a better order. */
const ADVICE_WIDTH = 100;

type Layout = NonNullable<RecordDefinition['layout']>;

class Listing {
  readonly #cachelineSize: number;
  readonly #paint: NonNullable<LayoutTextOptions['paint']>;
  readonly #lines: string[] = [];
  /** Untagged bodies that have been shown; another member of such a type does not repeat it. */
  readonly #shown: Set<RecordDefinition> = new Set();
  #cacheline = 0;

  constructor(cachelineSize: number, paint: NonNullable<LayoutTextOptions['paint']>) {
    this.#cachelineSize = cachelineSize;
    this.#paint = paint;
  }

  of(type: RecordType, layout: Layout, name: string): string {
    const size = layout.isVariable ? `size ${layout.size} + ?` : `size ${layout.size}`;
    const order = layout.order === 'big' ? ', big-endian' : '';
    this.#lines.push(`${this.#paint('type', name)} {  ${this.#paint('note', `// ${size}, align ${layout.align}${order}`)}`);
    this.#lines.push(this.#paint('note', '  offset   size'));
    this.#members(type, 0, 0);
    for (const [key, value] of layout.constants) this.#lines.push(`${' '.repeat(17)}static const ${this.#paint('name', key)} = ${value};`);
    for (const line of summaryLines(type, layoutSummary(type, this.#cachelineSize))) this.#lines.push(this.#paint('note', `  // ${line}`));
    for (const line of adviceLines(type)) this.#lines.push(this.#paint('advice', `  // ${line}`));
    return `${this.#lines.join('\n')}\n};\n`;
  }

  #members(type: RecordType, base: number, depth: number): void {
    for (const span of spansOf(type)) {
      if (span.kind === 'field') this.#field(span.field, base, depth);
      else this.#unused(span, base, depth);
    }
  }

  #line(offset: number, size: string, depth: number, text: string): void {
    const numbers = this.#paint('number', `${String(offset).padStart(8)} ${size.padStart(6)}`);
    this.#lines.push(`${numbers}  ${'  '.repeat(depth)}${text}`);
  }

  #field(field: Field, base: number, depth: number): void {
    const { type } = field;
    const offset = base + field.offset;
    this.#boundary(offset);
    if (isRecord(type) && isInline(field, type) && !this.#shown.has(type.definition)) {
      this.#shown.add(type.definition);
      this.#line(offset, String(type.size ?? 0), depth, `${this.#paint('type', type.kind)} {`);
      this.#members(type, offset, depth + 1);
      const name = isTransparent(field) ? '' : ` ${this.#paint('name', field.name)}`;
      this.#line(offset + (type.size ?? 0), '', depth, `}${name};`);
      return;
    }
    const declaration = withoutIds(printFieldType(field, this.#paint('name', field.name)));
    if (field.bits === null) {
      this.#line(offset, String(type.size ?? 0), depth, `${declaration};`);
    } else {
      const { bitOffset, bitWidth } = field.bits;
      const note = this.#paint('note', `// bit ${bitOffset - Math.floor(bitOffset / 8) * 8}`);
      this.#line(offset, `:${bitWidth}`, depth, `${declaration} : ${bitWidth};  ${note}`);
    }
  }

  // Only the last boundary that a member left behind is worth a line.
  #boundary(offset: number): void {
    const line = Math.floor(offset / this.#cachelineSize);
    if (line <= this.#cacheline) return;
    this.#cacheline = line;
    const behind = offset - line * this.#cachelineSize;
    const ago = behind === 0 ? '' : `, ${count(behind, 'byte')} ago`;
    this.#lines.push(this.#paint('note', `  // --- cacheline ${line} (${line * this.#cachelineSize} bytes)${ago} ---`));
  }

  #unused(span: Span & { kind: 'hole' | 'padding' }, base: number, depth: number): void {
    const bits = span.endBits - span.startBits;
    const text = this.#paint('unused', `// ${span.isBits ? 'bit ' : ''}${span.kind}`);
    this.#line(base + Math.floor(span.startBits / 8), span.isBits ? `:${bits}` : String(bits / 8), depth, text);
  }
}

// An untagged body is written where it stands, unless a typedef gives it a name, and a listing of its own.
function isInline(field: Field, type: RecordType): boolean {
  return type.definition.tag === null && field.typedef === null;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

function summaryLines(type: RecordType, sums: LayoutSummary): string[] {
  const lines = [`size ${sums.size}, cachelines ${sums.cachelines}, members ${sums.members}`];
  if (type.kind === 'struct') {
    const bytes = [
      sums.memberBytes > 0 && `sum of members ${sums.memberBytes}`,
      sums.holes > 0 && `holes ${sums.holes} (${count(sums.holeBytes, 'byte')})`,
      sums.padding > 0 && `padding ${sums.padding}`,
    ];
    const bits = [
      sums.bitFieldBits > 0 && `sum of bit-fields ${count(sums.bitFieldBits, 'bit')}`,
      sums.bitHoles > 0 && `bit holes ${sums.bitHoles} (${count(sums.bitHoleBits, 'bit')})`,
      sums.bitPadding > 0 && `bit padding ${count(sums.bitPadding, 'bit')}`,
    ];
    lines.push(...[bytes, bits].map((parts) => parts.filter((part) => part !== false).join(', ')).filter((line) => line !== ''));
  }
  if (sums.lastCacheline > 0) lines.push(`last cacheline ${count(sums.lastCacheline, 'byte')}`);
  return lines;
}

function adviceLines(type: RecordType): string[] {
  const better = betterOrder(type);
  if (better === null) return [];
  const lines: string[] = [];
  let line = `saves ${count(better.saved, 'byte')} in the order:`;
  for (const [i, member] of better.members.entries()) {
    const word = `${memberName(member)}${i === better.members.length - 1 ? '' : ','}`;
    if (line.length + word.length > ADVICE_WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

// Transparent members go by what is in them.
function memberName({ name, type, widthBits }: Placement): string {
  if (widthBits !== null) return `${name}:${widthBits}`;
  if (name !== '' || !isRecord(type)) return name;
  return `${type.kind} { ${type.definition.layout?.fields[0]?.name || '...'}, ... }`;
}
