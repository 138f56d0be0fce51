// restructure 3.0 has no types of its own; what is used of it.
declare module 'restructure' {
  // biome-ignore lint/suspicious/noExplicitAny: the struct so far that a field is in, a union of structs
  type Unchecked = any;
  /** Bytes being decoded. */
  export class DecodeStream {
    constructor(buffer: Uint8Array);
    readonly buffer: Uint8Array;
    readonly length: number;
    pos: number;
    /** Bytes that the numbers take which `readUInt16BE` and the like read, by the names in between. */
    static readonly TYPES: Readonly<Record<string, number>>;
    readUInt8(): number;
    readBuffer(length: number): Uint8Array;
  }
  /** Bytes being encoded. */
  export class EncodeStream {
    constructor(buffer: Uint8Array);
    pos: number;
    writeBuffer(bytes: Uint8Array): void;
    writeUInt8(value: number): void;
  }
  /** What every restructure type is. */
  export interface Type<T> {
    decode(stream: DecodeStream, parent?: unknown): T;
    encode(stream: EncodeStream, value: T, parent?: unknown): void;
    size(value?: T | null, parent?: unknown): number;
  }
  abstract class Base<T> implements Type<T> {
    decode(stream: DecodeStream, parent?: unknown): T;
    encode(stream: EncodeStream, value: T, parent?: unknown): void;
    size(value?: T | null, parent?: unknown): number;
    fromBuffer(bytes: Uint8Array): T;
    toBuffer(value: T): Uint8Array;
  }
  /** A number, the type of a number in the bytes, the name of a field before, or a function of the struct so far. */
  export type Length = number | string | Type<number> | ((parent: Unchecked) => number);
  class Numeric extends Base<number> {
    constructor(type: string, endian?: 'BE' | 'LE');
    readonly type: string;
    readonly endian: 'BE' | 'LE';
  }
  export class Fixed extends Numeric {
    constructor(size: number, endian: 'BE' | 'LE', fracBits?: number);
  }
  export const uint8: Numeric,
    uint16be: Numeric,
    uint16le: Numeric,
    uint24be: Numeric,
    uint24le: Numeric,
    uint32be: Numeric,
    uint32le: Numeric;
  export const int8: Numeric, int16be: Numeric, int16le: Numeric, int24be: Numeric, int24le: Numeric, int32be: Numeric, int32le: Numeric;
  export const uint16: Numeric, uint24: Numeric, uint32: Numeric, int16: Numeric, int24: Numeric, int32: Numeric;
  export const floatbe: Numeric, floatle: Numeric, doublebe: Numeric, doublele: Numeric, fixed16: Numeric, fixed32le: Numeric;
  class BooleanType extends Base<boolean> {
    constructor(type: Type<number>);
    readonly type: Type<number>;
  }
  export class Bitfield extends Base<Record<string, boolean>> {
    constructor(type: Type<number>, flags?: readonly (string | null)[]);
    readonly type: Type<number>;
    readonly flags: readonly (string | null)[];
  }
  export class Enum extends Base<string | number> {
    constructor(type: Type<number>, options?: readonly (string | null)[]);
    readonly type: Type<number>;
    readonly options: readonly (string | null)[];
  }
  export class Reserved extends Base<undefined> {
    constructor(type: Type<unknown>, count?: Length);
    readonly type: Type<unknown>;
    readonly count: Length;
  }
  export class Buffer extends Base<Uint8Array> {
    constructor(length: Length);
    readonly length: Length;
  }
  class StringType extends Base<string> {
    constructor(length?: Length | null, encoding?: string | ((parent: Unchecked) => string));
    readonly length: Length | null | undefined;
  }
  export class Optional<T> extends Base<T | undefined> {
    constructor(type: Type<T>, condition: boolean | ((parent: never) => boolean));
    readonly type: Type<T>;
  }
  export class Pointer<T> extends Base<T | null> {
    constructor(offsetType: Type<number>, type: Type<T>, options?: { readonly type?: string; readonly lazy?: boolean });
    readonly type: Type<T> | null;
  }
  export class Struct<T extends object> extends Base<T> {
    constructor(fields: { readonly [K in keyof T]: Type<T[K]> | ((parent: Unchecked) => T[K]) });
    readonly fields: Readonly<Record<string, Type<unknown> | ((parent: unknown) => unknown)>>;
    protected _setup(stream: DecodeStream, parent: unknown, length: number): object;
  }
  /** A union of structs, by version. */
  export class VersionedStruct extends Struct<Unchecked> {
    constructor(type: string | Type<number>, versions: Readonly<Record<string, unknown>>);
    readonly versions: Readonly<Record<string, unknown>>;
  }
  class ArrayType<T> extends Base<T[]> {
    constructor(type: Type<T>, length?: Length | null, lengthType?: 'count' | 'bytes');
    readonly type: Type<T>;
    readonly length: Length | null | undefined;
    readonly lengthType: 'count' | 'bytes';
  }
  export class LazyArray<T> extends ArrayType<T> {}
  export { ArrayType as Array, BooleanType as Boolean, Numeric as Number, StringType as String };
}
