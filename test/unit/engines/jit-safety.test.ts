/**
 * Nothing of JavaScript can be reached from Lua, and nothing that Lua names gets into compiled text as code.
 */
import { describe, expect, it } from 'vitest';
import { createLua, type NodeLua } from '../../../src/host/node.ts';

class Secret {
  readonly hidden: string = 'hidden';
  $trap = 'trap';
}

function safeLua(): NodeLua {
  const lua = createLua({ engine: 'jit' });
  lua.set('object', new Secret());
  lua.set('buffer', new Uint8Array(4));
  lua.set('host', (value: unknown) => value);
  lua.set('raise', () => {
    throw new TypeError('of the host');
  });
  return lua;
}

const NAMES = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'length',
  'call',
  'apply',
  'bind',
  'arr',
  'mt',
  'hash',
  'hidden',
  'trap',
];

describe('what JavaScript has besides', () => {
  it.each([
    'object',
    'buffer',
    'host',
    'print',
    'pcall',
    'coroutine.create(print)',
    '(function() end)',
    'select(2, pcall(raise))',
    '5',
    'true',
    'nil',
  ])('is out of reach from %s', (value) => {
    const lua = safeLua();
    for (const name of NAMES) {
      const text = `local v = ${value} local ok, e = pcall(function() return v.${name} end) return ok and tostring(e) or 'refused'`;
      expect(lua.run(text)).toMatch(/^(?:refused|nil)$/);
      expect(lua.run(text.replace(`v.${name}`, `v['${name}']`))).toMatch(/^(?:refused|nil)$/);
      expect(lua.run(text.replace(`return v.${name}`, `v.${name} = 1`))).toBe('refused');
      expect(lua.run(text.replace(`v.${name}`, `v:${name}()`))).toBe('refused');
    }
    lua.close();
  });

  it('is no field of tables, strings and cdata', () => {
    const lua = safeLua();
    for (const name of NAMES) {
      expect(lua.run(`return ({}).${name}`)).toBeUndefined();
      expect(lua.run(`local k = '${name}' return ({})[k]`)).toBeUndefined();
      expect(lua.run(`local k = '${name}' local t = { [k] = 1 } t.${name} = t[k] + 1 return t['${name}']`)).toBe(2);
      expect(lua.run(`return ('x').${name}`)).toBeUndefined();
      expect(lua.run(`return pcall(function() return require('ffi').new('struct { int a; }').${name} end)`)).toBe(false);
    }
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
    lua.close();
  });
});

describe('text of scripts', () => {
  it.each([
    ["return 'a\\\\' .. '\"' .. '`\u0024{1}' .. '\\226\\128\\168' .. '*/'", 'a\\"`\u0024{1}\u2028*/'],
    ["local t = { ['\"];throw 1;//'] = 1, ['a\\\\'] = 2 } return t['\"];throw 1;//'] + t['a\\\\']", 3],
    [
      'local E, V, X, S, R, p, va, self, chunk, literals, TWIN, NONE, t0, h0 = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 return t0 + h0 + E',
      28,
    ],
    ['E, V, TWIN, chunk = 1, 2, 3, 4 return E + V + TWIN + chunk', 10],
    ['local function f(p, va, self) return p, va, self end return select(3, f(1, 2, 3))', 3],
    ['function arguments() return 1 end return arguments() + #{}', 1],
  ])('%s is what it says', (text, expected) => {
    const lua = safeLua();
    expect(lua.run(text)).toBe(expected);
    lua.close();
  });

  it.each(['=x\n});throw 1;({//', '@a\'b"c`d\u0024{1}.lua', '=\u2028throw 1', 'x = 1 -- */ throw'])('may have the name %j', (name) => {
    const lua = safeLua();
    expect(lua.engine.load('return 1', name)()).toBe(1);
    expect(() => lua.engine.load('error("here")', name)()).toThrow('here');
    lua.close();
  });
});
