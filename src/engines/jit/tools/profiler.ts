/**
 * `jit.p`: where the time goes, by V8's sampling profiler.
 * @module
 */
import { noFiles } from '../../../util/files.ts';
import { stringOf } from '../ffi/bytes.ts';
import type { RunningProfile, ScriptHost } from '../host.ts';
import { stringArgument } from '../lib/arguments.ts';
import { Chunk } from '../chunk.ts';
import { compile } from '../load.ts';
import { fault } from '../runtime/errors.ts';
import { type LuaFunction, NONE } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import type { LuaState } from '../runtime/state.ts';
import { LuaTable } from '../runtime/table.ts';
import { ProfileCounts, type ProfileOptions, profileOptions } from './profile.ts';
import { openReport, type Report } from './report.ts';
import { type EngineFunctions, Samples } from './samples.ts';
import type { Zones } from './zone.ts';

/** What a state's built-in functions are called: those of the base library by their names, others by their libraries' as well. */
function engineFunctions(state: LuaState): EngineFunctions {
  const functions: object[] = [compile, Chunk.prototype.twin];
  const roles: { role: 'built-in' | 'helper' | 'compiler'; name: string }[] = functions.map(() => ({ role: 'compiler', name: '' }));
  const add = (role: 'built-in' | 'helper', name: string, value: unknown): void => {
    if (typeof value !== 'function' || functions.includes(value)) return;
    functions.push(value);
    roles.push({ role, name });
  };
  for (const [name, value] of Object.entries(helpersOf(state))) add('helper', name, value);
  for (const [library, table] of entriesOf(state.loaded)) {
    if (!(table instanceof LuaTable)) continue;
    for (const [name, value] of entriesOf(table))
      if ((value as LuaFunction | undefined)?.builtIn !== undefined) add('built-in', library === '_G' ? name : `${library}.${name}`, value);
  }
  return { functions, roles };
}

function* entriesOf(table: LuaTable): Generator<[string, unknown]> {
  for (const cursor = table.cursor(); cursor.step(); ) if (typeof cursor.key === 'string') yield [cursor.key, cursor.value];
}

class Profiler {
  readonly #state: LuaState;
  readonly #host: ScriptHost;
  readonly #zones: Zones;
  readonly #options: ProfileOptions;
  readonly #report: Report;
  readonly #profile: RunningProfile;
  readonly stop = (): void => this.#stop();

  constructor(state: LuaState, host: ScriptHost, zones: Zones, mode: string, file: string | undefined) {
    const { tools } = host;
    if (tools === null) throw fault('jit.p: the host has no profiler for scripts');
    this.#state = state;
    this.#host = host;
    this.#zones = zones;
    this.#options = profileOptions(mode);
    this.#report = openReport(host, file, { variable: 'LUAJIT_PROFILEFILE', stream: 'output' });
    this.#profile = tools.profile(this.#options.intervalMs * 1000);
    if (this.#options.states === 'z') zones.record();
    state.endings.add(this.stop);
  }

  #stop(): void {
    if (!this.#state.endings.delete(this.stop)) return;
    let own: EngineFunctions = { functions: [], roles: [] };
    const profile = this.#profile.stop(() => {
      own = engineFunctions(this.#state);
      return own.functions;
    });
    const zoneAt = this.#options.states === 'z' ? this.#zones.recorded() : () => undefined;
    const counts = new ProfileCounts(this.#options);
    const names = (source: string, line: number): string | undefined => this.#state.chunks.get(source)?.nameAt(line);
    for (const sample of new Samples(profile, own, names).all()) counts.add(sample, zoneAt(sample.time));
    for (const piece of counts.report((path) => this.#linesOf(path))) this.#report.write(piece);
    this.#report.close();
  }

  #linesOf(path: string): readonly string[] | string {
    if (/^[[(]/.test(path)) return 'non-file';
    let bytes: Uint8Array;
    try {
      bytes = (this.#host.files ?? noFiles).readFile(path);
    } catch {
      return 'unreadable file';
    }
    const lines = stringOf(bytes, 0, bytes.length).split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }
}

/** The module. */
export function openProfiler(state: LuaState, host: ScriptHost, zones: Zones): LuaTable {
  let active: Profiler | null = null;
  const stop = (): unknown => {
    active?.stop();
    active = null;
    return NONE;
  };
  return state.library({
    start: (mode: unknown, file: unknown) => {
      stop();
      const text = mode === undefined ? 'f' : stringArgument(mode, 1, 'start', 2);
      active = new Profiler(state, host, zones, text, file === undefined ? undefined : stringArgument(file, 2, 'start', 2));
      return NONE;
    },
    stop,
  });
}
