/**
 * C types: interned, laid out, looked up by name, printed in C notation.
 * @module
 */
export { type Abi, ABIS, type AbiName, DEFAULT_ABI } from './abi.ts';
export { build, type Builder } from './build.ts';
export { layOut } from './layout.ts';
export {
  constantsOf,
  fieldsOf,
  noField,
  follow,
  isReadOnly,
  isRecord,
  isTransparent,
  isVector,
  type PathStep,
  type PathTarget,
  stepsOf,
} from './lookup.ts';
export type { Namespace, TypeParameter } from './namespace.ts';
export {
  bigEndianName,
  type DeclarationNode,
  type EnumNode,
  type FunctionNode,
  isTypeNode,
  type MemberNode,
  type RecordNode,
  strip,
  type Stripped,
  type TypedefNode,
  type TypeNode,
} from './nodes.ts';
export { leastAlign, type Placement, type RecordOptions } from './placer.ts';
export { type Notation, printFieldType, printIn, printType } from './print.ts';
export { type Named, Scope, type TaggedType } from './scope.ts';
export type { CTypes } from './table.ts';
export {
  type ArrayType,
  type BitField,
  type ByteOrder,
  type CType,
  type ComplexType,
  type EnumType,
  type Field,
  type FloatType,
  type FunctionType,
  innermostElement,
  type IntegerType,
  type PointerType,
  type RecordDefinition,
  type RecordType,
  type ReferenceType,
} from './types.ts';
