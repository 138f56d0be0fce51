/**
 * Attributes that make another type of a declared one: gcc's machine modes and vectors.
 * @module
 */
import type { BaseType, Range } from '../cparser/index.ts';
import type { LayoutAttributes } from './attributes.ts';
import { printType } from './print.ts';
import type { CTypes } from './table.ts';
import type { CType } from './types.ts';

interface Failing {
  fail(at: Range, reason: string): never;
}

/** What `mode` and `vector_size` make of a declared type. */
export function attributed(type: CType, { mode, vectorSize }: LayoutAttributes, at: Range, context: Failing, types: CTypes): CType {
  const result = mode === null ? type : inMode(type, mode, at, context, types);
  return vectorSize === null ? result : inVector(result, vectorSize, at, context, types);
}

// As in gcc, the vector is what a pointer points to, an array consists of, a function returns.
function inVector(type: CType, vectorSize: number, at: Range, context: Failing, types: CTypes): CType {
  if (type.kind === 'pointer') return types.qualify(types.pointer(inVector(type.target, vectorSize, at, context, types)), type);
  if (type.kind === 'array' && type.isVector !== true)
    return types.array(inVector(type.element, vectorSize, at, context, types), type.length);
  if (type.kind === 'function')
    return types.function(inVector(type.result, vectorSize, at, context, types), type.parameters, type.variadic);
  const { size } = type;
  if ((type.kind !== 'integer' && type.kind !== 'float') || size === null || vectorSize % size !== 0) {
    context.fail(at, `vector of '${printType(type)}' in ${vectorSize} bytes`);
  }
  return types.vector(type, vectorSize / size);
}

// Bytes of the integer modes that are the same everywhere.
const INTEGER_MODES: Readonly<Record<string, number>> = { QI: 1, byte: 1, HI: 2, SI: 4, DI: 8, TI: 16 };
const FLOAT_MODES: Readonly<Record<string, BaseType>> = { HF: '_Float16', SF: 'float', DF: 'double', XF: 'long double', TF: '_Float128' };

const COMPLEX_MODES: Readonly<Record<string, string>> = { HC: 'HF', SC: 'SF', DC: 'DF', XC: 'XF', TC: 'TF' };

/** An arithmetic type in a machine mode: of another size, of the same signedness. */
export function inMode(type: CType, mode: string, at: Range, context: Failing, types: CTypes): CType {
  const { pointerSize, wordType } = types.abi;
  const name = mode.replace(/^__(.*)__$/, '$1');
  const [, lanes, laneMode] = /^V(2|4|8|16|32|64)([A-Z]+)$/.exec(name) ?? [];
  // gcc ("Vector Extensions"): `V4SI` is a vector of four.
  if (lanes !== undefined && laneMode !== undefined) {
    const lane = inMode(type, laneMode, at, context, types);
    return inVector(lane, Number(lanes) * (lane.size as number), at, context, types);
  }
  const float = FLOAT_MODES[type.kind === 'complex' ? (COMPLEX_MODES[name] ?? '') : name];
  if ((type.kind === 'float' || type.kind === 'complex') && float !== undefined) {
    const base = (type.kind === 'float' ? float : `${float} _Complex`) as BaseType;
    if (types.abi.missing.includes(base)) context.fail(at, `'${base}' is not supported for ${types.abi.name}`);
    return types.withQualifiers(types.base(base), type);
  }
  const word = name === 'word' ? types.base(wordType).size : name === 'pointer' || name === 'unwind_word' ? pointerSize : null;
  const size = word ?? INTEGER_MODES[name];
  if ((type.kind !== 'integer' && type.kind !== 'enum') || size === undefined)
    context.fail(at, `mode '${name}' of '${printType(type)}' is not supported`);
  if (size === 16 && types.abi.missing.includes('__int128')) context.fail(at, `'__int128' is not supported for ${types.abi.name}`);
  const isSigned = type.kind === 'integer' ? type.isSigned : type.definition.layout?.isSigned === true;
  return types.withQualifiers(types.integerOfSize(size, isSigned), type);
}
