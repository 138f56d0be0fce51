import { describe, expect, it } from 'vitest';
import { cdef } from '../../../src/view/index.ts';
import { failure } from '../../helpers/errors.ts';

/** The error of a text: without the name of the class, as a compiler would print it. */
function error(text: string): string {
  return failure(() => cdef(text, { fileName: 'f.h' })).replace(/^CdefError: /, '');
}

// [text of one line, reason, what the caret and tildes stand under (its last occurrence; '' is the end)]
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['foo x;', "unknown type 'foo'", 'foo'],
  ['int x y;', "expected ';' after a declaration, found 'y'", 'y'],
  ['int 5;', "expected a name, found '5'", '5'],
  ['int ;;; const;', "expected a type, found ';'", ';'],
  [`int x[${'9'.repeat(60)}];`, `integer constant '${'9'.repeat(37)}...' is too large`, '9'.repeat(60)],
  [`int x[${'1x'.repeat(30)}];`, `malformed number '${'1x'.repeat(18)}1...'`, '1x'.repeat(30)],
  ['int x[;', "expected a constant expression, found ';'", ';'],
  ['int x[2;', "expected ']' after an array length, found ';'", ';'],
  ['int x[-1];', 'array length must not be negative, found -1', '-1'],
  ['void x[2];', "array of 'void', whose size is not known", 'x'],
  ['int x[2][];', "array of 'int []', whose size is not known", 'x'],
  ['int (x;', "expected ')' to close the declarator, found ';'", ';'],
  ['int f(int, );', "expected a parameter, found ')'", ')'],
  ['int f(..., int);', "expected ')' after the parameters, found ','", ','],
  ['int f(foo x);', "unknown type 'foo'", 'foo'],
  ['int f(void, int);', "parameter of type 'void'", 'void'],
  ['int f(void)[2];', "function returning 'int [2]'", '(void)'],
  ['int f(static int x);', "storage class 'static' has no place in a parameter", 'static int'],
  ['int f(void) { return 1;', "'{' without its '}'", '{'],
  ['long char x;', "'long char' is not a type", 'long char'],
  ['long long long x;', "'long long long' is not a type", 'long long long'],
  ['unsigned float x;', "'unsigned float' is not a type", 'unsigned float'],
  ['short double x;', "'short double' is not a type", 'short double'],
  ['int struct s x;', "expected one type, found 'struct'", 'struct'],
  ['struct s int x;', "expected one type, found 'int'", 'int'],
  ['typedef static int x;', "expected one storage class, 'typedef' came before, found 'static'", 'static'],
  ['struct;', "expected a tag or '{' after 'struct', found ';'", ';'],
  ['enum;', "expected a tag or '{' after 'enum', found ';'", ';'],
  ['struct s { int x;', "expected '}' to close 'struct s', found end of text", ''],
  ['struct s { int x y; };', "expected ';' after a member, found 'y'", 'y'],
  ['struct s { typedef int x; };', "storage class 'typedef' has no place in a struct", 'typedef int'],
  ['struct s { int; };', 'expected a member name', 'int'],
  ['struct s { int x; char x; };', "duplicate member 'x'", 'x'],
  ['struct s { int x; struct { int x; }; };', "duplicate member 'x'", 'struct { int x; }'],
  ['struct s { struct s x; };', "member 'x' has the type 'struct s', whose size is not known", 'x'],
  ['struct s { void x; };', "member 'x' has the type 'void', whose size is not known", 'x'],
  ['struct s { int f(void); };', "member 'f' has the type 'int (void)', whose size is not known", 'f'],
  ['struct s { int a[]; int b; };', "member after 'a[]', which must be the last", 'b'],
  ['struct s { int a[?]; int b; };', "member after 'a[?]', which must be the last", 'b'],
  ['union u { int a[?]; };', "'[?]' has no place in a union", 'a'],
  ['struct s { int x : 33; };', 'bit-field width must be from 0 to 32, found 33', '33'],
  ['struct s { int x : -1; };', 'bit-field width must be from 0 to 32, found -1', '-1'],
  ['struct s { _Bool x : 2; };', 'bit-field width must be from 0 to 1, found 2', '2'],
  ['struct s { int x : 0; };', "bit-field 'x' of width 0 must not have a name", '0'],
  ['struct s { float x : 3; };', "bit-field of type 'float', expected an integer type", 'x'],
  ['struct s { int *x : 3; };', "bit-field of type 'int *', expected an integer type", 'x'],
  ['struct s { be32_t x : 3; };', 'big-endian bit-field in a little-endian struct', 'x'],
  ['struct s { static int x = 1; };', "'x' needs 'static const' and a value", 'x'],
  ['struct s { static const int x; };', "'x' needs 'static const' and a value", 'x'],
  ['enum { };', "expected an enumerator, found '}'", '}'],
  ['enum { A B };', "expected '}' after the enumerators, found 'B'", 'B'],
  ['enum { A, A };', "'A' is declared already", 'A'],
  ['enum { A = -1, B = 0xffffffffffffffff };', 'enumerators need more than 64 bits', 'enum { A = -1, B = 0xffffffffffffffff }'],
  ['struct s { int x; }; struct s { int x; };', 'struct s is defined already', 's'],
  ['struct s { int x; }; union s;', "'s' is a struct, not a union", 's'],
  ['enum e { A }; enum e { B };', 'enum e is defined already', 'e'],
  ['struct s { struct s { int x; } y; };', 'struct s is defined already', 'struct s { struct s { int x; } y; }'],
  ['struct s { int x __attribute__((aligned(3))); };', "'aligned' takes a power of two up to 268435456, found 3", '3'],
  ['struct s { int x __attribute__((aligned(1, 2))); };', "'aligned' takes one argument", 'aligned(1, 2)'],
  [
    'struct __attribute__((scalar_storage_order("middle"))) s { int x; };',
    '\'scalar_storage_order\' takes "big-endian" or "little-endian"',
    'scalar_storage_order("middle")',
  ],
  ['struct s { int x; } y __attribute__((packed;', "expected an attribute name, found ';'", ';'],
  ['struct { char c; int x; } __attribute__((packed aligned(4))) s;', "expected ',' before 'aligned'", 'aligned'],
  ['struct { char c; int x; } __attribute__((packed aligned(4), x)) s;', "expected ',' before 'aligned'", 'aligned'],
  ['int &*x;', 'pointer or reference to a reference', '*'],
  ['int &x[2];', 'array of references', '[2]'],
  ['typedef int t __attribute__((aligned(8))); t x[2];', "array of 'int', whose alignment 8 does not divide its size 4", 'x'],
  ['int @;', "unexpected character '@'", '@'],
  ['/* open', 'unfinished comment', '/*'],
  ['int x asm("open', 'unfinished string', '"open'],
  ["enum { A = 'x", 'unfinished character constant', "'x"],
  ['#pragma pack', "expected '(...)' after '#pragma pack'", '#pragma pack'],
  ['#pragma pack(3)', "'#pragma pack' takes 1, 2, 4, 8 or 16", '#pragma pack(3)'],
  ['#pragma pack(pop)', "'#pragma pack(pop)' without a matching '#pragma pack(push)'", '#pragma pack(pop)'],
  ['#pragma pack(push, a, b)', "malformed '#pragma pack'", '#pragma pack(push, a, b)'],
  [
    '#pragma scalar_storage_order middle-endian',
    "'#pragma scalar_storage_order' takes big-endian, little-endian or default",
    '#pragma scalar_storage_order middle-endian',
  ],
  ['#pragma ms_struct on', "'#pragma ms_struct on' changes layouts and is not supported", '#pragma ms_struct on'],
];

describe('text that is refused', () => {
  it.each(REFUSED)('%s', (text, reason, at) => {
    const column = at === '' ? text.length + 1 : text.lastIndexOf(at) + 1;
    expect(error(text)).toBe(
      `f.h:1:${column}: error: ${reason}\n    1 | ${text}\n      | ${' '.repeat(column - 1)}^${'~'.repeat(Math.max(0, at.length - 1))}`,
    );
  });

  it('is pointed at by line and file of line markers', () => {
    expect(error('# 1 "a.c"\nint x;\n# 100 "dir/b.h" 1\nstruct s {\n  foo y;\n};')).toMatchInlineSnapshot(`
      "dir/b.h:101:3: error: unknown type 'foo'
        101 |   foo y;
            |   ^~~"
    `);
  });

  it('is called by the name given, or <cdef>', () => {
    expect(failure(() => cdef('foo x;'))).toMatch(/^CdefError: <cdef>:1:1: /);
    expect(failure(() => cdef('').typeof('foo'))).toBe("CdefError: <type>:1:1: error: unknown type 'foo'\n    1 | foo\n      | ^~~");
  });
});

describe('type names that are refused', () => {
  it.each([
    ['', 'expected a type, found end of text'],
    ['int x', "expected the end of the type name, found 'x'"],
    ['int;', "expected the end of the type name, found ';'"],
    ['struct nope', "unknown type 'struct nope'"],
    ['static int', "storage class 'static' has no place in a type name"],
    ['int[2', "expected ']' after an array length, found end of text"],
    ['int **]', "expected the end of the type name, found ']'"],
  ])('%s', (text, reason) => {
    expect(failure(() => cdef('').typeof(text)).split('\n')[0]).toMatch(
      new RegExp(`^CdefError: <type>:1:\\d+: error: ${reason.replace(/[[\]()*.]/g, '\\$&')}$`),
    );
  });
});

it('only text is C text', () => {
  expect(failure(() => cdef(5 as never))).toBe('TypeError: cdef: expected C text or descriptions, got number');
});
