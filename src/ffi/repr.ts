/**
 * Types as LuaJIT prints them, which is C with fewer names: `int64_t` for every 8-byte integer, `()` for parameters.
 * @module
 */
import type { CType, Qualifiers } from '../ctype/index.ts';

function qualifiers({ isConst, isVolatile }: Qualifiers): string {
  return `${isConst ? 'const ' : ''}${isVolatile ? 'volatile ' : ''}`;
}

function leaf(type: CType): string {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'integer': {
      if (type.size === 8) return type.isSigned ? 'int64_t' : 'uint64_t';
      if (type.size === 16) return type.isSigned ? 'int128_t' : 'uint128_t';
      const name = type.size === 1 ? 'char' : type.size === 2 ? 'short' : 'int';
      return type.isSigned ? name : `unsigned ${name}`;
    }
    case 'float':
      return type.name;
    case 'complex':
      return type.part.size === 4 ? 'complex float' : 'complex';
    case 'enum':
    case 'struct':
    case 'union':
      return `${type.kind} ${type.definition.tag ?? type.definition.id}`;
    default:
      return 'void';
  }
}

/** `type` in LuaJIT's notation (ffi-semantics of LuaJIT, `lj_ctype_repr`). */
export function repr(type: CType): string {
  let inner = '';
  let current = type;
  while (true) {
    switch (current.kind) {
      case 'pointer':
      case 'reference': {
        const { target } = current;
        inner = `${current.kind === 'pointer' ? '*' : '&'}${qualifiers(current)}${inner}`.trimEnd();
        if (target.kind === 'array' || target.kind === 'function') inner = `(${inner})`;
        current = target;
        continue;
      }
      case 'array':
        inner += `[${current.length ?? ''}]`;
        current = current.element;
        continue;
      case 'function':
        inner += '()';
        current = current.result;
        continue;
    }
    const text = `${qualifiers(current)}${leaf(current)}${inner === '' ? '' : ` ${inner}`}`;
    return text.length > 512 ? '?' : text;
  }
}
