/**
 * C structs inside restructure structs.
 * @module
 */
import * as r from 'restructure';
import { BYTES, type Init, isView, OFFSET, type RecordInit, TYPE, type TypeObject } from '../view/index.ts';
import { Joined, type Tail } from './joined.ts';
import { CheckedStream } from './stream.ts';
import type { Codec, FieldsOf, ReadStream, WriteStream } from './types.ts';

/**
 * A restructure type for a C type: decodes to a live view of the stream's bytes, encodes a view or an object of fields.
 *
 * With `tail`, fields of variable size follow the struct. The value is the struct's view with those as further properties, and they
 * can refer to the struct's fields: a length by its name, a condition or a version by a function of the struct. A field may have
 * the name of a flexible array at the struct's end, and stands for it. Decoding checks that all bytes are there; `Buffer` fields
 * are views of the bytes, not copies.
 * @throws {TypeError} when the C type has no size, or a field of `tail` has the name of one of the struct's
 * @example
 * const text = codec(c.typeof('struct text_header'), { text: new r.String('length', 'utf8') });
 * text.fromBuffer(bytes).text;
 */
export function codec<V>(type: TypeObject<V>): Codec<V, Init<V>>;
export function codec<V extends object, T extends object>(
  type: TypeObject<V>,
  tail: FieldsOf<T, Omit<V, keyof T> & T>,
): Codec<Omit<V, keyof T> & T, RecordInit<Omit<V, keyof T>> & T>;
export function codec(type: TypeObject, tail?: FieldsOf<object, object>): Codec<unknown, unknown> {
  const header = new CTypeCodec(type);
  return tail === undefined ? header : (new Joined(type, header, { ...tail } as Tail) as Codec<unknown, unknown>);
}

export class CTypeCodec implements Codec<unknown, unknown> {
  readonly type: TypeObject;
  readonly #size: number;

  constructor(type: TypeObject) {
    if (type.size === null) throw new TypeError(`the size of '${type.name}' is not known`);
    this.type = type;
    this.#size = type.size;
  }

  get name(): string {
    return this.type.name;
  }

  decode(stream: ReadStream): unknown {
    if (stream instanceof CheckedStream) stream.need(this.#size, this.name);
    const view: unknown = this.type.view(stream.buffer, stream.pos);
    stream.pos += this.#size;
    return view;
  }

  encode(stream: WriteStream, value: unknown): void {
    const { type } = this;
    // A view of another type is for `new` to refuse.
    const view: unknown = isView(value) && value[TYPE] === type.ctype ? value : type.new(value);
    if (!isView(view)) throw new TypeError(`'${type.name}' is no struct or array`);
    stream.writeBuffer(view[BYTES].subarray(view[OFFSET], view[OFFSET] + this.#size));
  }

  size(): number {
    return this.#size;
  }

  fromBuffer(bytes: Uint8Array): unknown {
    return this.decode(new r.DecodeStream(bytes));
  }

  toBuffer(value: unknown): Uint8Array {
    const bytes = new Uint8Array(this.#size);
    this.encode(new r.EncodeStream(bytes), value);
    return bytes;
  }
}
