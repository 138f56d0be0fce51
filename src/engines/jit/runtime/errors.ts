/**
 * Errors on their way through Lua, and where they happened. Generated functions have names that say which line of Lua a line of
 * theirs is (`frames.ts`), so a stack trace of JavaScript is all that is needed, and nothing is paid before an error is thrown.
 * @module
 */
import { FfiError, MemoryAccessError } from '../../../util/errors.ts';
import { type Frame, framesOf, stackOf } from './frames.ts';

/** A Lua value that is raised. Never leaves the engine: the host gets a `LuaError`. */
export class LuaFault {
  readonly value: unknown;
  /** JavaScript's stack trace where it was raised. */
  readonly stack: string;
  /** What JavaScript code threw, where that was the reason. */
  readonly cause: unknown;

  constructor(value: unknown, stack: string, cause: unknown = null) {
    this.value = value;
    this.stack = stack;
    this.cause = cause;
  }
}

/** A limit of the host is exceeded: nothing in Lua catches it. */
export class LimitFault extends LuaFault {}

/** An error with a message; `level` as `error` counts: 1 is the function that called the built-in function, 0 gives no position. */
export function fault(message: string, level = 1): LuaFault {
  const stack = stackOf();
  return new LuaFault(positionIn(framesOf(stack), level) + message, stack);
}

/** An error whose value is anything. */
export function faultOf(value: unknown): LuaFault {
  return new LuaFault(value, stackOf());
}

/** The position of the function at `level`, as messages start with it: `file.lua:12: `, or nothing where it is none of Lua. */
export function positionAt(level: number): string {
  return positionIn(framesOf(stackOf()), level);
}

function positionIn(frames: readonly Frame[], level: number): string {
  const frame = level > 0 ? frames[level - 1] : undefined;
  return frame === undefined || frame.source === null ? '' : `${frame.source}:${frame.line}: `;
}

/** An error about an argument of the built-in function `name`, counted from 1. */
export function badArgument(index: number, name: string, message: string): LuaFault {
  return fault(`bad argument #${index} to '${name}' (${message})`);
}

/** Anything thrown, as what Lua sees of it. */
export function toFault(thrown: unknown): LuaFault {
  if (thrown instanceof LuaFault) return thrown;
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : stackOf();
  const position = positionIn(framesOf(stack), 1);
  if (isStackOverflow(thrown)) return new LuaFault(`${position}stack overflow`, stack, thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const isOwn = thrown instanceof FfiError || thrown instanceof MemoryAccessError;
  return new LuaFault((isOwn ? position : positionIn(framesOf(stack), 1)) + message, stack, thrown);
}

/** V8 and SpiderMonkey, JavaScriptCore. */
function isStackOverflow(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  return (thrown instanceof RangeError || thrown.name === 'InternalError') && /call stack|recursion/i.test(thrown.message);
}
