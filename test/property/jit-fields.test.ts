import { describe, expect, it } from 'vitest';
import { createLua, type LuaFunction } from '../../src/host/node.ts';
import { fc } from '../helpers/properties.ts';

/**
 * Compiled text has code of its own for each integer field that it names. What it answers is what the ffi answers where the name is computed.
 */
const FIELDS = ['int8_t a', 'uint8_t b', 'int16_t c', 'uint16_t d', 'int32_t e', 'uint32_t f', 'char g', 'const uint8_t h'] as const;
const NAMES = FIELDS.map((field) => field.slice(-1));
const SIZE = 24;
/** Structs up to here end in the buffer. */
const LAST_INSIDE = 4;

function program(attributes: string): string {
  const named = NAMES.map((name) => `${name} = { function(m) return m.${name} end, function(m, value) m.${name} = value end },`);
  return `
    local ffi = require 'ffi'
    ffi.cdef [[struct ${attributes} fields { ${FIELDS.join('; ')}; };]]
    local named = { ${named.join('\n')} }
    local function read(m, name) return m[name] end
    local function write(m, name, value) m[name] = value end
    local function told(...)
      local ok, value = pcall(...)
      return ok and tostring(value) or (tostring(value):gsub('^[^ ]*:%d+: ', ''))
    end
    return function(first, second, offset, name, ...)
      local one = ffi.cast('struct fields *', ffi.cast('char *', first) + offset)
      local other = ffi.cast('struct fields *', ffi.cast('char *', second) + offset)
      local ours, theirs = {}, {}
      for i = 1, select('#', ...) do
        local value = select(i, ...)
        ours[#ours + 1] = told(named[name][2], one, value) .. ' ' .. told(named[name][1], one)
        theirs[#theirs + 1] = told(write, other, name, value) .. ' ' .. told(read, other, name)
      end
      return table.concat(ours, '\\n'), table.concat(theirs, '\\n')
    end`;
}

const value = fc.oneof(
  fc.integer(),
  fc.integer({ min: -300, max: 70_000 }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(-0, 2 ** 31, 2 ** 32, -(2 ** 31) - 1, 0.5, -0.5, true, 'text', null),
);
const use = fc.record({
  offset: fc.integer({ min: -2, max: SIZE + 1 }),
  name: fc.constantFrom(...NAMES),
  values: fc.array(value, { minLength: 1, maxLength: 8 }),
});

describe('integer fields that compiled text names', () => {
  it.each(['', '__attribute__((packed))', '__attribute__((packed, scalar_storage_order("big-endian")))'])(
    'are read and written as by a computed name: struct %s',
    (attributes) => {
      const compare = createLua({ engine: 'jit' }).run(program(attributes)) as LuaFunction;
      fc.assert(
        fc.property(use, ({ offset, name, values }) => {
          const [first, second] = [Buffer.alloc(SIZE, 0x5a), Buffer.alloc(SIZE, 0x5a)];
          // Where the place is wrong too, which of the two is told is nobody's concern.
          const isInside = offset >= 0 && offset <= LAST_INSIDE;
          const given = isInside ? values : values.filter((one) => one !== null && one !== 'text' && name !== 'h');
          const [ours, theirs] = compare.all(first, second, offset, name, ...given);
          expect(ours).toBe(theirs);
          expect(first.equals(second)).toBe(true);
        }),
      );
    },
  );
});
