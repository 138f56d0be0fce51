/**
 * Stack traces of JavaScript as Lua's. A generated function is called `name$<shift>$<line>`, and its script `lua:<chunk>?<number>`: the line
 * of JavaScript less the shift is the line of Lua, and `line` is where the function is defined. `e` behind it says that the state's list
 * of running functions has it. Interpreted functions stand in the text in the place of the frame that runs them, each as `lua!` and JSON.
 * @module
 */
import { ensureStack } from '../../../util/stack.ts';
import { ACTIVATION_FRAME, type Activation, activations, activationsOf } from './activations.ts';

/** A function as its caller names it. */
export interface CallSite {
  /** `?` for the value of an expression. */
  readonly name: string;
  /** What it is called as: `local`, `upvalue`, `global`, `field`, `method` for `object:name()`; '' for the value of an expression. */
  readonly kind: string;
}

/** A function that is being called. */
export interface Frame {
  /** The chunk as messages show it; null for a built-in function that calls functions. */
  readonly source: string | null;
  /** The current line. */
  readonly line: number;
  /** The function's name; '' where it has none. */
  readonly name: string;
  /** Where it is defined; 0 for a chunk. */
  readonly defined: number;
  /** It is in the state's list of running functions, too. */
  readonly isExact: boolean;
  /** Where in which generated script, from 1. */
  readonly at?: { readonly script: number; readonly row: number; readonly column: number };
  /** Of an interpreted function: the call that it is in; null where it is in none. */
  readonly site?: CallSite | null;
}

/** Frames of JavaScript that are looked at. */
export const TRACE_DEPTH = 60;
/** The same for those who ask for levels. */
export const LEVELS_DEPTH = 1000;
/** Lines that `new Function` puts in front. */
export const HEADER_LINES = 2;

/** Names of built-in functions that call functions start like this: they are levels of their own. They are methods, whose names bundlers keep. */
const CALLER = 'calls_';

/** In the name of the function that runs a coroutine: what is below it is another stack of Lua's. */
export const BOUNDARY = 'runsCoroutine';

interface StackLimit {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
}

/** The stack trace here, as text, with at most `limit` frames. */
export function stackOf(limit: number = TRACE_DEPTH): string {
  const errors = Error as StackLimit;
  const { stackTraceLimit, prepareStackTrace } = errors;
  errors.stackTraceLimit = limit;
  errors.prepareStackTrace = undefined;
  try {
    return withInterpreted(new Error().stack ?? '', activations(), limit);
  } finally {
    if (stackTraceLimit !== undefined) errors.stackTraceLimit = stackTraceLimit;
    errors.prepareStackTrace = prepareStackTrace;
  }
}

/** The stack trace of an error, as text. */
export function stackOfError(error: Error): string {
  const errors = Error as StackLimit;
  const { prepareStackTrace } = errors;
  errors.prepareStackTrace = undefined;
  try {
    return withInterpreted(String(error.stack ?? ''), activationsOf(error), TRACE_DEPTH);
  } finally {
    errors.prepareStackTrace = prepareStackTrace;
  }
}

/** What interpreted functions start with in the text of a stack trace. */
const INTERPRETED = 'lua!';

function withInterpreted(stack: string, current: readonly Activation[], limit: number): string {
  if (current.length === 0) return stack;
  ensureStack();
  const lines: string[] = [];
  let next = current.length;
  let left = limit;
  for (const line of stack.split('\n')) {
    if (!ACTIVATION_FRAME.test(line)) {
      lines.push(line);
      continue;
    }
    const frames = current[--next]?.frames(left) ?? [];
    for (const frame of frames) lines.push(INTERPRETED + JSON.stringify(frame));
    left -= frames.length;
    if (left === 0) break;
  }
  return lines.join('\n');
}

// V8: `at name (lua:chunk?3:12:5)`; others: `name@lua:chunk?3:12:5`.
const LUA_FRAME = /([\w$]*)\$(m?\d+)\$(\d+)(e?)(?: \(|@)lua:(\S*)\?(\d+):(\d+):(\d+)\)?$/;
const GENERATED = /^([\w$]*)\$(m?\d+)\$(\d+)e?$/;
const SCRIPT = /^lua:(\S*)\?(\d+)$/;
// A generator is there a second time, as its own `next`.
const CALLER_FRAME = new RegExp(`(?:at |\\.|^)${CALLER}(\\w+)(?!\\w|\\.next )`);

/** The frames of Lua in a stack trace, the innermost first. */
export function framesOf(stack: string): Frame[] {
  // At the end of the stack this raises once more, up to where there is room.
  ensureStack();
  const frames: Frame[] = [];
  for (const text of stack.split('\n')) {
    if (text.startsWith(INTERPRETED)) {
      frames.push(JSON.parse(text.slice(INTERPRETED.length)));
      continue;
    }
    if (text.includes(BOUNDARY)) break;
    const lua = LUA_FRAME.exec(text);
    if (lua !== null) {
      const [, name = '', shift = '', defined, exact, source = '', script, line, column] = lua;
      const row = Number(line) - HEADER_LINES;
      frames.push({
        source: sourceOf(source),
        line: row - shiftOf(shift),
        name,
        defined: Number(defined),
        isExact: exact === 'e',
        at: { script: Number(script), row, column: Number(column) },
      });
    } else {
      const caller = CALLER_FRAME.exec(text);
      if (caller !== null) frames.push({ source: null, line: -1, name: caller[1] as string, defined: 0, isExact: false });
    }
  }
  return frames;
}

/** The function of Lua that a function of JavaScript is, by its name and its script; null for all others. */
export function generatedFunction(
  functionName: string,
  url: string,
): { readonly source: string; readonly script: number; readonly name: string; readonly shift: number; readonly defined: number } | null {
  const [, name, shift, defined] = GENERATED.exec(functionName) ?? [];
  const [, source, script] = SCRIPT.exec(url) ?? [];
  if (name === undefined || source === undefined) return null;
  return { source: sourceOf(source), script: Number(script), name, shift: shiftOf(shift as string), defined: Number(defined) };
}

function shiftOf(text: string): number {
  return text.startsWith('m') ? -Number(text.slice(1)) : Number(text);
}

/** The name of a generated function. */
export function functionName(name: string, shift: number, defined: number, isExact: boolean): string {
  return `${name.replace(/\W/g, '_')}$${shift < 0 ? `m${-shift}` : shift}$${defined}${isExact ? 'e' : ''}`;
}

/** The name of a chunk's script with the number `id`, for `sourceURL`. */
export function scriptName(display: string, id: number): string {
  return `lua:${encodeURIComponent(display.replace(/[\ud800-\udfff]/g, '?')).replace(/[()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}?${id}`;
}

function sourceOf(script: string): string {
  return decodeURIComponent(script);
}
