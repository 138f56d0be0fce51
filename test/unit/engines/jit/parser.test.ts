import { describe, expect, it } from 'vitest';
import type { FunctionNode, Statement, Variable } from '../../../../src/engines/jit/ast.ts';
import { parse } from '../../../../src/engines/jit/parser.ts';
import { failure } from '../../../helpers/errors.ts';
import { ACCEPTED, LIMITS, SYNTAX_ERRORS } from '../../../helpers/lua-syntax.ts';
import { statementsText } from '../../../helpers/lua-tree.ts';

const syntaxError = (message: string): string => `LuaSyntaxError: ${message}`;

describe('the tree', () => {
  it.each([
    ['local a, b = 1, "x" c = a .. b', '(declare [a0 b1] [1 "x"]) (assign [(global c)] [(binary .. (local a0) (local b1))])'],
    ['local a = 1 a = 2', '(declare [a0] [1]) (assign [(local a0)] [2])'],
    ['x, y.z, t[1] = f()', '(assign [(global x) (index (global y) "z") (index (global t) 1)] [(call (global f))])'],
    ['return a, ...', '(return [(global a) vararg])'],
    ['return', 'return'],
    [
      'f() f"s" f{} o:m(1)(2).x[3]:n()',
      '(expression (call (global f))) (expression (call (global f) ["s"])) (expression (call (global f) [table])) (expression (method (index (index (call (method (global o) m [1]) [2]) "x") 3) n))',
    ],
    [
      'a = (f()) b = (...) c = (x.y)',
      '(assign [(global a)] [(single (call (global f)))]) (assign [(global b)] [(single vararg)]) (assign [(global c)] [(index (global x) "y")])',
    ],
    [
      'local t = {1, x = 2; [3] = 4, f(), }',
      '(declare [t0] [(table [(positional 1) (keyed "x" 2) (keyed 3 4) (positional (call (global f)))])])',
    ],
    ['a = 1 + 2 * 3 - 4', '(assign [(global a)] [(binary - (binary + 1 (binary * 2 3)) 4)])'],
    ['a = 2 ^ 3 ^ 4', '(assign [(global a)] [(binary ^ 2 (binary ^ 3 4))])'],
    ['a = -2 ^ 2', '(assign [(global a)] [(unary - (binary ^ 2 2))])'],
    ['a = x .. y .. z', '(assign [(global a)] [(binary .. (global x) (binary .. (global y) (global z)))])'],
    ['a = not x == y', '(assign [(global a)] [(binary == (unary not (global x)) (global y))])'],
    [
      'a = x < y and y < z or w',
      '(assign [(global a)] [(logical or (logical and (binary < (global x) (global y)) (binary < (global y) (global z))) (global w))])',
    ],
    ['a = #t - -1', '(assign [(global a)] [(binary - (unary # (global t)) (unary - 1))])'],
    ['a = x + y .. z * w', '(assign [(global a)] [(binary .. (binary + (global x) (global y)) (binary * (global z) (global w)))])'],
    [
      'if a then b() elseif c then d() else e() end',
      '(if [{(global a) {[(expression (call (global b)))]}} {(global c) {[(expression (call (global d)))]}}] {[(expression (call (global e)))]})',
    ],
    ['while a do break end', '(while (global a) {[break]})'],
    ['repeat local x until x', '(repeat {[(declare [x0])]} (local x0))'],
    ['for i = 1, 2, 3 do f(i) end', '(numericFor i0 1 2 3 {[(expression (call (global f) [(local i0)]))]})'],
    ['for k, v in pairs(t) do end', '(genericFor [k0 v1] [(call (global pairs) [(global t)])] {})'],
    ['do local x end x = 1', '(do {[(declare [x0])]}) (assign [(global x)] [1])'],
    ['function f(a, ...) return a end', '(assign [(global f)] [(function f [a0] isVararg {[(return [(local a0)])]})])'],
    [
      'function a.b.c:d(x) self = x end',
      '(assign [(index (index (index (global a) "b") "c") "d")] [(function a.b.c:d [self0 x1] {[(assign [(local self0)] [(local x1)])]})])',
    ],
    ['local function f() return f() end', '(declareFunction f0 (function f {[(return [(call (local f0))])]}))'],
    ['local f = function() end', '(declare [f0] [(function f {})])'],
    ['t = { f = function() end }', '(assign [(global t)] [(table [(keyed "f" (function {}))])])'],
    ['goto a ::a::', '(goto a0) (label a0)'],
    ['::a:: goto a', '(label a0 loop) (goto a0 loop)'],
    ['do goto x end ::x:: ::y::', '(do {[(goto x0)]}) (label x0) (label y1 unused)'],
    ['::x:: do goto x; ::x:: end', '(label x0 unused) (do {[(goto x1) (label x1)] hasLabels})'],
    [
      'while a do if b then goto continue end c() ::continue:: end',
      '(while (global a) {[(if [{(global b) {[(goto continue0)]}}]) (expression (call (global c))) (label continue0)] hasLabels})',
    ],
    ['goto = goto.goto', '(assign [(global goto)] [(index (global goto) "goto")])'],
    ['a = 1LL b = 2i', '(assign [(global a)] [1LL]) (assign [(global b)] [2i])'],
    ['(f or g)()', '(expression (call (logical or (global f) (global g))))'],
    ['a.b["c"].d = nil', '(assign [(index (index (index (global a) "b") "c") "d")] [nil])'],
  ])('of %j', (text, tree) => {
    expect(statementsText(parse(text, '=c', { extensions: false }))).toBe(tree);
    expect(statementsText(parse(text, '=c'))).toBe(tree);
  });

  it.each([
    ['a = b?.c.d', '(assign [(global a)] [(chain (index (index (global b) "c" isSafe) "d"))])'],
    ['a = b?.[1]?.(2)', '(assign [(global a)] [(chain (call (index (global b) 1 isSafe) [2] isSafe))])'],
    ['a = (b?.c).d', '(assign [(global a)] [(index (chain (index (global b) "c" isSafe)) "d")])'],
    ['f?.()', '(expression (chain (call (global f) isSafe)))'],
    ['o:m?.(1) o?:m()', '(expression (chain (method (global o) m [1] isSafeCall))) (expression (chain (method (global o) m isSafe)))'],
    ['a?.b = 1', '(assign [(index (global a) "b" isSafe)] [1])'],
    ['a.b?.c.d, x = 1, 2', '(assign [(index (index (index (global a) "b") "c" isSafe) "d") (global x)] [1 2])'],
    [
      'a += 1 a.b ..= c local x x -= 1',
      '(compound (global a) + 1) (compound (index (global a) "b") .. (global c)) (declare [x0]) (compound (local x0) - 1)',
    ],
    ['a = b ? c : d ? e : f', '(assign [(global a)] [(conditional (global b) (global c) (conditional (global d) (global e) (global f)))])'],
    ['a = b ? (c:d()) : e', '(assign [(global a)] [(conditional (global b) (single (method (global c) d)) (global e))])'],
    ['a = b ? {c:d()} : e', '(assign [(global a)] [(conditional (global b) (table [(positional (method (global c) d))]) (global e))])'],
    ['a = b ? f(c:d()) : e', '(assign [(global a)] [(conditional (global b) (call (global f) [(method (global c) d)]) (global e))])'],
    ['a = x ?? y or z', '(assign [(global a)] [(logical or (logical ?? (global x) (global y)) (global z))])'],
    ['a = 1 | 2 ~ 3 & 4 << 5 .. 6', '(assign [(global a)] [(binary | 1 (binary ~ 2 (binary & 3 (binary << 4 (binary .. 5 6)))))])'],
    ['a = ~x ~ y', '(assign [(global a)] [(binary ~ (unary ~ (global x)) (global y))])'],
    [
      'a = !x && y != z || w',
      '(assign [(global a)] [(logical or (logical and (unary not (global x)) (binary ~= (global y) (global z))) (global w))])',
    ],
    ['while a do continue end', '(while (global a) {[continue]} hasContinue)'],
    ['repeat if a then continue end until b', '(repeat {[(if [{(global a) {[continue]}}])]} (global b) hasContinue)'],
    ['const x = 1 const function f() return x end', '(declare [x0] [1]) (declareFunction f1 (function f {[(return [(local x0)])]}))'],
    ['a = x -> x + 1', '(assign [(global a)] [(function a [x0] {[(return [(binary + (local x0) 1)])]})])'],
    ['a = |x, y| -> x', '(assign [(global a)] [(function a [x0 y1] {[(return [(local x0)])]})])'],
    ['a = || -> f()', '(assign [(global a)] [(function a {[(return [(single (call (global f)))])]})])'],
    ['a = |x, ...| -> ...', '(assign [(global a)] [(function a [x0] isVararg {[(return [(single vararg)])]})])'],
    ['a = x -> do return x, 1 end', '(assign [(global a)] [(function a [x0] {[(return [(local x0) 1])]})])'],
    ['f(x -> y -> x, 2)', '(expression (call (global f) [(function [x0] {[(return [(function [y1] {[(return [(local x0)])]})])]}) 2]))'],
    ['a = 1_000 b = 0xff_ff', '(assign [(global a)] [1000]) (assign [(global b)] [65535])'],
    [
      'continue = 1 continue() const = 2 const.x = 3',
      '(assign [(global continue)] [1]) (expression (call (global continue))) (assign [(global const)] [2]) (assign [(index (global const) "x")] [3])',
    ],
    ['a = b ? x -> y : z', '(assign [(global a)] [(conditional (global b) (function [x0] {[(return [(global y)])]}) (global z))])'],
    ['a ~>>= 2 a = b ~>> c', '(compound (global a) ~>> 2) (assign [(global a)] [(binary ~>> (global b) (global c))])'],
    ['a = b?.c:d(1)', '(assign [(global a)] [(chain (method (index (global b) "c" isSafe) d [1]))])'],
  ])('of %j, with extensions', (text, tree) => {
    expect(statementsText(parse(text, '=c'))).toBe(tree);
  });
});

/** The function with the name, and the variables of the chunk by their names. */
function resolved(text: string): { chunk: FunctionNode; functions: Map<string | null, FunctionNode>; variables: Map<string, Variable> } {
  const chunk = parse(text, '=c');
  const functions = new Map<string | null, FunctionNode>();
  const variables = new Map<string, Variable>();
  const visit = (node: FunctionNode): void => {
    functions.set(node.name, node);
    for (const parameter of node.parameters) variables.set(parameter.name, parameter);
    // Every variable that matters here is declared in one of these ways.
    JSON.stringify(node.body, (key, value) => {
      if (key === 'owner' || key === 'parent' || key === 'functions' || key === 'upvalues' || key === 'values') return undefined;
      if (typeof value === 'object' && value !== null && 'owner' in value) variables.set(value.name, value);
      return value;
    });
    for (const inner of node.functions) visit(inner);
  };
  visit(chunk);
  return { chunk, functions, variables };
}

const names = (variables: readonly Variable[]): string => variables.map(({ name }) => name).join(' ');

describe('names', () => {
  it('mean the innermost variable in scope, which begins behind its declaration', () => {
    expect(statementsText(parse('local x = x local x = x do local x = x end x()', '=c'))).toBe(
      '(declare [x0] [(global x)]) (declare [x1] [(local x0)]) (do {[(declare [x2] [(local x1)])]}) (expression (call (local x1)))',
    );
  });

  it('of loops are in scope in their body only', () => {
    expect(statementsText(parse('for i = i, i do i() end i() for k in k do k() end', '=c'))).toBe(
      '(numericFor i0 (global i) (global i) {[(expression (call (local i0)))]}) (expression (call (global i))) ' +
        '(genericFor [k1] [(global k)] {[(expression (call (local k1)))]})',
    );
  });

  it('of functions around one are its upvalues, and of those between', () => {
    const { chunk, functions } = resolved(`
      local a, b, c
      local function f(p) local function g() return a, p, function() return c end end end
      local function h() return h end`);
    expect(names(functions.get('f')?.upvalues ?? [])).toBe('a c');
    expect(names(functions.get('g')?.upvalues ?? [])).toBe('a p c');
    expect(names(functions.get('h')?.upvalues ?? [])).toBe('h');
    expect(chunk.upvalues).toEqual([]);
    expect(chunk.functions.map(({ name }) => name)).toEqual(['f', 'h']);
  });

  it('that functions inside use are captured', () => {
    const { variables } = resolved('local a, b, c = 1 local function f(d, e) b = a return function() d = 1 end end');
    expect([...'abcde'].filter((name) => variables.get(name)?.isCaptured).join('')).toBe('abd');
  });

  it('count their assignments and know their values', () => {
    const { variables } = resolved(`
      local a, b = 1, f() local c, d = g() local e
      a, b = 2 a = 'x' d += 1
      function e() end
      local function h(i) i = nil end
      for j = 1, 2 do j = 3 end`);
    const known = Object.fromEntries(
      [...variables].map(([name, { assignments, values }]) => [
        name,
        `${assignments}: ${values.map((value) => value?.kind ?? '-').join(' ')}`,
      ]),
    );
    expect(known).toEqual({
      a: '2: number number string',
      b: '1: call -',
      c: '0: call',
      d: '1: - -',
      e: '1: - function',
      h: '0: function',
      i: '1: - nil',
      j: '1: - number',
    });
  });

  it('tell whether a loop declares them anew', () => {
    const { variables } = resolved(`
      local a
      while a do local b; local f = function(c) local d end do local e end end
      for g = 1, 2 do end
      repeat local h until h
      local i ::top:: local j; if i then local k; goto top; local l end local m
      goto down; do local n end ::down::`);
    expect([...variables.values()].filter(({ isInLoop }) => isInLoop).map(({ name }) => name)).toEqual([...'bfeghjk']);
  });

  it('of globals and environments mark the functions around them', () => {
    const { chunk, functions } = resolved(`
      local setfenv = 1
      local function a() return setfenv end
      local function b() return function() x = 1 end end
      local function c(y) return y end`);
    const marks = [...functions].map(([name, node]) => [name, node.usesGlobals, node.changesEnvironment]);
    expect(marks).toEqual([
      [null, true, false],
      ['a', false, true],
      ['b', true, false],
      ['c', false, false],
    ]);
    expect([chunk.usesGlobals, chunk.changesEnvironment]).toEqual([true, true]);
  });

  it('of constants cannot be assigned to', () => {
    for (const text of ['x = 2', 'x += 1', 'y, x = 1', 'function x() end', 'function f() x = 1 end']) {
      expect(failure(() => parse(`const x = 1 ${text}`, '=c'))).toBe(syntaxError("c:1: attempt to assign to const variable 'x'"));
    }
    parse('const x = {} x.y = 1 function x.f() end local x x = 1', '=c');
  });
});

describe('functions', () => {
  it('know where they are', () => {
    const text = 'local x\nfunction\nf(a)\nend local\nfunction g\n() end x = function\n()\nend';
    const { functions, chunk } = resolved(text);
    const places = [...functions].map(([name, { line, endLine, start, end }]) => [name, line, endLine, text.slice(start, end)]);
    expect(places).toEqual([
      [null, 0, 8, text],
      ['f', 2, 4, 'function\nf(a)\nend'],
      ['g', 6, 6, 'local\nfunction g\n() end'],
      ['x', 7, 8, 'function\n()\nend'],
    ]);
    expect(chunk).toMatchObject({ isVararg: true, parameters: [], parent: null, id: 0 });
  });

  it('of short form end with their expression', () => {
    const text = 'f(x -> x + 1, |y| -> do return y end)';
    const { chunk } = resolved(text);
    expect(chunk.functions.map(({ start, end }) => text.slice(start, end))).toEqual(['x -> x + 1', '|y| -> do return y end']);
  });
});

// As `debug.traceback` and error messages of LuaJIT show them.
describe('lines', () => {
  it("of a field that is an operand is the operator's, where it is read", () => {
    const [statement] = parse('a = b.c\n\n+\n1', '=c').body.statements as [Statement & { kind: 'assign' }];
    expect(statement.values[0]).toMatchObject({ kind: 'binary', line: 4, left: { kind: 'index', line: 3 } });
  });
});

describe('errors', () => {
  it.each(SYNTAX_ERRORS)('%j: %s', (text, message) => {
    expect(failure(() => parse(text, '=c', { extensions: false }))).toBe(syntaxError(`c:${message}`));
  });

  it.each(ACCEPTED.map((text) => [text]))('%j is none', (text) => {
    expect(parse(text, '=c', { extensions: false }).kind).toBe('function');
  });

  it.each([
    ['@a/b.lua', 'a/b.lua'],
    ['=stdin', 'stdin'],
    ['x y', '[string "x y"]'],
  ])('name the chunk %s', (chunk, name) => {
    expect(failure(() => parse('x y', chunk))).toBe(syntaxError(`${name}:1: '=' expected near 'y'`));
  });

  it.each([
    ['x += ', "unexpected symbol near '<eof>'"],
    ['x, y += 1', "'=' expected near '+='"],
    ['f() += 1', "unexpected symbol near '+='"],
    ['x ^= 1', "'=' expected near '^'"],
    ['x = a // b', "unexpected symbol near '//'"],
    ['x = a ? b', "':' expected near '<eof>'"],
    ['x = a ? b:c', null],
    ['x = |a -> b', "'|' expected near '->'"],
    ['x = |1| -> b', "'<name>' expected near '1'"],
    ['x = || b', "'->' expected near 'b'"],
    ['x = a?.1', "':' expected near '<eof>'"],
    ['continue', 'no loop to continue'],
    ['while x do continue x() end', "'=' expected near 'x'"],
    ['while x do f(function() continue end) end', 'no loop to continue'],
    ['const x', null],
    ['x = a -> ', "unexpected symbol near '<eof>'"],
    [`x = ${'a ? '.repeat(1e5)}`, 'chunk has too many syntax levels'],
    [`x = ${'a ? b : '.repeat(1e5)}`, 'chunk has too many syntax levels'],
    ['f('.repeat(1e5), 'chunk has too many syntax levels'],
    [`x = ${'a -> '.repeat(1e5)}`, 'chunk has too many syntax levels'],
    ['x = |a| -> do '.repeat(1e5), 'chunk has too many syntax levels'],
  ])('with extensions, %#', (text, message) => {
    const parsed = (): FunctionNode => parse(text, '=c');
    if (message === null) expect(parsed().body.statements.length).toBe(1);
    else expect(failure(parsed)).toBe(syntaxError(`c:1: ${message}`));
  });
});

describe('limits', () => {
  it.each(LIMITS)('%s', (_, text, message) => {
    for (const extensions of [false, true]) {
      const parsed = (): FunctionNode => parse(text, '=c', { extensions });
      if (message === null) expect(parsed().kind).toBe('function');
      else expect(failure(parsed)).toBe(syntaxError(`c:${message}`));
    }
  });

  it.each([
    ['jumps', `${'do goto a end '.repeat(20000)} ::a::`],
    ['jumps back', `::a:: ${'do local x goto a end '.repeat(20000)}`],
    ['jumps to many labels', Array.from({ length: 20000 }, (_, i) => `do goto a${i} end ::a${i}:: x = 1`).join(' ')],
    ['names', 'x = y '.repeat(30000)],
  ])('many %s take linear time', (_, text) => {
    expect(parse(text, '=c').kind).toBe('function');
  });
});
