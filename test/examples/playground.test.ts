/**
 * The parts of the playground that need no page.
 */
import { describe, expect, it } from 'vitest';
import { cdef } from '../../src/index.ts';
import { createLua } from '../../src/host/index.ts';
import { DeclaredNames } from '../../docs/playground/src/declared.ts';
import { boxesOf, rowsOf } from '../../docs/playground/src/boxes.ts';
import { EXAMPLES } from '../../docs/playground/src/examples.ts';
import { type FieldNode, Fields, firstOf } from '../../docs/playground/src/fields.ts';
import { formatHex, parseHex, withoutDumpColumns } from '../../docs/playground/src/hex.ts';
import { fromFragment, toFragment } from '../../docs/playground/src/project.ts';

function rootOf(text: string, type: string, length: number): FieldNode {
  const c = cdef(text as string);
  const { ctype } = c.typeof(type as never) as { ctype: Parameters<Fields['root']>[0] };
  return new Fields(new DeclaredNames(text, c.namespace.isTypeName), length).root(ctype, type, 0);
}

const leaf = (root: FieldNode, path: string): FieldNode => boxesOf(root).find(({ node }) => node.path === path)?.node as FieldNode;

describe('hex', () => {
  it.each([
    ['01 02,03:04-05\n0x06', '010203040506', null],
    ['01 2', '01', { from: 3, to: 4, message: 'a byte has two hex digits' }],
    ['01 zz', '01', { from: 3, to: 4, message: "'z' is no hex digit" }],
    ['', '', null],
  ])('reads %j', (text, hex, error) => {
    const parsed = parseHex(text);
    expect(formatHex(parsed.bytes, 99).replaceAll(' ', '')).toBe(hex);
    expect(parsed.error).toEqual(error);
  });

  it('knows which byte a line starts with', () => {
    expect(parseHex('01 02\n03\n\n04').lines).toEqual([0, 2, 3, 3]);
  });

  it('reads what hexdump and xxd print', () => {
    expect(withoutDumpColumns('00000000  de ad be ef 01 02 03 04  05 06 |........|\n0000000a\n')).toBe('de ad be ef 01 02 03 04  05 06');
    expect(withoutDumpColumns('00000000: dead beef 01  .....\n')).toBe('dead beef 01');
    expect(withoutDumpColumns('de ad be ef')).toBe('de ad be ef');
  });
});

describe('fields', () => {
  it('know where they stand in the bytes and in the C text', () => {
    const text = '#define N 2\nstruct p { int16_t x, y; };\nstruct s { char n; struct p at[N]; struct { unsigned a : 3, b : 5; }; };';
    const nodes = boxesOf(rootOf(text, 'struct s', 12)).map(({ node }) => node);
    expect(nodes.map(({ path, startBits, endBits }) => [path, startBits, endBits])).toEqual([
      ['n', 0, 8],
      ['at[0].x', 16, 32],
      ['at[0].y', 32, 48],
      ['at[1].x', 48, 64],
      ['at[1].y', 64, 80],
      ['a', 96, 99],
      ['b', 99, 104],
    ]);
    const named = nodes.map(({ declared }) => declared && text.slice(declared.from, declared.to));
    expect(named).toEqual(['n', 'x', 'y', 'x', 'y', 'a', 'b']);
  });

  it('of a union lie below each other', () => {
    const boxes = boxesOf(rootOf('union u { int i; struct { char a, b; } s; float f; };', 'union u', 4));
    expect(boxes.map(({ node, lane }) => [node.path, lane])).toEqual([
      ['i', 0],
      ['s.a', 1],
      ['s.b', 1],
      ['f', 2],
    ]);
  });

  it('of a flexible array take what is left', () => {
    const root = rootOf('struct s { uint8_t n; struct { uint16_t v[]; } t; };', 'struct s', 8);
    expect(root.endBits).toBe(64);
    expect(leaf(root, 't.v[2]').startBits).toBe(48);
  });

  it.each([
    ['uint8_t x;', 'ff', '0x10', '16', '10'],
    ['int8_t x;', 'ff', '-128', '-128', '80'],
    ['be32_t x;', '00000001', '4294967295', '4294967295', 'ffffffff'],
    ['uint64_t x;', 'ffffffffffffffff', '1', '1', '0100000000000000'],
    ['bool x;', '00', 'true', 'true', '01'],
    ['float x;', '00000000', '1.5', '1.5', '0000c03f'],
    ['enum { A, B } x;', '00000000', 'B', '1 (B)', '01000000'],
    ['enum { A, B } x;', '00000000', '1 (A)', '1 (B)', '01000000'],
    ['char x[4];', '00000000', '"ab"', '"ab"', '61620000'],
    ['uint8_t x[2];', '0000', 'ab cd', 'ab cd', 'abcd'],
    ['unsigned x : 3;', 'f8000000', '5', '5', 'fd000000'],
    ['void *x;', '0000000000000000', '0x1000', '0x1000', '0010000000000000'],
    ['char x;', '00', "'A'", '65', '41'],
  ])('read and write: %s', (member, hex, typed, shown, after) => {
    const { bytes } = parseHex(hex);
    const { value } = leaf(rootOf(`struct s { ${member} };`, 'struct s', bytes.length), 'x');
    value?.write(bytes, typed);
    expect(formatHex(bytes, 99).replaceAll(' ', '')).toBe(after);
    expect(value?.read(bytes)).toBe(shown);
  });

  it.each([
    ['uint8_t x;', '256', 'x: 256 is not in the range of unsigned char (0 to 255)'],
    ['unsigned x : 3;', '8', 'x: 8 is not in the range of unsigned int : 3 (0 to 7)'],
    ['int x;', 'five', "'five' is no integer"],
    ['double x;', '', "'' is no number"],
    ['char x[2];', '"abc"', '3 bytes do not fit in 2'],
    ['char x[2];', 'zz', '\'z\' is no hex digit; text stands in "quotes"'],
  ])('refuse what does not fit: %s %s', (member, typed, message) => {
    const { value } = leaf(rootOf(`struct s { ${member} };`, 'struct s', 8), 'x');
    const bytes = new Uint8Array(8);
    expect(() => value?.write(bytes, typed)).toThrow(message);
    expect(bytes).toEqual(new Uint8Array(8));
  });

  it('whose bytes are not there have no value', () => {
    const { value } = leaf(rootOf('struct s { char a; int x; };', 'struct s', 4), 'x');
    expect(value?.read(new Uint8Array(4))).toBeNull();
    expect(() => value?.write(new Uint8Array(4), '1')).toThrow('needs 4 bytes at offset 4');
  });
});

describe('rows', () => {
  it('leave out the middle of long fields', () => {
    const boxes = boxesOf(rootOf('struct s { char a[100]; int b; };', 'struct s', 104));
    expect(rowsOf(boxes, 0, 104, 8).rows).toEqual([
      { start: 0, end: 8, isSkipped: false },
      { start: 8, end: 96, isSkipped: true },
      { start: 96, end: 104, isSkipped: false },
    ]);
  });
});

describe('little text that makes much', () => {
  it('is looked through only so far', () => {
    const levels = Array.from({ length: 25 }, (_, i) => `struct t${i + 1} { struct t${i} l, r; };`).join('');
    const root = rootOf(`struct t0 { char c; }; ${levels}`, 'struct t25', 8);
    let asked = 0;
    firstOf(root, () => {
      asked++;
      return false;
    });
    expect(asked).toBe(5000);
    expect(boxesOf(root).length).toBeLessThan(2000);
  });

  it('has as many rows as can be drawn', () => {
    const root = rootOf('struct s { char a[1 << 30]; int b; };', 'struct s', 8);
    expect(rowsOf(boxesOf(root), 0, 2 ** 30 + 4, 16).rows).toEqual([
      { start: 0, end: 16, isSkipped: false },
      { start: 16, end: 2 ** 30 - 16, isSkipped: true },
      { start: 2 ** 30 - 16, end: 2 ** 30, isSkipped: false },
      { start: 2 ** 30, end: 2 ** 30 + 16, isSkipped: false },
    ]);
  });
});

describe('links', () => {
  const project = {
    c: 'struct s { int ä; };',
    bytes: Uint8Array.of(1, 2),
    lua: 'print "x"',
    type: 'struct s',
    offset: 1,
    abi: 'a',
    engine: 'b',
  };

  it('hold what the page shows', async () => {
    expect(await fromFragment(await toFragment(project))).toEqual(project);
  });

  it.each(['#1.', '#1.%%', '#2.AAAA', '#1.AAAA'])('that are damaged are an error: %s', async (fragment) => {
    await expect(fromFragment(fragment)).rejects.toThrow(/^the link is (?:damaged|not of this page)$/);
  });

  it('that hold something else are an error', async () => {
    await expect(fromFragment(await toFragment({ ...project, offset: -1 }))).rejects.toThrow('the link has no offset');
    await expect(fromFragment(await toFragment({ ...project, c: 5 as never }))).rejects.toThrow('the link has no c');
  });

  it('that would inflate to a lot are an error', async () => {
    const fragment = await toFragment({ ...project, c: ' '.repeat(2_000_000) });
    expect(fragment.length).toBeLessThan(10_000);
    await expect(fromFragment(fragment)).rejects.toThrow('the link holds too much');
  });
});

describe('examples', () => {
  it.each(EXAMPLES)('$name: declares its type, and its script runs', ({ c, hex, lua, type }) => {
    const declared = cdef(c as string);
    const { bytes, error } = parseHex(hex);
    expect(error).toBeNull();
    expect(declared.sizeof(type as never) as number | null).toBeLessThanOrEqual(bytes.length);
    let printed = '';
    const state = createLua({ cdef: declared });
    state.set('print', (...parts: unknown[]) => {
      printed += `${parts.join('\t')}\n`;
    });
    state.engine.load(lua, '=script')(bytes, bytes.length);
    state.close();
    expect(printed).toMatch(/\S/);
  });
});
