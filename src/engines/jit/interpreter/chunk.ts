/**
 * A chunk of Lua whose functions are interpreted.
 * @module
 */
import { Descriptions } from '../descriptions.ts';
import { parse } from '../parser.ts';
import type { FunctionDescription, LuaFunction, Reflection, Twin, UpvalueNames } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import type { LuaState } from '../runtime/state.ts';
import { factoryUpvalues } from '../tree.ts';
import type { InterpretedFunction, OwnChunk } from './activation.ts';
import type { Prototype } from './code.ts';
import { Machine } from './machine.ts';
import { translate } from './statements.ts';
import type { MakeLiteral } from './writer.ts';

const MACHINES: WeakMap<LuaState, Machine> = new WeakMap();

function machineOf(state: LuaState): Machine {
  let machine = MACHINES.get(state);
  if (machine === undefined) {
    machine = new Machine(state);
    MACHINES.set(state, machine);
  }
  return machine;
}

export class InterpretedChunk implements OwnChunk {
  readonly reflected: Reflection['chunk'] = this;
  readonly #descriptions: Descriptions;
  readonly #machine: Machine;
  readonly #main: Prototype;

  /**
   * @param text bytes as latin1
   * @param name as Lua has it: `@file`, `=name`, or the text itself
   * @throws {LuaSyntaxError} with LuaJIT's message
   */
  constructor(state: LuaState, text: string, name: string) {
    const tree = parse(text, name);
    // A hook counts from here on.
    if (text.includes('sethook')) state.watch.isCounting = true;
    this.#descriptions = new Descriptions(tree, name, text);
    this.#machine = machineOf(state);
    const { literal } = helpersOf(state) as { literal: MakeLiteral };
    this.#main = translate(tree, { state, literal, isCounting: state.watch.isCounting });
    state.chunks.add(this.#descriptions);
    for (const observer of state.observers) observer.interpreted(this.#descriptions);
  }

  get display(): string {
    return this.#descriptions.display;
  }

  /** The chunk's function; its globals are in `environment`. */
  main(environment: unknown): LuaFunction {
    return this.#machine.function(this, this.#main, [], environment);
  }

  // ---- what functions are asked

  twin(_id: number, _upvalues: readonly unknown[], fn: LuaFunction): Twin {
    const { closure } = fn as InterpretedFunction;
    return (...args) => this.#machine.interpretsLuaTwin(closure, args);
  }

  environmentOf(fn: LuaFunction): unknown {
    return (fn as InterpretedFunction).closure.environment;
  }

  setEnvironment(fn: LuaFunction, environment: unknown): void {
    (fn as InterpretedFunction).closure.environment = environment;
  }

  describe(id: number): FunctionDescription {
    return this.#descriptions.describe(id);
  }

  upvaluesOf(id: number): UpvalueNames {
    const upvalues = factoryUpvalues(this.#descriptions.node(id));
    return { names: upvalues.map(({ name }) => name), types: upvalues.map(() => 'any'), first: 0 };
  }
}
