import { describe, expect, it } from 'vitest';
import { type AbiName, fieldsOf, isRecord } from '../../../src/ctype/index.ts';
import { Cdef, type CdefOptions, cdef } from '../../../src/view/index.ts';

/** Size, alignment, and where the members of `struct s` are: a byte, or `bit:width`. */
function placed(text: string, options: CdefOptions = {}): { size: number | null; align: number; at: Record<string, number | string> } {
  const c = cdef(text, options);
  const { ctype, size, align } = c.typeof('struct s');
  if (!isRecord(ctype)) throw new TypeError('no struct');
  const at = [...fieldsOf(ctype)].map(([name, { offset, bits }]) => [name, bits === null ? offset : `${bits.bitOffset}:${bits.bitWidth}`]);
  return { size, align, at: Object.fromEntries(at) };
}

const MINGW = { abi: 'x86_64-w64-mingw32' } as const;
const MSVC = { abi: 'x86_64-pc-windows-msvc' } as const;
const MS = { msBitFields: true } as const;

// Every answer here was had from gcc 12 (-mms-bitfields, MinGW) or clang 14 (--target=x86_64-pc-windows-msvc).
describe("Microsoft's bit-fields", () => {
  it('share a unit only with types of the same size', () => {
    const text = 'struct s { char a : 7; int b : 7; unsigned c : 25; int d : 1; };';
    expect(placed(text)).toEqual({ size: 8, align: 4, at: { a: '0:7', b: '7:7', c: '32:25', d: '57:1' } });
    for (const options of [MS, MINGW, MSVC]) {
      expect(placed(text, options)).toEqual({ size: 12, align: 4, at: { a: '0:7', b: '32:7', c: '39:25', d: '64:1' } });
    }
  });

  it('end with their whole unit', () => {
    for (const options of [MS, MINGW, MSVC]) {
      expect(placed('struct s { long long a : 1; char b; };', options)).toEqual({ size: 16, align: 8, at: { a: '0:1', b: 8 } });
    }
    expect(placed('struct __attribute__((packed)) s { char c; int a : 3; };', MS)).toEqual({ size: 5, align: 1, at: { c: 0, a: '8:3' } });
  });

  it('hear a width of 0 only behind a bit-field', () => {
    for (const options of [MS, MINGW, MSVC]) {
      expect(placed('struct s { char a; int : 0; char b; };', options).at).toEqual({ a: 0, b: 1 });
      expect(placed('struct s { char a : 1; int : 0; char b; };', options).at).toEqual({ a: '0:1', b: 4 });
    }
  });

  it('are chosen by attribute, struct by struct', () => {
    const body = '{ char a : 7; int b : 7; };';
    expect(placed(`struct __attribute__((ms_struct)) s ${body}`).at).toEqual({ a: '0:7', b: '32:7' });
    expect(placed(`struct __attribute__((gcc_struct)) s ${body}`, MS).at).toEqual({ a: '0:7', b: '7:7' });
    expect(placed(`struct __attribute__((gcc_struct)) s ${body}`, MINGW).at).toEqual({ a: '0:7', b: '7:7' });
    // gcc ignores the attribute where the machine has no such choice.
    expect(placed(`struct __attribute__((ms_struct)) s ${body}`, { abi: 'aarch64-linux-gnu' }).at).toEqual({ a: '0:7', b: '7:7' });
    expect(() => cdef(`struct __attribute__((ms_struct, gcc_struct)) s ${body}`)).toThrow(
      "'ms_struct' and 'gcc_struct' exclude each other",
    );
    expect(() => new Cdef({ abi: 'arm-linux-gnueabihf', msBitFields: true })).toThrow(
      new RangeError("no msBitFields for the ABI 'arm-linux-gnueabihf'"),
    );
  });

  it('are read and written where they are', () => {
    const bytes = new Uint8Array(12);
    const view = cdef('struct s { char a : 7; int b : 7; unsigned c : 25; int d : 1; };', MSVC).typeof('struct s').view(bytes);
    Object.assign(view, { a: -1, b: 5, c: 0x1abcdef, d: -1 });
    expect(Buffer.from(bytes).toString('hex')).toBe('7f00000085f7e6d501000000');
    expect([view.a, view.b, view.c, view.d]).toEqual([-1, 5, 0x1abcdef, -1]);
  });
});

describe('Windows', () => {
  it.each<AbiName>(['x86_64-w64-mingw32', 'x86_64-pc-windows-msvc'])('has a long of four bytes: %s', (abi) => {
    const c = cdef('', { abi });
    const sizes = ['long', 'long long', 'void *', 'wchar_t', 'size_t', 'intptr_t', 'wint_t', 'va_list'].map((type) => c.sizeof(type));
    expect(sizes).toEqual([4, 8, 8, 2, 8, 8, 2, 8]);
  });

  it('has the long double of its compiler', () => {
    expect(cdef('', MINGW).sizeof('long double')).toBe(16);
    expect(cdef('', MSVC).sizeof('long double')).toBe(8);
  });

  it('embeds tagged structs without a name', () => {
    const text = 'struct t { int x; }; typedef struct { int y; } u; struct s { char c; struct t; u; struct w { int z; }; };';
    for (const options of [MINGW, MSVC]) expect(placed(text, options).at).toEqual({ c: 0, x: 4, y: 8, z: 12 });
    expect(() => placed(text)).toThrow('expected a member name');
  });
});

describe('Visual C++', () => {
  it('makes every enum an int', () => {
    const c = cdef('enum e { LARGE = 0xffffffff, LARGER = 0x100000002 }; enum __attribute__((packed)) p { P };', MSVC);
    expect([c.sizeof('enum e'), c.sizeof('enum p'), c.C.LARGE, c.C.LARGER]).toEqual([4, 4, -1, 2]);
  });

  it('knows the size of an enum before its body', () => {
    const text: string = 'enum e; struct s { enum e a; char b; enum f c : 5; };';
    const c = cdef(text, MSVC);
    expect([c.sizeof('enum e'), c.sizeof('struct s')]).toEqual([4, 12]);
    expect(() => c.cdef('enum e { A }; enum e { B };')).toThrow('enum e is defined already');
    expect(c.sizeof('enum e')).toBe(4);
    c.cdef('enum e { A = -1 };');
    expect(c.typeof('struct s').view(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 3, 0, 0, 0]))).toMatchObject({ a: -1, c: 3 });
    expect(() => cdef(text, MINGW)).toThrow("member 'a' has the type 'enum e', whose size is not known");
  });

  it('gives structs of nothing four bytes', () => {
    expect(cdef('struct s { };', MSVC).sizeof('struct s')).toBe(4);
    expect(cdef('struct s { int a[0]; };', MSVC).sizeof('struct s')).toBe(4);
  });

  it('packs no alignment away that was asked for', () => {
    const text = `
      struct __attribute__((aligned(16))) wide { char c; };
      #pragma pack(push, 2)
      struct s { char a; struct wide b; double c; };
      #pragma pack(pop)`;
    expect(placed(text, MSVC)).toEqual({ size: 48, align: 16, at: { a: 0, b: 16, c: 32 } });
    expect(placed(text, MINGW)).toEqual({ size: 26, align: 2, at: { a: 0, b: 2, c: 18 } });
  });

  it('does not hear packing beyond the size of a pointer', () => {
    const text = '#pragma pack(16)\nstruct s { char a; __int128 b; };';
    expect(placed(text, MSVC).at).toEqual({ a: 0, b: 16 });
  });
});
