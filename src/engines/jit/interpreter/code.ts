/**
 * The code that functions of Lua are turned into where JavaScript may not be made of text. A function has registers: its parameters, its
 * local variables, then what expressions need. An instruction is four numbers, the operation and its operands `a`, `b`, `c`:
 *
 *     a register      0 and up
 *     a constant      below 0, as the complement of its place, where an operand may be either (`x`, `y`, `z` below)
 *     anything else   the place of an instruction, a count, the place of a constant
 *
 * A field's name is two constants, the property that tables have for it and the name itself. A *list* is an array of values, never a
 * value of Lua: arguments and results that are as many as there are.
 * @module
 */
import type { FunctionNode } from '../ast.ts';

/** Operations. The numbers stand in `machine.ts` as well, where V8 needs literals to make a table of jumps of them. */
export const Op = {
  /** a = x */
  MOVE: 0,
  /** a = upvalue b, which is never assigned to */
  UPVALUE: 1,
  /** a = upvalue b, from its box */
  UPBOX: 2,
  /** a = what the box b holds */
  UNBOX: 3,
  /** a = a new box of x */
  BOX: 4,
  /** box a = x */
  SETBOX: 5,
  /** box of upvalue a = x */
  SETUPBOX: 6,
  /** a = the function itself */
  SELF: 7,
  /** a = global of name b */
  GLOBAL: 8,
  /** global of name a = x */
  SETGLOBAL: 9,
  /** a = x[name c] */
  FIELD: 10,
  /** a = the method of name c of x; a + 1 = x */
  METHOD: 11,
  /** a = x[y] */
  INDEX: 12,
  /** x[name b] = z */
  SETFIELD: 13,
  /** x[y] = z */
  SETINDEX: 14,
  /** a = x operator y */
  ADD: 15,
  SUB: 16,
  MUL: 17,
  DIV: 18,
  MOD: 19,
  POW: 20,
  /** a = operator x */
  UNM: 21,
  LEN: 22,
  CONCAT: 23,
  BITAND: 24,
  BITOR: 25,
  BITXOR: 26,
  SHL: 27,
  SHR: 28,
  SAR: 29,
  BITNOT: 30,
  /** go to b */
  JUMP: 31,
  /** where x is true, is not, is nil, is not: go to b */
  JUMPIF: 32,
  JUMPUNLESS: 33,
  JUMPNIL: 34,
  JUMPNOTNIL: 35,
  /** where x == z, or not, and so on: go to b */
  JEQ: 36,
  JNE: 37,
  JLT: 38,
  JNLT: 39,
  JLE: 40,
  JNLE: 41,
  /** a = register b, called with the c registers behind it: the first result, a list of all; or the call is all that is left to do */
  CALL: 42,
  CALLALL: 43,
  TAIL: 44,
  /** the same with the arguments in the list c */
  CALLLIST: 45,
  CALLLISTALL: 46,
  TAILLIST: 47,
  /** end with x, with nothing, with the list a */
  RETURN: 48,
  RETURNNONE: 49,
  RETURNLIST: 50,
  /** a = the first of the varargs; the list of them, which nobody may change */
  VARARG: 51,
  VARARGS: 52,
  /** a = a new list of the c registers from b on */
  LIST: 53,
  /** x, or the list b, at the end of the list a */
  APPEND: 54,
  EXTEND: 55,
  /** a = the value at c of the list b */
  PICK: 56,
  /** a = a new table: empty, of the list b */
  TABLE: 57,
  TABLEOF: 58,
  /** the list b as elements of the new table a */
  FILL: 59,
  /** field of name b of the new table a = z */
  SETNAMED: 60,
  /** a = a new function of prototype b */
  CLOSURE: 61,
  /** a = x as a number, for a loop's bound c */
  BOUND: 62,
  /** Registers a of a numeric loop: counter, limit, step, and the variable's value. Go to b: where there is no round, where there is one. */
  FORSTART: 63,
  FORNEXT: 64,
  /**
   * Registers a of a generic loop: iterator, state, control, cursor, then the c variables. ITERNEXT takes them from the cursor, or leaves that to a
   * call and ITERTEST behind it, which finds a list in the place of the variables. Go to b where there are no more.
   */
  ITERSTART: 65,
  ITERNEXT: 66,
  ITERTEST: 67,
  /** counts a step */
  COUNT: 68,
  /** drops what registers from a on hold */
  CLEAR: 69,
} as const;

export type Op = (typeof Op)[keyof typeof Op];

/** Numbers of an instruction. */
export const WIDTH = 4;

/** Where a new function finds an upvalue: a register at 0 and up, an upvalue of the function that makes it below 0, or that function itself. */
export const ITSELF: unique symbol = Symbol('itself');
export type Capture = number | typeof ITSELF;

/** A function's code. */
export interface Prototype {
  readonly node: FunctionNode;
  readonly code: Int32Array;
  readonly constants: readonly unknown[];
  /** The line of each instruction. */
  readonly lines: readonly number[];
  /** How messages call an instruction's two operands; '' for what has no name. */
  readonly names: readonly string[];
  /** Registers. */
  readonly size: number;
  readonly captures: readonly Capture[];
  /** Of the functions directly inside it. */
  readonly prototypes: readonly Prototype[];
}

/** Names of the bounds of numeric loops, as messages call them. */
export const BOUNDS = ['initial value', 'limit', 'step'] as const;

/** Registers of a generic loop in front of its variables. */
export const ITERATION = 4;
