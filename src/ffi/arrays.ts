/**
 * Arrays as the ffi tells them apart: those that are no vectors, and those whose length each object has for itself, `T[?]`.
 * @module
 */
import { type ArrayType, type CType, isRecord, isVector, type RecordType } from '../ctype/index.ts';

/** Largest object that `ffi.new` makes; LuaJIT's limit. */
export const MAX_OBJECT = 2 ** 31 - 1;

/** Whether a type is an array and no vector. */
export function isPlainArray(type: CType): type is ArrayType {
  return type.kind === 'array' && !isVector(type);
}

/** Whether objects of a type have lengths of their own. */
export function isVariable(type: CType): boolean {
  return (type.kind === 'array' && type.length === '?') || (isRecord(type) && type.definition.layout?.isVariable === true);
}

/** Bytes of a variable-length array or struct with `length` elements; null where there is no such size. */
export function sizeOfVariable(type: CType, length: number): number | null {
  if (length < 0) return null;
  if (type.kind === 'array') return limited(length * (type.element.size as number));
  const layout = (type as RecordType).definition.layout;
  const last = layout?.fields.at(-1);
  if (layout === undefined || layout === null || last?.type.kind !== 'array') return null;
  return limited(last.offset + length * (last.type.element.size as number));
}

function limited(size: number): number | null {
  return size <= MAX_OBJECT ? size : null;
}
