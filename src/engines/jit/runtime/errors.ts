/**
 * Errors on their way through Lua, and where they happened. Generated functions have names that say which line of Lua a line of
 * theirs is (`frames.ts`), so a stack trace of JavaScript is all that is needed, and nothing is paid before an error is thrown.
 * @module
 */
import { ArgumentError } from '../../../util/errors.ts';
import { callSiteOf } from './callsites.ts';
import { type Frame, framesOf, stackOf, stackOfError } from './frames.ts';
import { latin1Of } from './text.ts';

/** A Lua value that is raised. Never leaves the engine: the host gets a `LuaError`. */
export class LuaFault {
  readonly value: unknown;
  /** JavaScript's stack trace where it was raised. */
  readonly stack: string;
  /** What JavaScript code threw, where that was the reason. */
  readonly cause: unknown;

  /** The same error with another value. */
  withValue(value: unknown): LuaFault {
    return new LuaFault(value, this.stack, this.cause);
  }

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

/**
 * An error about an argument of a built-in function, counted from 1. Its caller's name for it is shown, which is `name` unless found otherwise.
 * The arguments of a method are counted without the object.
 */
export function badArgument(index: number, name: string, message: string): LuaFault {
  const stack = stackOf();
  return new LuaFault(argumentText(framesOf(stack), index, name, message), stack);
}

function argumentText(trace: readonly Frame[], index: number, name: string, reason: string): string {
  // A function such as `pcall` is a level itself.
  const [own] = trace;
  const frames = own?.source === null && own.name === name ? trace.slice(1) : trace;
  const [caller] = frames;
  const site = caller === undefined ? null : callSiteOf(caller);
  // Functions such as `pcall` have no name for what they call.
  const shown = site?.name ?? (caller?.source === null ? '?' : name);
  const counted = site?.kind === 'method' ? index - 1 : index;
  const what = counted === 0 ? `calling '${shown}' on bad self` : `bad argument #${counted} to '${shown}'`;
  return `${positionIn(frames, 1)}${what} (${reason})`;
}

interface Raised {
  readonly owner: object;
  readonly fault: LuaFault;
}

// By the error that the host sees of it.
const RAISED: WeakMap<Error, Raised> = new WeakMap();

/** `error` is what the host sees of `fault` of the state `owner`. */
export function setRaised(error: Error, owner: object, fault: LuaFault): void {
  RAISED.set(error, { owner, fault });
}

/** Anything thrown, as what Lua code of the state `owner` sees of it. */
export function toFault(thrown: unknown, owner: object): LuaFault {
  if (thrown instanceof LuaFault) return thrown;
  if (!(thrown instanceof Error)) {
    const stack = stackOf();
    return new LuaFault(positionIn(framesOf(stack), 1) + latin1Of(String(thrown)), stack, thrown);
  }
  const raised = RAISED.get(thrown);
  if (raised?.owner === owner) return raised.fault;
  const stack = stackOfError(thrown);
  return new LuaFault(textOf(thrown, framesOf(stack)), stack, thrown);
}

/** The same where JavaScript code that Lua called has thrown it: it has the place of that call. */
export function foreignFault(thrown: unknown, owner: object): LuaFault {
  if (thrown instanceof LuaFault || (thrown instanceof Error && RAISED.get(thrown)?.owner === owner)) return toFault(thrown, owner);
  const stack = stackOf();
  const frames = framesOf(stack);
  const text = thrown instanceof Error ? textOf(thrown, frames) : positionIn(frames, 1) + latin1Of(String(thrown));
  return new LuaFault(text, stack, thrown);
}

function textOf(error: Error, frames: readonly Frame[]): string {
  if (error instanceof ArgumentError) return argumentText(frames, error.index, error.functionName, latin1Of(error.reason));
  return positionIn(frames, 1) + messageOf(error);
}

function messageOf(error: Error): string {
  if (isStackOverflow(error)) return 'stack overflow';
  return isExhausted(error) ? 'not enough memory' : latin1Of(error.message);
}

/** V8 and SpiderMonkey, JavaScriptCore. */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof RangeError || error.name === 'InternalError') && /call stack|recursion/i.test(error.message);
}

// Strings and arrays beyond what JavaScript has.
function isExhausted(error: Error): boolean {
  return (
    error instanceof RangeError && /^(?:invalid (?:string|array) length|array buffer allocation|map maximum size)/i.test(error.message)
  );
}
