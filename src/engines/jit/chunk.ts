/**
 * A chunk of Lua, compiled: its functions as one text of JavaScript, and the twins of those that run in coroutines, each compiled
 * when it is first needed.
 * @module
 */
import type { FunctionNode } from './ast.ts';
import { type EmitMode, LINE_MARK, SELF_NAME } from './emit-base.ts';
import { Descriptions } from './descriptions.ts';
import { ConstantPool } from './emit-constants.ts';
import { FunctionEmitter } from './emit-statements.ts';
import { parse } from './parser.ts';
import { newScript } from './runtime/callsites.ts';
import { functionName, scriptName } from './runtime/frames.ts';
import type { FunctionDescription, LuaFunction, Reflection, Twin, UpvalueNames } from './runtime/functions.ts';
import { type Helpers, namesInText } from './runtime/helpers.ts';
import type { LuaState } from './runtime/state.ts';
import type { Unit } from './runtime/units.ts';
import { sourceMapComment } from './sourcemap.ts';
import { factoryUpvalues } from './tree.ts';
import { Types } from './types.ts';

type Factory = (...upvalues: unknown[]) => LuaFunction;
type TwinFactory = (fn: LuaFunction, ...upvalues: unknown[]) => Twin;
/** Environments that were changed, by function. */
type Environments = WeakMap<LuaFunction, unknown>;

/** The line of the text that the declarations are on. */
const FIRST_LINE = 1;

export class Chunk {
  // The generated text reads and writes these five.
  readonly factories: Factory[] = [];
  readonly setters: ((environments: Environments) => void)[] = [];
  X: Environments | null = null;

  readonly #state: LuaState;
  readonly #helpers: Helpers;
  readonly #descriptions: Descriptions;
  readonly #types: Types;
  readonly #mode: EmitMode;
  #environment: unknown = undefined;
  readonly #twins: Map<number, TwinFactory> = new Map();

  /**
   * @param text bytes as latin1
   * @param name as Lua has it: `@file`, `=name`, or the text itself
   * @throws {LuaSyntaxError} with LuaJIT's message
   */
  constructor(state: LuaState, text: string, name: string) {
    const tree = parse(text, name);
    // A hook counts from here on.
    if (text.includes('sethook')) state.watch.isCounting = true;
    this.#mode = { isTwin: false, isExact: tree.changesEnvironment, isCounting: state.watch.isCounting };
    this.#state = state;
    this.#descriptions = new Descriptions(tree, name, text);
    this.#helpers = namesInText(state);
    this.#types = new Types(tree);
    this.#compile();
    state.chunks.add(this.#descriptions);
  }

  /** The chunk's function; its globals are in `environment`. */
  main(environment: unknown): LuaFunction {
    this.#environment = environment;
    const [factory] = this.factories as [Factory];
    return this.#descriptions.node(0).usesGlobals ? factory(environment) : factory();
  }

  #compile(): void {
    const constants = new ConstantPool();
    const nodes = this.#descriptions.nodes.filter((node) => node !== undefined);
    const layout = new Layout();
    for (const node of nodes) {
      const text = new FunctionEmitter(node, this.#types, constants, this.#mode).factory();
      layout.add(node, `const F${node.id}=`, text, `;chunk.factories[${node.id}]=F${node.id};`, this.#mode.isExact);
    }
    this.#run(constants, layout, nodes, this.#mode);
  }

  #run(constants: ConstantPool, layout: Layout, nodes: readonly FunctionNode[], mode: EmitMode): unknown {
    const script = newScript();
    const own = new Set(mode.isTwin ? [] : nodes.map((node) => node.id));
    script.text = `'use strict';${constants.declarations(own)}${layout.text}\n//# sourceURL=${scriptName(this.#descriptions.display, script.id)}`;
    const unit: Unit = { chunk: this.#descriptions, mode, nodes, script };
    const map = this.#state.sourceUrl === null ? '' : sourceMapComment(unit, this.#state.sourceUrl(unit.chunk));
    const result = new Function('R', 'chunk', 'literals', script.text + map)(this.#helpers, this, constants.literals);
    // The functions have these, and so keep the script.
    this.#descriptions.units.push(unit);
    for (const observer of this.#state.observers) observer.compiled(unit);
    return result;
  }

  twin(id: number, upvalues: readonly unknown[], fn: LuaFunction): Twin {
    let factory = this.#twins.get(id);
    if (factory === undefined) {
      const node = this.#descriptions.node(id);
      const constants = new ConstantPool();
      const mode = { ...this.#mode, isTwin: true };
      const { text, factory: made } = new FunctionEmitter(node, this.#types, constants, mode).twin();
      const layout = new Layout();
      layout.add(node, 'const twin=', text, `;return${made};`, this.#mode.isExact);
      factory = this.#run(constants, layout, [node], mode) as TwinFactory;
      this.#twins.set(id, factory);
    }
    return factory(fn, ...upvalues);
  }

  /** The environment of one of the functions. */
  environmentOf(fn: LuaFunction, { id, upvalues }: Reflection): unknown {
    const own = this.#descriptions.node(id).usesGlobals ? upvalues[0] : this.#environment;
    return this.X?.get(fn) ?? own;
  }

  /** What is known of function `id`. */
  describe(id: number): FunctionDescription {
    return this.#descriptions.describe(id);
  }

  upvaluesOf(id: number): UpvalueNames {
    const node = this.#descriptions.node(id);
    const upvalues = factoryUpvalues(node);
    const types = upvalues.map((one) => this.#types.ofVariable(one));
    return { names: upvalues.map(({ name }) => name), types, first: node.usesGlobals ? 1 : 0 };
  }

  setEnvironment(fn: LuaFunction, environment: unknown): void {
    if (this.X === null) {
      this.X = new WeakMap();
      for (const set of this.setters) set(this.X);
    }
    this.X.set(fn, environment);
  }
}

/** Text whose lines are those of Lua, less a number for each function, which its name says. */
class Layout {
  text = '';
  #line = FIRST_LINE;

  add(node: FunctionNode, before: string, text: string, after: string, isExact: boolean): void {
    this.#line++;
    const shift = this.#line - node.line;
    let at = node.line;
    const placed = text.replace(LINE_MARK, (_, digits: string) => {
      const line = Number(digits);
      if (line <= at) return '';
      const breaks = '\n'.repeat(line - at);
      at = line;
      return breaks;
    });
    this.#line = at + shift;
    const name = functionName(node.parent === null ? 'main' : (node.name ?? ''), shift, node.parent === null ? 0 : node.line, isExact);
    this.text += `\n${before}${placed.replaceAll(SELF_NAME, name)}${after}`;
  }
}
