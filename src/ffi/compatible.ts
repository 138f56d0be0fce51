/**
 * LuaJIT's rule for which pointers convert to which without a cast.
 * @module
 */
import { type CType, isRecord } from '../ctype/index.ts';

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
  if (to.kind === 'array' && from.kind === 'array') return to.length === from.length && isTargetCompatible(to.element, from.element);
  if (to.kind === 'pointer' && from.kind === 'pointer') {
    const [a, b] = [to.target, from.target];
    return a.isConst === b.isConst && a.isVolatile === b.isVolatile && (a.kind === b.kind || isNumber(a)) && isTargetCompatible(a, b);
  }
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

function isNumber(type: CType): boolean {
  return type.kind === 'integer' || type.kind === 'bool' || type.kind === 'enum' || type.kind === 'float';
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
