/**
 * The contract of `ffi` in Lua, and of Lua 5.1 as LuaJIT has it: the files of `lua/` and `lua51/`, one for each part of it, which run by hand too
 * (`cdef run FILE`, `luajit FILE`). Every case in them is a test here.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIFFERENCES = fileURLToPath(new URL('../../docs/differences.md', import.meta.url));
const CASE = /^(ok|not ok) \d+ - (.*)$/;

/** Runs a Lua file as a script. Answers the lines it printed, and what it raised. */
export type RunLuaFile = (file: string) => { readonly lines: readonly string[]; readonly error: unknown };

interface Case {
  readonly name: string;
  readonly ok: boolean;
  /** What a failed case says. */
  readonly problems: string[];
}

function casesOf(lines: readonly string[]): Case[] {
  const cases: Case[] = [];
  for (const line of lines) {
    const [, outcome, name] = CASE.exec(line) ?? [];
    if (name !== undefined) cases.push({ name, ok: outcome === 'ok', problems: [] });
    else if (line.startsWith('  # ')) cases.at(-1)?.problems.push(line.slice(4));
  }
  return cases;
}

/** The folders of files: the ffi, and the language itself. */
export type LuaFolder = 'lua' | 'lua51';

/** Makes a test of each case of each file of a folder, or of those in `only`, as `run` answers it. */
export function luaFilesContract(name: string, run: RunLuaFile, subfolder: LuaFolder = 'lua', only: readonly string[] | null = null): void {
  const folder = path.join(HERE, subfolder);
  const headings = readFileSync(DIFFERENCES, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => line.replace(/^#+ /, ''));
  const files = only ?? readdirSync(folder).filter((file) => /^\d\d_.*\.lua$/.test(file));

  describe.each(files)(`%s on ${name}`, (file) => {
    const { lines, error } = run(path.join(folder, file));
    const cases = casesOf(lines);

    it('runs to its end', () => {
      const plan = lines.find((line) => line.startsWith('1..'));
      expect(plan, `${error}`).toBe(`1..${cases.length}`);
      expect(cases).not.toEqual([]);
    });

    it.each(cases.map((one) => [one.name, one] as const))('%s', (title, one) => {
      expect(one.problems).toEqual([]);
      expect(one.ok).toBe(true);
      const heading = /# differs \[(.*?)\]/.exec(title)?.[1];
      if (heading !== undefined) expect(headings).toContain(heading);
    });
  });
}
