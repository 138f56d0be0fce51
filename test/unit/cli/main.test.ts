import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { commandHelp } from '../../../src/cli/help.ts';
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

  it('can be run as it is built, as in a clone', () => {
    const main = path.join((command as BuiltCommand).bundle, 'cli.js');
    expect(spawnSync(main, ['--version'], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: run(['--version']).stdout });
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

  it('standard input is a script where there is no command', () => {
    expect(run([], 'print(1 + 1, arg[0])')).toEqual({ status: 0, stdout: '2\tcdef\n', stderr: '' });
    expect(run(['--engine', 'jit'], 'print(jit.version ~= nil)').stdout).toBe('true\n');
    expect(run(['repl'], 'error "x"')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^cdef: stdin:1: x\n/) });
  });

  it('every command has its help', () => {
    for (const name of Object.keys(COMMANDS))
      expect(commandHelp(name)).toMatch(new RegExp(`^Usage: cdef ${name}\\b.*\\n\\n.+\\n\\nOptions:\\n( {2}-.* {2}.+\\n)+`));
    expect(run(['help', 'dump'])).toEqual({ status: 0, stdout: commandHelp('dump'), stderr: '' });
    expect(run(['dump', '--array', '3', '--help']).stdout).toBe(commandHelp('dump'));
  });

  it('the help names options that a command has', () => {
    for (const [name, { options }] of Object.entries(COMMANDS)) {
      const all = options.flatMap(([flags]) => {
        const long = /--[\w-]+/.exec(flags)?.[0] as string;
        return / [A-Z]/.test(flags) ? [long, 'x'] : [long];
      });
      expect([name, run([name, ...all]).stderr]).toEqual([name, expect.not.stringContaining('nknown option')]);
    }
  });

  it('a misspelt command or option has a suggestion', () => {
    expect(run(['layuot']).stderr).toMatch(/^cdef: unknown command 'layuot', did you mean 'layout'\?\n/);
    expect(run(['layout', '--jsno', 'x.h']).stderr).toMatch(/^cdef: unknown option '--jsno', did you mean '--json'\?\n/);
    expect(run(['layout', '-q', 'x.h']).stderr).toMatch(/^cdef: unknown option '-q'\n/);
  });

  it('shells complete it', () => {
    const script = run(['completion', 'bash']).stdout;
    const complete = (...words: string[]): string[] => {
      const ask = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _cdef; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', ask], { encoding: 'utf8' }).stdout.trim().split('\n');
    };
    expect(complete('cdef', 'la')).toEqual(['layout']);
    expect(complete('cdef', 'leases', 'im')).toEqual(['import']);
    expect(complete('cdef', 'layout', '--js')).toEqual(['--json']);
    expect(complete('cdef', 'run', 'package.j')).toEqual(['package.json']);
    expect(run(['completion', 'zsh']).stdout).toMatch(/^#compdef cdef\n(?:.*\n)*.*'--json\[as data\]'/);
    expect(run(['completion', 'fish']).stdout).toContain("complete -c cdef -n '__fish_seen_subcommand_from layout' -l json -d 'as data'\n");
    expect(run(['completion', 'tcsh'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/expected bash, zsh, fish, got 'tcsh'/) });
  });

  it("has LuaJIT's tools", () => {
    const script = file(
      'hot.lua',
      'local function hot(n)\n  local s = 0\n  for i = 1, n do\n    s = s + i % 7\n  end\n  return s\nend\nfor i = 1, 30 do hot(1e6) end\nos.exit(3)\n',
    );
    expect(run(['run', '-jv', script])).toEqual({
      status: 3,
      stdout: '',
      stderr: '[FUNC   1 X:0 main chunk]\n[FUNC   2 X:1 hot]\n'.replaceAll('X', script),
    });
    expect(run(['run', '-jp=vlm20', script]).stdout).toMatch(/^\d+% {2}Compiled\n {2}-- +\d+% {2}hot\.lua:[45]\n/);
    const dump = path.join(folder, 'jit.log');
    expect(run(['run', `-jdump=bsT,${dump}`, '-j', 'off', '--jit', 'flush', '-e', 'print(1)'])).toEqual({
      status: 0,
      stdout: '1\n',
      stderr: '',
    });
    expect(readFileSync(dump, 'utf8')).toMatch(
      /^---- FUNC 1 \(command line\):0 main chunk\n---- FUNC 1 source\n0001 {2}print\(1\)\n---- FUNC 1 javascript\n0000 {2}const F0=/,
    );
    expect(run(['run', '-jp=fri1', '-e', 'local s = 0 for i = 1, 1e7 do s = s + i % 7 end error "x"'])).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^ +\d+ {2}\(command line\):0\n/),
    });
  });

  it("shows V8's deoptimisations where Node writes them to a file", () => {
    const script = file(
      'deopt.lua',
      'local function get(t)\n  return t.x\nend\nfor i = 1, 1e6 do get { x = i } end\nfor i = 1, 1e5 do get { y = 1, x = i } end\n',
    );
    const options = [
      '--trace-opt',
      '--trace-deopt-verbose',
      '--redirect-code-traces',
      `--redirect-code-traces-to=${path.join(folder, 'v8.log')}`,
    ];
    const main = path.join((command as BuiltCommand).bundle, 'cli.js');
    const { stderr } = spawnSync(process.execPath, [...options, main, 'run', '-jv', script], { encoding: 'utf8' });
    expect(stderr).toContain(`[FUNC   2 ${script}:1 get]\n`);
    expect(stderr).toMatch(/^\[CODE {3}\d .*deopt\.lua:\d \w+( chunk)? -- \w+(, in a loop)?\]$/m);
    expect(stderr).toMatch(/^\[EXIT {3}\d .*deopt\.lua:\d \w+( chunk)? -- .* at .*deopt\.lua:\d\]$/m);
  });

  it('has a prompt on a terminal', () => {
    const typed = 'ffi.cdef "struct p { int x; };"\n=ffi.new("struct p", 7)\n.exit\n';
    // A pseudo-terminal, from util-linux.
    const { status, stdout } = spawnSync(
      'script',
      ['-qec', `${process.execPath} ${path.join((command as BuiltCommand).bundle, 'cli.js')}`, '/dev/null'],
      {
        encoding: 'utf8',
        input: typed,
        env: { ...process.env, CDEF_HISTORY: '', TERM: 'xterm' },
      },
    );
    expect(status).toBe(0);
    expect(stdout).toContain('cdef, Lua with ffi on fengari; .help tells more, .exit ends');
    expect(stdout).toMatch(/cdata<struct p>: 0x[\da-f]+\r\n00000000 {2}07 00 00 00 +x +int +7\r\n/);
  });

  it('wrong usage is explained, with status 2', () => {
    for (const args of [
      ['nonsense'],
      ['constructor'],
      ['run'],
      ['run', '--nope', 'x.lua'],
      ['run', '-jnope', '-e', ''],
      ['layout'],
      ['replay'],
      ['--nope'],
    ]) {
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
