// restructure 3.0 has no types of its own; what is used of it.
declare module 'restructure' {
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
  // biome-ignore lint/suspicious/noExplicitAny: the struct that the field is in
  export type Length = number | string | Type<number> | ((parent: any) => number);
  // biome-ignore lint/suspicious/noShadowRestrictedNames: restructure's name
  export class Number extends Base<number> {
    constructor(type: string, endian?: 'BE' | 'LE');
    readonly type: string;
    readonly endian: 'BE' | 'LE';
  }
  export class Fixed extends Number {
    constructor(size: number, endian: 'BE' | 'LE', fracBits?: number);
  }
  export const uint8: Number, uint16be: Number, uint16le: Number, uint24be: Number, uint24le: Number, uint32be: Number, uint32le: Number;
  export const int8: Number, int16be: Number, int16le: Number, int24be: Number, int24le: Number, int32be: Number, int32le: Number;
  export const uint16: Number, uint24: Number, uint32: Number, int16: Number, int24: Number, int32: Number;
  export const floatbe: Number, floatle: Number, doublebe: Number, doublele: Number, fixed16: Number, fixed32le: Number;
  // biome-ignore lint/suspicious/noShadowRestrictedNames: restructure's name
  export class Boolean extends Base<boolean> {
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
  // biome-ignore lint/suspicious/noShadowRestrictedNames: restructure's name
  export class String extends Base<string> {
    // biome-ignore lint/suspicious/noExplicitAny: the struct that the field is in
    constructor(length?: Length | null, encoding?: string | ((parent: any) => string));
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
    // biome-ignore lint/suspicious/noExplicitAny: the struct so far
    constructor(fields: { readonly [K in keyof T]: Type<T[K]> | ((parent: any) => T[K]) });
    readonly fields: Readonly<Record<string, Type<unknown> | ((parent: unknown) => unknown)>>;
    protected _setup(stream: DecodeStream, parent: unknown, length: number): object;
  }
  // biome-ignore lint/suspicious/noExplicitAny: a union of structs, by version
  export class VersionedStruct extends Struct<any> {
    constructor(type: string | Type<number>, versions: Readonly<Record<string, unknown>>);
    readonly versions: Readonly<Record<string, unknown>>;
  }
  // biome-ignore lint/suspicious/noShadowRestrictedNames: restructure's name
  export class Array<T> extends Base<T[]> {
    constructor(type: Type<T>, length?: Length | null, lengthType?: 'count' | 'bytes');
    readonly type: Type<T>;
    readonly length: Length | null | undefined;
    readonly lengthType: 'count' | 'bytes';
  }
  export class LazyArray<T> extends Array<T> {}
}
