local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local rows = check.rows

rows('numbers are of one kind', '', {
  { '2147483647 + 1', '2147483648' },
  { '-2147483648 - 1', '-2147483649' },
  { '2147483647 * 2147483647', '4.6116860141324e+18' },
  { 'local x = 1 for i = 1, 40 do x = x * 2 end return x', '1099511627776' },
  { "#'abc' * 2147483647", '6442450941' },
  { "('x'):byte() * 100000000", '12000000000' },
  { '(5 % 0) ~= (5 % 0)', 'true' },
  { 'math.floor(2147483647.5) + 1, math.ceil(2147483646.5) + 1, math.abs(-2147483647) + 1', '2147483648  2147483648  2147483648' },
  { "'0xffffffff' + 0", '4294967295' },
  { "'2147483647' * 2", '4294967294' },
  { "('x'):rep(2.9), ('abc'):sub(1.9, 2.9), string.char(65.9)", 'xx  ab  A' },
  { "('abc'):sub(1, math.huge)", '' },
  { 'tostring(3.0), 7 / 7, 3.0 .. ""', '3  1  3' },
  { 'local t = {} t[1] = "a" t[1.0] = "b" return t[1], #t', 'b  1' },
  { 'local n = 0 for i = 2147483646, 2147483649 do n = n + 1 end return n', '4' },
  { "local p = ffi.new('int[2]', 2147483647, 2) return p[0] * p[1], p[0] + p[1]", '4294967294  2147483649' },
  { "ffi.sizeof 'int[536870911]' * 2", '4294967288' },
  { 'math.fmod(-5, 3), math.fmod(5, -3), math.fmod(5.5, 2)', '-2  2  1.5' },
  { 'math.modf(3.5)', '3  0.5' },
  { 'math.modf(-3)', '-3  -0' },
  { 'math.modf(1 / 0)', 'inf  0' },
})

rows('pairs begins with what is an array', "local function keys(t) local list = {} for k in pairs(t) do list[#list + 1] = tostring(k) end return table.concat(list, ' ') end", {
  { 'keys { 10, 20, 30 }', '1 2 3' },
  { 'keys { 10, 20, a = 1 }', '1 2 a' },
  { 'keys { a = 1, 10, 20, 30 }', '1 2 3 a' },
  { 'local t = {} t.a = 1 t[1] = 1 t[2] = 2 return keys(t)', '1 2 a' },
  { 'local t = {} for i = 5, 1, -1 do t[i] = i end return keys(t)', '1 2 3 4 5' },
  { 'local t = { 1, 2, 3, 4, 5 } for k in pairs(t) do if k % 2 == 0 then t[k] = nil end end return keys(t)', '1 3 5' },
  { 'local t = { 1, 2, 3 } for k in pairs(t) do t[k] = nil end return next(t)', 'nil' },
  { "local t = {} table.insert(t, 'a') table.insert(t, 1, 'b') return keys(t)", '1 2' },
  { 'local t, n = {}, 0 for i = 1, 20 do t[i] = i end for k in pairs(t) do n = n + 1 if k == 5 then t[6], t[20] = nil, nil end end return n', '18' },
})

rows('errors name the operand first', '', {
  { 'local a a.x = 1', "error: attempt to index local 'a' (a nil value)" },
  { 'return no_such.x', "error: attempt to index global 'no_such' (a nil value)" },
  { 'local t = {} t.x.y = 1', "error: attempt to index field 'x' (a nil value)" },
  { 'no_such()', "error: attempt to call global 'no_such' (a nil value)" },
  { 'local t = {} t:foo()', "error: attempt to call method 'foo' (a nil value)" },
  { 'local a = {} return a + 1', "error: attempt to perform arithmetic on local 'a' (a table value)" },
  { 'return {} + 1', 'error: attempt to perform arithmetic on a table value' },
  { 'return "a" .. {}', 'error: attempt to concatenate a table value' },
  { 'return -{}', 'error: attempt to perform arithmetic on a table value' },
  { 'return #5', 'error: attempt to get length of a number value' },
  { 'return ("x")()', 'error: attempt to call a string value' },
  { 'return {} < {}', 'error: attempt to compare two table values' },
  { 'return 1 < "x"', 'error: attempt to compare number with string' },
})

rows('errors of what has no name', '', {
  { 'local t = {} return t[1][2]', 'error: attempt to index a nil value' },
  { 'local t = { { 5 } } return t[1][1].x', 'error: attempt to index a number value' },
  { 'local t, k = {}, {} t[k]()', 'error: attempt to call a nil value' },
  { 'local t = {} return -t[1]', 'error: attempt to perform arithmetic on a nil value' },
})

rows('the base library looks at its arguments', '', {
  { 'pairs(nil)', "error: bad argument #1 to 'pairs' (table expected, got nil)" },
  { "for k in pairs 'x' do end", "error: bad argument #1 to 'pairs' (table expected, got string)" },
  { 'for k in ipairs(nil) do end', "error: bad argument #1 to 'ipairs' (table expected, got nil)" },
  { 'for k in ipairs(5) do end', "error: bad argument #1 to 'ipairs' (table expected, got number)" },
  { 'pairs()', "error: bad argument #1 to 'pairs' (value expected)" },
  { 'ipairs()', "error: bad argument #1 to 'ipairs' (value expected)" },
  { 'pcall(error, 5)', 'false  5' },
  { 'type(select(2, pcall(error, 5)))', 'string' },
  { 'type(select(2, pcall(error, 5, 0)))', 'number' },
  { 'error(5)', 'error: 5' },
  { "select(2, loadfile '/no/such/file')", 'cannot open /no/such/file: No such file or directory' },
  { "dofile '/no/such/file'", 'error: cannot open /no/such/file: No such file or directory' },
})

rows('syntax errors', '', {
  { "select(2, loadstring('x =', '=c'))", "c:1: unexpected symbol near '<eof>'" },
  { "select(2, loadstring('local 1', '=c'))", "c:1: '<name>' expected near '1'" },
  { "select(2, loadstring('if x then', '=c'))", "c:1: 'end' expected near '<eof>'" },
  { "select(2, loadstring('if x then\\n', '=c'))", "c:2: 'end' expected (to close 'if' at line 1) near '<eof>'" },
  { "select(2, loadstring('break', '=c'))", 'c:1: no loop to break' },
  { "select(2, loadstring('goto x', '=c'))", "c:1: undefined label 'x'" },
  { "select(2, loadstring('::x:: ::x::', '=c'))", "c:1: duplicate label 'x'" },
})

check.finish()
