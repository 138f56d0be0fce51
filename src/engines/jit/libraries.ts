/**
 * Lua's library in a state.
 * @module
 */
import type { CLibrary, Native } from '../../ffi/index.ts';
import type { Cdef } from '../../view/index.ts';
import type { Limits } from '../engine.ts';
import type { Crossing } from './crossing.ts';
import { openFfi } from './ffi/index.ts';
import type { ScriptHost } from './host.ts';
import { openBase } from './lib/base.ts';
import { openBuffer } from './lib/buffer.ts';
import { openBit } from './lib/bit.ts';
import { collectAll } from './lib/collector.ts';
import { openCoroutine } from './lib/coroutine.ts';
import { openDebug } from './lib/debug.ts';
import { openJit } from './lib/jit.ts';
import { openOs } from './lib/os.ts';
import { openPackage } from './lib/package.ts';
import { openIo } from './lib/io.ts';
import { openMath } from './lib/math.ts';
import { openString } from './lib/string.ts';
import { openTable, tableModules } from './lib/table.ts';
import { builtIn } from './runtime/functions.ts';
import { intrinsicsOf } from './runtime/intrinsics.ts';
import type { LuaState } from './runtime/state.ts';
import type { LuaTable } from './runtime/table.ts';
import { toolModules } from './tools/modules.ts';

export interface LibraryOptions {
  readonly cdef: Cdef;
  readonly library?: CLibrary;
  readonly native?: Native;
  readonly limits?: Limits;
  readonly host: ScriptHost;
  readonly crossing: Crossing;
}

/** Opens all libraries. */
export function openLibraries(state: LuaState, options: LibraryOptions): void {
  const { host, cdef, library, native, crossing } = options;
  const { globals } = state;
  openBase(state, host);
  const add = (name: string, table: LuaTable): void => {
    globals.setField(name, table);
    state.loaded.setField(name, table);
  };
  state.loaded.setField('_G', globals);
  const packages = openPackage(state, host);
  add('package', packages);
  add('coroutine', openCoroutine(state));
  add('debug', openDebug(state));
  add('jit', openJit(state));
  add('string', openString(state));
  const table = openTable(state);
  add('table', table);
  const preload = packages.get('preload') as LuaTable;
  for (const [name, loader] of Object.entries({ ...tableModules(state, table), ...toolModules(state, host) }))
    preload.setField(name, loader);
  add('math', openMath(state));
  add('bit', openBit(state));
  add('io', openIo(state, host));
  add('os', openOs(state, host));
  state.intrinsics = intrinsicsOf(globals);
  const ffi = openFfi(state, cdef, library, native);
  state.ffi = ffi.ffi;
  ffi.ffi.finalizers.collect = () => collectAll(state);
  ffi.adapter.callFromHost = (callee, args) => {
    try {
      return state.calls.call1(callee, ...args);
    } catch (error) {
      throw crossing.errorOf(error);
    }
  };
  state.loaded.setField('ffi', ffi.table);
  preload.setField(
    'string.buffer',
    builtIn('string.buffer', () => openBuffer(state, ffi.ffi)),
  );
}
