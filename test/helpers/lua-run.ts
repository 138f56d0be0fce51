/**
 * Runs Lua text as a script would run, and returns what it printed.
 * @module
 */
import { createLua, type EngineName, type NodeLua } from '../../src/host/node.ts';

/** Makes `print` of a state collect lines instead of writing to standard output. */
export function capturePrint(lua: NodeLua): string[] {
  const lines: string[] = [];
  lua.set('__line', (line: string | Uint8Array) => {
    lines.push(typeof line === 'string' ? line : Buffer.from(line).toString('latin1'));
  });
  lua.run(`
    local line = __line
    __line = nil
    function print(...)
      local out = {}
      for i = 1, select('#', ...) do out[i] = tostring((select(i, ...))) end
      line(table.concat(out, '\\t'))
    end
  `);
  return lines;
}

/** The lines that `text` prints. */
export function printedBy(text: string, prepare?: (lua: NodeLua) => void, engine: EngineName = 'fengari'): string[] {
  const lua = createLua({ engine });
  const lines = capturePrint(lua);
  prepare?.(lua);
  lua.run(text, '=snippet');
  // Finalizers that are left print, too.
  lua.close();
  return lines;
}

/** Runs a Lua file as `cdef run` does. Answers the lines it printed, and what it raised. */
export function runLuaFile(file: string, engine: EngineName): { lines: string[]; error: unknown } {
  const lua = createLua({ engine });
  const lines = capturePrint(lua);
  let error: unknown = null;
  try {
    lua.engine.load('arg = { [0] = ... }', '=arg')(file);
    lua.runFile(file);
  } catch (raised) {
    error = raised;
  }
  lua.close();
  return { lines, error };
}
