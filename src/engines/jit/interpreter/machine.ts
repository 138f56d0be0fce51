/**
 * Runs code. One loop goes through a function and those it calls; what it cannot do itself it leaves to the runtime that compiled
 * text calls too. In a coroutine the loop stops where something may yield, and the generator around it does that.
 *
 * Operations are literal numbers here, as V8 makes a table of jumps of those only; `code.ts` says what they do.
 * @module
 */
import type { BitOperator } from '../ast.ts';
import { activations, keepActivations } from '../runtime/activations.ts';
import { type LuaFunction, NONE, type Reflection, TWIN } from '../runtime/functions.ts';
import { helpersOf } from '../runtime/helpers.ts';
import { modulo, power } from '../runtime/operators.ts';
import type { LuaState } from '../runtime/state.ts';
import { type Fields, LuaTable, type TableCursor } from '../runtime/table.ts';
import { isTrue } from '../runtime/values.ts';
import { Activation, CallFrame, type Closure, firstName, type InterpretedFunction, type OwnChunk, SUSPENDED } from './activation.ts';
import { checked, invoked, listOf, registersOf, varargsOf } from './calls.ts';
import { BOUNDS, ITERATION, ITSELF, Op, type Prototype, WIDTH } from './code.ts';
import { hasAccess, type Indexed, methodOf, storedElement, storedField } from './fields.ts';
import { nameAt, SlowPaths } from './slow.ts';

const BIT_OPERATORS: Readonly<Record<number, BitOperator>> = {
  [Op.BITAND]: '&',
  [Op.BITOR]: '|',
  [Op.BITXOR]: '~',
  [Op.SHL]: '<<',
  [Op.SHR]: '>>',
  [Op.SAR]: '~>>',
};

/** Arithmetic on other operands than numbers. */
const SLOW: unique symbol = Symbol('slow');

/** What is used of the runtime's helpers. */
interface Helpers {
  readonly bitOperation: (operator: BitOperator, left: unknown, right: unknown) => unknown;
  readonly bitNot: (value: unknown) => unknown;
  readonly cursorOf: (iterator: unknown, object: unknown, control: unknown) => Pick<TableCursor, 'step' | 'key' | 'value'> | null;
  readonly tableOf: (values: unknown[]) => LuaTable;
  readonly fill: (table: LuaTable, values: unknown[]) => LuaTable;
}

type Pending = Generator<unknown, unknown, unknown>;

/** Runs the functions of a state. */
export class Machine {
  readonly state: LuaState;
  readonly #slow: SlowPaths;
  readonly #helpers: Helpers;

  constructor(state: LuaState) {
    this.state = state;
    this.#slow = new SlowPaths(state);
    this.#helpers = helpersOf(state) as unknown as Helpers;
  }

  // ---- functions

  /** A function of Lua. */
  function(chunk: OwnChunk, prototype: Prototype, upvalues: readonly unknown[], environment: unknown): InterpretedFunction {
    const fn = ((...args: unknown[]): unknown => {
      if (args[0] === TWIN) return { chunk: chunk.reflected, id: prototype.node.id, upvalues } satisfies Reflection;
      return this.interpretsLua(closure, args);
    }) as InterpretedFunction;
    const closure: Closure = { prototype, upvalues, environment, chunk, fn };
    fn.closure = closure;
    return fn;
  }

  #inner({ closure, registers }: CallFrame, index: number): InterpretedFunction {
    const prototype = closure.prototype.prototypes[index] as Prototype;
    const upvalues = prototype.captures.map((from) => {
      if (from === ITSELF) return closure.fn;
      return from < 0 ? closure.upvalues[~from] : registers[from];
    });
    return this.function(closure.chunk, prototype, upvalues, closure.environment);
  }

  /** Calls a function from JavaScript. Its name is looked for in stack traces. */
  interpretsLua(closure: Closure, args: readonly unknown[]): unknown {
    const list = activations();
    const { length } = list;
    try {
      const activation = this.#activation(closure, args, false);
      list.push(activation);
      let answer: unknown = SUSPENDED;
      while (answer === SUSPENDED) answer = this.#run(activation);
      return answer;
    } catch (error) {
      keepActivations(error);
      throw error;
    } finally {
      list.length = length;
    }
  }

  /** The same in a coroutine. */
  *interpretsLuaTwin(closure: Closure, args: readonly unknown[]): Pending {
    const list = activations();
    const { length } = list;
    try {
      const activation = this.#activation(closure, args, true);
      list.push(activation);
      let answer = this.#run(activation);
      while (answer === SUSPENDED) {
        const pending = activation.takePending();
        if (pending !== null) {
          const value = yield* pending;
          if (activation.frame === null) return value;
          deliver(activation.frame, value);
        }
        answer = this.#run(activation);
      }
      return answer;
    } catch (error) {
      keepActivations(error);
      throw error;
    } finally {
      list.length = length;
    }
  }

  #activation(closure: Closure, args: readonly unknown[], isTwin: boolean): Activation {
    const above = activations().at(-1);
    const depth = above instanceof Activation && above.frame !== null ? above.frame.depth : 0;
    const { prototype } = closure;
    const registers = registersOf(prototype, args, 0, args.length);
    const varargs = prototype.node.isVararg ? varargsOf(prototype, args, 0, args.length) : NONE;
    return new Activation(this.state, new CallFrame(closure, registers, varargs, null, checked(depth + 1)), isTwin);
  }

  // ---- the loop

  /** Runs on; answers what the first function of the activation does, or that something is pending. */
  #run(activation: Activation): unknown {
    const { isTwin, state } = activation;
    const { watch, stringType, Table, tableClasses, calls } = state;
    const helpers = this.#helpers;
    const slow = this.#slow;
    let frame = activation.frame as CallFrame;
    let { registers: R, closure, pc } = frame;
    let { code, constants: K } = closure.prototype;
    for (;;) {
      const op = code[pc] as number;
      const a = code[pc + 1] as number;
      const b = code[pc + 2] as number;
      const c = code[pc + 3] as number;
      pc += WIDTH;
      // What the function ends with; SLOW where it goes on.
      let raw: unknown;
      switch (op) {
        case 0: // MOVE
          R[a] = b < 0 ? K[~b] : R[b];
          continue;
        case 1: // UPVALUE
          R[a] = closure.upvalues[b];
          continue;
        case 2: // UPBOX
          R[a] = (closure.upvalues[b] as Box).v;
          continue;
        case 3: // UNBOX
          R[a] = (R[b] as Box).v;
          continue;
        case 4: // BOX
          R[a] = { v: b < 0 ? K[~b] : R[b] };
          continue;
        case 5: // SETBOX
          (R[a] as Box).v = b < 0 ? K[~b] : R[b];
          continue;
        case 6: // SETUPBOX
          (closure.upvalues[a] as Box).v = b < 0 ? K[~b] : R[b];
          continue;
        case 7: // SELF
          R[a] = closure.fn;
          continue;
        case 8: {
          // GLOBAL
          const environment = closure.environment as Indexed;
          let value = environment[K[b] as string];
          if (value === undefined) {
            frame.pc = pc;
            value = slow.index(activation, environment, K[b + 1]);
            if (value === SUSPENDED) return value;
          }
          R[a] = value;
          continue;
        }
        case 9: {
          // SETGLOBAL
          const value = b < 0 ? K[~b] : R[b];
          if (storedField(closure.environment as Indexed, K[a] as string, value)) continue;
          frame.pc = pc;
          if (slow.setField(activation, closure.environment, K[a + 1] as string, value) === SUSPENDED) return SUSPENDED;
          continue;
        }
        case 10: {
          // FIELD
          const object = (b < 0 ? K[~b] : R[b]) as Indexed | undefined;
          let value = object === undefined ? undefined : object[K[c] as string];
          if (value === undefined) {
            frame.pc = pc;
            value = slow.index(activation, object, K[c + 1]);
            if (value === SUSPENDED) return value;
          }
          R[a] = value;
          continue;
        }
        case 11: {
          // METHOD
          const object = (b < 0 ? K[~b] : R[b]) as Indexed | string | undefined;
          R[a + 1] = object;
          let value = methodOf(object, K[c] as string, stringType.mt as Fields | null);
          if (value === undefined) {
            frame.pc = pc;
            value = slow.index(activation, object, K[c + 1]);
            if (value === SUSPENDED) return value;
          }
          R[a] = value;
          continue;
        }
        case 12: {
          // INDEX
          const object = (b < 0 ? K[~b] : R[b]) as Indexed | undefined;
          const key = c < 0 ? K[~c] : R[c];
          let array: unknown[] | undefined;
          let value: unknown;
          if (object !== undefined) {
            array = object.arr;
            if (array === undefined) {
              if (hasAccess(activation, object, key) && object.getAt !== undefined) {
                frame.pc = pc;
                R[a] = object.getAt(key);
                continue;
              }
            } else if (typeof key === 'number' && key > 0 && key <= array.length) value = array[key - 1];
          }
          if (value === undefined) {
            frame.pc = pc;
            value = slow.index(activation, object, key);
            if (value === SUSPENDED) return value;
          }
          R[a] = value;
          continue;
        }
        case 13: {
          // SETFIELD
          const object = (a < 0 ? K[~a] : R[a]) as Indexed | undefined;
          const value = c < 0 ? K[~c] : R[c];
          frame.pc = pc;
          if (object !== undefined && storedField(object, K[b] as string, value)) continue;
          if (slow.setField(activation, object, K[b + 1] as string, value) === SUSPENDED) return SUSPENDED;
          continue;
        }
        case 14: {
          // SETINDEX
          const object = (a < 0 ? K[~a] : R[a]) as Indexed | undefined;
          const key = b < 0 ? K[~b] : R[b];
          const value = c < 0 ? K[~c] : R[c];
          if (storedElement(object, key, value)) continue;
          frame.pc = pc;
          if (object?.setAt !== undefined && hasAccess(activation, object, key)) object.setAt(key, value);
          else if (slow.setIndex(activation, object, key, value) === SUSPENDED) return SUSPENDED;
          continue;
        }
        case 15: {
          // ADD
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          if (typeof x === 'number' && typeof y === 'number') {
            R[a] = x + y;
            continue;
          }
          raw = SLOW;
          break;
        }
        case 16: {
          // SUB
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          if (typeof x === 'number' && typeof y === 'number') {
            R[a] = x - y;
            continue;
          }
          raw = SLOW;
          break;
        }
        case 17: {
          // MUL
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          if (typeof x === 'number' && typeof y === 'number') {
            R[a] = x * y;
            continue;
          }
          raw = SLOW;
          break;
        }
        case 18: {
          // DIV
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          if (typeof x === 'number' && typeof y === 'number') {
            R[a] = x / y;
            continue;
          }
          raw = SLOW;
          break;
        }
        case 19: {
          // MOD
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          if (typeof x === 'number' && typeof y === 'number') {
            R[a] = modulo(x, y);
            continue;
          }
          raw = SLOW;
          break;
        }
        case 20: {
          // POW
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          if (typeof x === 'number' && typeof y === 'number') {
            R[a] = power(x, y);
            continue;
          }
          raw = SLOW;
          break;
        }
        case 21: {
          // UNM
          const x = b < 0 ? K[~b] : R[b];
          if (typeof x === 'number') {
            R[a] = -x;
            continue;
          }
          raw = SLOW;
          break;
        }
        case 22: {
          // LEN
          const x = (b < 0 ? K[~b] : R[b]) as Indexed | undefined;
          frame.pc = pc;
          const value = x instanceof LuaTable ? x.length() : slow.length(activation, x);
          if (value === SUSPENDED) return value;
          R[a] = value;
          continue;
        }
        case 23: {
          // CONCAT
          const x = b < 0 ? K[~b] : R[b];
          const y = c < 0 ? K[~c] : R[c];
          frame.pc = pc;
          const value = typeof x === 'string' && typeof y === 'string' ? x + y : slow.concat(activation, x, y);
          if (value === SUSPENDED) return value;
          R[a] = value;
          continue;
        }
        case 24: // BITAND
        case 25: // BITOR
        case 26: // BITXOR
        case 27: // SHL
        case 28: // SHR
        case 29: // SAR
          frame.pc = pc;
          R[a] = helpers.bitOperation(BIT_OPERATORS[op] as BitOperator, b < 0 ? K[~b] : R[b], c < 0 ? K[~c] : R[c]);
          continue;
        case 30: // BITNOT
          frame.pc = pc;
          R[a] = helpers.bitNot(b < 0 ? K[~b] : R[b]);
          continue;
        case 31: // JUMP
          pc = b;
          continue;
        case 32: {
          // JUMPIF
          const x = a < 0 ? K[~a] : R[a];
          if (x !== undefined && x !== false) pc = b;
          continue;
        }
        case 33: {
          // JUMPUNLESS
          const x = a < 0 ? K[~a] : R[a];
          if (x === undefined || x === false) pc = b;
          continue;
        }
        case 34: // JUMPNIL
          if ((a < 0 ? K[~a] : R[a]) === undefined) pc = b;
          continue;
        case 35: // JUMPNOTNIL
          if ((a < 0 ? K[~a] : R[a]) !== undefined) pc = b;
          continue;
        case 36: // JEQ
        case 37: // JNE
          {
            const x = a < 0 ? K[~a] : R[a];
            const y = c < 0 ? K[~c] : R[c];
            let holds: unknown = x === y;
            if (holds === false && (typeof x === 'object' || typeof y === 'object')) {
              frame.pc = pc;
              holds = slow.equals(activation, x, y);
              if (holds === SUSPENDED) return holds;
            }
            if (holds === (op === 36)) pc = b;
            continue;
          }
        case 38: // JLT
        case 39: // JNLT
          {
            const x = a < 0 ? K[~a] : R[a];
            const y = c < 0 ? K[~c] : R[c];
            let holds: unknown;
            if (typeof x === 'number' && typeof y === 'number') holds = x < y;
            else {
              frame.pc = pc;
              holds = slow.less(activation, x, y);
              if (holds === SUSPENDED) return holds;
            }
            if (holds === (op === 38)) pc = b;
            continue;
          }
        case 40: // JLE
        case 41: // JNLE
          {
            const x = a < 0 ? K[~a] : R[a];
            const y = c < 0 ? K[~c] : R[c];
            let holds: unknown;
            if (typeof x === 'number' && typeof y === 'number') holds = x <= y;
            else {
              frame.pc = pc;
              holds = slow.lessOrEqual(activation, x, y);
              if (holds === SUSPENDED) return holds;
            }
            if (holds === (op === 40)) pc = b;
            continue;
          }
        case 42: // CALL
        case 43: // CALLALL
        case 44: // TAIL
        case 45: // CALLLIST
        case 46: // CALLLISTALL
        case 47: {
          // TAILLIST
          frame.pc = pc;
          const isTail = op === 44 || op === 47;
          const values = op < 45 ? R : (R[c] as unknown[]);
          const from = op < 45 ? b + 1 : 0;
          const count = op < 45 ? c : values.length;
          let callee = R[b] as LuaFunction;
          if (typeof callee === 'function') {
            const next = (callee as InterpretedFunction).closure;
            if (next !== undefined) {
              const { prototype } = next;
              R = registersOf(prototype, values, from, count);
              const varargs = prototype.node.isVararg ? varargsOf(prototype, values, from, count) : NONE;
              frame = isTail
                ? new CallFrame(next, R, varargs, frame.parent, frame.depth)
                : new CallFrame(next, R, varargs, frame, checked(frame.depth + 1));
              activation.frame = frame;
              closure = next;
              ({ code, constants: K } = prototype);
              pc = 0;
              continue;
            }
          } else callee = calls.callable(callee, nameAt(activation, firstName));
          // In coroutines, as in LuaJIT, nothing is left of the caller.
          if (isTail && isTwin) activation.frame = frame.parent;
          if (isTwin && callee.g !== null && callee.g !== undefined)
            return activation.suspend(callee.g(...values.slice(from, from + count)));
          raw = invoked(callee, values, from, count);
          if (isTail) break;
          if (op === 42 || op === 45) R[a] = Array.isArray(raw) ? raw[0] : raw;
          else R[a] = Array.isArray(raw) ? raw : [raw];
          continue;
        }
        case 48: // RETURN
          raw = a < 0 ? K[~a] : R[a];
          break;
        case 49: // RETURNNONE
          raw = NONE;
          break;
        case 50: // RETURNLIST
          raw = R[a];
          if ((raw as unknown[]).length === 1) raw = (raw as unknown[])[0];
          break;
        case 51: // VARARG
          R[a] = frame.varargs[0];
          continue;
        case 52: // VARARGS
          R[a] = frame.varargs;
          continue;
        case 53: // LIST
          R[a] = listOf(R, b, c);
          continue;
        case 54: // APPEND
          (R[a] as unknown[]).push(b < 0 ? K[~b] : R[b]);
          continue;
        case 55: {
          // EXTEND
          const list = R[a] as unknown[];
          for (const value of R[b] as unknown[]) list.push(value);
          continue;
        }
        case 56: // PICK
          R[a] = (R[b] as unknown[])[c];
          continue;
        case 57: // TABLE
          R[a] = b === 0 ? new Table() : new (tableClasses.ofRoom(b))();
          continue;
        case 58: // TABLEOF
          R[a] = helpers.tableOf(R[b] as unknown[]);
          continue;
        case 59: // FILL
          frame.pc = pc;
          helpers.fill(R[a] as LuaTable, R[b] as unknown[]);
          continue;
        case 60: // SETNAMED
          (R[a] as unknown as Fields)[K[b] as string] = c < 0 ? K[~c] : R[c];
          continue;
        case 61: // CLOSURE
          R[a] = this.#inner(frame, b);
          continue;
        case 62: // BOUND
          frame.pc = pc;
          R[a] = slow.bound(b < 0 ? K[~b] : R[b], BOUNDS[c] as (typeof BOUNDS)[number]);
          continue;
        case 63: {
          // FORSTART
          const counter = R[a] as number;
          if ((R[a + 2] as number) < 0 ? counter >= (R[a + 1] as number) : counter <= (R[a + 1] as number)) R[a + 3] = counter;
          else pc = b;
          continue;
        }
        case 64: {
          // FORNEXT
          const step = R[a + 2] as number;
          const counter = (R[a] as number) + step;
          if (step < 0 ? counter >= (R[a + 1] as number) : counter <= (R[a + 1] as number)) {
            R[a] = counter;
            R[a + 3] = counter;
            pc = b;
          }
          continue;
        }
        case 65: {
          // ITERSTART
          const cursor = helpers.cursorOf(R[a], R[a + 1], R[a + 2]);
          R[a + 3] = cursor;
          frame.pc = pc;
          if (cursor === null && typeof R[a] !== 'function') R[a] = calls.callable(R[a]);
          continue;
        }
        case 66: {
          // ITERNEXT
          const cursor = R[a + 3] as Pick<TableCursor, 'step' | 'key' | 'value'> | null;
          frame.pc = pc;
          if (cursor !== null) {
            if (!cursor.step()) {
              pc = b;
              continue;
            }
            R[a + ITERATION] = cursor.key;
            if (c > 1) R[a + ITERATION + 1] = cursor.value;
            for (let i = 2; i < c; i++) R[a + ITERATION + i] = undefined;
            // Past the call.
            pc += 2 * WIDTH;
          }
          continue;
        }
        case 67: {
          // ITERTEST
          const values = R[a + ITERATION] as unknown[];
          const control = values[0];
          if (control === undefined) {
            pc = b;
            continue;
          }
          R[a + 2] = control;
          for (let i = 0; i < c; i++) R[a + ITERATION + i] = values[i];
          continue;
        }
        case 68: // COUNT
          if (--watch.left < 0) {
            frame.pc = pc;
            watch.look();
          }
          continue;
        default: // CLEAR
          R.fill(undefined, a);
          frame.pc = pc;
          // What variables of this loop have had last is to go, too.
          return SUSPENDED;
      }
      if (raw === SLOW) {
        frame.pc = pc;
        const value = slow.arithmetic(activation, op, b < 0 ? K[~b] : R[b], c < 0 ? K[~c] : R[c]);
        if (value === SUSPENDED) return value;
        R[a] = value;
        continue;
      }
      // The function has ended.
      const { parent } = frame;
      if (parent === null) return raw;
      frame = parent;
      activation.frame = frame;
      ({ registers: R, closure, pc } = frame);
      ({ code, constants: K } = closure.prototype);
      if (code[pc - WIDTH] === 42) R[code[pc - WIDTH + 1] as number] = Array.isArray(raw) ? raw[0] : raw;
      else deliver(frame, raw);
    }
  }
}

/** A captured variable that is assigned to. */
interface Box {
  v: unknown;
}

// Gives a frame what its current instruction has waited for.
function deliver(frame: CallFrame, raw: unknown): void {
  const { registers, closure } = frame;
  const { code } = closure.prototype;
  const at = frame.pc - WIDTH;
  const a = code[at + 1] as number;
  switch (code[at]) {
    case Op.CALL:
    case Op.CALLLIST:
      registers[a] = Array.isArray(raw) ? raw[0] : raw;
      break;
    case Op.CALLALL:
    case Op.CALLLISTALL:
      registers[a] = Array.isArray(raw) ? raw : [raw];
      break;
    case Op.SETGLOBAL:
    case Op.SETFIELD:
    case Op.SETINDEX:
      break;
    case Op.JEQ:
    case Op.JLT:
    case Op.JLE:
      if (isTrue(raw)) frame.pc = code[at + 2] as number;
      break;
    case Op.JNE:
    case Op.JNLT:
    case Op.JNLE:
      if (!isTrue(raw)) frame.pc = code[at + 2] as number;
      break;
    default:
      registers[a] = raw;
  }
}
