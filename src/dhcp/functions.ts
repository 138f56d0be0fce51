/**
 * What the DHCP scripts get from the host: the C functions that `lua/dhcp.lua` and `lua/policy.lua` declare, and the
 * userdata class of the article's first version.
 * @module
 */
import { LuaBytes, type Methods, type UserdataClass } from '../engines/engine.ts';
import type { Lua } from '../host/state.ts';
import { BYTES, type Cdef, type HostFunction, OFFSET, type Pointer } from '../view/index.ts';
import { formatIPv4, parseIPv4 } from './address.ts';
import { type DhcpMsg, MessageDecoder } from './message.ts';

type AddressField = '_ciaddr' | '_yiaddr' | '_siaddr' | '_giaddr';

// Byte offsets of the addresses in the header, by field name.
function addressOffsets(cdef: Cdef): Record<AddressField, number> {
  const offset = (field: AddressField): number => cdef.offsetof('struct dhcp_msg', field) as number;
  return { _ciaddr: offset('_ciaddr'), _yiaddr: offset('_yiaddr'), _siaddr: offset('_siaddr'), _giaddr: offset('_giaddr') };
}

/** The C functions of `cdefs/dhcp.h`; `cdef` holds its declarations. */
export function dhcpFunctions(cdef: Cdef): Record<string, HostFunction> {
  const offsets = addressOffsets(cdef);
  const decoder = new MessageDecoder(cdef);
  const setter = (field: AddressField) => (msg: DhcpMsg | null, address: string | null) => {
    if (msg === null || address === null) throw new TypeError(`${field.slice(1)}_set: NULL`);
    parseIPv4(address, msg[BYTES], msg[OFFSET] + offsets[field]);
  };
  return {
    ciaddr_set: setter('_ciaddr'),
    yiaddr_set: setter('_yiaddr'),
    siaddr_set: setter('_siaddr'),
    giaddr_set: setter('_giaddr'),
    dhcp_message_type: (msg: Pointer | null, length: bigint) => (msg === null ? 0 : decoder.typeOf(msg.bytes(Number(length)))),
  };
}

/**
 * The class `dhcp`: messages as userdata, `buf:op()`, `buf:op(2)`, `buf:chaddr()`, `buf:yiaddr('192.0.2.1')`, and the
 * same as functions, `dhcp.op(buf)`, which take a plain buffer too.
 */
export function defineDhcpClass(lua: Lua, cdef: Cdef): UserdataClass<DhcpMsg> {
  const type = cdef.typeof('struct dhcp_msg');
  const offsets = addressOffsets(cdef);
  const chaddr = cdef.offsetof('struct dhcp_msg', '_chaddr') as number;
  const number = (field: 'op' | 'htype' | 'hlen' | 'hops' | 'xid' | 'secs' | 'flags') => (msg: DhcpMsg, value?: number) => {
    if (value === undefined) return msg[field];
    msg[field] = value;
  };
  const address = (field: AddressField) => (msg: DhcpMsg, value?: string) => {
    const at = msg[OFFSET] + offsets[field];
    if (value === undefined) return formatIPv4(msg[BYTES], at);
    parseIPv4(typeof value === 'string' ? value : String(value), msg[BYTES], at);
  };
  const methods: Methods<DhcpMsg> = {
    op: number('op'),
    htype: number('htype'),
    hlen: number('hlen'),
    hops: number('hops'),
    xid: number('xid'),
    secs: number('secs'),
    flags: number('flags'),
    ciaddr: address('_ciaddr'),
    yiaddr: address('_yiaddr'),
    siaddr: address('_siaddr'),
    giaddr: address('_giaddr'),
    chaddr: (msg) => {
      const at = msg[OFFSET] + chaddr;
      return new LuaBytes(msg[BYTES], at, at + 16);
    },
  };
  return lua.defineClass('dhcp', methods, (object) => (object instanceof Uint8Array ? type.view(object) : null));
}
