/**
 * `npm run bench:fengari`: what the ffi costs on fengari, each beside fengari's own floor: the same in plain Lua, or an empty function called
 * across the border. After `npm run build`; `CDEF_DIST=FOLDER` measures another build. Loops in Lua without their own cost, medians of rounds
 * in which all take turns. Profile with `node --cpu-prof test/bench/fengari.mjs --only NAME`.
 * @module
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = process.env.CDEF_DIST ?? path.join(root, 'dist');
const { createLua } = await import(pathToFileURL(path.join(dist, 'node', 'lua.js')));
const { lua: api, lauxlib, lualib, to_luastring: bytes } = createRequire(import.meta.url)('fengari');

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' } } });
const ROUNDS = Number(values.rounds);
const COUNT = 100_000;

const SETUP = `
  ffi = require 'ffi'
  ffi.cdef [[
    typedef struct { int32_t x; uint8_t bytes[16]; double d; } point;
    int twice(int n); int abs(int n); void nothing(void);
  ]]
  local methods = {}
  function methods:get() return 1 end
  point = ffi.metatype('point', { __index = methods })
  p, t, C = ffi.new 'point', { x = 1, bytes = {} }, ffi.C
  for i = 0, 15 do t.bytes[i] = i end
  o = setmetatable({}, { __index = methods })
  function empty() end
`;

// A loop in Lua; what it runs has `i`, and the locals.
function loop(body) {
  return `local p, t, o, C, empty, host, bytes, list = p, t, o, ffi.C, empty, host, p.bytes, t.bytes
    local nothing, twice, abs, x = C.nothing, C.twice, C.abs
    return function(n) for i = 1, n do ${body} end end`;
}

const lua = createLua({ functions: { twice: (n) => 2 * n, nothing: () => {} } });
lua.set('host', () => {});
lua.run(SETUP);
const inLua = (body) => lua.run(loop(body));

// fengari alone, through its own interface.
const L = lauxlib.luaL_newstate();
lualib.luaL_openlibs(L);
api.lua_pushcfunction(L, () => 0);
api.lua_setglobal(L, bytes('host'));
lauxlib.luaL_dostring(
  L,
  bytes(
    'local host = host function calls(n) for i = 1, n do host() end end function loops(n) for i = 1, n do end end function empty() end',
  ),
);
function plain(name) {
  return (n) => {
    api.lua_getglobal(L, bytes(name));
    api.lua_pushnumber(L, n);
    api.lua_call(L, 1, 0);
  };
}
const callsLua = (n) => {
  api.lua_getglobal(L, bytes('empty'));
  for (let i = 0; i < n; i++) {
    api.lua_pushvalue(L, -1);
    api.lua_pcall(L, 0, 0, 0);
  }
  api.lua_pop(L, 1);
};

const empty = lua.callback('empty');
const MEASURED = {
  loop: { run: inLua('') },
  'plain loop': { run: plain('loops') },
  'table field, read': { run: inLua('x = t.x'), minus: 'loop' },
  'table field, written': { run: inLua('t.x = i'), minus: 'loop' },
  'table element, read': { run: inLua('x = list[5]'), minus: 'loop' },
  'method of a table': { run: inLua('x = o:get()'), minus: 'loop' },
  'JavaScript called from Lua': { run: plain('calls'), minus: 'plain loop' },
  'Lua called from JavaScript': { run: callsLua },
  'field, read': { run: inLua('x = p.x'), minus: 'loop', floor: 'table field, read' },
  'field, written': { run: inLua('p.x = i'), minus: 'loop', floor: 'table field, written' },
  'double field, read': { run: inLua('x = p.d'), minus: 'loop', floor: 'table field, read' },
  'array element, read': { run: inLua('x = bytes[5]'), minus: 'loop', floor: 'table element, read' },
  'array element, written': { run: inLua('bytes[5] = i'), minus: 'loop', floor: 'table field, written' },
  'method of a metatype': { run: inLua('x = p:get()'), minus: 'loop', floor: 'method of a table' },
  'C.nothing(), of the host': { run: inLua('C.nothing()'), minus: 'loop', floor: 'JavaScript called from Lua' },
  'C.twice(i), of the host': { run: inLua('x = C.twice(i)'), minus: 'loop', floor: 'JavaScript called from Lua' },
  'C.abs(i), of the C library': { run: inLua('x = C.abs(i)'), minus: 'loop', floor: 'JavaScript called from Lua' },
  'abs(i), in a local': { run: inLua('x = abs(i)'), minus: 'loop', floor: 'JavaScript called from Lua' },
  'callback from the host': {
    run: (n) => {
      for (let i = 0; i < n; i++) empty();
    },
    floor: 'Lua called from JavaScript',
  },
};

const names = Object.keys(MEASURED).filter((name) => values.only === undefined || name === values.only);
const times = Object.fromEntries(names.map((name) => [name, []]));
for (const name of names) MEASURED[name].run(COUNT);
for (let round = 0; round < ROUNDS; round++) {
  for (const name of names) {
    const start = process.cpuUsage();
    MEASURED[name].run(COUNT);
    const { user, system } = process.cpuUsage(start);
    times[name].push(((user + system) * 1000) / COUNT);
  }
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const cost = (name) => {
  const { minus } = MEASURED[name];
  return median(times[name]) - (times[minus] === undefined ? 0 : median(times[minus]));
};
console.log(`node ${process.version}, fengari 0.1.5, nanoseconds of the processor, medians of ${ROUNDS} rounds of ${COUNT}`);
for (const name of names) {
  const { floor } = MEASURED[name];
  const own = cost(name);
  const beside = floor === undefined || times[floor] === undefined ? '' : `${(own / cost(floor)).toFixed(1).padStart(7)} x ${floor}`;
  console.log(`${name.padEnd(28)}${own.toFixed(0).padStart(7)}${beside}`);
}
