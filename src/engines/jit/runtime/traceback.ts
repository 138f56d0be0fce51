/**
 * Stack traces as Lua shows them.
 * @module
 */
import { callSiteOf } from './callsites.ts';
import type { Frame } from './frames.ts';

/** Levels of a traceback that are written at its start, and at its end: LuaJIT's. */
const FIRST_LEVELS = 12;
const LAST_LEVELS = 10;

/** Frames as `debug.traceback` writes them. */
export function tracebackOf(frames: readonly Frame[]): string {
  const lines = frames.map((frame, i) => `\n\t${frameText(frame, frames[i + 1])}`);
  if (lines.length > FIRST_LEVELS + LAST_LEVELS) lines.splice(FIRST_LEVELS, lines.length - FIRST_LEVELS - LAST_LEVELS, '\n\t...');
  return `stack traceback:${lines.join('')}`;
}

// A function is named as its caller names it, else as it is declared.
function frameText({ source, line, name: declared, defined }: Frame, caller: Frame | undefined): string {
  const name = (caller === undefined ? undefined : callSiteOf(caller)?.name) ?? declared;
  if (source === null) return `[C]: in function '${name}'`;
  if (defined === 0) return `${source}:${line}: in main chunk`;
  return `${source}:${line}: in function ${name === '' ? `<${source}:${defined}>` : `'${name}'`}`;
}
