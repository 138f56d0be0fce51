/**
 * What every bit of a struct belongs to: its members and what is unused between and behind them, and the sums of these.
 *
 *     struct { char a; int b : 20, c : 9; char d; long e; }
 *      byte 0   1              4          6   7   8       16
 *           | a | b  a bit hole | c  a bit hole| d | e      |
 *
 * Unused bits in the storage unit of a bit-field beside them are a bit hole or bit padding; what lies outside of such
 * units is whole bytes, a hole or padding. pahole(1) counts in the same way.
 * @module
 */
import { type Field, printType, type RecordType } from '../ctype/index.ts';

/** Bytes in a cache line of most machines. */
export const DEFAULT_CACHELINE = 64;

/** A run of bits of a struct, counted as `BitField.bitOffset` is. */
export type Span = (
  | { readonly kind: 'field'; readonly field: Field }
  /** Unused: between members, or behind the last one. In bits beside a bit-field, else in whole bytes. */
  | { readonly kind: 'hole' | 'padding'; readonly isBits: boolean }
) & { readonly startBits: number; readonly endBits: number };

/** Sums over the members of a struct; nested structs count as one member. Bytes, where the name does not say bits. */
export interface LayoutSummary {
  readonly size: number;
  readonly align: number;
  readonly cachelines: number;
  /** Bytes used of the last cache line; 0 where the struct ends with one. */
  readonly lastCacheline: number;
  readonly members: number;
  /** Of the members that are no bit-fields. */
  readonly memberBytes: number;
  readonly bitFieldBits: number;
  readonly holes: number;
  readonly holeBytes: number;
  readonly bitHoles: number;
  readonly bitHoleBits: number;
  readonly padding: number;
  readonly bitPadding: number;
}

/** Where a field's bits start and end. */
export function bitsOf(field: Field): { startBits: number; endBits: number } {
  const startBits = field.bits === null ? field.offset * 8 : field.bits.bitOffset;
  return { startBits, endBits: startBits + (field.bits?.bitWidth ?? (field.type.size ?? 0) * 8) };
}

/** The members of a complete struct with all that is unused, in order, without overlap; of a union, its members alone. */
export function spansOf(type: RecordType): Span[] {
  const { layout } = type.definition;
  if (layout === null) return [];
  const spans: Span[] = [];
  let end = 0;
  // Where the units of the bit-fields end that have stood together so far.
  let unitEnd = 0;
  for (const field of layout.fields) {
    const { startBits, endBits } = bitsOf(field);
    if (type.kind === 'struct')
      spans.push(...unused('hole', end, startBits, unitEnd, field.bits === null ? startBits : unitOf(field).start));
    spans.push({ kind: 'field', field, startBits, endBits });
    end = Math.max(end, endBits);
    unitEnd = field.bits === null ? 0 : Math.max(unitEnd, unitOf(field).end);
  }
  if (type.kind === 'struct') spans.push(...unused('padding', end, layout.size * 8, unitEnd, layout.size * 8));
  return spans;
}

// The storage unit that a bit-field is in, in bits; both units where it straddles them in a packed struct.
function unitOf(field: Field): { start: number; end: number } {
  const { startBits, endBits } = bitsOf(field);
  const unit = (field.type.size as number) * 8;
  return { start: Math.floor(startBits / unit) * unit, end: Math.ceil(endBits / unit) * unit };
}

// From the last member's end to the next one's start, with the units of bit-fields that reach in from both sides.
function unused(kind: 'hole' | 'padding', from: number, to: number, unitEnd: number, unitStart: number): Span[] {
  const bytesFrom = Math.min(to, Math.max(from, unitEnd));
  const bytesTo = Math.max(bytesFrom, Math.min(to, unitStart));
  const spans: Span[] =
    bytesFrom === bytesTo && bytesFrom > from
      ? [{ kind, isBits: true, startBits: from, endBits: to }]
      : [
          { kind, isBits: true, startBits: from, endBits: bytesFrom },
          { kind, isBits: false, startBits: bytesFrom, endBits: bytesTo },
          { kind, isBits: true, startBits: bytesTo, endBits: to },
        ];
  return spans.filter(({ startBits, endBits }) => startBits < endBits);
}

/**
 * The sums of a complete struct or union.
 * @throws {TypeError} when it is incomplete
 */
export function layoutSummary(type: RecordType, cachelineSize: number = DEFAULT_CACHELINE): LayoutSummary {
  const { layout } = type.definition;
  if (layout === null) throw new TypeError(`${printType(type)} is incomplete`);
  const { size, align, fields } = layout;
  const spans = spansOf(type);
  // Bit holes on both sides of a hole of whole bytes count as one, as in pahole.
  const bitHoles = spans.filter(
    (span, i) => span.kind === 'hole' && span.isBits && !(spans[i - 1]?.kind === 'hole' && spans[i - 2]?.kind === 'hole'),
  );
  const bits = (kind: Span['kind'], isBits: boolean): number =>
    spans.reduce(
      (sum, span) => (span.kind === kind && span.kind !== 'field' && span.isBits === isBits ? sum + span.endBits - span.startBits : sum),
      0,
    );
  return {
    size,
    align,
    cachelines: Math.ceil(size / cachelineSize),
    lastCacheline: size % cachelineSize,
    members: fields.length,
    memberBytes: fields.reduce((sum, field) => sum + (field.bits === null ? (field.type.size ?? 0) : 0), 0),
    bitFieldBits: fields.reduce((sum, field) => sum + (field.bits?.bitWidth ?? 0), 0),
    holes: spans.filter((span) => span.kind === 'hole' && !span.isBits).length,
    holeBytes: bits('hole', false) / 8,
    bitHoles: bitHoles.length,
    bitHoleBits: bits('hole', true),
    padding: bits('padding', false) / 8,
    bitPadding: bits('padding', true),
  };
}
