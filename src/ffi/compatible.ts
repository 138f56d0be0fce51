/**
 * LuaJIT's rule for which pointers convert to which without a cast.
 * @module
 */
import { type CType, isRecord } from '../ctype/index.ts';
import { isNumber } from './numbers.ts';

function hasQualifiers(to: CType, from: CType): boolean {
  return (to.isConst || !from.isConst) && (to.isVolatile || !from.isVolatile);
}

/** Whether a pointer to `from` may become a pointer to `to`: qualifiers only grow, `void` matches all. */
export function isPointerCompatible(to: CType, from: CType): boolean {
  if (!hasQualifiers(qualified(to), qualified(from))) return false;
  return to.kind === 'void' || from.kind === 'void' || isTargetCompatible(to, from);
}

/** The same without regard to the outermost qualifiers and without `void`: for comparisons and differences. */
export function isTargetCompatible(to: CType, from: CType): boolean {
  if (isRecord(to)) return isRecord(from) && to.definition === from.definition;
  // LuaJIT compares no signatures; that the numbers of parameters must agree is an accident of its size field.
  if (to.kind === 'function') return from.kind === 'function' && to.parameters.length === from.parameters.length;
  if (to.kind === 'pointer') return from.kind === 'pointer' && isSame(to.target, from.target);
  // To LuaJIT, a complex number is an array, and the size is all that it knows of a length.
  const [part, other] = [elementOf(to), elementOf(from)];
  if (part !== null) return other !== null && to.size === from.size && isSame(part, other);
  if (isNumber(to) && isNumber(from)) {
    const isFloat = (type: CType): boolean => type.kind === 'float';
    return (
      to.size === from.size &&
      (to.kind === 'bool') === (from.kind === 'bool') &&
      isFloat(to) === isFloat(from) &&
      orderOf(to) === orderOf(from)
    );
  }
  return to.kind === from.kind;
}

// Inside, qualifiers must be the same, and `void` is a type like others.
function isSame(to: CType, from: CType): boolean {
  const [a, b] = [qualified(to), qualified(from)];
  return a.isConst === b.isConst && a.isVolatile === b.isVolatile && isTargetCompatible(to, from);
}

/** What arrays have as elements, and complex numbers, which are arrays to LuaJIT; null for all else. */
export function elementOf(type: CType): CType | null {
  if (type.kind === 'array') return type.element;
  return type.kind === 'complex' ? type.part : null;
}

function orderOf(type: CType): string {
  return 'order' in type && type.size !== 1 ? type.order : 'little';
}

// The qualifiers of an array are its elements'.
function qualified(type: CType): CType {
  let element = type;
  while (element.kind === 'array') element = element.element;
  return element;
}
