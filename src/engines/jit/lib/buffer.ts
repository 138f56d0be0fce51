/**
 * `string.buffer`, which is the ffi's (`src/ffi/buffer`), over this engine's values.
 * @module
 */
import { type BufferHost, type Ffi, StringBuffer } from '../../../ffi/index.ts';
import { builtIn, type LuaFunction, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { LuaUserdata } from '../runtime/values.ts';
import { checkKey } from '../runtime/indexing.ts';
import { formatFunction } from './format.ts';

type Functions = ReturnType<Ffi<unknown>['buffers']>['functions'];

export function openBuffer(state: LuaState, ffi: Ffi<unknown>): LuaTable {
  const metatable = state.table();
  const format = formatFunction(state, 1);
  const host: BufferHost<unknown> = {
    tables: {
      lengthOf: (table) => {
        let length = (table as LuaTable).length();
        // A border may have holes in front of it.
        for (let i = 1; i <= length; i++) if ((table as LuaTable).get(i) === undefined) length = i - 1;
        return length;
      },
      entries: (table) => entriesOf(table as LuaTable),
      make: () => state.table(),
      set: (table, key, value) => {
        checkKey(key);
        (table as LuaTable).set(key, value);
      },
      metatableOf: (table) => (table as LuaTable).mt,
      setMetatable: (table, mt) => {
        (table as LuaTable).mt = mt as LuaTable;
      },
      identityOf: (table) => table as LuaTable,
    },
    bufferOf: (value) => (value instanceof LuaUserdata && value.object instanceof StringBuffer ? value.object : null),
    fromBuffer: (buffer) => new LuaUserdata(buffer, metatable),
    textOf: (value) => {
      if (typeof value !== 'number' && state.metamethod(value, '__tostring') === undefined) return null;
      return state.textOf(value);
    },
    format: (args) => format(...args),
  };
  const { functions, methods } = ffi.buffers(host);
  state.library(namedIn(methods), metatable);
  metatable.setField('__index', metatable);
  metatable.setField('__tostring', metatable.get('tostring'));
  metatable.setField('__metatable', 'buffer');
  return state.library(namedIn(functions));
}

function namedIn(functions: Functions): Record<string, LuaFunction> {
  return Object.fromEntries(
    Object.entries(functions).map(([name, fn]) => {
      const answer = (...args: unknown[]): unknown => {
        const results = fn(args);
        return results.length === 1 ? results[0] : results.length === 0 ? NONE : results;
      };
      return [name, builtIn(name, answer)];
    }),
  );
}

function* entriesOf(table: LuaTable): Generator<readonly [unknown, unknown]> {
  for (let pair = table.next(undefined); Array.isArray(pair); pair = table.next(pair[0])) yield pair as [unknown, unknown];
}
