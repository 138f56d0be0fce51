/**
 * A script of `cdef run`, on whichever engine.
 * @module
 */
import { readFileSync } from 'node:fs';
import { type EngineName, HOST_CHUNK } from '../engines/engine.ts';
import { NodeLua } from '../host/scripts.ts';
import type { Engines } from '../host/state.ts';
import { UsageError } from './usage.ts';

/** What `cdef run` was asked to do. */
export interface Script {
  /** `-` for standard input; undefined where there are chunks alone. */
  readonly file: string | undefined;
  readonly args: readonly string[];
  /** Texts to run first. */
  readonly chunks: readonly string[];
  /** LuaJIT's tools to start, such as `p=vl`. */
  readonly tools: readonly string[];
  /** Whether native libraries can be reached. */
  readonly isNative: boolean;
}

/**
 * Runs a script on an engine.
 * @throws {UsageError} for an unknown tool
 * @throws {LuaSyntaxError} when it is not Lua
 * @throws {LuaError} when it raises
 */
export async function runScript({ file, args, chunks, tools, isNative }: Script, engine: EngineName, engines: Engines): Promise<void> {
  const native = isNative ? (await import('../host/native.ts')).createNative() : undefined;
  const lua = new NodeLua({ engine, ...(native !== undefined && { native }) }, engines);
  try {
    lua.setArguments(file ?? 'cdef', args);
    for (const option of tools) startTool(lua, option);
    for (const chunk of chunks) lua.run(chunk, '=(command line)');
    if (file === '-') lua.engine.load(readFileSync(0), '=stdin')(...args);
    else if (file !== undefined) lua.runFile(file, ...args);
  } finally {
    lua.close();
  }
}

// What starts a tool: `jit.off()`, or `start` of a module `jit.NAME`; false where there is neither.
const START = `
local name = ...
local switch = jit[name]
if type(switch) == 'function' then switch(select(2, ...)) return true end
local found, tool = pcall(require, 'jit.' .. name)
if not found and not tostring(tool):find("module 'jit." .. name .. "' not found", 1, true) then error(tool, 0) end
if not found or type(tool) ~= 'table' or not tool.start then return false end
tool.start(select(2, ...))
return true`;

// `v`, or `p=vl,report.txt`.
function startTool(lua: NodeLua, option: string): void {
  const [name = '', given] = option.split(/=(.*)/s);
  const args = given === undefined ? [] : given.split(',');
  if (lua.engine.load(START, HOST_CHUNK)(name, ...args) !== true) throw new UsageError(`run: -j: unknown tool '${name}'`);
}
