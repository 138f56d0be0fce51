/**
 * `cdef run --engine jit` and worker threads of that engine, on the built command.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand, type CommandResult } from '../../helpers/command.ts';

let built: BuiltCommand;
const folder = mkdtempSync(path.join(tmpdir(), 'cdef-jit-'));
beforeAll(() => {
  built = buildCommand();
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  built.remove();
});

function file(name: string, text: string): string {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
}

const run = (args: readonly string[], input?: string): CommandResult => built.run(['run', '--engine', 'jit', ...args], input);

describe('cdef run --engine jit', () => {
  it('gives a script its arguments', () => {
    const script = file('arguments.lua', "print(arg[0]:match '[^/]*$', #arg, arg[1], select('#', ...), ...)");
    expect(run([script, '-x', '--help'])).toEqual({ status: 0, stdout: 'arguments.lua\t2\t-x\t2\t-x\t--help\n', stderr: '' });
  });

  it('runs chunks of the command line first, in one state', () => {
    const script = file('after.lua', 'print(a)');
    expect(run(['-e', 'a = 1', '-e', 'a += 1', script])).toEqual({ status: 0, stdout: '2\n', stderr: '' });
  });

  it('runs standard input', () => {
    expect(run(['-', 'one'], '#!/bin/sh\nprint(..., arg[0], arg[1])')).toEqual({ status: 0, stdout: 'one\t-\tone\n', stderr: '' });
  });

  it('ends with the status that the script says', () => {
    expect(run(['-e', 'io.write "x" os.exit(3)'])).toEqual({ status: 3, stdout: 'x', stderr: '' });
    expect(run(['-e', 'os.exit(true)']).status).toBe(0);
    expect(run(['-e', 'os.exit(false)']).status).toBe(1);
  });

  it.each([
    [
      'functions by name',
      'local function f(x)\n  error("bad " .. x)\nend\nfunction g() f "luck" return 1 end\ng()',
      ['2: bad luck', "2: in function 'f'", "4: in function 'g'", '5: in main chunk'],
    ],
    [
      'methods and fields',
      'local o = {}\nfunction o:m() local x = nil .. 1 end\no:m()',
      ['2: attempt to concatenate a nil value', "2: in function 'm'", '3: in main chunk'],
    ],
  ])('shows the stack of an error: %s', (_, text, [message, ...frames]) => {
    const script = file('raises.lua', text);
    const lines = [`cdef: ${script}:${message}`, 'stack traceback:', ...frames.map((frame) => `\t${script}:${frame}`)];
    expect(run([script])).toEqual({ status: 1, stdout: '', stderr: `${lines.join('\n')}\n` });
  });

  it('names the place of a syntax error', () => {
    expect(run(['-'], 'x = = 1')).toEqual({ status: 1, stdout: '', stderr: "cdef: stdin:1: unexpected symbol near '='\n" });
  });

  it('shows errors that are no text by what tostring says', () => {
    const { status, stderr } = run(['-e', "error(setmetatable({}, { __tostring = function() return 'mine' end }))"]);
    expect([status, stderr.split('\n')[0]]).toEqual([1, 'cdef: mine']);
  });

  it('runs in a worker, with a stack of any size', () => {
    const script = file(
      'deep.lua',
      'local d = 0 local function f() d = d + 1 return 1 + f() end local ok, e = pcall(f) print(jit.version, ok, e:match ": (.*)", d > 12000, d > 60000)',
    );
    expect(run(['--memory', '200', script])).toEqual({
      status: 0,
      stdout: 'cdef on jit\tfalse\tstack overflow\ttrue\tfalse\n',
      stderr: '',
    });
    expect(run(['--memory', '200', '--stack', '16', script]).stdout).toBe('cdef on jit\tfalse\tstack overflow\ttrue\ttrue\n');
    expect(run(['--stack', '16', script])).toMatchObject({ status: 2, stderr: expect.stringContaining('--stack needs --memory') });
    expect(run(['--memory', '200', '--stack', '0', script])).toMatchObject({ status: 2, stderr: expect.stringContaining('from 1 to 64') });
  });
});

// V8 ends the process when it compiles a regular expression at the end of the stack: each function is used there for the first time.
const AT_THE_END = `
  local ffi = require 'ffi'
  local uses = {
    function() return loadstring('local x = 1.5e3 return "a\\\\n", 0x10, [[\\n]]') end,
    function() return tonumber('0x1p4'), tonumber(' 12 '), tonumber('zz', 36) end,
    function() return (' x y '):find('%s') end,
    function() return ('xA\\255'):lower():upper() end,
    function() return ('%5.2f %g %q %10s'):format(2.5, 1e100, 'a\\0', 'x') end,
    function() return os.date('%Y'), 1e100 .. '' end,
    function() return ffi.cdef 'struct later { int a; };' end,
    function() return ffi.new('int[3]'), ffi.new('struct nope') end,
    function() return nil + 1 end,
    function() return ('x'):rep('y') end,
    function() return debug.traceback('x'), debug.getinfo(1, 'nSl') end,
    function() return io.open('/nonexistent/file'), require 'nope' end,
    function() return error({}) end,
  }
  local use = uses[tonumber(arg[1])]
  local left = 40
  local function deep()
    local ok, e = pcall(deep)
    if ok then return end
    left = left - 1
    if left > 0 then pcall(use) end
    error(e, 0)
  end
  local ok, e = pcall(deep)
  print(ok, e:match 'stack overflow')
  local d = 0
  local function count()
    d = d + 1
    return 1 + count()
  end
  pcall(count)
  local function down(n)
    if n == 0 then return pcall(use) end
    return (down(n - 1))
  end
  for n = d - 60, d + 60, 3 do pcall(down, n) end
  print(#uses)
`;

describe('the end of the stack', () => {
  it.each(Array.from({ length: 13 }, (_, i) => i + 1))('use %i', (use) => {
    const script = file('end.lua', AT_THE_END);
    expect(run([script, `${use}`])).toEqual({ status: 0, stdout: 'false\tstack overflow\n13\n', stderr: '' });
  });
});
