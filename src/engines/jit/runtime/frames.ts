/**
 * Stack traces of JavaScript as Lua's. A generated function is called `name$<shift>$<line>`, and its script `lua:<chunk>`: the line
 * of JavaScript less the shift is the line of Lua, and `line` is where the function is defined.
 * @module
 */

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
}

/** Frames of JavaScript that are looked at. */
const DEPTH = 60;
/** Lines that `new Function` puts in front. */
const HEADER_LINES = 2;

/** Names of built-in functions that call functions start like this: they are levels of their own. */
const CALLER = 'calls_';

interface StackLimit {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
}

/** The stack trace here, as text. */
export function stackOf(): string {
  const errors = Error as StackLimit;
  const { stackTraceLimit, prepareStackTrace } = errors;
  errors.stackTraceLimit = DEPTH;
  errors.prepareStackTrace = undefined;
  try {
    return new Error().stack ?? '';
  } finally {
    if (stackTraceLimit !== undefined) errors.stackTraceLimit = stackTraceLimit;
    errors.prepareStackTrace = prepareStackTrace;
  }
}

// V8: `at name (lua:chunk:12:5)`; others: `name@lua:chunk:12:5`.
const LUA_FRAME = /([\w$]*)\$(m?\d+)\$(\d+)(?: \(|@)lua:(\S*):(\d+):\d+\)?$/;
const CALLER_FRAME = new RegExp(`(?:at |\\.|^)${CALLER}(\\w+)`);

/** The frames of Lua in a stack trace, the innermost first. */
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const text of stack.split('\n')) {
    const lua = LUA_FRAME.exec(text);
    if (lua !== null) {
      const [, name = '', shift = '', defined, source = '', line] = lua;
      frames.push({ source: sourceOf(source), line: Number(line) - HEADER_LINES - shiftOf(shift), name, defined: Number(defined) });
    } else {
      const caller = CALLER_FRAME.exec(text);
      if (caller !== null) frames.push({ source: null, line: -1, name: caller[1] as string, defined: 0 });
    }
  }
  return frames;
}

function shiftOf(text: string): number {
  return text.startsWith('m') ? -Number(text.slice(1)) : Number(text);
}

/** The name of a generated function. */
export function functionName(name: string, shift: number, defined: number): string {
  return `${name.replace(/\W/g, '_')}$${shift < 0 ? `m${-shift}` : shift}$${defined}`;
}

/** The name of a chunk's scripts, for `sourceURL`. */
export function scriptName(display: string): string {
  return `lua:${encodeURIComponent(display.replace(/[\ud800-\udfff]/g, '?')).replace(/[()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)}`;
}

function sourceOf(script: string): string {
  return decodeURIComponent(script);
}
