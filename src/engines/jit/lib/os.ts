/**
 * `os`, as far as the host lets it. Commands run only where the host has them.
 * @module
 */
import { dateParts, formatDate, localTime, numberOfString } from '../../../lua/index.ts';
import { noFiles } from '../../../util/files.ts';
import type { ScriptHost } from '../host.ts';
import { fault } from '../runtime/errors.ts';
import { type LuaFunction, NONE } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { latin1Of } from '../runtime/text.ts';
import { isTrue } from '../runtime/values.ts';
import { integerArgument, numberArgument, optionArgument, stringArgument, tableArgument, toInteger } from './arguments.ts';
import { answer, raising } from './failures.ts';

type Index = (object: unknown, key: unknown) => unknown;

export function openOs(state: LuaState, host: ScriptHost): LuaTable {
  const files = host.files ?? noFiles;
  return state.library({
    clock: () => host.processor() / 1000,
    date: dateFunction(state, host),
    difftime(to: unknown, from: unknown): number {
      const count = arguments.length;
      return numberArgument(to, 1, 'difftime', count) - (from === undefined ? 0 : numberArgument(from, 2, 'difftime', count));
    },
    execute: executeFunction(host),
    exit: exitFunction(state, host),
    getenv(name: unknown): unknown {
      const value = host.environment(stringArgument(name, 1, 'getenv', arguments.length));
      return value === undefined ? undefined : latin1Of(value);
    },
    remove(path: unknown): unknown {
      const name = stringArgument(path, 1, 'remove', arguments.length);
      return answer(name, () => files.remove(name));
    },
    rename(from: unknown, to: unknown): unknown {
      const name = stringArgument(from, 1, 'rename', arguments.length);
      const newName = stringArgument(to, 2, 'rename', arguments.length);
      return answer(name, () => files.rename(name, newName));
    },
    setlocale,
    time: timeFunction(state, host),
    tmpname: () => raising(null, fault, () => files.temporaryName()),
  });
}

// C's `system` answers the status in the second byte; -1 where nothing was run.
function executeFunction({ files, write }: ScriptHost): LuaFunction {
  const run = files?.run?.bind(files);
  return (command: unknown) => {
    if (command === undefined) return run === undefined ? 0 : 1;
    const result = run?.(stringArgument(command, 1, 'execute', 1), null);
    if (result === undefined) return -1;
    write(result.output);
    return result.status * 256;
  };
}

function exitFunction(state: LuaState, { exit }: ScriptHost): LuaFunction {
  return (code: unknown) => {
    const status = code === undefined || code === true ? 0 : code === false ? 1 : integerArgument(code, 1, 'exit', 1);
    if (exit === null) throw fault("'exit' is not for scripts here");
    state.end();
    return exit(status);
  };
}

const CATEGORIES = ['all', 'collate', 'ctype', 'monetary', 'numeric', 'time'] as const;

// There is the C locale only.
function setlocale(locale: unknown, category: unknown): unknown {
  const count = arguments.length;
  const name = locale === undefined ? '' : stringArgument(locale, 1, 'setlocale', count);
  optionArgument(category, 2, 'setlocale', count, CATEGORIES, 'all');
  return ['', 'C', 'POSIX'].includes(name) ? 'C' : undefined;
}

function dateFunction(state: LuaState, host: ScriptHost): LuaFunction {
  return function date(format: unknown, time: unknown): unknown {
    const count = arguments.length;
    const text = format === undefined ? '%c' : stringArgument(format, 1, 'date', count);
    const seconds = time === undefined ? Math.floor(host.now() / 1000) : Math.trunc(numberArgument(time, 2, 'date', count));
    const isUtc = text.startsWith('!');
    const [shown] = (isUtc ? text.slice(1) : text).split('\0', 1) as [string];
    const parts = dateParts(seconds, isUtc ? 'utc' : 'local');
    if (parts === null) return undefined;
    if (shown !== '*t') return latin1Of(formatDate(shown, parts));
    const { year, month, day, hour, min, sec, wday, yday, isdst } = parts;
    const table = state.table();
    for (const [name, value] of Object.entries({ year, month, day, hour, min, sec, wday, yday, isdst })) table.setField(name, value);
    return table;
  };
}

function timeFunction(state: LuaState, host: ScriptHost): LuaFunction {
  const { index } = helpersOf(state) as { index: Index };
  return function time(when: unknown): unknown {
    if (when === undefined) return Math.floor(host.now() / 1000);
    const table = tableArgument(when, 1, 'time', arguments.length);
    const part = (name: string, fallback?: number): number => {
      const value = index(table, name);
      const number = typeof value === 'string' ? numberOfString(value) : value;
      if (typeof number === 'number') return toInteger(number);
      if (fallback === undefined) throw fault(`field '${name}' missing in date table`);
      return fallback;
    };
    const [sec, min, hour] = [part('sec', 0), part('min', 0), part('hour', 12)];
    const [day, month, year] = [part('day'), part('month'), part('year')];
    const summer = index(table, 'isdst');
    const seconds = localTime({ year, month, day, hour, min, sec, isdst: summer === undefined ? undefined : isTrue(summer) });
    return Number.isNaN(seconds) || seconds === -1 ? NONE[0] : seconds;
  };
}
