/**
 * `jit.zone`: a script says which part of its work it is at, for profiles. `zone 'name'` begins a part, `zone()` ends it.
 * @module
 */
import { stringArgument } from '../lib/arguments.ts';
import { fault } from '../runtime/errors.ts';
import { builtIn, NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';

/** The zones of a state. */
export class Zones {
  readonly #names: string[] = [];
  #changes: { readonly time: number; readonly name: string | undefined }[] | null = null;

  get current(): string | undefined {
    return this.#names.at(-1);
  }

  begin(name: string): void {
    this.#names.push(name);
    this.#note();
  }

  end(): string {
    const name = this.#names.pop();
    if (name === undefined) throw fault('empty zone stack');
    this.#note();
    return name;
  }

  flush(): void {
    this.#names.length = 0;
    this.#note();
  }

  #note(): void {
    this.#changes?.push({ time: performance.now(), name: this.current });
  }

  /** From now on changes are remembered. */
  record(): void {
    this.#changes = [];
    this.#note();
  }

  /** Ends that, and answers which zone it was at a time; times have to be asked for in order. */
  recorded(): (time: number) => string | undefined {
    const changes = this.#changes ?? [];
    this.#changes = null;
    let at = 0;
    return (time) => {
      while ((changes[at + 1]?.time ?? Number.POSITIVE_INFINITY) <= time) at++;
      return changes[at]?.name;
    };
  }
}

/** The module. */
export function openZone(state: LuaState, zones: Zones): LuaTable {
  const module = state.library({
    get: () => zones.current,
    flush: () => {
      zones.flush();
      return NONE;
    },
  });
  module.mt = state.table();
  module.mt.setField(
    '__call',
    builtIn('zone', (_: unknown, name: unknown) => {
      if (name === undefined || name === false) return zones.end();
      zones.begin(stringArgument(name, 1, 'zone', 1));
      return NONE;
    }),
  );
  return module;
}
