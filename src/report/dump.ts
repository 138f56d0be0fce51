/**
 * Annotated hex dumps: the bytes of a value, a line per member, with names, types and values.
 *
 *     00000000  01                       op      uint8_t   1
 *     00000004  2a 00 00 00              xid     uint32_t  42
 *     0000001c  02 00 00 00 01 23 00 00  chaddr  char[16]
 *     00000024  00 00 00 00 00 00 00 00
 *
 * @module
 */
import { type ArrayType, type CType, type Field, fieldsOf, isRecord, printFieldType, printType } from '../ctype/index.ts';
import { bitFieldBytes, bitFieldOf, type Raw, scalarOf } from '../view/index.ts';
import { withoutIds } from './json.ts';

/** How many bytes stand on a line. */
const WIDTH = 8;

interface Row {
  readonly offset: number;
  readonly size: number;
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/**
 * The dump of the value of `type` at `offset` of `bytes`.
 * @throws {RangeError} when the bytes are not all there
 */
export function dump(type: CType, bytes: Uint8Array, offset = 0): string {
  const size = type.size ?? (isRecord(type) ? (type.definition.layout?.size ?? 0) : 0);
  if (offset < 0 || offset + size > bytes.length) {
    throw new RangeError(`${printType(type)}: needs ${size} bytes at offset ${offset}, have ${Math.max(0, bytes.length - offset)}`);
  }
  const rows: Row[] = [];
  value(type, withoutIds(printType(type)), '', bytes, offset, rows);
  const nameWidth = Math.max(0, ...rows.map((row) => row.name.length));
  const typeWidth = Math.max(0, ...rows.map((row) => row.type.length));
  return rows.map((row) => lines(row, bytes, nameWidth, typeWidth)).join('');
}

// A line that repeats the one above is a star, as in hexdump.
function lines(row: Row, bytes: Uint8Array, nameWidth: number, typeWidth: number): string {
  const text: string[] = [];
  let last: string | null = null;
  for (let at = 0; at === 0 || at < row.size; at += WIDTH) {
    const part = bytes.subarray(row.offset + at, row.offset + Math.min(row.size, at + WIDTH));
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const note = at === 0 ? `  ${row.name.padEnd(nameWidth)}  ${row.type.padEnd(typeWidth)}  ${row.value}` : '';
    if (hex !== last) text.push(`${(row.offset + at).toString(16).padStart(8, '0')}  ${hex.padEnd(WIDTH * 3 - 1)}${note}`.trimEnd());
    else if (text.at(-1) !== '*') text.push('*');
    last = hex;
  }
  return `${text.join('\n')}\n`;
}

function value(type: CType, shown: string, name: string, bytes: Uint8Array, offset: number, rows: Row[]): void {
  if (isRecord(type)) {
    for (const field of fieldsOf(type).values()) member(field, name === '' ? field.name : `${name}.${field.name}`, bytes, offset, rows);
  } else if (type.kind === 'array' && !isText(type)) {
    elements(type, shown, name, bytes, offset, rows);
  } else {
    const size = type.size ?? 0;
    rows.push({
      offset,
      size,
      name,
      type: shown,
      value: type.kind === 'array' ? text(bytes.subarray(offset, offset + size)) : scalar(type, bytes, offset),
    });
  }
}

function member(field: Field, name: string, bytes: Uint8Array, base: number, rows: Row[]): void {
  const shown = withoutIds(printFieldType(field));
  if (field.bits === null) {
    value(openEnd(field.type, bytes.length - base - field.offset), shown, name, bytes, base + field.offset, rows);
    return;
  }
  const { first, count } = bitFieldBytes(field.bits);
  const raw = bitFieldOf(field.type, field.bits).read(bytes, base);
  rows.push({ offset: base + first, size: count, name, type: `${shown} : ${field.bits.bitWidth}`, value: shownRaw(field.type, raw) });
}

// `T a[]` takes what is left.
function openEnd(type: CType, left: number): CType {
  if (type.kind !== 'array' || typeof type.length === 'number') return type;
  const size = type.element.size ?? 0;
  const length = size === 0 ? 0 : Math.max(0, Math.floor(left / size));
  return { ...type, length, size: length * size };
}

function isText(type: ArrayType): boolean {
  return type.element.kind === 'integer' && type.element.size === 1;
}

function elements(type: ArrayType, shown: string, name: string, bytes: Uint8Array, offset: number, rows: Row[]): void {
  const stride = type.element.size ?? 0;
  const element = shown.replace(/ ?\[[^\]]*\]/, '');
  // Any number of elements without bytes is nothing to show.
  if (stride === 0) rows.push({ offset, size: 0, name, type: shown, value: '' });
  else for (let i = 0; i < Number(type.length); i++) value(type.element, element, `${name}[${i}]`, bytes, offset + i * stride, rows);
}

function scalar(type: CType, bytes: Uint8Array, offset: number): string {
  const reader = scalarOf(type);
  return reader === null ? '' : shownRaw(type, reader.read(bytes, offset));
}

function shownRaw(type: CType, raw: Raw): string {
  if (type.kind === 'pointer' || type.kind === 'reference') return raw === 0 ? 'NULL' : `0x${raw.toString(16)}`;
  if (type.kind !== 'enum') return String(raw);
  const named = [...(type.definition.layout?.constants ?? [])].find(([, constant]) => constant === raw);
  return named === undefined ? String(raw) : `${raw} (${named[0]})`;
}

// Printable characters, dots for others; nothing for what is no text at all.
function text(bytes: Uint8Array): string {
  const used = bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
  const isText = used.length > 0 && used.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? JSON.stringify(String.fromCharCode(...used.subarray(0, 200))) : '';
}
