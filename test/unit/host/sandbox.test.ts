import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand } from '../../helpers/command.ts';

type Sandbox = Pick<typeof import('../../../src/host/node.ts'), 'runInWorker'>;

let built: BuiltCommand;
let sandbox: Sandbox;
let folder = '';
// A thread needs a program that Node can read: the built one.
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
  built = buildCommand();
  sandbox = (await import(path.join(built.bundle, 'lua.js'))) as Sandbox;
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  built.remove();
});

const HOARD = "local t = {} for i = 1, 1e9 do t[i] = { i, 'x' .. i } end";

describe('runInWorker', () => {
  it('passes arguments and a result', async () => {
    expect(await sandbox.runInWorker({ text: 'return arg[1] + select(2, ...)' }, { memoryMb: 64, args: [1, 2] })).toBe(3);
  });

  it.each([true, false])('compiles, or interprets where that is wanted: %s', async (isCompiled) => {
    const options = { memoryMb: 64, engine: 'jit', eval: isCompiled } as const;
    expect(await sandbox.runInWorker({ text: 'return jit.status()' }, options)).toBe(isCompiled);
  });

  it('hands over what is printed in order, all of it before the error', async () => {
    let text = '';
    const write = (bytes: Uint8Array): void => {
      text += Buffer.from(bytes).toString();
    };
    const script = "for i = 1, 200 do print(i, ('x'):rep(10000)) end error 'end'";
    await expect(sandbox.runInWorker({ text: script }, { memoryMb: 64, write })).rejects.toMatchObject({
      name: 'LuaError',
      message: expect.stringMatching(/end$/),
    });
    expect(text).toBe(Array.from({ length: 200 }, (_, i) => `${i + 1}\t${'x'.repeat(10000)}\n`).join(''));
  });

  it('hands over what io and C write, too', async () => {
    let text = '';
    const write = (bytes: Uint8Array): void => {
      text += Buffer.from(bytes).toString();
    };
    const script = `io.write('a', 1) print 'b' io.stdout:write 'c'
      local ffi = require 'ffi' ffi.cdef 'int puts(const char *);' ffi.C.puts 'd' return (select(2, io.open '/etc/passwd'))`;
    expect(await sandbox.runInWorker({ text: script }, { memoryMb: 64, write })).toBe('/etc/passwd: Permission denied');
    expect(text).toBe('a1b\ncd\n');
  });

  it.each([
    ['tables', HOARD, { name: 'WorkerLimitError', limit: 'memory', message: 'more than 16 MiB of memory' }],
    ['ffi', "require 'ffi'.new('char[?]', 17 * 2^20)", { name: 'LuaError', message: expect.stringContaining('not enough memory') }],
    ['text that is no Lua', 'return (', { name: 'LuaSyntaxError' }],
  ])(
    '%s beyond the limit are errors, and the host goes on',
    async (_, text, error) => {
      await expect(sandbox.runInWorker({ text }, { memoryMb: 16 })).rejects.toMatchObject(error);
      expect(await sandbox.runInWorker({ text: 'return 1' }, { memoryMb: 16 })).toBe(1);
    },
    60_000,
  );

  it('ends scripts by time and by signal', async () => {
    const text = 'while true do end';
    await expect(sandbox.runInWorker({ text }, { memoryMb: 64, timeMs: 300 })).rejects.toMatchObject({
      limit: 'time',
      message: 'more than 300 ms',
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await expect(sandbox.runInWorker({ text }, { memoryMb: 64, signal: controller.signal })).rejects.toMatchObject({ limit: 'signal' });
    await expect(sandbox.runInWorker({ text }, { memoryMb: 64, signal: AbortSignal.abort() })).rejects.toMatchObject({ limit: 'signal' });
  });

  // V8 ends the process where one piece of memory is too large, not the thread: parts of tables ask before they grow.
  it.each([
    ['lists', 't[i] = i'],
    ['lists of tables', 't[i] = { i }'],
    ['numbers as keys', 't[-i] = i'],
    ['strings as keys', "t['k' .. i] = i"],
    ['tables as keys', 't[{}] = {}'],
  ])('ends a script whose table grows: %s', async (_, statement) => {
    const text = `local t, i = {}, 0 while true do i = i + 1 ${statement} end`;
    const options = { memoryMb: 64, engine: 'jit' } as const;
    await expect(sandbox.runInWorker({ text }, options)).rejects.toThrow(/not enough memory|more than 64 MiB of memory/);
    expect(await sandbox.runInWorker({ text: 'local t = {} for i = 1, 1e6 do t[i] = i end return #t' }, options)).toBe(1e6);
  });

  it.each([{ memoryMb: 0 }, { memoryMb: Number.NaN }, { memoryMb: 64, timeMs: 0 }])('refuses %j', async (options) => {
    await expect(sandbox.runInWorker({ text: '' }, options)).rejects.toThrow(RangeError);
  });
});

describe('cdef run --memory', () => {
  it('runs a file, and ends it beyond the limit', () => {
    const script = path.join(folder, 'hoard.lua');
    writeFileSync(script, `print('start', ...) if ... == 'much' then ${HOARD} end`);
    expect(built.run(['run', '--memory', '16', script, 'x'])).toEqual({ status: 0, stdout: 'start\tx\n', stderr: '' });
    const { status, stdout, stderr } = built.run(['run', '--memory', '16', script, 'much']);
    expect([status, stdout]).toEqual([1, 'start\tmuch\n']);
    expect(stderr).toContain('cdef: more than 16 MiB of memory');
    expect(built.run(['run', '--memory', 'x', script]).status).toBe(2);
  }, 60_000);
});
