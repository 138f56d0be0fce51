/**
 * What all parts of the translation to code stand on: instructions, constants, registers, and where variables are.
 * @module
 */
import type { Expression, FunctionNode, Variable } from '../ast.ts';
import type { LuaState } from '../runtime/state.ts';
import { factoryUpvalues, type FfiLiteral, ffiLiteralOf, isBoxed, nameOf, selfVariable } from '../tree.ts';
import { type Capture, ITSELF, Op, type Prototype } from './code.ts';

/** Makes cdata of a literal. */
export type MakeLiteral = (literal: FfiLiteral) => unknown;

/** What all functions of a chunk are translated with. */
export interface Translation {
  readonly state: LuaState;
  readonly literal: MakeLiteral;
  /** Rounds of loops and calls are counted. */
  readonly isCounting: boolean;
}

export abstract class CodeWriter {
  readonly node: FunctionNode;
  protected readonly translation: Translation;
  readonly #upvalues: readonly Variable[];
  /** The variable of `local function` that holds this very function. */
  readonly #self: Variable | null;
  readonly #code: number[] = [];
  readonly #lines: number[] = [];
  readonly #names: string[] = [];
  readonly #constants: unknown[] = [];
  readonly #places: Map<unknown, number> = new Map();
  readonly #fields: Map<string, number> = new Map();
  readonly #registers: Map<Variable, number> = new Map();
  #top = 0;
  #size = 0;
  /** Of instructions from now on. */
  protected line: number;

  constructor(node: FunctionNode, translation: Translation) {
    this.node = node;
    this.translation = translation;
    this.#upvalues = factoryUpvalues(node);
    this.#self = selfVariable(node);
    this.line = node.line;
  }

  /** Writes instructions that leave an expression's one value in a register. */
  abstract expression(node: Expression, target: number): void;

  protected finished(prototypes: readonly Prototype[], captures: readonly Capture[]): Prototype {
    return {
      node: this.node,
      code: Int32Array.from(this.#code),
      constants: this.#constants,
      lines: this.#lines,
      names: this.#names,
      size: this.#size,
      captures,
      prototypes,
    };
  }

  // ---- instructions

  /** The place of the next instruction. */
  protected here(): number {
    return this.#code.length;
  }

  /** Writes an instruction; the names are what messages call its operands. Answers its place. */
  protected emit(op: Op, a = 0, b = 0, c = 0, first = '', second = ''): number {
    const at = this.#code.length;
    this.#code.push(op, a, b, c);
    this.#lines.push(this.line);
    this.#names.push(first, second);
    return at;
  }

  /** Has jumps go here, or elsewhere. */
  protected land(jumps: readonly number[], place: number = this.here()): void {
    for (const at of jumps) this.#code[at + 2] = place;
  }

  protected jumpTo(place: number): void {
    this.emit(Op.JUMP, 0, place);
  }

  /** A step that counts. */
  protected count(): void {
    if (this.translation.isCounting) this.emit(Op.COUNT);
  }

  // ---- constants

  /** A constant as an operand. */
  protected constant(value: unknown): number {
    // A Map takes 0 and -0 for one key.
    const key = Object.is(value, -0) ? '-0 ' : typeof value === 'string' ? `$${value}` : value;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#constants.push(value) - 1;
      this.#places.set(key, place);
    }
    return ~place;
  }

  /** The place of a field's name. */
  protected field(name: string): number {
    let place = this.#fields.get(name);
    if (place === undefined) {
      place = this.#constants.push(this.translation.state.names.propertyOf(name), name) - 2;
      this.#fields.set(name, place);
    }
    return place;
  }

  /** A literal as an operand; null where the expression is none. */
  protected literal(node: Expression): number | null {
    switch (node.kind) {
      case 'nil':
        return this.constant(undefined);
      case 'true':
        return this.constant(true);
      case 'false':
        return this.constant(false);
      case 'string':
        return this.constant(node.value);
      case 'number':
      case 'unary':
        return this.#number(node);
      default:
        return null;
    }
  }

  #number(node: Expression & { kind: 'number' | 'unary' }): number | null {
    const literal = ffiLiteralOf(node);
    if (literal !== null) return this.constant(this.translation.literal(literal));
    const { value, sign } =
      node.kind === 'unary' && node.operator === '-' && node.operand.kind === 'number'
        ? { value: node.operand.value, sign: -1 }
        : { value: node.kind === 'number' ? node.value : null, sign: 1 };
    return value?.kind === 'double' ? this.constant(sign * value.value) : null;
  }

  // ---- registers

  protected get top(): number {
    return this.#top;
  }

  /** Takes `count` registers in a row; answers the first. */
  protected allocate(count = 1): number {
    const register = this.#top;
    this.#top += count;
    this.#size = Math.max(this.#size, this.#top);
    return register;
  }

  /** Gives back all registers from `top` on. */
  protected release(top: number): void {
    this.#top = top;
  }

  /** Runs `write`, and gives back what it took. */
  protected scoped<T>(write: () => T): T {
    const top = this.#top;
    const result = write();
    this.#top = top;
    return result;
  }

  // ---- variables

  /** Gives a variable a register, which its box goes into where it has one. */
  protected place(variable: Variable, register: number = this.allocate()): number {
    this.#registers.set(variable, register);
    return register;
  }

  protected registerOf(variable: Variable): number {
    return this.#registers.get(variable) as number;
  }

  /** The register that has a variable's value whatever else runs; null where there is none. */
  protected plainRegister(variable: Variable): number | null {
    return variable.owner === this.node && !isBoxed(variable) ? this.registerOf(variable) : null;
  }

  protected read(variable: Variable, target: number): void {
    if (variable === this.#self) this.emit(Op.SELF, target);
    else if (variable.owner === this.node) this.emit(isBoxed(variable) ? Op.UNBOX : Op.MOVE, target, this.registerOf(variable));
    else this.emit(isBoxed(variable) ? Op.UPBOX : Op.UPVALUE, target, this.#upvalues.indexOf(variable));
  }

  /** Assigns an operand to a variable. */
  protected assign(variable: Variable, value: number): void {
    if (variable.owner !== this.node) this.emit(Op.SETUPBOX, this.#upvalues.indexOf(variable), value);
    else this.emit(isBoxed(variable) ? Op.SETBOX : Op.MOVE, this.registerOf(variable), value);
  }

  /** Where a function made here finds one of its upvalues. */
  protected capture(variable: Variable): Capture {
    if (variable === this.#self) return ITSELF;
    return variable.owner === this.node ? this.registerOf(variable) : ~this.#upvalues.indexOf(variable);
  }

  // ---- operands

  /** An expression as an operand: what has to be done for that is done first. */
  protected operand(node: Expression): number {
    const plain = node.kind === 'local' ? this.plainRegister(node.variable) : this.literal(node);
    return plain ?? this.copied(node);
  }

  /** The same with the value of now, whatever is assigned later. */
  protected copied(node: Expression): number {
    const literal = this.literal(node);
    if (literal !== null) return literal;
    const register = this.allocate();
    this.expression(node, register);
    return register;
  }

  protected nameOf(node: Expression): string {
    return nameOf(node, this.node);
  }
}
