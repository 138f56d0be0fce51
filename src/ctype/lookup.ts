/**
 * Questions about fields: by name, through transparent members; by path.
 * @module
 */
import { didYouMean } from '../util/text.ts';
import type { ArrayType, CType, Field, RecordLayout, RecordType } from './types.ts';

export function isRecord(type: CType): type is RecordType {
  return type.kind === 'struct' || type.kind === 'union';
}

/** Whether an array is a vector of gcc's, which is a value of its own. */
export function isVector(type: CType): type is ArrayType & { readonly isVector: true } {
  return type.kind === 'array' && type.isVector === true;
}

/** Whether a field is an unnamed struct or union, whose members are its parent's. */
export function isTransparent(field: Field): boolean {
  return field.name === '';
}

// A pure function's memory; a layout never changes.
const FIELDS: WeakMap<RecordLayout, ReadonlyMap<string, Field>> = new WeakMap();

/**
 * All fields of a complete struct by name, those of transparent members included, with offsets from its start.
 * Computed once per body.
 */
export function fieldsOf(type: RecordType): ReadonlyMap<string, Field> {
  const { layout } = type.definition;
  if (layout === null) return new Map();
  let fields = FIELDS.get(layout);
  if (fields === undefined) {
    const found = new Map<string, Field>();
    collect(type, 0, false, found);
    fields = found;
    FIELDS.set(layout, fields);
  }
  return fields;
}

function collect(type: RecordType, base: number, isInConst: boolean, found: Map<string, Field>): void {
  for (const field of type.definition.layout?.fields ?? []) {
    const isInside = isInConst || field.type.isConst;
    if (isTransparent(field) && isRecord(field.type)) collect(field.type, base + field.offset, isInside, found);
    else if (!found.has(field.name)) found.set(field.name, isInConst ? { ...moved(field, base), isInConst } : moved(field, base));
  }
}

/**
 * Whether a value of the type cannot be assigned to: a const one, or a struct with a const member at any depth (C11 6.3.2.1p1),
 * or with a reference (C++).
 */
export function isReadOnly(type: CType): boolean {
  if (type.isConst) return true;
  if (type.kind === 'array') return isReadOnly(type.element);
  return (
    isRecord(type) && type.definition.layout?.fields.some((field) => field.type.kind === 'reference' || isReadOnly(field.type)) === true
  );
}

function moved(field: Field, base: number): Field {
  if (base === 0) return field;
  const bits = field.bits === null ? null : { ...field.bits, bitOffset: field.bits.bitOffset + base * 8 };
  return { ...field, offset: field.offset + base, bits };
}

/** The constants of a struct and of its transparent members, which are in its scope too. */
export function constantsOf(type: RecordType): ReadonlyMap<string, number | bigint> {
  const { layout } = type.definition;
  if (layout === null) return new Map();
  const constants = new Map(layout.constants);
  for (const field of layout.fields) {
    if (!isTransparent(field) || !isRecord(field.type)) continue;
    for (const [name, value] of constantsOf(field.type)) if (!constants.has(name)) constants.set(name, value);
  }
  return constants;
}

/** A place within a type: the field or element at the end of a path, and its byte offset from the start. */
export interface PathTarget {
  readonly type: CType;
  readonly offset: number;
  readonly bits: Field['bits'];
}

/** A step of a path: a member's name or an array index. */
export type PathStep = string | number;

/** The steps of a path such as `addr.yiaddr[3]`, none of an empty one; null where the text is no path. */
export function stepsOf(path: string): PathStep[] | null {
  if (!/^(?:(?:[^.[\]]+|\[\d+\])(?:\.[^.[\]]+|\[\d+\])*)?$/.test(path)) return null;
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

/**
 * Follows `path` from `type`; where it leads nowhere, the answer is the reason as text.
 */
export function follow(type: CType, path: readonly PathStep[]): PathTarget | string {
  let current: PathTarget = { type, offset: 0, bits: null };
  for (const step of path) {
    const next = typeof step === 'number' ? elementAt(current.type, step) : memberNamed(current.type, step);
    if (typeof next === 'string') return next;
    const bits = next.bits === null ? null : { ...next.bits, bitOffset: next.bits.bitOffset + current.offset * 8 };
    current = { type: next.type, offset: current.offset + next.offset, bits };
  }
  return current;
}

function elementAt(type: CType, index: number): PathTarget | string {
  if (type.kind !== 'array') return `index [${index}] into something that is no array`;
  return { type: (type as ArrayType).element, offset: index * (type.element.size ?? 0), bits: null };
}

/** What messages say of a name that is no field of a struct. */
export function noField(type: RecordType, name: string): string {
  return `has no field named '${name}'${didYouMean(name, fieldsOf(type).keys())}`;
}

function memberNamed(type: CType, name: string): PathTarget | string {
  const fields = isRecord(type) ? fieldsOf(type) : new Map<string, Field>();
  return fields.get(name) ?? `no member named '${name}'${didYouMean(name, fields.keys())}`;
}
