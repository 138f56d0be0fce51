import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as whole from '../../../src/index.ts';
import { toC } from '../../../src/report/index.ts';
import * as entry from '../../../src/view/struct.ts';
import { be, cdef, enumeration, fn, int, int16, pointer, prototype, struct, typedef, uint8 } from '../../../src/view/struct.ts';

describe('cdef/struct', () => {
  const kind = enumeration('kind', { NEAR: 3, FAR: 4 }, { type: uint8 });
  const point = struct('point', { kind, x: be(int16), next: pointer('struct point') }, { packed: true });

  it('has types and views', () => {
    const c = cdef(point);
    const bytes = new Uint8Array(12);
    const view = c.typeof(point).view(bytes, 1);
    view.x = -2;
    view.kind = c.C.FAR;
    expect([...bytes]).toEqual([0, 4, 0xff, 0xfe, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([c.sizeof(point), c.alignof(point), c.offsetof(point, 'next')]).toEqual([11, 1, 3]);
    const other = c.new(point, { x: 5 });
    Object.assign(view, { next: other });
    expect(view.next?.at().x).toBe(5);
    expect(c.typeof(point).array(new Uint8Array(33)).length).toBe(3);
    expect(
      c
        .metatype(point, { double: (): number => 2 })
        .new()
        .double(),
    ).toBe(2);
  });

  it('finds types by name', () => {
    const c = cdef([point, typedef('place', point)]);
    expect(c.typeof('struct point')).toBe(c.typeof(point));
    expect(c.typeof('place')).toBe(c.typeof(point));
    expect(c.sizeof('long int unsigned')).toBe(8);
    expect(c.sizeof('_Float32' as never)).toBe(4);
    expect(c.typeof('volatile const uint16_t').name).toBe('const volatile unsigned short');
  });

  it('reads no C text', () => {
    const c = cdef(point);
    for (const name of [
      'uint8_t[4]',
      'struct point *',
      'struct other',
      'union point',
      'struct',
      'mystery',
      'long float',
      'int x',
      'NEAR',
      '',
    ])
      expect(() => c.typeof(name as never), name).toThrow(new TypeError(`unknown type '${name}'`));
    expect(() => cdef('struct s { int x; };' as never)).toThrow(
      new TypeError("cdef: expected descriptions, got C text, which is for the entry 'cdef'"),
    );
    expect(() => cdef(5 as never)).toThrow(TypeError);
  });

  it('takes ABIs, functions and what else cdef takes', () => {
    const c = cdef([struct('s', { p: pointer('void'), n: uint8 }), prototype('twice', fn(int, [int]))], {
      abi: 'i386-linux-gnu',
      overflow: 'throw',
      functions: { twice: (n) => n * 2 },
    });
    expect(c.sizeof('struct s')).toBe(8);
    expect(c.C.twice(21)).toBe(42);
    expect(() => c.typeof('struct s').new({ n: 256 })).toThrow(RangeError);
    expect(() => c.declare(struct('t', { x: '__int128' }))).toThrow(
      new TypeError("struct t.x: '__int128' is not supported for i386-linux-gnu"),
    );
    expect(() => cdef(struct('t', {}), { abi: 'pdp11' as never })).toThrow(RangeError);
  });

  it('shares classes and descriptions with cdef', () => {
    const c = cdef(point);
    expect(c).toBeInstanceOf(Object.getPrototypeOf(whole.Cdef));
    expect(whole.cdef(point).sizeof('struct point')).toBe(11);
    expect(toC(c.typeof(point))).toBe(toC(whole.cdef(point).typeof(point)));
    expect(toC(c)).toContain('point {\n  enum kind kind;');
    const missing = Object.keys(whole).filter((name) => !(name in entry));
    expect(missing.sort()).toEqual(['Cdef', 'CdefError', 'FfiError', 'LuaError', 'LuaSyntaxError']);
  });

  it('has no parser in it', async () => {
    const file = fileURLToPath(new URL('../../../src/view/struct.ts', import.meta.url));
    const { metafile } = await build({
      entryPoints: [file],
      bundle: true,
      format: 'esm',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const [output] = Object.values(metafile.outputs);
    const used = Object.entries(output?.inputs ?? {}).flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : []));
    expect(used.filter((name) => /cparser/.test(name))).toEqual([expect.stringMatching(/keywords\.ts$/)]);
    expect(used.length).toBeGreaterThan(20);
  });
});
