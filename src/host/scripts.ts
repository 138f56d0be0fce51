/**
 * Lua in Node: scripts from files, modules beside them. It knows no engine, as `state.ts`.
 * @module
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInspected, processHost } from './process.ts';
import { type Engines, type LibcHost, Lua, type LuaOptions } from './state.ts';

/** The Lua modules that come with the package. */
export const luaFolder: string = fileURLToPath(new URL('../../lua', import.meta.url));

// The C library's view of this process. Its output takes the way of Lua's `print`, so that both come in order.
const PROCESS: Partial<LibcHost> = {
  write: (bytes) => {
    process.stdout.write(bytes);
  },
  sleep: (milliseconds) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  },
  processId: process.pid,
  environment: (name) => (Object.hasOwn(process.env, name) ? process.env[name] : undefined),
  processor: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** A Lua state that reads files. `require` looks in the working folder, then in the package's own modules. */
export class NodeLua extends Lua {
  /** @internal `createLua` makes them */
  constructor(options: LuaOptions, engines: Engines) {
    const libc = { ...PROCESS, ...(typeof options.libc === 'object' && options.libc) };
    const sourceMaps = process.sourceMapsEnabled ? false : (options.sourceMaps ?? isInspected());
    super({ ...options, libc: options.libc === false ? false : libc, sourceMaps }, engines, { ...libc, ...processHost });
    this.searchIn('.');
  }

  /** Makes `require` look in `folder` first. */
  searchIn(folder: string): void {
    const folders = [...new Set([folder, '.', luaFolder])];
    this.setPath(folders.flatMap((one) => [path.join(one, '?.lua'), path.join(one, '?', 'init.lua')]).join(';'));
  }

  /** Sets the global `arg` as `luajit` does: the script's name at 0, its arguments from 1. */
  setArguments(script: string, args: readonly unknown[]): void {
    this.engine.setGlobal('arg', args);
    this.engine.setField('arg', 0, script);
  }

  /**
   * Runs a Lua file with `args` as its `...`, and returns its first result. Modules beside the file are found.
   * @throws {LuaSyntaxError} when it is not Lua
   * @throws {LuaError} when it raises
   * @throws {Error} when it cannot be read
   */
  runFile(file: string, ...args: unknown[]): unknown {
    this.searchIn(path.dirname(file));
    return this.engine.load(withoutShebang(readFileSync(file)), `@${file}`)(...args);
  }
}

// A first line that starts with # is for the shell; its newline stays, so that line numbers do.
function withoutShebang(text: Uint8Array): Uint8Array {
  if (text[0] !== 0x23) return text;
  const newline = text.indexOf(0x0a);
  return newline < 0 ? new Uint8Array(0) : text.subarray(newline);
}
