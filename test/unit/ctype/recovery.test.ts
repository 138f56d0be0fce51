import { describe, expect, it } from 'vitest';
import { CdefError } from '../../../src/util/errors.ts';
import { Cdef, cdef } from '../../../src/view/index.ts';

/** Reads everything, and answers the first lines of the errors and the names left. */
function readAll(text: string): { errors: string[]; names: string[]; tags: string[] } {
  const c = new Cdef();
  const errors = c.namespace.declareAll(text, 'f.h');
  return {
    errors: errors.map(({ message }) => message.split('\n')[0] as string),
    names: [...c.namespace.names.keys()],
    tags: [...c.namespace.tags.keys()],
  };
}

it('obeys a #pragma within a declaration with a mistake once', () => {
  const c = new Cdef();
  const errors = c.namespace.declareAll(
    'struct bad {\n#pragma pack(push, 1)\nint x; foo y; };\n#pragma pack(pop)\nstruct good { char c; int x; };',
    'f.h',
  );
  expect(errors).toHaveLength(1);
  expect(c.sizeof('struct good')).toBe(8);
});

describe('reading everything', () => {
  it.each([
    ['foo bad;', "unknown type 'foo'"],
    ['struct bad { foo x; int y; };', "unknown type 'foo'"],
    ['struct bad { struct inner { int x; } i; enum { LOST } e; foo y; };', "unknown type 'foo'"],
    ['enum bad { LOST, LOST2 = unknown };', "'unknown' is not a constant"],
    ['typedef int bad[-1];', 'array length must not be negative, found -1'],
    ['int bad(int a, foo b);', "unknown type 'foo'"],
    ['int bad(foo a) { if (a) { return 1; } return 2; }', "unknown type 'foo'"],
    ['foo bad(void) { int x = "}" ; { ; } }', "unknown type 'foo'"],
    ['_Static_assert(0, "bad");', 'static assertion failed: bad'],
    ['int lost = { 1, 2;', "expected '}' after the initialisers, found ';'"],
    ['int ok_twice, 5;', "expected a name, found '5'"],
    ['struct bad { int x : 99; };', 'bit-field width must be from 0 to 32, found 99'],
    ['struct good { int y; };', 'struct good is defined already'],
  ])('reports %s once, leaves nothing of it, and goes on', (text, reason) => {
    const { errors, names, tags } = readAll(`struct good { int x; };\n${text}\nint after;\n`);
    expect(errors.map((line) => line.replace(/^f\.h:2:\d+: error: /, ''))).toEqual([reason]);
    expect(tags).toEqual(['good']);
    expect(names).toEqual(text.startsWith('int lost') ? names : ['after']);
  });

  it('reports several mistakes, in order', () => {
    expect(readAll('foo a;\nint b;\nbar c;\nint d;\nint e[-1];\n').errors).toEqual([
      "f.h:1:1: error: unknown type 'foo'",
      "f.h:3:1: error: unknown type 'bar'",
      'f.h:5:7: error: array length must not be negative, found -1',
    ]);
  });

  it('stops at the most errors wanted', () => {
    const errors = new Cdef().namespace.declareAll('foo a;'.repeat(300), 'f.h');
    expect(errors.length).toBe(100);
    expect(errors.every((error) => error instanceof CdefError)).toBe(true);
  });

  it('gives the error of the preprocessor alone, which leaves no text', () => {
    expect(readAll('int a;\n#error no\nint b;\n')).toEqual({ errors: ['f.h:2:1: error: #error no'], names: [], tags: [] });
  });
});

it('declaring is all or nothing, with files and macros', () => {
  const c = cdef('int known;');
  const include = (): { name: string; text: string } => ({ name: 'x.h', text: '#define M 3\nstruct x { int a; };\n' });
  expect(() => c.cdef('#include "x.h"\nint y; foo z;', { include })).toThrow(CdefError);
  expect([[...c.namespace.names.keys()], c.namespace.tags.size, c.namespace.completed.length]).toEqual([['known'], 0, 0]);
  c.cdef('#include "x.h"\nint y;', { include });
  expect([...c.namespace.names.keys()]).toEqual(['known', 'y', 'M']);
});
