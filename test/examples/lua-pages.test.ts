/**
 * The pages about Lua's functions: their examples print what the comments say, behind `-->`, on every engine.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLua, engineNames } from '../../src/host/index.ts';
import { createLua as createNodeLua } from '../../src/host/node.ts';
import { page } from '../helpers/documents.ts';

const folder = fileURLToPath(new URL('../../docs/lua', import.meta.url));
const INDICES = ['ffi', 'bit', 'jit', 'extensions'].map((name) => `${name}.md`);
const names = readdirSync(folder).filter((name) => !INDICES.includes(name));

function examplesOf(name: string): { code: string; printed: string }[] {
  const blocks = [...page(path.posix.join('docs/lua', name)).matchAll(/^```lua\n([\s\S]*?)^```/gm)];
  return blocks.map(([, code = '']) => ({ code, printed: [...code.matchAll(/--> (.*)$/gm)].map(([, line]) => line).join('\n') }));
}

describe.each(engineNames)('on %s', (engine) => {
  it.each(names)('%s', (name) => {
    const examples = examplesOf(name);
    expect(examples).not.toEqual([]);
    for (const { code, printed } of examples) {
      const lua = createLua({ engine });
      const lines: string[] = [];
      const tostring = lua.callback('tostring');
      lua.set('print', () => {});
      lua.run('local show = ...; return show', '=show');
      lua.engine.load(
        'local take = ...; print = function(...) local t = {...} for i = 1, select("#", ...) do t[i] = tostring(t[i]) end take(table.concat(t, "  ")) end',
        '=print',
      )((line: string) => lines.push(line));
      lua.run(code, '=example');
      expect(tostring(1)).toBe('1');
      lua.close();
      expect(lines.map((line) => line.replace(/^example:\d+: /, '').replaceAll(/ {2}example:\d+: /g, '  ')).join('\n')).toBe(printed);
    }
  });
});

describe('the lists', () => {
  it('have every page', () => {
    const lists = INDICES.map((name) => page(path.posix.join('docs/lua', name))).join('');
    expect(names.filter((name) => !lists.includes(`](${name})`))).toEqual([]);
  });

  it('have every function of ffi, bit and jit', () => {
    const lua = createLua();
    const all = (library: string): string[] =>
      (
        lua.run(
          `local names = {} for name in pairs(require '${library}') do names[#names + 1] = '${library}.' .. name end return names`,
        ) as string[]
      ).sort();
    const text = names.map((name) => page(path.posix.join('docs/lua', name))).join('\n');
    const missing = [...all('ffi'), ...all('bit'), ...all('jit')].filter((name) => !text.includes(name));
    lua.close();
    expect(missing).toEqual([]);
  });
});

describe('the page about security', () => {
  it('takes away what it says it does', () => {
    const [, code = ''] = /^```lua\n([\s\S]*?)^```/m.exec(page('docs/security.md')) ?? [];
    const lua = createNodeLua();
    expect(lua.run('return io.open ~= nil and os.getenv ~= nil')).toBe(true);
    lua.run(code);
    const left = lua.run(
      "return tostring(io) .. tostring(os.execute) .. tostring(dofile) .. tostring(pcall(require, 'io')) .. tostring(package.loadlib)",
    );
    expect(left).toBe('nilnilnilfalsenil');
    expect(lua.run("return require('ffi').sizeof 'int' + os.time() * 0")).toBe(4);
    lua.close();
  });
});
