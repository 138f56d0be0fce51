import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLua as makeLua, engineNames, LuaError, type LuaOptions, LuaSyntaxError } from '../../../src/host/node.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
  mkdirSync(path.join(folder, 'pack'));
  mkdirSync(path.join(folder, 'mod'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Uint8Array): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

describe.each(engineNames)('running files on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it('passes arguments and gives the first result', () => {
    expect(createLua().runFile(file('args.lua', 'local a, b = ... return a .. b .. select("#", ...)'), 'x', 2)).toBe('x22');
  });

  it.each([
    ['#!/usr/bin/env cdef\nreturn 1', 1],
    ['#!/usr/bin/env cdef', undefined],
    ['# any first line\nreturn 2', 2],
    ['', undefined],
  ])('skips a first line for the shell: %j', (text, expected) => {
    expect(createLua().runFile(file('shebang.lua', text))).toBe(expected);
  });

  it('line numbers count the line for the shell', () => {
    const name = file('lines.lua', '#!/bin/lua\n\nerror "third"');
    expect(() => createLua().runFile(name)).toThrow(`${name}:3: third`);
  });

  it('a syntax error names file and line', () => {
    const name = file('syntax.lua', 'local x = 1\nlocal = 2');
    expect(() => createLua().runFile(name)).toThrow(LuaSyntaxError);
    expect(() => createLua().runFile(name)).toThrow(`${name}:2: '<name>' expected near '='`);
  });

  it('a runtime error has file, line and traceback', () => {
    const name = file('runtime.lua', 'local function f()\n  return nil + 1\nend\nlocal x = f()');
    try {
      createLua().runFile(name);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LuaError);
      const { message, traceback } = error as LuaError;
      expect(message).toBe(`${name}:2: attempt to perform arithmetic on a nil value`);
      expect(traceback).toContain('runtime.lua:4: in main chunk');
    }
  });

  it('a file that is not there is the system’s error', () => {
    expect(() => createLua().runFile(path.join(folder, 'missing.lua'))).toThrow(/ENOENT/);
  });

  it('strings in a file keep their bytes', () => {
    const name = file('bytes.lua', Uint8Array.from([...Buffer.from("return ('"), 0xff, 0xc3, 0x28, ...Buffer.from("'):byte(1, -1)")]));
    expect(createLua().engine.load('local f = ... return select("#", dofile(f)) .. dofile(f)', '=t')(name)).toBe('3255');
  });
});

describe.each(engineNames)('require on %s', (engine) => {
  const createLua = (options: LuaOptions = {}) => makeLua({ engine, ...options });
  it('finds modules beside the script, in its folders, and in the package', () => {
    file('beside.lua', 'return "beside"');
    file('pack/init.lua', 'return "pack"');
    file('mod/inner.lua', 'return "inner"');
    const name = file('main.lua', `return require 'beside' .. require 'pack' .. require 'mod.inner' .. require 'dhcp'.op.OFFER`);
    expect(createLua().runFile(name)).toBe('besidepackinner2');
  });

  it('prefers the script’s own modules to the package’s', () => {
    mkdirSync(path.join(folder, 'own'), { recursive: true });
    file('own/dhcp.lua', 'return "own"');
    expect(createLua().runFile(file('own/own.lua', `return require 'dhcp'`))).toBe('own');
  });

  it('runs a module once', () => {
    file('once.lua', 'count = (count or 0) + 1 return count');
    expect(createLua().runFile(file('twice.lua', `return require 'once' + require 'once' + count`))).toBe(3);
  });

  it('an error inside a module and a missing module are Lua errors', () => {
    file('broken.lua', 'return +');
    expect(() => createLua().runFile(file('uses.lua', `require 'broken'`))).toThrow(
      /error loading module 'broken'.*broken\.lua:1: unexpected symbol/s,
    );
    expect(() => createLua().runFile(file('lost.lua', `require 'nowhere'`))).toThrow(/module 'nowhere' not found/);
  });

  it('works from folders with unusual names', () => {
    const odd = path.join(folder, "a;b ?'c");
    mkdirSync(odd, { recursive: true });
    writeFileSync(path.join(odd, 'side.lua'), 'return 1');
    writeFileSync(path.join(odd, 'run.lua'), `return pcall(require, 'side')`);
    expect(createLua().runFile(path.join(odd, 'run.lua'))).toBe(false);
    const quoted = path.join(folder, `quote' "d`);
    mkdirSync(quoted, { recursive: true });
    writeFileSync(path.join(quoted, 'side2.lua'), 'return 1');
    writeFileSync(path.join(quoted, 'run.lua'), `return require 'side2'`);
    expect(createLua().runFile(path.join(quoted, 'run.lua'))).toBe(1);
  });
});
