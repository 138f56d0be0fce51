/**
 * Types as LuaJIT prints them, which is C with fewer names: `int64_t` for every 8-byte integer, `()` for parameters.
 * @module
 */
import type { Region } from '../memory/index.ts';
import { type CType, type CTypes, isRecord, type Notation, printIn } from '../ctype/index.ts';

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

const NOTATION: Notation = { leaf, parameters: () => '' };

/** The type of a value as messages show it: numbers, pointers and arrays with their qualifiers, all else without. */
export function reprOfValue(types: CTypes, type: CType): string {
  return repr(isRecord(type) || type.kind === 'complex' || type.kind === 'enum' ? types.unqualified(type) : type);
}

/**
 * `Region.check` for a value of `type`, which is written out only where the value is not all there: that takes longer than all the rest.
 * @throws {MemoryAccessError} as `Region.check`
 */
export function checkValue(region: Region, offset: number, size: number, type: CType): void {
  if (!(offset >= 0 && offset + size <= region.bytes.length)) region.check(offset, size, repr(type));
}

// LuaJIT writes from the middle of a buffer to both sides.
const ROOM = 256;
const MIDDLE = '\0';

/** `type` in LuaJIT's notation; what would be too long is `?` there. */
export function repr(type: CType): string {
  const text = printIn(NOTATION, type);
  if (text.length <= ROOM) return text;
  const [before, behind] = printIn(NOTATION, type, MIDDLE).split(MIDDLE) as [string, string];
  return before.length > ROOM || behind.length > ROOM ? '?' : text;
}
