import { describe, expect, it } from 'vitest';
import { createLua as makeLua, engineNames, type LuaOptions } from '../../../src/host/node.ts';

describe.each(engineNames)('what a script may leave behind does not end its state on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it.each([
    ['a table that contains itself', 'local t = {} t.t = t error(t)', /^table: 0x/],
    [
      'an error whose __tostring raises',
      "error(setmetatable({}, { __tostring = function() error('x') end }))",
      /^\(error object is a table value\)$/,
    ],
    [
      'an error whose __tostring gives no string',
      'error(setmetatable({}, { __tostring = function() return {} end }))',
      /^\(error object is a table value\)$/,
    ],
    ['an error with a __tostring', "error(setmetatable({}, { __tostring = function() return 'told' end }))", /^told$/],
    ['nil', 'error(nil)', /^nil$/],
  ])('%s, raised', (_, script, message) => {
    const lua = createLua();
    for (let i = 0; i < 2; i++)
      expect(() => lua.run(script)).toThrow(expect.objectContaining({ name: 'LuaError', message: expect.stringMatching(message) }));
    expect(lua.run('return 1 + 1')).toBe(2);
  });

  it('globals under a metatable that raises are read and set all the same', () => {
    const lua = createLua();
    lua.run(
      "port = 67 setmetatable(_G, { __index = function(_, name) error('undefined ' .. name) end, __newindex = function() error('no') end })",
    );
    expect(lua.config({ port: 0, address: 'none' })).toEqual({ port: 67, address: 'none' });
    lua.defineClass('thing', { name: () => 'a thing' });
    expect(lua.run('return type(thing.name)')).toBe('function');
    lua.set('given', { a: 1 });
    expect(lua.run('return given.a')).toBe(1);
  });

  it('modules are set under a metatable that raises', () => {
    const lua = createLua();
    lua.run("setmetatable(package.loaded, { __newindex = function() error('no') end })");
    lua.setModule('answer', 42);
    expect(lua.run("return require 'answer'")).toBe(42);
  });

  it('errors of fields have the place of the script', () => {
    const lua = createLua();
    lua.run("ffi = require 'ffi' p = ffi.new('struct { int x; }')");
    expect(() => lua.run('\nreturn p.nope', '@place.lua')).toThrow(/^place\.lua:2: 'struct \d+' has no member named 'nope'$/);
  });
});

it('fields are read without a call frame of their own on fengari', () => {
  const lua = makeLua({ engine: 'fengari' });
  lua.run("ffi = require 'ffi' p = ffi.new('struct { int x; }') seen = {}");
  lua.run("debug.sethook(function() seen[#seen + 1] = debug.getinfo(2, 'S').what end, 'c') local x = p.x p.x = 1 debug.sethook()");
  // The one call is that of sethook itself.
  expect(lua.get('seen')).toHaveLength(1);
});
