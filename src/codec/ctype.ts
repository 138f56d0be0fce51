/**
 * C structs inside restructure structs.
 * @module
 */
import type * as r from 'restructure';
import { BYTES, isView, OFFSET, TYPE, type TypeObject } from '../view/index.ts';

/**
 * A restructure type for a C type: decodes to a live view of the stream's bytes, encodes a view or an object of fields.
 * @throws {TypeError} when the C type has no size
 * @example
 * const message = new r.Struct({ header: codec(c.typeof('struct dhcp_packet')), options: new TlvList({ pad: 0, end: 255 }) });
 */
// biome-ignore lint/suspicious/noExplicitAny: fields are typed once types are inferred from the C text
export function codec(type: TypeObject): r.Type<any> {
  const size = type.size;
  if (size === null) throw new TypeError(`the size of '${type.name}' is not known`);
  return {
    decode: (stream) => {
      const view = type.view(stream.buffer, stream.pos);
      stream.pos += size;
      return view;
    },
    encode: (stream, value) => {
      // A view of another type is for `new` to refuse.
      const view: unknown = isView(value) && value[TYPE] === type.ctype ? value : type.new(value);
      if (!isView(view)) throw new TypeError(`'${type.name}' is no struct or array`);
      stream.writeBuffer(view[BYTES].subarray(view[OFFSET], view[OFFSET] + size));
    },
    size: () => size,
  };
}
