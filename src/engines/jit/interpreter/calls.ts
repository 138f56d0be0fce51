/**
 * Registers and arguments of calls.
 * @module
 */
import { fault } from '../runtime/errors.ts';
import { type LuaFunction, NONE } from '../runtime/functions.ts';
import type { Prototype } from './code.ts';

/** Frames of one coroutine; Lua 5.1's limit. */
const MAX_DEPTH = 20_000;

export function checked(depth: number): number {
  if (depth > MAX_DEPTH) throw fault('stack overflow');
  return depth;
}

/** Registers of a function that is called with `count` values from `from` on. */
export function registersOf({ size, node }: Prototype, values: readonly unknown[], from: number, count: number): unknown[] {
  const registers = new Array<unknown>(size);
  const { length } = node.parameters;
  const given = count < length ? count : length;
  for (let i = 0; i < given; i++) registers[i] = values[from + i];
  for (let i = given; i < length; i++) registers[i] = undefined;
  return registers;
}

export function varargsOf({ node }: Prototype, values: readonly unknown[], from: number, count: number): readonly unknown[] {
  return count > node.parameters.length ? values.slice(from + node.parameters.length, from + count) : NONE;
}

export function listOf(registers: readonly unknown[], from: number, count: number): unknown[] {
  const list: unknown[] = [];
  for (let i = 0; i < count; i++) list.push(registers[from + i]);
  return list;
}

export function invoked(fn: LuaFunction, registers: readonly unknown[], from: number, count: number): unknown {
  switch (count) {
    case 0:
      return fn();
    case 1:
      return fn(registers[from]);
    case 2:
      return fn(registers[from], registers[from + 1]);
    case 3:
      return fn(registers[from], registers[from + 1], registers[from + 2]);
    default:
      return fn(...registers.slice(from, from + count));
  }
}
