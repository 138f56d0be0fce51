/**
 * A C struct with variable data behind it, as one restructure struct.
 * @module
 */
import * as r from 'restructure';
import { fieldsOf, isRecord } from '../ctype/index.ts';
import { isView, type TypeObject } from '../view/index.ts';
import { CheckedStream } from './stream.ts';
import { TRACEABLE, traced } from './trace.ts';
import type { Codec } from './types.ts';

// What restructure keeps in a struct while it decodes it.
const KEPT = ['_startOffset', '_currentOffset', '_length'];

/** Fields behind the header. */
export type Tail = Readonly<Record<string, r.Type<unknown>>>;

/** Decodes to the header's view, with the fields behind it as further properties. */
export class Joined extends r.Struct<object> {
  readonly type: TypeObject;
  readonly headerNames: ReadonlySet<string>;
  // The flexible array that a field behind the header stands for.
  readonly open: string | null;

  /** @throws {TypeError} when the type is no struct, or has a field that is also one behind it */
  constructor(type: TypeObject, header: Codec<unknown, unknown>, tail: Tail) {
    const { ctype } = type;
    if (!isRecord(ctype)) throw new TypeError(`'${type.name}' is no struct that fields could be joined to`);
    // restructure goes by the order of keys. The view is there by the time this is decoded.
    const first: r.Type<unknown> = {
      decode: (stream) => {
        stream.pos += header.size();
      },
      encode: (stream, _, context) => header.encode(stream, this.headerOf((context as { val: unknown }).val)),
      size: () => header.size(),
    };
    super({ '': first, ...tail });
    this.type = type;
    this.headerNames = new Set(fieldsOf(ctype).keys());
    const last = ctype.definition.layout?.fields.at(-1);
    this.open = last?.type.size === null && last.name in tail ? last.name : null;
    for (const name of [...KEPT, ...Object.keys(tail)]) {
      if (this.headerNames.has(name) && name !== this.open) throw new TypeError(`${type.name} has a field '${name}' of its own`);
    }
  }

  get [TRACEABLE](): true {
    return true;
  }

  get name(): string {
    return this.type.name;
  }

  override decode(stream: r.DecodeStream, parent?: unknown): object {
    if (stream instanceof CheckedStream) return super.decode(stream, parent);
    const { name } = this;
    const checked = new CheckedStream(stream.buffer, { name, offset: stream.pos, limit: Infinity, isOpen: false });
    const value = traced(this).decode(checked, parent);
    stream.pos = checked.pos;
    return value;
  }

  protected override _setup(stream: CheckedStream, parent: unknown, length: number): object {
    stream.need(this.type.size as number, this.name);
    const view: object = this.type.view(stream.buffer, stream.pos);
    Object.defineProperties(view, {
      ...(this.headerNames.has('parent') ? {} : { parent: { value: parent } }),
      _startOffset: { value: stream.pos },
      _currentOffset: { value: 0, writable: true },
      _length: { value: length },
      // Else restructure would assign to the array.
      ...(this.open === null ? {} : { [this.open]: { value: undefined, writable: true, enumerable: true, configurable: true } }),
    });
    return view;
  }

  // The part of a value that the header's codec encodes.
  headerOf(value: unknown): unknown {
    if (isView(value) || typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([name]) => !(name in this.fields)));
  }
}
