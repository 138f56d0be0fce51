/**
 * More of fengari's internals, typed: compiled functions and what runs them, for repairs of the compiler and the VM. See `vm.ts`.
 * @module
 */
import type { FengariModules } from './modules.ts';
import { type LuaState, type LuaString, type TaggedValue, TValue } from './vm.ts';

/** A function that runs. The last fields are a Lua function's. */
export interface CallInfo {
  /** Where on the stack the function is, and where its room ends. */
  readonly funcOff: number;
  top: number;
  readonly func: TaggedValue;
  readonly callstatus: number;
  readonly previous: CallInfo | null;
  readonly l_base: number;
  readonly l_code: Instruction[];
  l_savedpc: number;
}

/** The function that runs in a thread. */
export function callInfoOf(L: LuaState): CallInfo {
  return L.ci as CallInfo;
}

/** The function at a level of the stack: 0 is the running one, 1 its caller; null where there is none. */
export function functionAtLevel(L: LuaState, level: number): TaggedValue | null {
  let info: CallInfo | null = level < 0 ? null : callInfoOf(L);
  for (let left = level; left > 0 && info !== null; left--) info = info.previous;
  // The first one stands for the host.
  return info === null || info.previous === null ? null : info.func;
}

/** Set in `callstatus` while a Lua function runs (`lstate.h`). */
export const IS_LUA = 1 << 1;

/** An instruction, with the operands it has in its form. */
export interface Instruction {
  readonly opcode: number;
  readonly A: number;
  readonly B: number;
  readonly C: number;
  readonly sBx: number;
}

/** `OP_EQ` and `OP_JMP` of `lopcodes.h`, and the bit that makes an operand an index of a constant. */
export const OP_EQ = 31;
export const OP_JMP = 30;
export const CONSTANT_OPERAND = 1 << 8;

/** A compiled function. */
export interface Prototype {
  readonly code: Instruction[];
  /** Its constants. */
  readonly k: TaggedValue[];
  /** The functions within it. */
  readonly p: readonly Prototype[];
  readonly upvalues: readonly { readonly name: LuaString | null }[];
}

/** A Lua function with its upvalues, which are shared between functions. */
export interface LuaClosure {
  readonly p: Prototype;
  readonly upvals: TaggedValue[];
}

/** A stream of bytes that is being compiled. */
export interface Input {
  /** Bytes left in `buffer`, which starts at `off`. */
  readonly n: number;
  readonly buffer: Uint8Array | null;
  readonly off: number;
  /** The next byte; negative at the end. */
  zgetc(): number;
}

// All of these are there once `loadFengari` has been called (`load.ts`), and the same from then on.

/** The compiler; the export is what is called, and may be replaced. `first` is the byte already read from `input`. */
export let lparser: {
  luaY_parser: (L: LuaState, input: Input, buffer: unknown, data: unknown, chunkName: LuaString, first: number) => LuaClosure;
};

export let ZIO: new (L: LuaState, read: () => Uint8Array | null, data: null) => Input;

/** The interpreter; the exports are what is called, and may be replaced. */
export let lvm: {
  luaV_execute: (L: LuaState) => void;
  /** A number as an integer, for functions that take one; false for none. */
  tointeger: (value: TaggedValue) => number | false;
};

/** What compiled functions have in common; may be changed. */
export let functionPrototype: object;

/** Calls; the exports are what is called, and may be replaced. */
export let ldo: {
  /** Begins a call of the function at `at`; of one in JavaScript all of it. Answers whether that is over. */
  luaD_precall: (L: LuaState, at: number, results: number) => boolean;
};

/** A new record of a call, which is the running one from then on. */
export let luaE_extendCI: (L: LuaState) => { func: TaggedValue; funcOff: number; nresults: number; top: number; callstatus: number };

/** Closes the upvalues from a slot of the stack on. */
export let luaF_close: (L: LuaState, level: number) => void;

let lopcodes: {
  readonly CREATE_ABx: (opcode: number, a: number, bx: number) => number;
  readonly fullins: (code: number) => Instruction;
  readonly MAXARG_sBx: number;
};

/** A jump over `distance` instructions. */
export function jumpInstruction(distance: number): Instruction {
  return lopcodes.fullins(lopcodes.CREATE_ABx(OP_JMP, 0, distance + lopcodes.MAXARG_sBx));
}

/** What the VM asks values for their type with, variants aside; may be replaced. */
export let valuePrototype: { ttnov(this: TaggedValue): number };

/** Values as text; the exports are what is called, and may be replaced. */
export let lobject: {
  luaO_tostring: (L: LuaState, value: TaggedValue & { setsvalue(value: LuaString): void }) => void;
  /** The number that a text is; answers how many bytes it has and one more, or 0 where it is none. */
  luaO_str2num: (text: Uint8Array, to: TaggedValue & { setfltvalue(value: number): void }) => number;
  luaO_pushvfstring: (L: LuaState, format: Uint8Array, args: readonly unknown[]) => Uint8Array;
  luaO_pushfstring: (L: LuaState, format: Uint8Array, ...args: unknown[]) => Uint8Array;
};

/** Fills in the exports. */
export function setInternals(modules: FengariModules): void {
  lparser = modules.lparser as typeof lparser;
  ({ ZIO } = modules.lzio as { readonly ZIO: typeof ZIO });
  lvm = modules.lvm as typeof lvm;
  ({ luaF_close } = modules.lfunc as { readonly luaF_close: typeof luaF_close });
  ldo = modules.ldo as typeof ldo;
  ({ luaE_extendCI } = modules.lstate as { readonly luaE_extendCI: typeof luaE_extendCI });
  functionPrototype = (modules.lfunc as { readonly Proto: { readonly prototype: object } }).Proto.prototype;
  lopcodes = modules.lopcodes as typeof lopcodes;
  valuePrototype = TValue.prototype as typeof valuePrototype;
  lobject = modules.lobject as typeof lobject;
}
