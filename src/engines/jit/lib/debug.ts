/**
 * `debug` (Lua 5.1 manual, 5.9). What a function is can be asked; the variables of one that runs cannot.
 * @module
 */
import { callSiteOf } from '../runtime/callsites.ts';
import { Coroutine } from '../runtime/coroutine.ts';
import { fault } from '../runtime/errors.ts';
import { suspendedStack } from '../runtime/coroutines.ts';
import { type Frame, framesOf, LEVELS_DEPTH, stackOf } from '../runtime/frames.ts';
import { type LuaFunction, NONE, reflectionOf } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { tracebackOf } from '../runtime/traceback.ts';
import { LuaUserdata, typeOf } from '../runtime/values.ts';
import { anyArgument, badArgument, functionArgument, integerArgument, stringArgument, toInteger } from './arguments.ts';
import { environmentOf, setEnvironment } from './environments.ts';

export function openDebug(state: LuaState): LuaTable {
  return state.library({
    traceback: traceback(state),
    getinfo: getInfo(state),
    ...hooks(state),
    ...metatables(state),
    ...upvalues(),
    getregistry: () => state.registry,
    getfenv: (value: unknown) => (typeof value === 'function' ? environmentOf(state, value as LuaFunction) : state.globals),
    setfenv: function setfenv(value: unknown, environment: unknown) {
      if (!(environment instanceof LuaTable)) throw badArgument(2, 'setfenv', `table expected, got ${typeOf(environment)}`);
      if (typeof value !== 'function') throw fault("'setfenv' cannot change environment of given object");
      setEnvironment(value as LuaFunction, environment);
      return value;
    },
    getlocal: function getlocal(...all: unknown[]) {
      const [target, index] = all[0] instanceof Coroutine ? all.slice(1) : all;
      const at = integerArgument(index, 2, 'getlocal', all.length);
      if (typeof target !== 'function') throw fault('local variables of running functions are out of reach');
      const reflection = reflectionOf(target as LuaFunction);
      return reflection?.chunk.describe(reflection.id).parameters[at - 1];
    },
    setlocal: () => {
      throw fault('local variables of running functions are out of reach');
    },
    debug: () => NONE,
  });
}

// The stack as Lua sees it now: in a message handler, what raised the error stands above what called the handler.
function framesNow(state: LuaState): Frame[] {
  const frames = framesOf(stackOf(LEVELS_DEPTH));
  const { raised } = state;
  if (raised === null) return frames;
  const at = frames.findIndex(({ source, name }) => source === null && name === 'xpcall');
  return [...frames.slice(0, at < 0 ? frames.length : at), ...framesOf(raised.stack)];
}

interface Levels {
  readonly frames: readonly Frame[];
  /** The level of the first of them: a suspended coroutine is in `yield`, which is level 0, and errors begin behind `error`. */
  readonly first: 0 | 1;
}

// Of another coroutine they are those that it died in, or waits in.
function levelsOf(state: LuaState, thread: unknown): Levels {
  if (!(thread instanceof Coroutine) || thread === state.current) return { frames: framesNow(state), first: 1 };
  if (thread.fault !== null) return { frames: framesOf(thread.fault.stack), first: 1 };
  return { frames: framesOf(suspendedStack(state, thread)), first: 0 };
}

function traceback(state: LuaState): LuaFunction {
  return (...all: unknown[]) => {
    const args = all[0] instanceof Coroutine ? all.slice(1) : all;
    const [message, level] = args;
    if (args.length > 0 && typeof message !== 'string' && typeof message !== 'number') return message;
    const { frames, first } = levelsOf(state, all[0]);
    const start = level === undefined ? first : integerArgument(level, 2, 'traceback', args.length);
    const text = tracebackOf(frames.slice(Math.max(0, start - first)));
    return message === undefined ? text : `${state.plainText(message)}\n${text}`;
  };
}

// ---- getinfo

const OPTIONS = /^[SlnufL]*$/;

function getInfo(state: LuaState): LuaFunction {
  return (...all: unknown[]) => {
    const args = all[0] instanceof Coroutine ? all.slice(1) : all;
    const [target, options] = args;
    const wanted = options === undefined ? 'flnSu' : stringArgument(options, 2, 'getinfo', args.length);
    if (!OPTIONS.test(wanted)) throw badArgument(2, 'getinfo', 'invalid option');
    if (typeof target === 'function') return table(state, { ...ofFunction(state, target as LuaFunction), func: target }, wanted);
    if (typeof target !== 'number') throw badArgument(1, 'getinfo', 'function or level expected');
    const level = toInteger(target);
    if (level < 0) return undefined;
    const isOther = all[0] instanceof Coroutine && all[0] !== state.current;
    if (level === 0 && !isOther) return table(state, { ...BUILT_IN, name: 'getinfo', namewhat: 'field', func: undefined }, wanted);
    const { frames, first } = levelsOf(state, all[0]);
    const frame = frames[level - first];
    return frame === undefined ? undefined : table(state, ofFrame(state, frame, frames[level - first + 1]), wanted);
  };
}

interface Info {
  readonly source: string;
  readonly short_src: string;
  readonly what: string;
  readonly linedefined: number;
  readonly lastlinedefined: number;
  readonly currentline: number;
  readonly name: string | undefined;
  readonly namewhat: string;
  readonly nups: number;
  readonly nparams: number;
  readonly isvararg: boolean;
  readonly lines?: readonly number[];
  readonly func?: unknown;
}

const BUILT_IN: Info = {
  source: '=[C]',
  short_src: '[C]',
  what: 'C',
  linedefined: -1,
  lastlinedefined: -1,
  currentline: -1,
  name: undefined,
  namewhat: '',
  nups: 0,
  nparams: 0,
  isvararg: true,
};

function ofFunction(_: LuaState, fn: LuaFunction): Info {
  const reflection = reflectionOf(fn);
  if (reflection === null) return BUILT_IN;
  const { chunk, id } = reflection;
  return { ...BUILT_IN, ...chunk.describe(id) };
}

function ofFrame(state: LuaState, frame: Frame, caller: Frame | undefined): Info {
  const { source, line, defined } = frame;
  const named = namedBy(frame, caller);
  if (source === null) return { ...BUILT_IN, ...named };
  const described = state.chunks.get(source)?.describeAt(defined);
  return {
    ...BUILT_IN,
    source: `@${source}`,
    short_src: source,
    what: defined === 0 ? 'main' : 'Lua',
    linedefined: defined,
    lastlinedefined: defined,
    ...described,
    currentline: line,
    ...named,
  };
}

// As the caller calls it; where that is no call of the text, by its own name.
function namedBy({ source, name, defined }: Frame, caller: Frame | undefined): Pick<Info, 'name' | 'namewhat'> {
  const site = caller === undefined ? null : callSiteOf(caller);
  if (site !== null && site.kind !== '') return { name: site.name, namewhat: site.kind };
  const isNamed = site === null && name !== '' && (source === null || defined > 0);
  return isNamed ? { name, namewhat: 'global' } : { name: undefined, namewhat: '' };
}

const FIELDS: Readonly<Record<string, readonly (keyof Info)[]>> = {
  S: ['source', 'short_src', 'what', 'linedefined', 'lastlinedefined'],
  l: ['currentline'],
  n: ['name', 'namewhat'],
  u: ['nups', 'nparams', 'isvararg'],
  f: ['func'],
};

function table(state: LuaState, info: Info, options: string): LuaTable {
  const result = state.table();
  for (const option of options) for (const field of FIELDS[option] ?? []) result.setField(field, info[field]);
  if (options.includes('L') && info.lines !== undefined) {
    const lines = state.table();
    for (const line of info.lines) lines.set(line, true);
    result.setField('activelines', lines);
  }
  return result;
}

// ---- hooks

function hooks(state: LuaState): Record<'sethook' | 'gethook', LuaFunction> {
  const { watch } = state;
  return {
    sethook: (...all: unknown[]) => {
      const args = all[0] instanceof Coroutine ? all.slice(1) : all;
      const [hook, mask, count] = args;
      if (hook === undefined) {
        watch.setHook(null, 0);
        return NONE;
      }
      const fn = functionArgument(hook, 1, 'sethook', args.length) as LuaFunction;
      if (/[clr]/.test(stringArgument(mask, 2, 'sethook', args.length))) throw badArgument(2, 'sethook', 'only counts are watched');
      const steps = count === undefined ? 0 : integerArgument(count, 3, 'sethook', args.length);
      watch.setHook(steps > 0 ? fn : null, steps);
      return NONE;
    },
    gethook: () => {
      const { hook } = watch;
      return hook === null ? [undefined, '', 0] : [hook.fn, '', hook.count];
    },
  };
}

// ---- metatables

function metatables(state: LuaState): Record<'getmetatable' | 'setmetatable', LuaFunction> {
  return {
    getmetatable: function getmetatable(value: unknown) {
      return state.metatableOf(anyArgument(value, 1, 'getmetatable', arguments.length)) ?? undefined;
    },
    setmetatable: (value: unknown, metatable: unknown) => {
      if (metatable !== undefined && !(metatable instanceof LuaTable)) throw badArgument(2, 'setmetatable', 'nil or table expected');
      const mt = metatable ?? null;
      if (value instanceof LuaTable || value instanceof LuaUserdata) value.mt = mt;
      else if (typeof value === 'string') state.stringType.mt = mt;
      else if (mt === null) state.typeMetatables.delete(typeOf(value));
      else state.typeMetatables.set(typeOf(value), mt);
      return value;
    },
  };
}

// ---- upvalues

// A value or a box, its name, and the type it always has.
function upvalueAt(fn: unknown, index: unknown, name: string): { values: unknown[]; at: number; title: string; type: string } | null {
  const at = integerArgument(index, 2, name, 2) - 1;
  const reflection = reflectionOf(functionArgument(fn, 1, name, 2) as LuaFunction);
  if (reflection === null) return null;
  const { names, types, first } = reflection.chunk.upvaluesOf(reflection.id);
  const title = names[at];
  return title === undefined ? null : { values: reflection.upvalues as unknown[], at: at + first, title, type: types[at] ?? 'any' };
}

function upvalues(): Record<string, LuaFunction> {
  const identities: WeakMap<object, LuaUserdata> = new WeakMap();
  return {
    getupvalue: (fn: unknown, index: unknown) => {
      const found = upvalueAt(fn, index, 'getupvalue');
      if (found === null) return NONE;
      const value = found.values[found.at];
      return [found.title, isBox(value) ? value.v : value];
    },
    setupvalue: (fn: unknown, index: unknown, value: unknown) => {
      const found = upvalueAt(fn, index, 'setupvalue');
      if (found === null) return NONE;
      const box = found.values[found.at];
      if (!isBox(box)) throw fault(`upvalue '${found.title}' is never assigned to, and cannot be set`);
      // Compiled code relies on it.
      if (found.type !== 'any' && typeOf(value) !== found.type)
        throw fault(`upvalue '${found.title}' is always a ${found.type}, and cannot be set to a ${typeOf(value)}`);
      box.v = value;
      return found.title;
    },
    upvalueid: (fn: unknown, index: unknown) => {
      const found = upvalueAt(fn, index, 'upvalueid');
      if (found === null) throw badArgument(2, 'upvalueid', 'index out of range');
      const box = found.values[found.at];
      if (!isBox(box)) throw fault(`upvalue '${found.title}' is never assigned to, and has no identity`);
      let identity = identities.get(box);
      if (identity === undefined) {
        identity = new LuaUserdata(null);
        identities.set(box, identity);
      }
      return identity;
    },
    upvaluejoin: () => {
      throw fault('upvalues cannot be joined');
    },
  };
}

function isBox(value: unknown): value is { v: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && Object.hasOwn(value, 'v');
}
