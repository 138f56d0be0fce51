import { describe, expect, it } from 'vitest';
import { LuaLexer, type LuaToken, numberOfString, parseNumber } from '../../../src/lua/index.ts';

function tokensOf(text: string): LuaToken[] {
  const lexer = new LuaLexer(text, 'c');
  const tokens: LuaToken[] = [];
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) tokens.push(token);
  return tokens;
}

const shown = (text: string): string =>
  tokensOf(text)
    .map(
      ({ kind, value }) =>
        `${kind} ${typeof value === 'object' ? JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)) : value}`,
    )
    .join(', ');

describe('tokens', () => {
  it.each([
    ['local x = goto_1', 'keyword local, name x, operator =, name goto_1'],
    ['na\xc3\xafve', 'name na\xc3\xafve'],
    ['a.b:c(...)', 'name a, operator ., name b, operator :, name c, operator (, operator ..., operator )'],
    ['a..b ... a..=b', 'name a, operator .., name b, operator ..., name a, operator ..=, name b'],
    [
      'a~>>=b ~>> ~= ~ >>= >> >= >',
      'name a, operator ~>>=, name b, operator ~>>, operator ~=, operator ~, operator >>=, operator >>, operator >=, operator >',
    ],
    ['a?.b c?.5:d', 'name a, operator ?., name b, name c, operator ?, number {"kind":"double","value":0.5}, operator :, name d'],
    [
      '::x:: // && || ?? -> !=',
      'operator ::, name x, operator ::, operator //, operator &&, operator ||, operator ??, operator ->, operator !=',
    ],
    ['@ \x01 $', 'operator @, operator \x01, operator $'],
    ['[[a]] [=[]]]=] [==[\r\nx\n\ry]==]', 'string a, string ]], string x\ny'],
    ['a[b[1]]', 'name a, operator [, name b, operator [, number {"kind":"double","value":1}, operator ], operator ]'],
    ['-- x\n--[[ y\n ]] --[==[ ]] ]==] z --', 'name z'],
    ['--[=x\na', 'name a'],
    ['\xef\xbb\xbf#!/bin/lua [[\na', 'name a'],
    ["'\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'", 'string \x07\b\f\n\r\t\v\\\'"'],
    ["'\\65\\0661\\x41\\z  \n\t b\\\r\nc'", 'string AB1Ab\nc'],
    ["'\\u{41}\\u{e9}\\u{20ac}\\u{10ffff}'", 'string A\xc3\xa9\xe2\x82\xac\xf4\x8f\xbf\xbf'],
    ["'a\0b'", 'string a\0b'],
    [
      '1LL 0xffULL 12i',
      'number {"kind":"int64","value":"1"}, number {"kind":"uint64","value":"255"}, number {"kind":"imaginary","value":12}',
    ],
    ['1-1', 'number {"kind":"double","value":1}, operator -, number {"kind":"double","value":1}'],
  ])('of %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it('have their place and the line on which they end', () => {
    expect(tokensOf('a\r\n[[\n\n]] "\\\n"\n\rb')).toEqual([
      { kind: 'name', value: 'a', start: 0, end: 1, line: 1 },
      { kind: 'string', value: '\n', start: 3, end: 9, line: 4 },
      { kind: 'string', value: '\n', start: 10, end: 14, line: 5 },
      { kind: 'name', value: 'b', start: 16, end: 17, line: 6 },
    ]);
  });

  it('end again and again', () => {
    const lexer = new LuaLexer('x ', 'c');
    lexer.next();
    expect([lexer.next(), lexer.next()]).toEqual(Array(2).fill({ kind: 'end', value: null, start: 2, end: 2, line: 1 }));
  });
});

// As LuaJIT 2.1 says.
describe('errors', () => {
  it.each([
    ['x = "abc', "c:1: unfinished string near '<eof>'"],
    ['\n\nx = "abc\n"', `c:3: unfinished string near '"abc'`],
    ["'a\\q'", "c:1: invalid escape sequence near ''a'"],
    ["'\\300'", "c:1: invalid escape sequence near '''"],
    ["'\\xg1'", "c:1: invalid escape sequence near '''"],
    ["'\\u{110000}'", "c:1: invalid escape sequence near '''"],
    ["'\\u{d800}'", "c:1: invalid escape sequence near '''"],
    ["'\\u{}'", "c:1: invalid escape sequence near '''"],
    ["'\\", "c:1: unfinished string near '<eof>'"],
    ['[[abc\n', "c:2: unfinished long string near '<eof>'"],
    ['--[==[ ]]\n\n', "c:3: unfinished long comment near '<eof>'"],
    ['[==x', "c:1: invalid long string delimiter near '[=='"],
    ['1x', "c:1: malformed number near '1x'"],
    ['1..2', "c:1: malformed number near '1..2'"],
    ['1e+', "c:1: malformed number near '1e+'"],
    ['0x1p+x', "c:1: malformed number near '0x1p+x'"],
    ['1.5LL', "c:1: malformed number near '1.5LL'"],
    ['5LLi', "c:1: malformed number near '5LLi'"],
  ])('%j: %s', (text, expected) => {
    expect(() => tokensOf(text)).toThrow(expected);
  });
});

describe('numbers', () => {
  it.each<[string, ReturnType<typeof parseNumber>]>([
    ['0xep1', { kind: 'double', value: 28 }],
    ['0x.8', { kind: 'double', value: 0.5 }],
    ['0x8.', { kind: 'double', value: 8 }],
    ['0x1p-1074', { kind: 'double', value: 5e-324 }],
    ['0x1.8p-1075', { kind: 'double', value: 5e-324 }],
    ['0x1p-1075', { kind: 'double', value: 0 }],
    ['0x1.00000000000008p0', { kind: 'double', value: 1 }],
    ['0x1.000000000000080000000000001p0', { kind: 'double', value: 1 + 2 ** -52 }],
    ['0x1.fffffffffffff8p1023', { kind: 'double', value: Number.POSITIVE_INFINITY }],
    ['0b11', { kind: 'double', value: 3 }],
    ['0b1ULL', { kind: 'uint64', value: 1n }],
    ['08LL', { kind: 'int64', value: 8n }],
    ['9223372036854775808ll', { kind: 'int64', value: -(2n ** 63n) }],
    ['18446744073709551615LLU', { kind: 'uint64', value: 2n ** 64n - 1n }],
    ['0x0000000000000000000fLL', { kind: 'int64', value: 15n }],
    ['0x1.8p1I', { kind: 'imaginary', value: 3 }],
    ['18446744073709551616ULL', null],
    ['0x10000000000000000LL', null],
    ['1UL', null],
    ['1ull1', null],
    ['0x', null],
    ['0x.p1', null],
    ['0b2', null],
    ['1e1048576', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseNumber(text)).toEqual(expected);
  });

  it.each<[string, number | null]>([
    [' -0x10\n', -16],
    ['+.5', 0.5],
    ['inf', Number.POSITIVE_INFINITY],
    ['-INFINITY', Number.NEGATIVE_INFINITY],
    ['nan', Number.NaN],
    ['1LL', null],
    ['- 1', null],
    ['', null],
    ['1 2', null],
  ])('the string %j as a number', (text, expected) => {
    expect(numberOfString(text)).toBe(expected);
  });
});

describe('hostile text takes linear time', () => {
  it.each([
    ['digits', '1'.repeat(2e6)],
    ['hexadecimal digits', `0x.${'0'.repeat(2e6)}1`],
    ['exponents', '1e+'.repeat(3e5)],
    ['brackets', '['.repeat(1e6)],
    ['comments', '--\n'.repeat(3e5)],
    ['escapes', `"${'\\n'.repeat(5e5)}"`],
    ['line ends', `[[${'\r\n'.repeat(5e5)}]]`],
    ['names', 'x'.repeat(2e6)],
  ])('%s', (_, text) => {
    const started = performance.now();
    try {
      tokensOf(text);
    } catch (error) {
      expect(error).toHaveProperty('name', 'LuaSyntaxError');
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
