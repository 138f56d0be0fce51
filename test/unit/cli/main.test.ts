import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand, type CommandResult } from '../../helpers/command.ts';

let folder = '';
let command: BuiltCommand | undefined;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
  command = buildCommand();
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  command?.remove();
});

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

const run = (args: readonly string[], input?: string): CommandResult => (command as BuiltCommand).run(args, input);

describe('the command as a process', () => {
  it('says its version and how it is used', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(run(['--version'])).toEqual({ status: 0, stdout: `cdef ${version}\n`, stderr: '' });
    const help = run(['--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    for (const name of ['run', 'layout', 'replay']) expect(help.stdout).toContain(`cdef ${name} `);
  });

  it('runs a script with arguments, ffi, and what it prints', () => {
    const script = file(
      'script.lua',
      `local ffi = require 'ffi' io.write(arg[0]:match '[^/]*$', ' ', arg[1], ' ', #arg, ' ', select('#', ...), '\\n') print(ffi.new('int64_t', 5), ...)`,
    );
    expect(run(['run', script, '-x', '--help'])).toEqual({ status: 0, stdout: 'script.lua -x 2 2\n5LL\t-x\t--help\n', stderr: '' });
  });

  it('a script that raises gives message and traceback on standard error, and status 1', () => {
    const script = file('raises.lua', 'local function f()\n  error "bad luck"\nend\nf()');
    const { status, stdout, stderr } = run(['run', script]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cdef: .*raises\.lua:2: bad luck\nstack traceback:\n/);
    expect(stderr).toMatch(/raises\.lua:4: in main chunk/);
    expect(stderr).not.toMatch(/\.js:\d+|at .*\(/);
  });

  it('standard input is a script named -', () => {
    expect(run(['run', '-', 'one'], 'print(..., arg[0])')).toEqual({ status: 0, stdout: 'one\t-\n', stderr: '' });
    expect(run(['run', '-'], 'error "x"').stderr).toMatch(/^cdef: stdin:1: x\n/);
  });

  it('wrong usage is explained, with status 2', () => {
    for (const args of [[], ['nonsense'], ['constructor'], ['run'], ['run', '--nope', 'x.lua'], ['layout'], ['replay'], ['--nope']]) {
      const { status, stdout, stderr } = run(args);
      expect([args, status, stdout]).toEqual([args, 2, '']);
      expect(stderr).toMatch(/^cdef: .+\n\nUsage:\n/);
    }
  });

  it('C that is wrong is shown with a caret, with status 1', () => {
    const { status, stdout, stderr } = run(['layout', file('bad.h', 'struct s {\n  int a;\n  nonsense b;\n};\n')]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/bad\.h:3:3: error: .*nonsense.*\n +3 \| {3}nonsense b;\n +\| {3}\^~*/);
  });

  it('a capture is replayed through the policy of the package', () => {
    const { status, stdout, stderr } = run(['replay', 'test/captures/dhcp.pcap']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/43 messages, 19 answered\n\d+ callbacks in [\d.]+ s: [\d,]+ a second\n$/);
  });
});
