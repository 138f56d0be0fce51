/**
 * What names mean while a chunk is parsed: the local variables in scope, the upvalues of functions, labels and the jumps to them. Rules,
 * limits and messages are LuaJIT's (`lj_parse.c` as of 2.1.0-beta3, by what it accepts); `goto` as in the Lua 5.2 manual, 3.3.4.
 * @module
 */
import type { LuaSyntaxError } from '../../util/errors.ts';
import type { Expression, FunctionNode, Label, Statement, Variable } from './ast.ts';
import { noteValue } from './rooms.ts';

/** A node while it is made. */
export type Building<T> = { -readonly [K in keyof T]: T[K] };

const MAX_VARIABLES = 200;
const MAX_UPVALUES = 60;
/** Functions that change environments, by the names they are called with. */
const ENVIRONMENT_FUNCTIONS: ReadonlySet<string> = new Set(['setfenv', 'getfenv', 'module']);

/** What all functions of a chunk share. */
export interface ChunkScope {
  variables: number;
  functions: number;
  labels: number;
  /** An error at `line`, by default the current one, that names no token. */
  readonly error: (message: string, line?: number) => LuaSyntaxError;
}

type GotoStatement = Building<Statement & { kind: 'goto' }>;

interface PlacedLabel {
  readonly label: Label;
  /** Variables of the function that are declared in front of it. */
  readonly declared: number;
}

/** A `goto` whose label has not been found, or (without a statement) a `break` that has no loop. */
interface Jump {
  readonly statement: GotoStatement | null;
  readonly line: number;
  /** In the order of the text. */
  readonly order: number;
  readonly declared: number;
  /** Variables in scope where it stands; of the blocks around it once it has left its own. */
  active: number;
}

interface BlockScope {
  readonly outer: BlockScope | null;
  readonly isLoop: boolean;
  /** It, or a block around it in the same function, is a loop. */
  readonly isInLoop: boolean;
  /** Variables in scope at its start. */
  readonly active: number;
  /** Those it has begun or taken over from blocks inside it, by the label. */
  readonly jumps: Map<string, Jump[]>;
  readonly labels: Map<string, PlacedLabel>;
  hasLabels: boolean;
  hasContinue: boolean;
}

/** Where a `break` without a loop stands among the jumps: no label has this name. */
const BREAK = '';

/** The scopes of one function. */
export class FunctionScope {
  readonly parent: FunctionScope | null;
  readonly node: Building<FunctionNode>;
  readonly #chunk: ChunkScope;
  readonly #upvalues = new Set<Variable>();
  readonly #functions: FunctionNode[] = [];
  // In scope, the innermost last; null for the hidden variables of loops.
  readonly #active: (Variable | null)[] = [];
  // All of them, in order, and the parts of this list that are repeated by a `goto`.
  readonly #declared: Variable[] = [];
  readonly #repeated: { readonly from: number; readonly to: number }[] = [];
  #jumps = 0;
  #block: BlockScope | null = null;

  constructor(chunk: ChunkScope, parent: FunctionScope | null, place: { start: number; line: number; name: string | null }) {
    this.#chunk = chunk;
    this.parent = parent;
    this.node = {
      kind: 'function',
      ...place,
      id: chunk.functions++,
      parent: parent === null ? null : parent.node,
      parameters: [],
      isVararg: false,
      body: { statements: [], hasLabels: false },
      endLine: place.line,
      end: place.start,
      upvalues: [],
      usesGlobals: false,
      changesEnvironment: false,
      functions: this.#functions,
    };
    if (parent !== null) parent.#functions.push(this.node);
    this.openBlock('block');
  }

  // ---- variables

  /** How many are in scope. */
  get activeVariables(): number {
    return this.#active.length;
  }

  /** @throws {LuaSyntaxError} where there is no room for one more variable beside `pending` that are not in scope yet */
  reserve(pending: number): void {
    if (this.#active.length + pending >= MAX_VARIABLES) throw this.limit(MAX_VARIABLES, 'local variables');
  }

  /** A new variable, which is not in scope yet. */
  create(name: string, role: Variable['role'], line: number, isConst = false): Variable {
    const id = this.#chunk.variables++;
    const isInLoop = (this.#block as BlockScope).isInLoop;
    return { name, id, owner: this.node, line, role, isConst, isCaptured: false, assignments: 0, isInLoop, values: [], fields: null };
  }

  /** Brings variables into scope; `values` are what they are declared with, null for what is no expression. */
  activate(variables: readonly Variable[], values: readonly (Expression | null)[] = []): void {
    for (const [index, variable] of variables.entries()) {
      const value = values[index] ?? null;
      (variable.values as (Expression | null)[]).push(value);
      noteValue(variable, value);
      this.#active.push(variable);
      this.#declared.push(variable);
    }
  }

  /** Brings `count` variables into scope that have no name. */
  activateHidden(count: number): void {
    for (let i = 0; i < count; i++) this.#active.push(null);
  }

  /** The variable that `name` means here, which becomes an upvalue where another function has it; null for a global. */
  lookup(name: string): Variable | null {
    if (ENVIRONMENT_FUNCTIONS.has(name)) this.node.changesEnvironment = true;
    const variable = this.#find(name);
    if (variable === null) this.node.usesGlobals = true;
    return variable;
  }

  #find(name: string): Variable | null {
    for (let i = this.#active.length - 1; i >= 0; i--) {
      const variable = this.#active[i] as Variable | null;
      if (variable !== null && variable.name === name) return variable;
    }
    const variable = this.parent === null ? null : this.parent.#find(name);
    if (variable === null || this.#upvalues.has(variable)) return variable;
    if (this.#upvalues.size >= MAX_UPVALUES) throw this.limit(MAX_UPVALUES, 'upvalues');
    this.#upvalues.add(variable);
    variable.isCaptured = true;
    return variable;
  }

  limit(most: number, what: string): LuaSyntaxError {
    const subject = this.parent === null ? 'main function' : `function at line ${this.node.line}`;
    return this.#chunk.error(`${subject} has more than ${most} ${what}`);
  }

  // ---- blocks

  openBlock(kind: 'block' | 'loop'): void {
    const outer = this.#block;
    const isLoop = kind === 'loop';
    this.#block = {
      outer,
      isLoop,
      isInLoop: isLoop || (outer?.isInLoop ?? false),
      active: this.#active.length,
      jumps: new Map(),
      labels: new Map(),
      hasLabels: false,
      hasContinue: false,
    };
  }

  /** Ends the innermost block. Jumps that it has no label for are left to the block around it. */
  closeBlock(): { readonly hasLabels: boolean; readonly hasContinue: boolean } {
    const block = this.#block as BlockScope;
    this.#active.length = block.active;
    for (const [name, jumps] of block.jumps) {
      const placed = block.labels.get(name);
      if (placed === undefined) continue;
      placed.label.isLoop = true;
      for (const jump of jumps) this.#repeated.push({ from: placed.declared, to: jump.declared });
      this.#resolve(block, name, placed.label);
    }
    this.#block = block.outer;
    if (block.outer === null) this.#checkResolved(block.jumps);
    else this.#handOver(block, block.outer);
    return block;
  }

  #resolve(block: BlockScope, name: string, label: Label): void {
    for (const { statement } of block.jumps.get(name) as Jump[]) (statement as GotoStatement).label = label;
    block.jumps.delete(name);
    block.hasLabels = true;
    label.isUsed = true;
  }

  #handOver(block: BlockScope, outer: BlockScope): void {
    for (const [name, jumps] of block.jumps) {
      for (const jump of jumps) jump.active = block.active;
      const others = outer.jumps.get(name);
      if (others === undefined) outer.jumps.set(name, jumps);
      else for (const jump of jumps) others.push(jump);
    }
  }

  #checkResolved(jumps: ReadonlyMap<string, readonly Jump[]>): void {
    let first: { name: string; jump: Jump } | null = null;
    for (const [name, [jump]] of jumps) {
      if (jump !== undefined && (first === null || jump.order < first.jump.order)) first = { name, jump };
    }
    if (first === null) return;
    throw this.#chunk.error(first.name === BREAK ? 'no loop to break' : `undefined label '${first.name}'`, first.jump.line);
  }

  /** Ends the function: `node` is complete but for what the parser knows. */
  close(): void {
    this.node.body = { ...this.node.body, hasLabels: this.closeBlock().hasLabels };
    this.node.upvalues = [...this.#upvalues];
    this.#markRepeated();
    if (this.parent === null) return;
    this.parent.node.usesGlobals ||= this.node.usesGlobals;
    this.parent.node.changesEnvironment ||= this.node.changesEnvironment;
  }

  // The parts may overlap many times over; each variable is looked at once.
  #markRepeated(): void {
    let to = 0;
    for (const part of this.#repeated.sort((a, b) => a.from - b.from)) {
      for (let i = Math.max(to, part.from); i < part.to; i++) (this.#declared[i] as Variable).isInLoop = true;
      to = Math.max(to, part.to);
    }
  }

  // ---- jumps

  /** `::name::` at the current place. @throws {LuaSyntaxError} `duplicate label 'name'` within the block */
  createLabel(name: string): Label {
    const { labels } = this.#block as BlockScope;
    if (labels.has(name)) throw this.#chunk.error(`duplicate label '${name}'`);
    const label = { name, id: this.#chunk.labels++, isLoop: false, isUsed: false };
    labels.set(name, { label, declared: this.#declared.length });
    return label;
  }

  /**
   * Finds the jumps in front of a label, once it is known whether it ends its block: there the block's variables are not in scope any
   * more.
   * @throws {LuaSyntaxError} `<goto name> jumps into the scope of local 'x'`
   */
  placeLabel(label: Label, isLast: boolean): void {
    const block = this.#block as BlockScope;
    const jumps = block.jumps.get(label.name);
    if (jumps === undefined) return;
    const active = isLast ? block.active : this.#active.length;
    for (const jump of jumps) {
      if (jump.active >= active) continue;
      const entered = this.#active[jump.active]?.name ?? '?';
      throw this.#chunk.error(`<goto ${label.name}> jumps into the scope of local '${entered}'`, jump.line);
    }
    this.#resolve(block, label.name, label);
  }

  goto(statement: GotoStatement, name: string, line: number): void {
    this.#addJump(statement, name, line);
  }

  break(line: number): void {
    if (!(this.#block as BlockScope).isInLoop) this.#addJump(null, BREAK, line);
  }

  #addJump(statement: GotoStatement | null, name: string, line: number): void {
    const { jumps } = this.#block as BlockScope;
    const jump = { statement, line, order: this.#jumps++, declared: this.#declared.length, active: this.#active.length };
    const others = jumps.get(name);
    if (others === undefined) jumps.set(name, [jump]);
    else others.push(jump);
  }

  /** False where there is no loop. */
  continue(): boolean {
    let block = this.#block;
    while (block !== null && !block.isLoop) block = block.outer;
    if (block === null) return false;
    block.hasContinue = true;
    return true;
  }
}
