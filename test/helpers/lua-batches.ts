/**
 * Many programs at once, compiled and interpreted, against luajit: what each prints.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { createLua } from '../../src/host/node.ts';
import { capturePrint } from './lua-run.ts';

export const hasLuajit: boolean = spawnSync('luajit', ['-v']).status === 0;

const END = '-- end of a program';

/** Programs that a function of a prelude runs, which prints what they do and raise. */
export interface Batch {
  readonly prelude: string;
  /** The function's name. */
  readonly run: string;
  readonly programs: readonly string[];
}

/** Fails with the program that prints something else. */
export function expectAsLuajit(batch: Batch): void {
  const text = bulk(batch);
  const [expected, compiled, interpreted] = [byLuajit(text), byJit(text, true), byJit(text, false)];
  for (const [i, program] of batch.programs.entries()) {
    expect(`${program}\n${compiled[i]}`).toBe(`${program}\n${expected[i]}`);
    expect(`${program}\n${interpreted[i]}`).toBe(`${program}\n${expected[i]}`);
  }
}

function bulk({ prelude, run, programs }: Batch): string {
  return `${prelude}\n${programs.map((program) => `${run}([==[\n${program}]==])\nprint('${END}')`).join('\n')}`;
}

function byLuajit(text: string): string[] {
  const { stdout, stderr, status } = spawnSync('luajit', ['-joff', '-'], { input: text, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`luajit: ${stderr}`);
  return stdout.toString('latin1').split(`${END}\n`).slice(0, -1);
}

function byJit(text: string, isCompiled: boolean): string[] {
  const lua = createLua({ engine: 'jit', eval: isCompiled });
  expect(lua.engine.isCompiled).toBe(isCompiled);
  const lines = capturePrint(lua);
  lua.run(text, '=bulk');
  lua.close();
  return `${lines.join('\n')}\n`.split(`${END}\n`).slice(0, -1);
}
