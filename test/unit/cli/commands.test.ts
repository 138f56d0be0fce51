import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Terminal, usesColor } from '../../../src/cli/colors.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { layoutCommand } from '../../../src/cli/commands/layout.ts';
import { replayCommand } from '../../../src/cli/commands/replay.ts';
import { runCommand } from '../../../src/cli/commands/run.ts';
import { typesCommand } from '../../../src/cli/commands/types.ts';
import { headerOptions } from '../../../src/cli/headers.ts';
import { type Command, UsageError } from '../../../src/cli/usage.ts';
import { LuaError, LuaSyntaxError } from '../../../src/index.ts';
import { PcapError } from '../../../src/dhcp/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

function file(name: string, text: string | Uint8Array): string {
  const full = path.join(folder, name);
  writeFileSync(full, text);
  return full;
}

/** What a command writes to standard output. */
async function outputOf(command: Command, ...args: string[]): Promise<string> {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  });
  try {
    const status = await command(args);
    return status === 0 ? text : `${text}status ${status}`;
  } finally {
    vi.restoreAllMocks();
  }
}

const HEADER =
  'struct point { char tag; int x, y; };\ntypedef struct { short a; } named_t;\nenum color { RED, GREEN = 5 };\n#define LIMIT 7\nint move(struct point *p);\n';

describe('cdef run', () => {
  it.each<[string, string[], string]>([
    ['-e runs a chunk', ['-e', 'print(1 + 1)'], '2\n'],
    ['chunks run in order, in one state', ['-e', 'x = 2', '-e', 'print(x * 3)'], '6\n'],
    ['--execute is the same', ['--execute', 'print(arg[0], #arg)'], 'cdef\t0\n'],
    ['a tool chooses the engine jit', ['-joff', '-e', `print(jit.version)`], 'cdef on jit\n'],
    [
      'a tool may be told where to write',
      ['-jdump=tT,-', '-e', 'print(1)'],
      '---- FUNC 1 (command line):0 main chunk\n---- FUNC 1 stop -> compiled\n\n1\n',
    ],
    ['the engine may be named', ['--engine', 'fengari', '-e', `print(jit.status())`], 'false\n'],
  ])('%s', async (_, args, expected) => {
    expect(await outputOf(runCommand, ...args)).toBe(expected);
  });

  it('gives the script all that follows its name, options too', async () => {
    const script = file('args.lua', `print(#arg, arg[1], arg[2], arg[3], ...)`);
    expect(await outputOf(runCommand, script, '-e', '--', 'x')).toBe('3\t-e\t--\tx\t-e\t--\tx\n');
    expect(await outputOf(runCommand, '-e', 'y = 5', '--', script)).toBe('0\tnil\tnil\tnil\n');
    expect(await outputOf(runCommand, '-e', 'print "first"', script, 'a')).toBe('first\n1\ta\tnil\tnil\ta\n');
  });

  it.each<[string[], RegExp]>([
    [[], /expected a Lua file/],
    [['--engine', 'v8', '-e', '1'], /unknown engine 'v8', expected fengari/],
    [['--engine=v8', 'x.lua'], /unknown engine 'v8'/],
    [['-x', 'x.lua'], /-x/],
    [['-e'], /-e/],
    [['-jv', '--engine', 'fengari', 'x.lua'], /-j is for the engine jit/],
    [['-jnope', '-e', '1'], /-j: unknown tool 'nope'/],
    [['-jopt', '-e', '1', '-jutil'], /-j: unknown tool 'util'/],
    [['-jv', '--memory', '64', 'x.lua'], /without -e, -j and --native/],
  ])('%j is wrong usage', async (args, message) => {
    await expect(async () => runCommand(args)).rejects.toThrow(UsageError);
    await expect(async () => runCommand(args)).rejects.toThrow(message);
  });

  it('errors come out as they are', async () => {
    await expect(async () => runCommand(['-e', 'error "x"'])).rejects.toThrow(LuaError);
    await expect(async () => runCommand(['-e', 'x ='])).rejects.toThrow(LuaSyntaxError);
    await expect(async () => runCommand([path.join(folder, 'missing.lua')])).rejects.toThrow(/ENOENT/);
  });
});

describe('cdef layout', () => {
  it('prints offsets, sizes and holes', async () => {
    const text = await outputOf(layoutCommand, file('a.h', HEADER));
    expect(text).toContain('struct point');
    expect(text).toMatch(/named_t/);
    expect(text).toMatch(/\b12\b/);
    expect(text).toMatch(/hole|padding/);
    expect(text).not.toMatch(/undefined|\[object/);
  });

  it('prints only the types that are named', async () => {
    const text = await outputOf(layoutCommand, file('a.h', HEADER), 'named_t');
    expect(text).toMatch(/named_t/);
    expect(text).not.toContain('point');
  });

  it('--json prints the object that other tools rely on', async () => {
    const layout = JSON.parse(await outputOf(layoutCommand, '--json', file('a.h', HEADER)));
    expect(layout.abi).toBe('x86_64-linux-gnu');
    expect(layout.types).toContainEqual({
      name: 'struct point',
      kind: 'struct',
      size: 12,
      align: 4,
      members: [
        { name: 'tag', type: 'char', offset: 0, size: 1 },
        { name: 'x', type: 'int', offset: 4, size: 4 },
        { name: 'y', type: 'int', offset: 8, size: 4 },
      ],
    });
    expect(layout.enums).toEqual([{ name: 'enum color', size: 4, signed: false, constants: { RED: 0, GREEN: 5 } }]);
    expect(layout.functions).toEqual(['move']);
    const one = JSON.parse(await outputOf(layoutCommand, '--json', file('a.h', HEADER), 'struct point'));
    expect(one.types.map((type: { name: string }) => type.name)).toEqual(['struct point']);
  });

  it('--abi takes the ABI that is known', async () => {
    expect(await outputOf(layoutCommand, '--abi', 'x86_64-linux-gnu', file('a.h', HEADER))).toContain('struct point');
    expect(() => layoutCommand(['--abi', 'pdp11', file('a.h', HEADER)])).toThrow(/unknown ABI 'pdp11'/);
  });

  it("places bit-fields by Microsoft's rules on request, and says how", async () => {
    const header = file('ms.h', 'struct s { char a : 7; int b : 7; };');
    expect(JSON.parse(await outputOf(layoutCommand, '--json', header)).types[0].size).toBe(4);
    expect(JSON.parse(await outputOf(layoutCommand, '--json', '--ms-bitfields', header)).types[0].size).toBe(8);
    for (const [name, option] of Object.entries(headerOptions))
      expect(COMMANDS['layout']?.options.map(([flags]) => flags).join()).toContain('short' in option ? `-${option.short}` : `-${name}`);
  });

  it('reads what -include names first, from the working directory and then from -I', async () => {
    mkdirSync(path.join(folder, 'first'));
    const config = path.relative('.', file('config.h', '#define WIDTH 3\n#define SIZE 2\n'));
    const more = file('first/more.h', '#undef SIZE\n#define SIZE WIDTH * 2\n');
    const header = file('needs.h', '#include "more.h"\nstruct s { char a[SIZE]; int line[__LINE__]; };');
    const args = ['-include', config, '-include', 'more.h', '-I', path.dirname(more), header];
    expect(JSON.parse(await outputOf(layoutCommand, '--json', ...args)).types[0]).toMatchObject({ size: 16, align: 4 });
    expect(() => layoutCommand(['-include', 'needs.h', header])).toThrow('-include needs.h: not found');
  });

  it('keeps the places of errors behind what -include names, and in it', async () => {
    let errors = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      errors += String(chunk);
      return true;
    });
    const text = await outputOf(
      layoutCommand,
      '-include',
      file('wrong.h', 'int a b;\n'),
      file('c.h', 'struct c { int x; };\n  nonsense x;\n'),
    );
    expect(text).toMatch(/struct c(.|\n)*status 1$/);
    expect(errors).toMatch(
      /wrong\.h:1:7: error: (.|\n)*note: included from <command-line>:1\n(.|\n)*c\.h:2:3: error: unknown type 'nonsense'/,
    );
  });

  it('reports bad C on standard error, shows the rest, and fails', async () => {
    let errors = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      errors += String(chunk);
      return true;
    });
    const text = await outputOf(layoutCommand, file('b.h', 'struct good { int x; };\nnonsense x;\n'));
    expect(text).toMatch(/struct good(.|\n)*status 1$/);
    expect(errors).toMatch(/b\.h:2:1: error: .*\n +2 \| nonsense x;\n +\| \^/);
  });

  it('says what a better order would save, and where cache lines are', async () => {
    const header = file('order.h', 'struct s { char a; long b; char c; };');
    expect(await outputOf(layoutCommand, header)).toContain('  // saves 8 bytes in the order: a, c, b\n');
    expect(await outputOf(layoutCommand, '--cacheline', '8', header)).toContain('  // --- cacheline 1 (8 bytes) ---\n');
    expect(await outputOf(layoutCommand, '--json', '--cacheline', '8', header)).not.toContain('saves');
  });

  it('colours where it is told to', async () => {
    const header = file('order.h', 'struct s { char a; long b; char c; };');
    const coloured = await outputOf(layoutCommand, '--color=always', header);
    expect(coloured).toContain('char \x1b[36ma\x1b[39m;');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
    const plain = coloured.replace(/\x1b\[\d+m/g, '');
    expect(plain).toBe(await outputOf(layoutCommand, '--color=never', header));
    expect(await outputOf(layoutCommand, '--color=always', '--json', header)).not.toContain('\x1b');
  });

  it.each<[string, string, Terminal, boolean]>([
    ['always colours a pipe', 'always', { env: { NO_COLOR: '1' } }, true],
    ['never colours no terminal', 'never', { isTTY: true, env: { FORCE_COLOR: '1' } }, false],
    ['auto colours a terminal', 'auto', { isTTY: true, env: { TERM: 'xterm' } }, true],
    ['auto colours no pipe', 'auto', { env: {} }, false],
    ['NO_COLOR turns colours off', 'auto', { isTTY: true, env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR does not', 'auto', { isTTY: true, env: { NO_COLOR: '' } }, true],
    ['FORCE_COLOR turns them on', 'auto', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, true],
    ['FORCE_COLOR=0 turns them off', 'auto', { isTTY: true, env: { FORCE_COLOR: '0' } }, false],
    ['a dumb terminal has none', 'auto', { isTTY: true, env: { TERM: 'dumb' } }, false],
  ])('%s', (_, when, terminal, expected) => {
    expect(usesColor(when, terminal)).toBe(expected);
  });

  it('--svg draws all types or those that are named, into a file if asked', async () => {
    const header = file('a.h', HEADER);
    const all = await outputOf(layoutCommand, '--svg', header);
    expect(all).toMatch(/^<svg (.|\n)*<\/svg>\n$/);
    expect(all).toContain('<title>Layout of struct point, named_t</title>');
    const picture = path.join(folder, 'out.svg');
    expect(await outputOf(layoutCommand, '--svg', '--row', '8', '-o', picture, header, 'named_t')).toBe('');
    expect(readFileSync(picture, 'utf8')).toContain('<title>Layout of named_t</title>');
    expect(() => layoutCommand(['--svg', file('none.h', 'int f(void);')])).toThrow(/no struct or union to draw in .*none\.h$/);
    expect(() => layoutCommand(['-o', path.join(folder, 'no', 'such', 'folder'), header])).toThrow(/ENOENT/);
  });

  it.each<[string[], string]>([
    [['--svg', '--json'], 'layout: --json and --svg exclude each other'],
    [['--svg', '--row', '5'], 'layout: --row 5: expected 4, 8 or 16'],
    [['--cacheline', '0'], 'layout: --cacheline 0: expected a number of bytes'],
    [['--cacheline', '1e3'], 'layout: --cacheline 1e3: expected a number of bytes'],
    [['--color', 'blue'], '--color blue: expected auto, always or never'],
  ])('%j is wrong usage', (args, message) => {
    expect(() => layoutCommand([...args, file('a.h', HEADER)])).toThrow(new UsageError(message));
  });

  it('refuses unknown types and missing files', () => {
    expect(() => layoutCommand([file('a.h', HEADER), 'struct nope'])).toThrow();
    expect(() => layoutCommand([file('a.h', HEADER), 'int'])).toThrow(new UsageError("layout: 'int' is no complete struct or union"));
    expect(() => layoutCommand([path.join(folder, 'missing.h')])).toThrow(/ENOENT/);
    expect(() => layoutCommand([])).toThrow(UsageError);
    expect(() => layoutCommand(['--nope', 'a.h'])).toThrow(UsageError);
  });
});

describe('cdef replay', () => {
  it('refuses what is no capture, and no policy', async () => {
    await expect(replayCommand([file('x.pcap', 'no capture')])).rejects.toThrow(PcapError);
    await expect(replayCommand([path.join(folder, 'missing.pcap')])).rejects.toThrow(/ENOENT/);
    await expect(replayCommand(['--policy', path.join(folder, 'missing.lua'), 'test/captures/dhcp.pcap'])).rejects.toThrow(/ENOENT/);
    await expect(replayCommand([])).rejects.toThrow(UsageError);
  });
});

describe('cdef types', () => {
  it('writes types with the vocabulary of the library', async () => {
    const text = await outputOf(typesCommand, file('types.h', HEADER));
    expect(text).toContain("import type { RecordView } from 'cdef';");
    expect(text).toContain('export interface point extends RecordView {\n  /** `char tag`: offset 0, size 1 */\n  tag: number;\n');
    expect(text).toContain("    readonly 'struct point': point;\n    readonly 'enum color': number;\n    readonly named_t: named_t;\n");
    expect(text).toContain('    readonly LIMIT: 7;\n');
    expect(text).toContain('    readonly move: (p: point | null) => number;\n');
    expect(text).toContain("    readonly 'enum color': { readonly RED: 0; readonly GREEN: 5 };\n");
  });

  it('--standalone writes classes, -o into a file, --abi for another ABI', async () => {
    const target = path.join(folder, 'alone.ts');
    const header = file('alone.h', 'struct s { char c; long l; };');
    expect(await outputOf(typesCommand, '--standalone', '-o', target, '--abi', 'i386-linux-gnu', header)).toBe('');
    const text = readFileSync(target, 'utf8');
    expect(text).toContain('for i386-linux-gnu; do not edit.');
    expect(text).toContain('  get l(): number {\n    return i32le(this.#b, this.#o + 4);\n  }\n');
    expect(text).not.toContain('import');
  });

  it.each([[[]], [['a.h', 'b.h']]])('wants one file: %j', async (args) => {
    expect(() => typesCommand(args)).toThrow(new UsageError('types: expected a file with C declarations'));
  });
});
