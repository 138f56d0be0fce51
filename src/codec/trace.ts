/**
 * restructure types that tell the stream which field they are at, so that errors can name it.
 *
 * A traced type stands in front of the original one, as an object that inherits from it and has its parts replaced by
 * traced ones. Types of classes unknown here stay as they are: their parts have no names in errors.
 * @module
 */
import * as r from 'restructure';
import type { CheckedStream } from './stream.ts';
import type { Decoder } from './types.ts';

type Fields = r.Struct<object>['fields'];

/** Marks subclasses of `r.Struct` whose `decode` goes through `this.fields` alone. */
export const TRACEABLE: unique symbol = Symbol('traceable');

const TRACED: WeakMap<object, Decoder<unknown>> = new WeakMap();

/** The traced type for `type`; the same one each time, so its fields must be complete. */
export function traced<T>(type: Decoder<T>): Decoder<T> {
  let found = TRACED.get(type) as Decoder<T> | undefined;
  if (found === undefined) {
    found = Object.create(type) as Decoder<T>;
    // Known before its parts are looked at: types may contain themselves.
    TRACED.set(type, found);
    for (const [name, value] of Object.entries(partsOf(type))) Object.defineProperty(found, name, { value });
  }
  return found;
}

const isExactly = <C>(type: object, Class: new (...args: never[]) => C): type is C & object =>
  Object.getPrototypeOf(type) === Class.prototype;

// What a traced type has instead of the properties of the original.
function partsOf(type: object): object {
  if (isExactly(type, r.VersionedStruct)) return { versions: versionsOf(type) };
  if (isExactly(type, r.Struct<object>) || (type instanceof r.Struct && TRACEABLE in type)) return { fields: fieldsOf(type.fields) };
  if (isExactly(type, r.Optional<unknown>)) return { type: traced(type.type) };
  if (isExactly(type, r.Array<unknown>)) return arrayOf(type);
  // Where methods use private members, only the object itself will do.
  return { decode: (stream: r.DecodeStream, parent: unknown) => (type as Decoder<unknown>).decode(stream, parent) };
}

function versionsOf({ versions }: r.VersionedStruct): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [version, fields] of Object.entries(versions)) {
    all[version] = fields instanceof r.VersionedStruct ? traced(fields) : fieldsOf(fields as Fields);
  }
  return all;
}

function fieldsOf(fields: Fields): Fields {
  const all: Record<string, Fields[string]> = {};
  for (const name in fields) {
    const field = fields[name] as Fields[string];
    all[name] = typeof field === 'function' || name === '' ? field : (named(name, traced(field)) as Fields[string]);
  }
  return all;
}

function named(name: string, type: Decoder<unknown>): Decoder<unknown> {
  return {
    decode: (stream, parent) => {
      (stream as CheckedStream).enter(name);
      const value = type.decode(stream, parent);
      (stream as CheckedStream).leave();
      return value;
    },
  };
}

function arrayOf(array: r.Array<unknown>): object {
  const element = traced(array.type);
  return {
    type: {
      decode: (stream: CheckedStream, parent: unknown) => {
        stream.next();
        return element.decode(stream, parent);
      },
    },
    decode(this: r.Array<unknown>, stream: CheckedStream, parent: unknown): unknown[] {
      stream.enter(-1);
      const elements = r.Array.prototype.decode.call(this, stream, parent);
      stream.leave();
      return elements;
    },
  };
}
