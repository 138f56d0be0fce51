/**
 * `package`, `require` and `module` (Lua 5.1 manual, 5.3). Modules are Lua files, or what a script puts into `package.preload`.
 * @module
 */
import { fault, faultOf } from '../runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import type { ScriptHost } from '../host.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { stringArgument, tableArgument } from './arguments.ts';
import { environmentFunctions } from './environments.ts';
import { type Loaded, loadFile } from './loading.ts';

/** In `package.loaded` while a module runs. */
const RUNNING = Object.freeze({ running: true });

const CONFIG = '/\n;\n?\n!\n-\n';

export function openPackage(state: LuaState, host: ScriptHost): LuaTable {
  const { loaded, globals } = state;
  const preload = state.table();
  const text = (field: string): string => {
    const value = library.get(field);
    if (typeof value !== 'string') throw fault(`'package.${field}' must be a string`);
    return value;
  };
  const search = (name: string, path: string, separator = '.', replacement = '/'): { path: string } | { tried: string } => {
    const file = separator === '' ? name : name.replaceAll(separator, replacement);
    let tried = '';
    for (const template of path.split(';')) {
      if (template === '') continue;
      const candidate = template.replaceAll('?', file);
      if (exists(host, candidate)) return { path: candidate };
      tried += `\n\tno file '${candidate}'`;
    }
    return { tried };
  };
  const loaders = state.table([
    builtIn('loader_preload', (name: unknown) => {
      const key = stringArgument(name, 1, 'loader_preload', 1);
      const from = library.get('preload');
      if (!(from instanceof LuaTable)) throw fault("'package.preload' must be a table");
      return from.get(key) ?? `\n\tno field package.preload['${key}']`;
    }),
    builtIn('loader_lua', (name: unknown) => {
      const key = stringArgument(name, 1, 'loader_lua', 1);
      const found = search(key, text('path'));
      if ('tried' in found) return found.tried;
      return chunkOf(loadFile(state, host, found.path, 'bt', state.environment), key, found.path);
    }),
  ]);
  const library = state.library({
    loaded,
    preload,
    loaders,
    config: CONFIG,
    path: './?.lua;./?/init.lua',
    cpath: '',
    seeall: (module: unknown) => {
      const table = tableArgument(module, 1, 'seeall', 1);
      table.mt ??= state.table();
      table.mt.setField('__index', globals);
      return NONE;
    },
    searchpath: (name: unknown, path: unknown, separator: unknown, replacement: unknown) => {
      const found = search(
        stringArgument(name, 1, 'searchpath', 2),
        stringArgument(path, 2, 'searchpath', 2),
        separator === undefined ? '.' : stringArgument(separator, 3, 'searchpath', 3),
        replacement === undefined ? '/' : stringArgument(replacement, 4, 'searchpath', 4),
      );
      return 'path' in found ? found.path : [undefined, found.tried];
    },
    loadlib: () => [undefined, 'dynamic libraries not enabled; check your Lua installation', 'absent'],
  });
  state.library({ require: require(state, library), module: moduleFunction(state) }, globals);
  return library;
}

function exists({ files }: ScriptHost, path: string): boolean {
  if (files === null) return false;
  try {
    files.open(path, 'r').close();
    return true;
  } catch {
    return false;
  }
}

function chunkOf(chunk: Loaded, name: string, path: string): LuaFunction {
  if (typeof chunk === 'function') return chunk;
  throw fault(`error loading module '${name}' from file '${path}':\n\t${chunk[1]}`);
}

function require(state: LuaState, library: LuaTable): LuaFunction {
  const { loaded, calls } = state;
  const loaderOf = (name: string): unknown => {
    const loaders = library.get('loaders');
    if (!(loaders instanceof LuaTable)) throw fault("'package.loaders' must be a table", 2);
    let tried = '';
    for (let i = 1; ; i++) {
      const loader = loaders.get(i);
      if (loader === undefined) throw fault(`module '${name}' not found:${tried}`, 2);
      const answer = calls.call1(loader, name);
      if (typeof answer === 'function') return answer;
      if (typeof answer === 'string') tried += answer;
    }
  };
  const { calls_require } = {
    calls_require(name: unknown): unknown {
      const key = stringArgument(name, 1, 'require', arguments.length);
      const known = loaded.get(key);
      if (known === RUNNING) throw fault(`loop or previous error loading module '${key}'`, 2);
      if (known !== undefined && known !== false) return known;
      const loader = loaderOf(key);
      loaded.setString(key, RUNNING);
      const value = calls.call1(loader, key);
      if (value !== undefined) loaded.setString(key, value);
      if (loaded.get(key) === RUNNING) loaded.setString(key, true);
      return loaded.get(key);
    },
  };
  return calls_require;
}

// ---- module

function moduleFunction(state: LuaState): LuaFunction {
  const { setfenv } = environmentFunctions(state);
  return builtIn('module', (...args: unknown[]) => {
    const [name, ...options] = args;
    const title = stringArgument(name, 1, 'module', args.length);
    const existing = state.loaded.get(title);
    const module = existing instanceof LuaTable ? existing : tableAt(state, title);
    state.loaded.setString(title, module);
    if (module.get('_NAME') === undefined) {
      module.setField('_M', module);
      module.setField('_NAME', title);
      module.setField('_PACKAGE', title.slice(0, title.lastIndexOf('.') + 1));
    }
    setfenv(1, module);
    for (const option of options) state.calls.call(option, module);
    return NONE;
  });
}

// `a.b.c` in the globals, made where it is not there.
function tableAt(state: LuaState, path: string): LuaTable {
  let at = state.globals;
  for (const key of path.split('.')) {
    let next = at.get(key);
    if (next === undefined) {
      next = state.table();
      at.setString(key, next);
    }
    if (!(next instanceof LuaTable)) throw faultOf(`name conflict for module '${path}'`);
    at = next;
  }
  return at;
}
