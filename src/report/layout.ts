/**
 * Layouts as text: offset, size and declaration of every member, holes between them, padding behind.
 *
 *     struct sample {                    // size 16, align 8
 *       offset  size
 *            0     1  char flag;
 *            1     7  // hole
 *            8     8  double value;
 *     };
 *
 * @module
 */
import { type Field, isRecord, isTransparent, printFieldType, type RecordType } from '../ctype/index.ts';
import { withoutIds } from './json.ts';

interface Line {
  readonly offset: number;
  readonly size: string;
  readonly text: string;
}

/** The layout of a complete struct or union under `name`. */
export function layoutAsText(type: RecordType, name: string): string {
  const { layout } = type.definition;
  if (layout === null) return `${name} is incomplete\n`;
  const lines: Line[] = [];
  members(type, 0, 0, lines);
  const size = layout.isVariable ? `size ${layout.size} + ?` : `size ${layout.size}`;
  const order = layout.order === 'big' ? ', big-endian' : '';
  const body = lines.map((line) => `${String(line.offset).padStart(8)} ${line.size.padStart(6)}  ${line.text}\n`);
  const constants = [...layout.constants].map(([key, value]) => `${' '.repeat(17)}static const ${key} = ${value};\n`);
  return `${name} {  // ${size}, align ${layout.align}${order}\n  offset   size\n${body.join('')}${constants.join('')}};\n`;
}

function members(type: RecordType, base: number, depth: number, lines: Line[]): void {
  const indent = '  '.repeat(depth);
  const { layout } = type.definition;
  let endBits = 0;
  for (const field of layout?.fields ?? []) {
    const startBits = field.bits === null ? field.offset * 8 : field.bits.bitOffset;
    if (type.kind === 'struct') hole(endBits, startBits, base, indent, 'hole', lines);
    endBits = Math.max(endBits, startBits + (field.bits?.bitWidth ?? (field.type.size ?? 0) * 8));
    member(field, base, depth, indent, lines);
  }
  if (type.kind === 'struct' && layout !== null && !layout.isVariable) hole(endBits, layout.size * 8, base, indent, 'padding', lines);
}

function member(field: Field, base: number, depth: number, indent: string, lines: Line[]): void {
  const { type } = field;
  const offset = base + field.offset;
  if (isRecord(type) && type.definition.tag === null) {
    lines.push({ offset, size: String(type.size ?? 0), text: `${indent}${type.kind} {` });
    members(type, offset, depth + 1, lines);
    const name = isTransparent(field) ? '' : ` ${field.name}`;
    lines.push({ offset: offset + (type.size ?? 0), size: '', text: `${indent}}${name};` });
  } else if (field.bits !== null) {
    const { bitOffset, bitWidth } = field.bits;
    const text = `${indent}${withoutIds(printFieldType(field, field.name))} : ${bitWidth};  // bit ${bitOffset - Math.floor(bitOffset / 8) * 8}`;
    lines.push({ offset, size: `:${bitWidth}`, text });
  } else {
    lines.push({ offset, size: String(type.size ?? 0), text: `${indent}${withoutIds(printFieldType(field, field.name))};` });
  }
}

function hole(fromBits: number, toBits: number, base: number, indent: string, what: string, lines: Line[]): void {
  const bits = toBits - fromBits;
  if (bits <= 0) return;
  const size = bits % 8 === 0 && fromBits % 8 === 0 ? String(bits / 8) : `:${bits}`;
  lines.push({ offset: base + Math.floor(fromBits / 8), size, text: `${indent}// ${what}` });
}
