/**
 * Ctrl-C at the prompt while Lua runs, on a terminal as `script` of util-linux makes one.
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { engineNames } from '../../src/host/node.ts';
import { type BuiltCommand, buildCommand } from '../helpers/command.ts';

const hasTerminal = spawnSync('script', ['--version']).status === 0;

// How long one text may take to come.
const PATIENCE_MS = 60_000;

/** A prompt on a terminal. */
class Prompt {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #status: Promise<number | null>;
  #hasEnded = false;
  #text = '';
  #wake: () => void = () => {};

  // The shell of `script` makes room for the command: one that stays has Ctrl-C as well, and some (dash) end by it once the command has.
  constructor(command: string) {
    const env = { ...process.env, CDEF_HISTORY: '', TERM: 'dumb' };
    this.#process = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], { env });
    // Of one that has ended; `sees` tells.
    this.#process.stdin.on('error', () => {});
    this.#process.stdout.on('data', (piece: Buffer) => {
      this.#text += piece.toString();
      this.#wake();
    });
    this.#status = new Promise((resolve) => {
      this.#process.on('close', (status) => {
        this.#hasEnded = true;
        this.#wake();
        resolve(status);
      });
    });
  }

  /** Waits for a text, and forgets what came up to it. */
  async sees(text: string): Promise<void> {
    const late = Date.now() + PATIENCE_MS;
    while (!this.#text.includes(text)) {
      const left = late - Date.now();
      if (this.#hasEnded || left <= 0) throw new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(this.#text)}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
    this.#text = this.#text.slice(this.#text.indexOf(text) + text.length);
  }

  type(text: string): void {
    this.#process.stdin.write(text);
  }

  /** Presses Ctrl-C, again and again: one that comes while Node itself is at work, as it writes, is lost. */
  async interrupts(): Promise<void> {
    this.type('\x03');
    const again = setInterval(() => this.type('\x03'), 1000);
    try {
      await this.sees('interrupted!');
    } finally {
      clearInterval(again);
    }
  }

  end(): Promise<number | null> {
    this.type('.exit\n');
    return this.#status;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

describe.skipIf(!hasTerminal && process.env['CI'] === undefined)('Ctrl-C at the prompt (skipped where script is not installed)', () => {
  let built: BuiltCommand;
  let prompt: Prompt | undefined;
  beforeAll(() => {
    built = buildCommand();
  });
  afterEach(() => prompt?.kill());
  afterAll(() => built.remove());

  // The terminal shows what is typed: texts that Lua prints are put together by it. Where the prompt is not seen yet, it may not read yet.
  it.each(engineNames)('ends what runs, and not the prompt, on %s', async (engine) => {
    prompt = new Prompt(`${process.execPath} ${path.join(built.bundle, 'cli.js')} --engine ${engine}`);
    await prompt.sees('.exit ends');
    await prompt.sees('> ');
    prompt.type('ffi.cdef "struct late { int a; };" print("lo" .. "op") while true do end\n');
    await prompt.sees('loop');
    await prompt.interrupts();
    await prompt.sees('> ');
    prompt.type('print("size " .. "is", ffi.sizeof("struct late"), pcall(error, "e"))\n');
    await prompt.sees('size is\t4\tfalse\te');
    await prompt.sees('> ');
    prompt.type('coroutine.wrap(function() print("in" .. "side") while true do end end)()\n');
    await prompt.sees('inside');
    await prompt.interrupts();
    await prompt.sees('> ');
    prompt.type('print("ag" .. "ain", coroutine.wrap(function() return 7 end)())\n');
    await prompt.sees('again\t7');
    await prompt.sees('> ');
    expect(await prompt.end()).toBe(0);
  });

  it('ends nothing else, at whatever moment it comes', async () => {
    prompt = new Prompt(`${process.execPath} ${path.join(built.bundle, 'cli.js')} --engine jit`);
    await prompt.sees('.exit ends');
    await prompt.sees('> ');
    for (let i = 0; i < 400; i++) {
      prompt.type('for i = 1, 1e5 do end\n');
      await sleep(i % 8);
      prompt.type('\x03');
      await sleep(i % 2);
      prompt.type('\x03');
      await sleep(3);
    }
    // What is typed while Lua runs is gone with the next Ctrl-C.
    await sleep(500);
    prompt.type('print("st" .. "ill")\n');
    await prompt.sees('still');
    await prompt.sees('> ');
    expect(await prompt.end()).toBe(0);
  });
});
