// restructure 3.0 has no types of its own; what is used of it.
declare module 'restructure' {
  /** Bytes being decoded. */
  export class DecodeStream {
    constructor(buffer: Uint8Array);
    readonly buffer: Uint8Array;
    readonly length: number;
    pos: number;
  }
  /** Bytes being encoded. */
  export class EncodeStream {
    constructor(buffer: Uint8Array);
    pos: number;
    writeBuffer(bytes: Uint8Array): void;
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
  export const uint8: Type<number>;
  export class Buffer extends Base<Uint8Array> {
    constructor(length: Type<number> | number);
  }
  export class Optional<T> extends Base<T | undefined> {
    constructor(type: Type<T>, condition: (parent: never) => boolean);
  }
  export class Struct<T extends object> extends Base<T> {
    constructor(fields: { readonly [K in keyof T]: Type<T[K]> });
  }
  // biome-ignore lint/suspicious/noShadowRestrictedNames: restructure's name
  export class Array<T> extends Base<T[]> {
    constructor(type: Type<T>, length?: number);
    readonly type: Type<T>;
  }
}
