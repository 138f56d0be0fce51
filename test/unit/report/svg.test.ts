import { describe, expect, it } from 'vitest';
import { isRecord, type RecordType } from '../../../src/ctype/index.ts';
import { layoutAsSvg, layoutsAsSvg, type LayoutSvgOptions } from '../../../src/report/index.ts';
import { cdef } from '../../../src/view/index.ts';
import { type Box, parseSvg, type SvgPicture } from '../../helpers/svg.ts';

function record(source: string, name: string): RecordType {
  const { ctype } = cdef(source).typeof(name);
  if (!isRecord(ctype)) throw new Error(`${name} is no struct`);
  return ctype;
}

function draw(source: string, name = 'struct s', options?: LayoutSvgOptions): SvgPicture {
  return parseSvg(layoutAsSvg(record(source, name), name, options));
}

// Where the picture of a struct has its bits: columns from the left, rows from the top.
const LEFT = 52;
const place = (box: Box, bitWidth: number): number[][] =>
  box.outlines.map((corners) => {
    const columns = corners.map(([x]) => (x - LEFT) / bitWidth);
    return [Math.min(...columns), Math.max(...columns)];
  });

const titled = (picture: SvgPicture): Record<string, number[][]> =>
  Object.fromEntries(picture.boxes.map((box) => [box.title, place(box, 22)]));

describe('a layout as a picture', () => {
  it('has the most significant bit of each byte to the left, as in RFC 791', () => {
    const fields = 'uint8_t ihl : 4, version : 4; uint8_t tos; be16_t len;';
    expect(titled(draw(`struct s { ${fields} };`))).toEqual({
      'uint8_t : 4 ihl: byte 0 bit 0, 4 bits': [[4, 8]],
      'uint8_t : 4 version: byte 0 bit 4, 4 bits': [[0, 4]],
      'uint8_t tos: byte 1, 1 byte': [[8, 16]],
      'be16_t len: byte 2, 2 bytes': [[16, 32]],
    });
  });

  it('has the bits of big-endian structs in one piece', () => {
    const source = 'struct __attribute__((scalar_storage_order("big-endian"))) s { uint16_t flags : 3, offset : 13; uint16_t id; };';
    const picture = draw(source);
    expect(titled(picture)).toEqual({
      'uint16_t : 3 flags: byte 0 bit 0, 3 bits': [[0, 3]],
      'uint16_t : 13 offset: byte 0 bit 3, 13 bits': [[3, 16]],
      'uint16_t id: byte 2, 2 bytes': [[16, 32]],
    });
    expect(picture.texts).toContain('3');
  });

  it('has little-endian bit-fields that cross bytes in pieces, with the bits of each', () => {
    const picture = draw('struct __attribute__((packed)) s { unsigned a : 3; unsigned b : 25; unsigned c : 4; };');
    expect(titled(picture)).toEqual({
      'unsigned int : 3 a: byte 0 bit 0, 3 bits': [[5, 8]],
      // Bits 0 to 4 in byte 0, 5 to 20 in bytes 1 and 2, 21 to 24 in byte 3.
      'unsigned int : 25 b: byte 0 bit 3, 25 bits': [
        [0, 5],
        [8, 24],
        [28, 32],
      ],
      'unsigned int : 4 c: byte 3 bit 4, 4 bits': [[24, 28]],
    });
    expect(picture.texts).toEqual(expect.arrayContaining(['b[4:0]', 'b[20:5]', 'b[24:21]', 'a', 'c']));
  });

  it('joins whole rows, and leaves out most of long members', () => {
    const { boxes, texts } = draw('struct s { short a; char b[14]; char c[64]; };', 'struct s', { rowBytes: 4 });
    // One outline each: b goes from the middle of row 0 to the end of row 3, c over six drawn rows.
    expect(boxes.map(({ outlines }) => outlines.length)).toEqual([1, 1, 1]);
    expect(texts).toContain('⋯ 56 bytes ⋯');
    expect(texts.filter((text) => /^\d+$|⋮/.test(text))).toEqual(['0', '4', '8', '12', '16', '⋮', '76']);
  });

  it('names the members of nested structs by their paths, and hatches what is unused', () => {
    const { boxes, texts } = draw('struct p { char x; short y; }; struct s { struct p at; struct { char z; struct p to; } in; };');
    expect(texts).toEqual(expect.arrayContaining(['at.x', 'at.y', 'in.z', 'in.to.x', 'in.to.y']));
    const tints = boxes.map(({ classes }) => classes[1]);
    expect(tints).toEqual(['n1', 'unused', 'n1', 'n2', 'unused', 'n3', 'unused', 'n3']);
    expect(boxes[1]?.title).toBe('hole: byte 1, 1 byte');
  });

  it('draws unions as alternatives, wherever they are', () => {
    const { boxes, texts } = draw('struct s { int a; union { int b; struct { char c; union { short d; char e; } f; } g; }; };');
    expect(boxes.map(({ title }) => title)).toEqual([
      'int a: byte 0, 4 bytes',
      'union {...}: byte 4, 4 bytes',
      'int b: byte 4, 4 bytes',
      'char g.c: byte 4, 1 byte',
      'hole: byte 5, 1 byte',
      'union {...} g.f: byte 6, 2 bytes',
      'short d: byte 6, 2 bytes',
      'char e: byte 6, 1 byte',
      'padding: byte 7, 1 byte',
    ]);
    expect(texts).toEqual(expect.arrayContaining(['union {...} at byte 4, one of', 'union {...} g.f at byte 6, one of']));
    expect(draw('union u { char a; int b; };', 'union u').boxes).toHaveLength(3);
  });

  it('shortens what a transparent union is called, as it does names', () => {
    const { texts } = draw('struct s { char a; union { char b; char c; }; };', 'struct s', { rowBytes: 16 });
    expect(texts).toContain('union …');
  });

  it('draws a flexible array as what it is', () => {
    const { boxes, texts } = draw('struct s { int n; char data[]; };');
    expect(boxes.at(-1)).toMatchObject({ title: 'data: char [], from byte 4', classes: ['open', 'c', 'n0'] });
    expect(texts).toContain('char [], variable');
  });

  it('draws several types, and types without bytes', () => {
    const c = cdef('struct a { }; struct b { int x; }; union e { };');
    const types = ['struct a', 'struct b', 'union e'].map((name) => ({ type: c.typeof(name).ctype as RecordType, name }));
    const picture = parseSvg(layoutsAsSvg(types));
    expect(picture.title).toBe('Layout of struct a, struct b, union e');
    expect(picture.description).toBe(
      'struct a: 0 bytes, alignment 1. .\nstruct b: 4 bytes, alignment 4. x at byte 0.\nunion e: 0 bytes, alignment 1. .',
    );
    expect(picture.boxes).toHaveLength(1);
    expect(parseSvg(layoutsAsSvg([])).boxes).toEqual([]);
    expect(() => draw('struct fwd;', 'struct fwd')).toThrow(TypeError);
  });

  it.each<[string, number]>([
    ['struct s { int a[16]; };', 4],
    ['struct s { long a; };', 8],
    ['struct s { char a[300]; };', 8],
    ['struct s { char a[2000]; };', 16],
  ])('has rows that suit %s', (source, bytes) => {
    const { texts } = draw(source);
    expect(texts.filter((text) => text.startsWith('+'))).toHaveLength(bytes);
  });

  it('has rows as asked', () => {
    for (const rowBytes of [4, 8, 16] as const) {
      const { texts } = draw('struct s { char a[64]; };', 'struct s', { rowBytes });
      expect(texts.filter((text) => text.startsWith('+'))).toHaveLength(rowBytes);
    }
  });

  it('escapes whatever names are', () => {
    const type = record('struct s { int a; };', 'struct s');
    const picture = parseSvg(layoutAsSvg(type, '</title><script>&"\'\u0000\ud800]]>'));
    expect(picture.title).toBe('Layout of </title><script>&"\'\ufffd\ufffd]]>');
  });

  it('shortens long names and keeps them in the tooltip', () => {
    const long = 'n'.repeat(500);
    const { texts, boxes } = draw(`struct s { char ${long}; int ${long}2; };`);
    expect(boxes[0]?.title).toContain(long);
    expect(texts.every((text) => text.length < 150)).toBe(true);
    expect(texts.filter((text) => text.endsWith('n…'))).toHaveLength(2);
  });

  it('stays small for sizes and nesting out of all proportion', () => {
    const doubled = (kind: string, levels: number): string =>
      `typedef struct { char c; } t0; ${Array.from({ length: levels }, (_, i) => `typedef ${kind} { t${i} a, b; } t${i + 1};`).join(' ')}`;
    expect(draw(doubled('struct', 40), 't40').boxes.length).toBeLessThan(10_000);
    // Deeper ones are refused, having more members than bits.
    expect(draw(doubled('union', 15), 't15').boxes.length).toBeLessThan(10_000);
    const { boxes, height } = draw('struct s { char a; char b[0x7ffffffffff0]; int c; };');
    expect(boxes).toHaveLength(4);
    expect(height).toBeLessThan(500);
  });
});
