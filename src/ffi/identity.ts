/**
 * When two types are one to LuaJIT: `char` is the `signed char` or `unsigned char` that it is as wide and signed as, also
 * behind pointers and in arrays. To C they are three types.
 * @module
 */
import type { CType, CTypes } from '../ctype/index.ts';

// A pure function's memory: types are interned.
const CANONICAL: WeakMap<CType, CType> = new WeakMap();

function canonical(types: CTypes, type: CType): CType {
  let known = CANONICAL.get(type);
  if (known === undefined) {
    known = withChar(types, type);
    CANONICAL.set(type, known);
  }
  return known;
}

function withChar(types: CTypes, type: CType): CType {
  switch (type.kind) {
    case 'integer': {
      const isChar = type.size === 1 && type.isSigned === types.abi.charIsSigned && !type.hasUserAlign;
      return isChar ? types.withQualifiers(types.base('char'), type) : type;
    }
    case 'pointer':
    case 'reference': {
      const target = canonical(types, type.target);
      if (target === type.target) return type;
      return type.kind === 'reference' ? types.reference(target) : types.qualify(types.pointer(target), type);
    }
    case 'array': {
      const element = canonical(types, type.element);
      return element === type.element || type.isVector === true ? type : types.array(element, type.length);
    }
    default:
      return type;
  }
}

/** Whether `ffi.typeof` answers the same for both. */
export function isSameType(types: CTypes, a: CType, b: CType): boolean {
  return a === b || canonical(types, a) === canonical(types, b);
}

/** The number that a ctype object is in arithmetic: one for each type that LuaJIT tells apart. */
export function numberOfType(types: CTypes, type: CType): number {
  return types.idOf(canonical(types, type));
}
