/**
 * `load`, `loadstring`, `loadfile` and `dofile`. There is no bytecode.
 * @module
 */
import { ensureStack } from '../../../util/stack.ts';
import { LuaSyntaxError } from '../../../util/errors.ts';
import { stringOf } from '../ffi/bytes.ts';
import type { HostFile, ScriptHost } from '../host.ts';
import { compile } from '../load.ts';
import { fault, faultOf } from '../runtime/errors.ts';
import type { LuaFunction } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import { numberText } from '../runtime/operators.ts';
import { functionArgument, stringArgument } from './arguments.ts';

/** Bytecode starts with this. */
const ESCAPE = '\x1b';

/** A function, or nil and why there is none. */
export type Loaded = LuaFunction | readonly [undefined, unknown];

interface Target {
  readonly name: string;
  /** Whether text and bytecode are allowed: `t`, `b`. */
  readonly mode: string;
  readonly environment: unknown;
}

/** Steps that a chunk costs whatever is in it, beside one for each byte: V8 has to read what it was compiled to. */
const COMPILING = 100;

function loadText(state: LuaState, text: string, { name, mode, environment }: Target): Loaded {
  const isBytecode = text.startsWith(ESCAPE);
  if (!mode.includes(isBytecode ? 'b' : 't')) return [undefined, 'attempt to load chunk with wrong mode'];
  if (isBytecode) return [undefined, '(binary): cannot load incompatible bytecode'];
  state.watch.spend(COMPILING + text.length);
  try {
    return compile(state, text, name, environment);
  } catch (error) {
    if (error instanceof LuaSyntaxError) return [undefined, error.message];
    throw error;
  }
}

// What a reader function answers, piece by piece.
function readAll(state: LuaState, reader: LuaFunction): string {
  let text = '';
  for (;;) {
    const piece = state.calls.call1(reader);
    if (piece === undefined || piece === '') return text;
    if (typeof piece !== 'string' && typeof piece !== 'number') throw fault('reader function must return a string');
    text += typeof piece === 'number' ? numberText(piece) : piece;
  }
}

/** A file as a chunk; standard input where `path` is null. */
export function loadFile(state: LuaState, host: ScriptHost, path: string | null, mode: string, environment: unknown): Loaded {
  let text: string;
  try {
    text = path === null ? inputText(host.input) : fileText(host, path);
  } catch (error) {
    return [undefined, `cannot open ${path ?? 'stdin'}${reasonOf(error)}`];
  }
  return loadText(state, withoutShebang(text), { name: path === null ? '=stdin' : `@${path}`, mode, environment });
}

function fileText(host: ScriptHost, path: string): string {
  if (host.files === null) throw new Error('no files');
  const bytes = host.files.readFile(path);
  return stringOf(bytes, 0, bytes.length);
}

const PIECE = 65_536;

function inputText(input: HostFile | null): string {
  let text = '';
  if (input === null) return text;
  for (;;) {
    const bytes = input.read(PIECE);
    if (bytes.length === 0) return text;
    text += stringOf(bytes, 0, bytes.length);
  }
}

// Node's messages: `ENOENT: no such file or directory, open '...'`.
function reasonOf(error: unknown): string {
  ensureStack();
  const [, reason] = /^E\w+: (.*?)(?:,|$)/.exec(error instanceof Error ? error.message : '') ?? [];
  return reason === undefined ? '' : `: ${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
}

// A first line that starts with # is for the shell; its newline stays, so that line numbers do.
function withoutShebang(text: string): string {
  if (!text.startsWith('#')) return text;
  const newline = text.indexOf('\n');
  return newline < 0 ? '' : text.slice(newline);
}

export function loading(state: LuaState, host: ScriptHost): Record<string, LuaFunction> {
  const load = (name: string, args: readonly unknown[]): Loaded => {
    const [source, chunkName, mode, environment] = args;
    const count = args.length;
    const text = typeof source === 'number' ? numberText(source) : source;
    const target = {
      name: chunkName === undefined ? (typeof text === 'string' ? text : '=(load)') : stringArgument(chunkName, 2, name, count),
      mode: mode === undefined ? 'bt' : stringArgument(mode, 3, name, count),
      environment: count >= 4 ? environment : state.environment,
    };
    if (typeof text === 'string') return loadText(state, text, target);
    const reader = functionArgument(source, 1, name, count);
    let pieces: string;
    try {
      pieces = readAll(state, reader);
    } catch (error) {
      return [undefined, state.caught(error)];
    }
    return loadText(state, pieces, target);
  };
  const file = (name: string, args: readonly unknown[]): Loaded => {
    const [path, mode, environment] = args;
    const allowed = mode === undefined ? 'bt' : stringArgument(mode, 2, name, args.length);
    const globals = args.length >= 3 ? environment : state.environment;
    return loadFile(state, host, path === undefined ? null : stringArgument(path, 1, name, args.length), allowed, globals);
  };
  return {
    load: (...args: unknown[]) => load('load', args),
    loadstring: (...args: unknown[]) => load('loadstring', args),
    loadfile: (...args: unknown[]) => file('loadfile', args),
    dofile: (...args: unknown[]) => {
      const loaded = file('dofile', args.slice(0, 1));
      if (typeof loaded !== 'function') throw faultOf(loaded[1]);
      return state.calls.call(loaded);
    },
  };
}
