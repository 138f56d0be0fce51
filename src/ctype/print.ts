/**
 * Types in C notation, for messages, dumps and `typeof(...).toString()`.
 * @module
 */
import { unreachable } from '../util/assert.ts';
import type { CType, Field, Qualifiers } from './types.ts';

function qualifiersOf({ isConst, isVolatile }: Qualifiers): string {
  return `${isConst ? 'const ' : ''}${isVolatile ? 'volatile ' : ''}`;
}

// Tables from a plain integer's size to the <stdint.h> style names of big-endian types.
function orderedName(type: CType & { order: 'little' | 'big' }, name: string): string {
  if (type.order === 'little' || type.size === 1) return name;
  if (type.kind === 'integer' && (type.size === 2 || type.size === 4 || type.size === 8)) {
    return `${type.isSigned ? 's' : ''}be${type.size * 8}_t`;
  }
  return `${name} __attribute__((scalar_storage_order("big-endian")))`;
}

/** The name of a struct, union or enum: `struct foo`, or `struct <7>` where it has no tag. */
function tagged(keyword: string, tag: string | null, id: number): string {
  return `${keyword} ${tag ?? `<${id}>`}`;
}

/**
 * `type` in C notation, around `declarator` where one is given: `printType(t, 'x')` is a declaration of `x`.
 */
export function printType(type: CType, declarator = ''): string {
  return print(type, declarator, null);
}

/** A field's type, or its declaration where `declarator` is its name; with the typedef name it was declared with. */
export function printFieldType({ type, typedef }: Field, declarator = ''): string {
  return print(type, declarator, typedef);
}

function print(type: CType, declarator: string, typedef: Field['typedef']): string {
  let inner = declarator;
  let current = type;
  let level = 0;
  // From the outermost derivation inwards; arrays and functions bind tighter than pointers and need parentheses.
  while (true) {
    if (typedef !== null && level++ === typedef.levels) return `${qualifiersOf(current)}${typedef.name}${inner === '' ? '' : ` ${inner}`}`;
    switch (current.kind) {
      case 'pointer':
      case 'reference': {
        const { target } = current;
        inner = `${current.kind === 'pointer' ? '*' : '&'}${qualifiersOf(current)}${inner}`.trimEnd();
        if (target.kind === 'array' || target.kind === 'function') inner = `(${inner})`;
        current = target;
        continue;
      }
      case 'array':
        inner += `[${current.length ?? ''}]`;
        current = current.element;
        continue;
      case 'function': {
        const parameters = current.parameters.map((parameter) => print(parameter.type, parameter.name ?? '', null));
        if (current.variadic) parameters.push('...');
        inner += `(${parameters.join(', ') || 'void'})`;
        current = current.result;
        continue;
      }
    }
    return `${qualifiersOf(current)}${leafName(current)}${inner === '' ? '' : ` ${inner}`}`;
  }
}

function leafName(type: Exclude<CType, { kind: 'pointer' | 'reference' | 'array' | 'function' }>): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'bool':
      return orderedName(type, 'bool');
    case 'integer':
    case 'float':
      return orderedName(type, type.name);
    case 'complex':
      return type.name;
    case 'enum':
      return tagged('enum', type.definition.tag, type.definition.id);
    case 'struct':
    case 'union':
      return tagged(type.kind, type.definition.tag, type.definition.id);
    default:
      return unreachable(type);
  }
}
