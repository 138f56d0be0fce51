/**
 * `jit.v`: a line for each function that is compiled, in the form of LuaJIT's for traces.
 *
 *     [FUNC   1 fib.lua:0 main chunk]
 *     [FUNC   2 fib.lua:1 fib]
 *     [FUNC   3 (2/twin) fib.lua:1 fib]                     again, for coroutines
 *     [FUNC   4 hook.lua:3 work -- counts its steps]
 *     [FUNC --- page.lua:2 draw -- interpreted, as the host allows no eval]
 *     [FUNC --- lost.lua:7: '=' expected near 'x']
 *     [EXIT   2 fib.lua:1 fib -- wrong map]                 of V8: see `traces.ts`
 *
 * @module
 */
import { HOST_CHUNK } from '../../engine.ts';
import type { ScriptHost } from '../host.ts';
import { stringArgument } from '../lib/arguments.ts';
import { compilesText } from '../runtime/compiled.ts';
import { NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import type { CompilerObserver, KnownChunk, Unit } from '../runtime/units.ts';
import { FunctionNumbers, functionsOf, type GeneratedFunction, titleOf } from './functions.ts';
import { openReport, type Report } from './report.ts';
import { CodeTraces, traceLines } from './traces.ts';

/** Why functions of a unit are slower than others. */
export function remarksOf({ mode }: Unit): string[] {
  const remarks: string[] = [];
  if (mode.isExact) remarks.push('looks its environment up, as setfenv, getfenv or module may change it');
  if (mode.isCounting) remarks.push('counts its steps, for limits or a hook');
  return remarks;
}

/** Why there is nothing but an interpreter. */
export function interpretedBecause(): string {
  return compilesText() ? 'interpreted, as the option eval says' : 'interpreted, as the host allows no eval';
}

/** `2 (1/twin) fib.lua:1 fib` */
export function headingOf(fn: GeneratedFunction, numbers: FunctionNumbers, width = 0): string {
  const number = String(numbers.of(fn)).padStart(width);
  const twin = fn.unit.mode.isTwin ? ` (${numbers.ofOriginal(fn) ?? '?'}/twin)` : '';
  return `${number}${twin} ${titleOf(fn.unit.chunk, fn.node)}`;
}

/** Tells an observer what has been compiled, or not, before it came. */
export function catchUp(state: LuaState, observer: CompilerObserver): void {
  for (const chunk of state.chunks.all()) {
    if (chunk.units.length === 0) observer.interpreted(chunk);
    else for (const unit of chunk.units) observer.compiled(unit);
  }
}

class Verbose implements CompilerObserver {
  readonly #state: LuaState;
  readonly #report: Report;
  readonly #traces: CodeTraces;
  readonly #numbers: FunctionNumbers;
  readonly stop = (): void => this.#stop();

  constructor(state: LuaState, host: ScriptHost, file: string | undefined) {
    this.#state = state;
    this.#report = openReport(host, file, { variable: 'LUAJIT_VERBOSEFILE', stream: 'error' });
    this.#traces = new CodeTraces(host);
    this.#numbers = new FunctionNumbers({ areNamed: this.#traces.isThere });
    catchUp(state, this);
    state.observers.add(this);
    state.endings.add(this.stop);
  }

  compiled(unit: Unit): void {
    if (unit.chunk.name === HOST_CHUNK) return;
    const remarks = remarksOf(unit).join('; ');
    for (const fn of functionsOf(unit))
      this.#report.write(`[FUNC ${headingOf(fn, this.#numbers, 3)}${remarks === '' ? '' : ` -- ${remarks}`}]\n`);
  }

  interpreted(chunk: KnownChunk): void {
    if (chunk.name === HOST_CHUNK) return;
    const reason = interpretedBecause();
    for (const node of chunk.nodes) if (node !== undefined) this.#report.write(`[FUNC --- ${titleOf(chunk, node)} -- ${reason}]\n`);
  }

  refused(_: string, message: string): void {
    this.#report.write(`[FUNC --- ${message}]\n`);
  }

  #stop(): void {
    if (!this.#state.endings.delete(this.stop)) return;
    this.#state.observers.delete(this);
    for (const line of traceLines(this.#traces.read(), this.#numbers)) this.#report.write(line);
    this.#report.close();
  }
}

/** The module. */
export function openVerbose(state: LuaState, host: ScriptHost): LuaTable {
  let active: Verbose | null = null;
  const off = (): unknown => {
    active?.stop();
    active = null;
    return NONE;
  };
  const start = (file: unknown): unknown => {
    off();
    active = new Verbose(state, host, file === undefined ? undefined : stringArgument(file, 1, 'start', 1));
    return NONE;
  };
  return state.library({ on: start, off, start: (file: unknown) => start(file) });
}
