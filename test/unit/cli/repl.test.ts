import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { historyFileFor, runRepl } from '../../../src/cli/repl.ts';
import { completeLine } from '../../../src/cli/repl-complete.ts';
import { type Answer, Session } from '../../../src/cli/repl-session.ts';
import { engineNames } from '../../../src/host/node.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cdef-repl-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(engineNames)('the prompt on %s', (engine) => {
  function open(): { say: (...lines: string[]) => string; answers: Answer[]; session: Session } {
    let bytes = Buffer.alloc(0);
    const write = (some: string | Uint8Array): void => {
      bytes = Buffer.concat([bytes, Buffer.from(some)]);
    };
    const session = new Session({ engine, isColored: false, write });
    const answers: Answer[] = [];
    return {
      session,
      answers,
      say: (...lines) => {
        bytes = Buffer.alloc(0);
        for (const line of lines) answers.push(session.feed(line));
        // Addresses and generated names differ from run to run.
        return bytes.toString().replace(/0x[\da-f]{6,}/g, 'ADDRESS');
      },
    };
  }

  it.each([
    ['1 + 1', '2\n'],
    ['=1, nil, "a\\n\\"\\1é"', '1\nnil\n"a\\n\\"\\001é"\n'],
    ['print(1, 2)', '1\t2\n'],
    ['x = 5', ''],
    ['-- nothing', ''],
    ['', ''],
    ['return 3, 4', '3\n4\n'],
    ['1LL * 2', '2LL\n'],
    ['{}', '{}\n'],
    ['{ 10, "a", x = 1, y = { 2 }, [true] = 0.5 }', expect.stringMatching(/^\{ 10, "a", \[true\] = 0\.5, x = 1, y = table: \w+ \}\n$/)],
    ['ffi.typeof "int"', 'ctype<int>\n'],
    ['setmetatable({}, { __tostring = function() error "x" end })', 'table (its __tostring raises)\n'],
    ['io.write("\\226\\130") io.write("\\172\\n")', '€\n'],
    ['string.rep("a", 3000)', `"${'a'.repeat(2000)}"... (1000 more bytes)\n`],
  ])('answers %j', (line, answer) => {
    const { say, session } = open();
    expect(say(line)).toEqual(answer);
    session.close();
  });

  it('goes on until a chunk is whole', () => {
    const { say, answers, session } = open();
    expect(say('function f(a)', '  return a +', '1', 'end', 'f(2)')).toBe('3\n');
    expect(say('= [[a', 'b]]')).toBe('"a\\nb"\n');
    expect(answers).toEqual(['more', 'more', 'more', 'done', 'done', 'more', 'done']);
    expect(say('if true then')).toBe('');
    session.reset();
    expect(say('7')).toBe('7\n');
    session.close();
  });

  it('shows structs and arrays as annotated dumps', () => {
    const { say, session } = open();
    say('ffi.cdef [[ struct p { uint8_t op; uint32_t xid; char name[4]; }; ]]');
    expect(say('ffi.new("struct p", 1, 0x12345678, "ab")')).toBe(
      [
        'cdata<struct p>: ADDRESS',
        '00000000  01                       op    uint8_t   1',
        '00000004  78 56 34 12              xid   uint32_t  305419896',
        '00000008  61 62 00 00              name  char [4]  "ab"',
        '',
      ].join('\n'),
    );
    expect(say('ffi.new("int16_t[2]", 1, 2)')).toContain('00000002  02 00');
    expect(say('ffi.cast("struct p *", nil)')).toBe('cdata<struct p *>: NULL\n');
    expect(say('ffi.new("struct { int a; }", 7)')).toContain('00000000  07 00 00 00');
    expect(say('ffi.new("int[?]", 2)')).toMatch(/^cdata<int \[\?\]>: ADDRESS\n/);
    expect(say('ffi.new("char[100000]")')).toBe('cdata<char [100000]>: ADDRESS\n');
    session.close();
  });

  it('shows where a mistake is', () => {
    const { say, session } = open();
    expect(say('x = = 3')).toBe("stdin#1:1: unexpected symbol near '='\n    1 | x = = 3\n      |     ^\n");
    expect(say('=1 +* 2')).toBe("stdin#2:1: unexpected symbol near '*'\n    1 | =1 +* 2\n      |     ^\n");
    expect(say('x = "ü", ]')).toMatch(/near '\]'\n {4}1 \| x = "ü", \]\n {6}\| {10}\^\n$/);
    expect(say('x = "abc')).toMatch(/unfinished string near '"abc'\n {4}1 \| x = "abc\n {6}\| {5}\^~~~\n$/);
    expect(say('function g()', '  missing()', 'end', 'g()')).toContain('\n    2 |   missing()\n      |   ^~~~~~~\n');
    expect(say('do', 'nothing.here = 1', 'end')).toMatch(
      /^stdin#\d+:2: attempt to index .*'nothing'.*\n {4}2 \| nothing\.here = 1\n {6}\| \^~~~~~~\n$/,
    );
    expect(say('error({})', 'error("plain", 0)')).toContain('plain\n');
    say('function deep(n) if n == 0 then error "down" end deep(n - 1) return n end');
    expect(say('deep(2)')).toMatch(/^stdin#\d+:1: down\n +1 \| function deep.*\n.*\^.*\nstack traceback:\n/);
    expect(say('deep(2)')).not.toContain('prompt:');
    expect(say('ffi.cdef "struct q { nonsense x; };"')).toMatch(/declaration specifier expected near 'nonsense'|nonsense/);
    session.close();
  });

  it('survives what scripts do to what it uses', () => {
    const { say, session } = open();
    expect(say('tostring, type, print, ffi, string, table = nil', '{ 1 }')).toBe('{ 1 }\n');
    expect(say('local _ = setmetatable(_G, { __index = function() error "no" end })', '=1')).toBe('1\n');
    expect(completeLine(session, 'pri')).toEqual([[], 'pri']);
    session.close();
  });

  it('has commands', () => {
    const { say, answers, session } = open();
    expect(say('.help')).toMatch(/\n {2}\.layout TYPE .*\n/);
    expect(say('.layuot x')).toBe("no command '.layuot', did you mean '.layout'?\n");
    expect(say('.nonsense')).toBe("no command '.nonsense'; .help lists them\n");
    const header = path.join(folder, 'a.h');
    writeFileSync(header, '#include <stdint.h>\nstruct point { uint8_t x; uint32_t y; };\nbroken z;\n');
    expect(say(`.load ${header}`)).toContain("a.h:3:1: error: unknown type 'broken'");
    expect(say('.layout struct point')).toMatch(/^struct point \{ {2}\/\/ size 8, align 4\n/);
    expect(say('ffi.sizeof "struct point"')).toBe('8\n');
    expect(say('.layout int', '.layout')).toBe(
      "'int' is no complete struct or union\nexpected a struct or union, such as .layout struct point\n",
    );
    writeFileSync(path.join(folder, 'a.lua'), 'loaded = 5');
    expect(say(`.load ${path.join(folder, 'a.lua')}`, 'loaded', '.load /nowhere.h', '.load')).toMatch(/^5\nENOENT.*\nexpected a file\n$/);
    expect(say('.engine', '.engine lua', ...engineNames.map((name) => `.engine ${name}`))).toBe(
      `${engine}\nno engine named 'lua', expected ${engineNames.join(' or ')}\n${engineNames.join('\n')}\n`,
    );
    expect(say('loaded', 'ffi.sizeof "struct point"')).toBe('nil\n8\n');
    expect(say('.exit')).toBe('');
    expect(answers.at(-1)).toBe('exit');
    session.close();
  });

  it('completes', () => {
    const { say, session } = open();
    say(
      'ffi.cdef [[ struct p { uint8_t op, xid; struct { int inner; } sub; enum { NONE, SOME } how; enum { K1, K2 }; }; typedef struct p p_t; int puts(const char *); ]]',
    );
    say('msg = ffi.new "struct p"', 'ptr = ffi.cast("p_t *", msg)', 'ct = ffi.typeof "p_t"');
    say('config = { address = 1, pools = { { first = 1 } }, start = function() end }', 'local_time = 1');
    say('object = setmetatable({ own = 1 }, { __index = { method = print } })', 'function boom() error "called" end');
    const complete = (line: string): string[] => completeLine(session, line)[0];
    expect(completeLine(session, 'x = conf')).toEqual([['config'], 'conf']);
    expect(complete('loc')).toEqual(['local', 'local_time']);
    expect(complete('config.')).toEqual(['address', 'pools', 'start']);
    expect(complete('config:')).toEqual(['start']);
    expect(complete('print(config . pools[1].f')).toEqual(['first']);
    expect(complete('config["pools"][1].')).toEqual(['first']);
    expect(complete('msg.')).toEqual(['K1', 'K2', 'how', 'op', 'sub', 'xid']);
    expect(complete('msg.x')).toEqual(['xid']);
    expect(complete('ptr.sub.')).toEqual(['inner']);
    expect(complete('ct.')).toEqual(['K1', 'K2']);
    expect(complete('ffi.C.pu')).toEqual(['puts']);
    expect(complete('ffi.C.SO')).toEqual(['SOME']);
    expect(complete('return config.a')).toEqual(['address']);
    expect(complete('object:m')).toEqual(['method']);
    expect(complete('("x"):up')).toEqual([]);
    expect(complete('string.up')).toEqual(['upper']);
    expect(complete('ffi.new("struct p')).toEqual(['struct p']);
    expect(complete("ffi.cast 'p")).toEqual(['p_t', 'ptrdiff_t']);
    expect(complete('print("conf')).toEqual([]);
    expect(complete('-- conf')).toEqual([]);
    expect(complete('boom().x')).toEqual([]);
    expect(complete('nothing.at.all.')).toEqual([]);
    expect(complete('.la')).toEqual(['.layout']);
    expect(complete('.layout struct')).toEqual(['struct p']);
    expect(complete('.engine f')).toEqual(['fengari']);
    expect(complete(`.load ${folder}/a.`)).toEqual([`${folder}/a.h`, `${folder}/a.lua`]);
    expect(complete(`.load ${folder}/none/`)).toEqual([]);
    session.close();
  });
});

describe('the prompt on a terminal', () => {
  async function talk(keys: readonly string[], historyFile: string | null): Promise<string> {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let text = '';
    output.on('data', (data) => {
      text += data;
    });
    const write = (bytes: Uint8Array): boolean => output.write(bytes);
    const done = runRepl({ input, output, write, engine: 'fengari', historyFile, isColored: false, greeting: 'hello' });
    for (const key of keys) {
      input.write(key);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    input.end();
    await done;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor
    return text.replace(/\x1b\[[\d;]*[A-Za-z]/g, '').replace(/\r/g, '');
  }

  it('has lines, completion and history', async () => {
    const history = path.join(folder, 'state', 'history');
    const text = await talk(['x = 20\n', 'x +\n', '1\n', 'prin', '\t', '(x)\n', '.exit\n'], history);
    expect(text).toMatch(/^hello\n> /);
    expect(text).toContain('>> 1\n21\n');
    expect(text).toContain('print(x)\n20\n');
    expect(readFileSync(history, 'utf8')).toBe('x = 20\nx +\n1\nprint(x)\n.exit\n');
    // Up, up: the line before the last.
    expect(await talk(['x = 6\n', '\x1b[A\x1b[A\x1b[A', '\n'], history)).toContain('print(x)\n6\n');
  });

  it('drops a line at Ctrl-C, and ends at Ctrl-D', async () => {
    const text = await talk(['if x then\n', 'y = 1', '\x03', '=y\n', '\x03', '\x04'], null);
    expect(text).toContain('> =y\nnil\n');
    expect(text).toContain('.exit or Ctrl-D ends\n');
  });

  it('keeps its history where such things are', () => {
    expect(historyFileFor({ CDEF_HISTORY: '' })).toBe(null);
    expect(historyFileFor({ CDEF_HISTORY: '/x' })).toBe('/x');
    expect(historyFileFor({ XDG_STATE_HOME: '/state' })).toBe('/state/cdef/history');
    expect(historyFileFor({})).toMatch(/\/\.local\/state\/cdef\/history$/);
  });

  it('goes without where it cannot', async () => {
    expect(await talk(['=1\n'], '/dev/null/history')).toContain('\n1\n');
  });
});
