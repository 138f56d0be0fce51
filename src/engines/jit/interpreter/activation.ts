/**
 * Functions of Lua while they run: closures, call frames, and activations, which are calls from JavaScript and all that is called from there in
 * turn.
 * @module
 */
import type { Activation as RunningActivation } from '../runtime/activations.ts';
import type { CallSite, Frame } from '../runtime/frames.ts';
import type { LuaFunction, Reflection } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import { Op, type Prototype, WIDTH } from './code.ts';

/** What a closure is asked of its chunk. */
export interface OwnChunk {
  readonly reflected: Reflection['chunk'];
  /** Its name as messages show it. */
  readonly display: string;
}

/** A function of Lua: its code, and what it was made with. */
export interface Closure {
  readonly prototype: Prototype;
  /** Values, and boxes `{ v }` of variables that change. */
  readonly upvalues: readonly unknown[];
  /** Where its globals are. */
  environment: unknown;
  readonly chunk: OwnChunk;
  readonly fn: InterpretedFunction;
}

export interface InterpretedFunction extends LuaFunction {
  closure: Closure;
}

/** A closure that is being called. */
export class CallFrame {
  readonly closure: Closure;
  readonly registers: unknown[];
  readonly varargs: readonly unknown[];
  /** Who called it, where code did; it goes on at its `pc`. */
  readonly parent: CallFrame | null;
  /** Behind the current instruction. */
  pc = 0;
  /** Frames of the coroutine down to it. */
  readonly depth: number;

  constructor(closure: Closure, registers: unknown[], varargs: readonly unknown[], parent: CallFrame | null, depth: number) {
    this.closure = closure;
    this.registers = registers;
    this.varargs = varargs;
    this.parent = parent;
    this.depth = depth;
  }
}

/** The loop has stopped for what its activation has pending. */
export const SUSPENDED: unique symbol = Symbol('suspended');

type Pending = Generator<unknown, unknown, unknown>;

const CALLS: ReadonlySet<number> = new Set([Op.CALL, Op.CALLALL, Op.TAIL, Op.CALLLIST, Op.CALLLISTALL, Op.TAILLIST]);

export class Activation implements RunningActivation {
  readonly state: LuaState;
  /** The innermost; null where the last of them has ended in a tail call that is pending. */
  frame: CallFrame | null;
  /** It is in a coroutine. */
  readonly isTwin: boolean;
  readonly #base: number;
  #pending: Pending | null = null;

  constructor(state: LuaState, frame: CallFrame, isTwin: boolean) {
    this.state = state;
    this.frame = frame;
    this.isTwin = isTwin;
    this.#base = frame.depth - 1;
  }

  /** Has `pending` run before the loop goes on. */
  suspend(pending: Pending): typeof SUSPENDED {
    this.#pending = pending;
    return SUSPENDED;
  }

  /** What the loop has stopped for; null where it is to go on at once. */
  takePending(): Pending | null {
    const pending = this.#pending;
    this.#pending = null;
    return pending;
  }

  get depth(): number {
    return this.frame === null ? 0 : this.frame.depth - this.#base;
  }

  functionAt(index: number): LuaFunction | null {
    let { frame } = this;
    for (let i = 0; i < index && frame !== null; i++) frame = frame.parent;
    return frame === null ? null : frame.closure.fn;
  }

  frames(limit: number): Frame[] {
    const frames: Frame[] = [];
    for (let { frame } = this; frame !== null && frames.length < limit; frame = frame.parent) frames.push(described(frame));
    return frames;
  }
}

function described({ closure, pc }: CallFrame): Frame {
  const { prototype, chunk } = closure;
  const { node, lines } = prototype;
  const isMain = node.parent === null;
  return {
    source: chunk.display,
    line: lines[Math.max(0, pc / WIDTH - 1)] ?? node.line,
    name: isMain ? 'main' : (node.name ?? '').replace(/\W/g, '_'),
    defined: isMain ? 0 : node.line,
    isExact: true,
    site: siteOf(prototype, pc - WIDTH),
  };
}

// What the instruction at a place calls; null where it is no call that the text has.
function siteOf({ code, names }: Prototype, place: number): CallSite | null {
  if (place < 0 || !CALLS.has(code[place] as number) || code[place - WIDTH] === Op.ITERNEXT) return null;
  const [, kind = '', name = '?'] = /^(\w+) '(.*)'$/s.exec(firstName(names, place)) ?? [];
  return { name, kind: kind ?? '' };
}

/** How messages call the first operand of the instruction at a place; then the second. */
export function firstName(names: readonly string[], place: number): string {
  return names[(place / WIDTH) * 2] as string;
}

export function secondName(names: readonly string[], place: number): string {
  return names[(place / WIDTH) * 2 + 1] as string;
}
