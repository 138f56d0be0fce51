/**
 * Types in C notation, for messages, dumps and `typeof(...).toString()`.
 * @module
 */
import { unreachable } from '../util/assert.ts';
import type { CType, Field, FunctionType, Qualifiers } from './types.ts';

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

/** How a notation writes what differs between notations: the innermost type, and a function's parameters. */
export interface Notation {
  leaf(type: LeafType): string;
  parameters(type: FunctionType): string;
}

type LeafType = Exclude<CType, { kind: 'pointer' | 'reference' | 'array' | 'function' }>;

const C_NOTATION: Notation = {
  leaf: leafName,
  parameters: (type) => {
    const parameters = type.parameters.map((parameter) => printType(parameter.type, parameter.name ?? ''));
    if (type.variadic) parameters.push('...');
    return parameters.join(', ') || 'void';
  },
};

/**
 * `type` in C notation, around `declarator` where one is given: `printType(t, 'x')` is a declaration of `x`.
 */
export function printType(type: CType, declarator = ''): string {
  return printIn(C_NOTATION, type, declarator, null);
}

/** A field's type, or its declaration where `declarator` is its name; with the typedef name it was declared with. */
export function printFieldType({ type, typedef }: Field, declarator = ''): string {
  return printIn(C_NOTATION, type, declarator, typedef);
}

/** `type` in a notation of its own; `typedef` takes the place of what it names. */
export function printIn(notation: Notation, type: CType, declarator = '', typedef: Field['typedef'] = null): string {
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
        const isBehind = target.kind === 'function' || (target.kind === 'array' && target.isVector !== true);
        if (isBehind) inner = `(${inner})`;
        current = target;
        continue;
      }
      case 'array':
        if (current.isVector === true) inner = `__attribute__((vector_size(${current.size})))${inner === '' ? '' : ` ${inner}`}`;
        else inner += `[${current.length ?? ''}]`;
        current = current.element;
        continue;
      case 'function':
        inner += `(${notation.parameters(current)})`;
        current = current.result;
        continue;
    }
    return `${qualifiersOf(current)}${notation.leaf(current)}${inner === '' ? '' : ` ${inner}`}`;
  }
}

function leafName(type: LeafType): string {
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
