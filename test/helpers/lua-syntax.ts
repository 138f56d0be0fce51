/**
 * Lua texts that do not compile, with LuaJIT's messages, texts that do, and random ones.
 * @module
 */
import type { Random } from './random.ts';

/** `[text, message]` without the chunk's name; texts are latin1. */
export const SYNTAX_ERRORS: readonly (readonly [string, string])[] = [
  ['while 1 do break print() end', "1: 'end' expected near 'print'"],
  [';;', "1: unexpected symbol near ';'"],
  ['f\n(x)', "2: ambiguous syntax (function call x new statement) near '('"],
  ['x=;', "1: unexpected symbol near ';'"],
  ['a;;b=1', "1: '=' expected near ';'"],
  ['goto goto', "1: '=' expected near 'goto'"],
  ['break', '1: no loop to break'],
  ['goto x', "1: undefined label 'x'"],
  ['do goto x end local a ::x:: print(a)', "1: <goto x> jumps into the scope of local 'a'"],
  ['goto x; local a ::x:: ; ', "1: <goto x> jumps into the scope of local 'a'"],
  ['goto x; local a ::x:: print()', "1: <goto x> jumps into the scope of local 'a'"],
  ['repeat goto x local a ::x:: until a', "1: <goto x> jumps into the scope of local 'a'"],
  ['::x:: ::x::', "1: duplicate label 'x'"],
  ['x = }', "1: unexpected symbol near '}'"],
  ["x = 'a' 'b'", "1: unexpected symbol near ''b''"],
  ['for i = 1 do', "1: ',' expected near 'do'"],
  ['for a b', "1: '=' or 'in' expected near 'b'"],
  ['function f(a, 1) end', "1: <name> or '...' expected near '1'"],
  ['x = function() return ... end', "1: cannot use '...' outside a vararg function near '...'"],
  ['x = \x01', "1: unexpected symbol near 'char(1)'"],
  ['x += 1', "1: '=' expected near '+'"],
  ['a.b:c = 1', "1: function arguments expected near '='"],
  ['f() = 1', "1: unexpected symbol near '='"],
  ['(a) = 1', "1: syntax error near '='"],
  ['a, (b) = 1,2', "1: syntax error near '='"],
  ['return 1 2', "1: '<eof>' expected near '2'"],
  ['if x then\n\n', "3: 'end' expected (to close 'if' at line 1) near '<eof>'"],
  ['x = [==[ab]==] y', "1: '=' expected near '<eof>'"],
  ["x = 'a\\0b' 'c'", "1: unexpected symbol near ''c''"],
  ['x = @', "1: unexpected symbol near '@'"],
  ['x = {1 2}', "1: '}' expected near '2'"],
  ['x = 1e 5', "1: malformed number near '1e'"],
  ["x='\\0abc\n", "1: unfinished string near '''"],
  ['a=~1', "1: unexpected symbol near '~'"],
  ['a=b~c', "1: unexpected symbol near '~'"],
  ['a!=b', "1: '=' expected near '!'"],
  ['x=a?.b', "1: unexpected symbol near '?'"],
  ['x=1_000', "1: malformed number near '1_000'"],
  ['break goto x', "1: '<eof>' expected near 'goto'"],
  ['goto x break', "1: undefined label 'x'"],
  ['while 1 do goto y end break', "1: undefined label 'y'"],
  ['function f() break end', '1: no loop to break'],
  ['\n\nbreak\n\n', '3: no loop to break'],
  ['if a then break else end', '1: no loop to break'],
  ['x y', "1: '=' expected near 'y'"],
  ['::a%d::::a%d::::a%d::', "1: '::' expected near '%'"],
  ['for i=1,2,3,4 do end', "1: 'do' expected near ','"],
  ['for i in do end', "1: unexpected symbol near 'do'"],
  ['local function', "1: '<name>' expected near '<eof>'"],
  ['local function f', "1: '(' expected near '<eof>'"],
  ['local x.y = 1', "1: unexpected symbol near '.'"],
  ['function f.g:h.i() end', "1: '(' expected near '.'"],
  ['function f:g', "1: '(' expected near '<eof>'"],
  ['x = a.1', "1: unexpected symbol near '.1'"],
  ['x = a:b', "1: function arguments expected near '<eof>'"],
  ['a.b', "1: '=' expected near '<eof>'"],
  ["f 'x' {} 'y' = 1", "1: unexpected symbol near '='"],
  ['until x', "1: '<eof>' expected near 'until'"],
  ['end', "1: '<eof>' expected near 'end'"],
  ['else', "1: '<eof>' expected near 'else'"],
  ['x = 1 end', "1: '<eof>' expected near 'end'"],
  ['x=not', "1: unexpected symbol near '<eof>'"],
  ['return return', "1: unexpected symbol near 'return'"],
  ['return;;', "1: '<eof>' expected near ';'"],
  ['local a = 1 = 2', "1: unexpected symbol near '='"],
  ['a = b = c', "1: unexpected symbol near '='"],
  ['goto 1', "1: '=' expected near '1'"],
  ['::1::', "1: '<name>' expected near '1'"],
  [':: x', "1: '::' expected near '<eof>'"],
  ['::x:', "1: '::' expected near ':'"],
  ['goto x.y', "1: unexpected symbol near '.'"],
  ['x = y.end', "1: '<name>' expected near 'end'"],
  ['x={and=1}', "1: unexpected symbol near 'and'"],
  ["x = 'a'.b", "1: unexpected symbol near '.'"],
  ['x = {}.b', "1: unexpected symbol near '.'"],
  ["'a':b()", "1: unexpected symbol near ''a''"],
  ['x = function() end()', "1: unexpected symbol near ')'"],
  ['x = #', "1: unexpected symbol near '<eof>'"],
  ['x = a b', "1: '=' expected near '<eof>'"],
  ['a b', "1: '=' expected near 'b'"],
  ['local a b', "1: '=' expected near '<eof>'"],
  ['x = "a\\q"', "1: invalid escape sequence near '\"a'"],
  ['if x then else else end', "1: 'end' expected near 'else'"],
  ['if x then elseif end', "1: unexpected symbol near 'end'"],
  ['while x end', "1: 'do' expected near 'end'"],
  ['repeat end', "1: 'until' expected near 'end'"],
  ['for 1 = 2', "1: '<name>' expected near '1'"],
  ['function 1() end', "1: '<name>' expected near '1'"],
  ['x = {1,,2}', "1: unexpected symbol near ','"],
  ['x = {,}', "1: unexpected symbol near ','"],
  ['f(,)', "1: unexpected symbol near ','"],
  ['f(1', "1: ')' expected near '<eof>'"],
  ['f{1', "1: '}' expected near '<eof>'"],
  ['t[1', "1: ']' expected near '<eof>'"],
  ['x = (1', "1: ')' expected near '<eof>'"],
  ['x = function(a b) end', "1: ')' expected near 'b'"],
  ['x = function(a,) end', "1: <name> or '...' expected near ')'"],
  ['x = function(..., a) end', "1: ')' expected near ','"],
  ['local function f:g() end', "1: '(' expected near ':'"],
  ['local a,', "1: '<name>' expected near '<eof>'"],
  ['local a = ', "1: unexpected symbol near '<eof>'"],
  ['do', "1: 'end' expected near '<eof>'"],
  ['\n\ndo\n\nx', "5: '=' expected near '<eof>'"],
  ['for i = 1, 2 do\n\n', "3: 'end' expected (to close 'for' at line 1) near '<eof>'"],
  ['function f()\n\n', "3: 'end' expected (to close 'function' at line 1) near '<eof>'"],
  ['x = {\n1\n', "3: '}' expected (to close '{' at line 1) near '<eof>'"],
  ['f(\n1\n', "3: ')' expected (to close '(' at line 1) near '<eof>'"],
  ['x = (\n1\n', "3: ')' expected (to close '(' at line 1) near '<eof>'"],
  ['while 1 do\n\n', "3: 'end' expected (to close 'while' at line 1) near '<eof>'"],
  ['repeat\n\n', "3: 'until' expected (to close 'repeat' at line 1) near '<eof>'"],
  ['for a in b do\n\n', "3: 'end' expected (to close 'for' at line 1) near '<eof>'"],
  ['x = "a\nb"', "1: unfinished string near '\"a'"],
  ['x = [[a', "1: unfinished long string near '<eof>'"],
  ['--[[a', "1: unfinished long comment near '<eof>'"],
  ['x = [=a', "1: invalid long string delimiter near '[='"],
  ['a.', "1: '<name>' expected near '<eof>'"],
  ['a:', "1: '<name>' expected near '<eof>'"],
  ['a:b', "1: function arguments expected near '<eof>'"],
  ['a:b.c()', "1: function arguments expected near '.'"],
  ['a[', "1: unexpected symbol near '<eof>'"],
  ['a[]', "1: unexpected symbol near ']'"],
  ['x = 1 .. ', "1: unexpected symbol near '<eof>'"],
  ['x = a.b:c', "1: function arguments expected near '<eof>'"],
  ['x = \x00 y', '1: unexpected symbol'],
  ['x = "\x00" "a\x00b" ', "1: unexpected symbol near '\"a'"],
  ['goto a goto b ::b::', "1: undefined label 'a'"],
  ['do ::a:: end goto a', "1: undefined label 'a'"],
  ['goto a do ::a:: end', "1: undefined label 'a'"],
  ['while 1 do local function f() break end end', '1: no loop to break'],
  ['function f() ::a:: local g = function() goto a end end', "1: undefined label 'a'"],
  ['do local x goto a local y ::a:: print(y) end', "1: <goto a> jumps into the scope of local 'y'"],
  ['repeat goto a; local x; ::a:: until 1', "1: <goto a> jumps into the scope of local 'x'"],
  ['x = 08LLx', "1: malformed number near '08LLx'"],
  ['x = 1LL.x', "1: malformed number near '1LL.x'"],
  ['x = 0x', "1: malformed number near '0x'"],
  ['x = 3..4', "1: malformed number near '3..4'"],
  ['nil = 1', "1: unexpected symbol near 'nil'"],
  ['true()', "1: unexpected symbol near 'true'"],
  ['(f)', "1: syntax error near '<eof>'"],
  ['(f()) = 1', "1: syntax error near '='"],
  ['a.b, c() = 1', "1: syntax error near '='"],
  ['a, b', "1: '=' expected near '<eof>'"],
  ['a, b += 1', "1: '=' expected near '+'"],
  ['x = a and', "1: unexpected symbol near '<eof>'"],
  ['x = not', "1: unexpected symbol near '<eof>'"],
  ['function f(...) return function() return ... end end', "1: cannot use '...' outside a vararg function near '...'"],
  ["x = 'abc", "1: unfinished string near '<eof>'"],
  ['x = "abc\\', "1: unfinished string near '<eof>'"],
  ['x = "\\400"', "1: invalid escape sequence near '\"'"],
  ['x="\\u{110000}"', "1: invalid escape sequence near '\"'"],
  ['\x7f', "1: unexpected symbol near 'char(127)'"],
  ['x = \x80\xff y z', "1: '=' expected near 'z'"],
  ['::a::\n\n::a::', "3: duplicate label 'a'"],
  ['goto\n\n\na', "4: undefined label 'a'"],
  ['break\n\n;x', "3: '<eof>' expected near 'x'"],
  ['f\n\n(x)', "3: ambiguous syntax (function call x new statement) near '('"],
  ['f\n{x}\n(y)', "3: ambiguous syntax (function call x new statement) near '('"],
  ['x = function(goto, self) return goto.x, ... end', "1: cannot use '...' outside a vararg function near '...'"],
  ['local x <const> = 1', "1: unexpected symbol near '<'"],
  ['x = a // b', "1: unexpected symbol near '/'"],
  ['x = a ?? b', "1: unexpected symbol near '?'"],
  ['continue', "1: '=' expected near '<eof>'"],
  ['while 1 do continue end', "1: '=' expected near 'end'"],
  ['const x = 1', "1: '=' expected near 'x'"],
  ['x = y -> y', "1: unexpected symbol near '>'"],
  ['x, y = 1, 2,', "1: unexpected symbol near '<eof>'"],
  ['return 1,', "1: unexpected symbol near '<eof>'"],
  ['for a, b = 1, 2 do end', "1: 'in' expected near '='"],
  ['for a.b in c do end', "1: '=' or 'in' expected near '.'"],
  ['for i = 1, 2, 3, 4 do end', "1: 'do' expected near ','"],
  ['x = {a b}', "1: '}' expected near 'b'"],
  ['x = {a = }', "1: unexpected symbol near '}'"],
  ['x = {[1] 2}', "1: '=' expected near '2'"],
  ['x = {[1 = 2}', "1: ']' expected near '='"],
  ['elseif x', "1: '<eof>' expected near 'elseif'"],
  ['end end', "1: '<eof>' expected near 'end'"],
  ['(', "1: unexpected symbol near '<eof>'"],
  ['x = "a" .. "b', "1: unfinished string near '<eof>'"],
  ['f:', "1: '<name>' expected near '<eof>'"],
  ['f.1()', "1: '=' expected near '.1'"],
  ['a.b.c', "1: '=' expected near '<eof>'"],
  ['a.b[c]', "1: '=' expected near '<eof>'"],
  ['local a.b', "1: unexpected symbol near '.'"],
  ['x = "\\xZZ"', "1: invalid escape sequence near '\"'"],
  ['until', "1: '<eof>' expected near 'until'"],
  ['return until', "1: '<eof>' expected near 'until'"],
  ['if', "1: unexpected symbol near '<eof>'"],
  ['if x', "1: 'then' expected near '<eof>'"],
  ['if x the y', "1: 'then' expected near 'the'"],
  ['::', "1: '<name>' expected near '<eof>'"],
  ['::a', "1: '::' expected near '<eof>'"],
  ['::a:', "1: '::' expected near ':'"],
  ['x = [[a]] [[b]]', "1: unexpected symbol near '[[b]]'"],
  ['x = [==[\na]]b]==] 1', "2: unexpected symbol near '1'"],
  ['x = 1 x = 2 3', "1: unexpected symbol near '3'"],
  ['x = 0b12', "1: malformed number near '0b12'"],
  ['x = 1i2', "1: malformed number near '1i2'"],
];

/** What LuaJIT accepts, though it may not look so. */
export const ACCEPTED: readonly string[] = [
  'goto=1',
  'goto=1 goto()',
  'local goto=1',
  '::goto::',
  'goto x ::x::',
  'goto x; local a ::x::',
  'goto x; local a ::x:: ::y::',
  '::x:: do ::x:: end',
  'x=\x80',
  'goto\n=1',
  'goto.x = 1',
  'x = goto',
  'x={goto=1}',
  'function goto() end',
  'for goto=1,2 do end',
  "('a'):b()",
  '(function() end)()',
  'x=...',
  '#',
  'repeat ::a:: local x until goto',
  'x = ..., y',
];

const names = (count: number, from = 0): string => Array.from({ length: count }, (_, i) => `v${i + from}`).join(', ');
const TOO_DEEP = '1: chunk has too many syntax levels';

/** Texts at LuaJIT's limits: `[title, text, message]`, null where the text is accepted. */
export const LIMITS: readonly (readonly [string, string, string | null])[] = [
  ['parentheses', `x = ${'('.repeat(197)}1${')'.repeat(197)}`, null],
  ['a parenthesis too many', `x = ${'('.repeat(198)}1${')'.repeat(198)}`, TOO_DEEP],
  ['parentheses without end', '('.repeat(1e5), TOO_DEEP],
  ['brackets without end', `a${'[a'.repeat(1e5)}`, TOO_DEEP],
  ['tables', `x = ${'{'.repeat(198)}${'}'.repeat(198)}`, null],
  ['a table too many', `x = ${'{'.repeat(199)}${'}'.repeat(199)}`, TOO_DEEP],
  ['keys of tables without end', 'x = {['.concat('{['.repeat(1e5)), TOO_DEEP],
  ['signs', `x = ${'- '.repeat(197)}1`, null],
  ['a sign too many', `x = ${'- '.repeat(198)}1`, TOO_DEEP],
  ['powers', `x = ${'a ^ '.repeat(197)}1`, null],
  ['a power too many', `x = ${'a ^ '.repeat(198)}1`, TOO_DEEP],
  ['concatenations without end', `x = ${'a .. '.repeat(1e5)}1`, TOO_DEEP],
  ['blocks', `${'do '.repeat(198)}${'end '.repeat(198)}`, null],
  ['a block too many', `${'do '.repeat(199)}${'end '.repeat(199)}`, TOO_DEEP],
  ['loops without end', 'while x do '.repeat(1e5), TOO_DEEP],
  ['functions', `${'function f() '.repeat(198)}${'end '.repeat(198)}`, null],
  ['functions in expressions without end', 'f(function() '.repeat(1e5), TOO_DEEP],
  ['labels', Array.from({ length: 199 }, (_, i) => `::l${i}::`).join(' '), null],
  ['a label too many', Array.from({ length: 200 }, (_, i) => `::l${i}::`).join(' '), TOO_DEEP],
  ['many sums', `x = ${'a + '.repeat(30000)}1`, null],
  ['many fields', `x = a${'.b'.repeat(30000)}`, null],
  ['many calls', `x = f${'()'.repeat(30000)}`, null],
  ['many statements', 'x = 1 '.repeat(30000), null],
  ['many elements', `x = {${'1, '.repeat(30000)}}`, null],
  ['variables', `local ${names(200)}`, null],
  ['a variable too many', `local ${names(201)}`, '1: main function has more than 200 local variables'],
  ['a parameter too many', `\nlocal\nfunction f\n(${names(201)}) end`, '4: function at line 4 has more than 200 local variables'],
  ['variables beside a loop', `local ${names(196)} for i = 1, 2 do end`, null],
  ['variables before a loop', `local ${names(197)} for i = 1, 2 do end`, '1: main function has more than 200 local variables'],
  ['variables of an iterator', `local ${names(195)} for i, j, k in x do end`, '1: main function has more than 200 local variables'],
  ['variables that are out of scope', `do local ${names(150)} end local ${names(150)}`, null],
  ['targets', `${'a, '.repeat(198)}a = 1`, null],
  ['a target too many', `${'a, '.repeat(199)}a = 1`, '1: main function has more than 200 variable names'],
  ['upvalues', `local ${names(60)} return function() return ${names(60)} end`, null],
  [
    'an upvalue too many',
    `local ${names(61)} return function()\n return ${names(61)} end`,
    '2: function at line 1 has more than 60 upvalues',
  ],
  [
    'an upvalue too many on the way',
    `local ${names(61)} return function()\n return function() return ${names(61)} end end`,
    '2: function at line 1 has more than 60 upvalues',
  ],
  ['many arguments', `f(${'1, '.repeat(300)}1)`, "1: function or expression too complex near '1'"],
  ['many results', `return ${'1, '.repeat(300)}1`, "1: function or expression too complex near '1'"],
];

// ---- random texts

const SIMPLE = ['1', 'nil', 'true', '"s"', '...', '{}', '0x1p4', '[[z]]'];
const NAMES = ['a', 'b', 'c', 'x', 'y', 'self', 'goto'];
const OPERATORS = ['+', '-', '..', 'and', 'or', '==', '<', '^', '*'];

/** Random blocks of Lua, most of which compile. */
class Programs {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  block(depth: number): string {
    const statements = Array.from(
      { length: this.#random.below(4) },
      () => this.#statement(depth - 1) + this.#random.one([' ', '\n', ';', '; ']),
    );
    const last = this.#random.often(0.1) ? this.#random.one(['return ', 'break ', `return ${this.#expression(1)} `, 'return f(a) ']) : '';
    return statements.join('') + last;
  }

  #name(): string {
    return this.#random.one(NAMES);
  }

  #statement(depth: number): string {
    const block = (): string => this.block(depth);
    const e = (): string => this.#expression(1);
    const name = (): string => this.#name();
    const simple = [
      () => `local ${name()} = ${e()}`,
      () => `${name()} = ${e()}`,
      () => `${name()}()`,
      () => `goto ${name()}`,
      () => `::${name()}::`,
      () => `local ${name()}, ${name()} = ${e()}, ${e()}`,
    ];
    const deep = [
      () => `if ${e()} then ${block()}${this.#random.one(['', `elseif ${e()} then ${block()}`, `else ${block()}`])} end`,
      () => `while ${e()} do ${block()} end`,
      () => `for ${name()} = ${e()}, ${e()} do ${block()} end`,
      () => `for ${name()}, ${name()} in ${e()} do ${block()} end`,
      () => `repeat ${block()} until ${e()}`,
      () => `function ${name()}.b:c(${name()}) ${block()} end`,
      () => `local function ${name()}(${this.#random.one(['', '...', 'a, b', 'a, ...'])}) ${block()} end`,
      () => `do ${block()} end`,
      () => `${this.#suffixed(2)}, ${this.#suffixed(1)} = ${e()}`,
      () => `${this.#suffixed(2)}(${e()})`,
    ];
    return this.#random.one(depth <= 0 ? simple : [...simple, ...deep, ...deep])();
  }

  #expression(depth: number): string {
    const e = (): string => this.#expression(depth - 1);
    if (depth <= 0) return this.#random.one([...SIMPLE, this.#name()]);
    return this.#random.one([
      () => `${e()} ${this.#random.one(OPERATORS)} ${e()}`,
      () => `${this.#random.one(['not ', '-', '#'])}${e()}`,
      () => this.#suffixed(depth),
      () => `(${e()})`,
      () => `{${e()}, a = ${e()}; [${e()}] = 1}`,
      () => `function(${this.#random.one(['', 'a', 'a, ...'])}) ${this.block(depth - 1)} end`,
    ])();
  }

  #suffixed(depth: number): string {
    if (depth <= 0) return this.#name();
    const object = (): string => this.#suffixed(depth - 1);
    const e = (): string => this.#expression(depth - 1);
    return this.#random.one([
      () => `${object()}.${this.#name()}`,
      () => `${object()}[${e()}]`,
      () => `${object()}(${e()})`,
      () => `${object()}:${this.#name()}(${e()})`,
      () => `(${e()}).x`,
    ])();
  }
}

/** A block of Lua that compiles more often than not. */
export function randomProgram(random: Random): string {
  return new Programs(random).block(3);
}

const TOKENS = `and break do else elseif end false for function goto if in local nil not or repeat return then true until while
  + - * / % ^ # == ~= <= >= < > = ( ) { } [ ] ; : , . .. ... :: a b x self 1 0x10 .5 1e2 1LL 1x "s" 't' [[l]] -- @ ! ? ~ & |`.split(/\s+/);
const TOKEN = /"[^"\n]*"|'[^'\n]*'|\[\[.*?\]\]|[A-Za-z_]\w*|[\d.]+\w*|\.\.\.?|[=~<>]=|::|--[^\n]*|\n|[ \t]+|./gs;

/** `text` with up to `most` mistakes: tokens dropped, added, replaced, swapped, hit by a byte, or all from one on cut off. */
export function mutated(text: string, random: Random, most: number): string {
  const tokens: string[] = text.match(TOKEN) ?? [];
  for (let count = random.below(most + 1); count > 0; count--) {
    const at = random.below(tokens.length + 1);
    const token = tokens[at] ?? '';
    const other = random.below(tokens.length + 1);
    const middle = random.below(token.length + 1);
    const mistakes = [
      () => tokens.splice(at, 1),
      () => tokens.splice(at, 0, ` ${random.one(TOKENS)} `),
      () => tokens.splice(at, 1, random.one(TOKENS)),
      () => tokens.splice(at, 1, tokens.splice(other, 1, token)[0] ?? ''),
      () => tokens.splice(at, 1, token.slice(0, middle) + String.fromCharCode(random.below(256)) + token.slice(middle + random.below(2))),
      () => random.often(0.3) && tokens.splice(at),
    ];
    random.one(mistakes)();
  }
  return tokens.join('');
}
