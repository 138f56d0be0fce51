/**
 * `==` between a cdata and a value of another type: `ptr == nil`, `enum == 'NAME'`, `box == 1`.
 *
 * Lua 5.3 calls `__eq` for two userdata only, and fengari's VM compares through a function of its own that cannot be
 * replaced. What can be is `TValue.prototype.ttnov`, which it asks for the types of two values once it found their types to
 * differ, and nowhere else during that instruction. When a userdata is asked while the running function is at
 * a comparison of just that value with no userdata, the ffi is asked whether the two are equal. If not, all
 * is as it was. If they are, the VM will still find them unequal, so the function's program counter is set such that
 * what the VM does for unequal values ends where it would go for equal ones.
 *
 * All other comparisons take the way they took before; asking for a type costs one comparison of integers more.
 * @module
 */
import { cdataIn } from './adapter.ts';
import type { FengariFfi } from './ffi.ts';
import {
  callInfoOf,
  CONSTANT_OPERAND,
  type Instruction,
  IS_LUA,
  jumpInstruction,
  type LuaClosure,
  luaF_close,
  OP_EQ,
  OP_JMP,
  valuePrototype,
} from './internals.ts';
import { installRunning, running } from './running.ts';
import { type LuaState, TAG, type TaggedValue } from './vm.ts';

const STATES: WeakMap<object, FengariFfi> = new WeakMap();
let isInstalled = false;

/** Makes `==` of a state ask the ffi. The VM is changed process-wide, once; other states see no difference. */
export function installEquality(L: LuaState, state: FengariFfi): void {
  STATES.set(L.l_G, state);
  if (isInstalled) return;
  isInstalled = true;
  installRunning();
  valuePrototype.ttnov = function ttnov(this: TaggedValue): number {
    // Numbers, not TAG and TYPE_MASK: this runs all the time, and imported bindings are loaded each time.
    const type = this.type & 0x0f;
    if (type === 7) compareAsCData(this);
    return type;
  };
}

function compareAsCData(operand: TaggedValue): void {
  const L = running;
  if (L === null) return;
  const ci = callInfoOf(L);
  if ((ci.callstatus & IS_LUA) === 0) return;
  const instruction = ci.l_code[ci.l_savedpc - 1];
  if (instruction === undefined || instruction.opcode !== OP_EQ) return;
  const left = operandOf(L, instruction.B);
  const right = operandOf(L, instruction.C);
  const other = operand === left ? right : left;
  if ((operand !== left && operand !== right) || other.type === TAG.userdata) return;
  const state = STATES.get(L.l_G);
  if (state === undefined || cdataIn(operand) === null) return;
  // As in LuaJIT, constants come second.
  const isTurned = (instruction.B & CONSTANT_OPERAND) !== 0;
  const isEqual = state.direct(L, () => state.ffi.arithmetic.equal(isTurned ? right : left, isTurned ? left : right));
  if (isEqual) goToEqual(L, instruction);
}

function operandOf(L: LuaState, index: number): TaggedValue {
  const ci = callInfoOf(L);
  if ((index & CONSTANT_OPERAND) !== 0) return (ci.func.value as LuaClosure).p.k[index & ~CONSTANT_OPERAND] as TaggedValue;
  return L.stack[ci.l_base + index] as TaggedValue;
}

// A comparison is followed by a jump. For unequal values, the VM skips the jump if `A` is 1, and takes it if it is 0.
function goToEqual(L: LuaState, { A }: Instruction): void {
  const ci = callInfoOf(L);
  const next = ci.l_savedpc;
  const jump = ci.l_code[next] as Instruction;
  if (A === 1) {
    if (jump.A !== 0) luaF_close(L, ci.l_base + jump.A - 1);
    // One less, for what is skipped.
    ci.l_savedpc = next + jump.sBx;
    return;
  }
  // To be taken instead: a jump behind the last instruction, back to what follows the jump.
  ci.l_savedpc = jumpTo(ci.l_code, next + 1);
}

function jumpTo(code: Instruction[], target: number): number {
  for (let at = code.length - 1; at >= 0; at--) {
    const { opcode, A, sBx } = code[at] as Instruction;
    if (opcode !== OP_JMP) break;
    if (A === 0 && at + 1 + sBx === target) return at;
  }
  const at = code.length;
  code.push(jumpInstruction(target - at - 1));
  return at;
}
