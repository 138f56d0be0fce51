/**
 * An adapter of the ffi over plain JavaScript values, to show that the ffi needs no Lua: numbers, booleans, strings (a
 * character per byte), `Map`s for tables, functions, `null` for nil.
 * @module
 */
import { CData, CTypeObject, Ffi, type LuaAdapter, type LuaType } from '../../src/ffi/index.ts';
import { Cdef } from '../../src/view/index.ts';

/** A value of Lua as this adapter has it. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | Map<unknown, PlainValue>
  | ((...args: PlainValue[]) => PlainValue)
  | CData
  | CTypeObject
  | object;

/** A table: `table({ x: 1 })`, `table(1, 2)` from 1 on. */
export function table(...values: readonly (PlainValue | Record<string, PlainValue>)[]): Map<unknown, PlainValue> {
  const [first] = values;
  const isRecord = values.length === 1 && typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype;
  if (isRecord) return new Map(Object.entries(first as Record<string, PlainValue>));
  return new Map(values.map((value, i) => [i + 1, value as PlainValue]));
}

export const plainAdapter: LuaAdapter<PlainValue> = {
  typeOf(value): LuaType {
    if (value === null) return 'nil';
    if (value instanceof CData || value instanceof CTypeObject) return 'cdata';
    if (value instanceof Map) return 'table';
    const type = typeof value;
    return type === 'object' ? 'userdata' : (type as LuaType);
  },
  isNumber: (value) => typeof value === 'number',
  isString: (value) => typeof value === 'string',
  toBoolean: (value) => value as boolean,
  toNumber: (value) => value as number,
  toBytes: (value) => Uint8Array.from(value as string, (character) => character.charCodeAt(0)),
  lengthOf: (value) => (value as string).length,
  copyBytes(value, target, offset) {
    target.set(this.toBytes(value), offset);
  },
  toName: (value) => value as string,
  toCData: (value) => value as CData | CTypeObject,
  cdataOf: (value) => (value instanceof CData ? value : null),
  bufferOf: (value) => (value instanceof Uint8Array ? value : null),
  toHostObject: (value) => value,
  keep: (value) => value,
  nil: () => null,
  fromBoolean: (value) => value,
  fromNumber: (value) => value,
  fromBytes: (bytes, start, end) => String.fromCharCode(...bytes.subarray(start, end)),
  fromCData: (value) => value,
  fromFunction:
    (fn) =>
    (...args: PlainValue[]) =>
      fn(args) ?? null,
  rawGet: (map, key) => (map as Map<unknown, PlainValue>).get(key) ?? null,
  get: (object, key) => (object as Map<unknown, PlainValue>).get(key) ?? null,
  set: (object, key, value) => void (object as Map<unknown, PlainValue>).set(key, value),
  call: (callee, args) => (callee as (...args: readonly PlainValue[]) => PlainValue)(...args),
  callFromHost(callee, args) {
    return this.call(callee, args);
  },
  call2(callee: PlainValue, first: PlainValue, second: PlainValue): PlainValue {
    return this.call(callee, [first, second]);
  },
  tryCall(callee, args) {
    try {
      this.call(callee, args);
    } catch {
      // Dropped.
    }
  },
};

/** An ffi over plain values, with its declarations. */
export function plainFfi(text = ''): { ffi: Ffi<PlainValue>; cdef: Cdef } {
  const cdef = new Cdef();
  cdef.cdef(text);
  return { ffi: new Ffi(cdef, plainAdapter), cdef };
}
