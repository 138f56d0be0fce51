/**
 * The prompt on a terminal: line editing, history, completion.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createContext, runInContext } from 'node:vm';
import type { Readable, Writable } from 'node:stream';
import type { EngineName } from '../engines/engine.ts';
import { completeLine } from './repl-complete.ts';
import { Session } from './repl-session.ts';

/** Options of `runRepl`. */
export interface ReplOptions {
  readonly input: Readable & { setRawMode?(isRaw: boolean): unknown };
  readonly output: Writable;
  /** Writes what Lua prints, at once: Ctrl-C in the middle of a stream's own code would leave the stream unusable. */
  write(bytes: Uint8Array): void;
  readonly engine: EngineName;
  /** Where lines are kept from one time to the next; null for nowhere. */
  readonly historyFile: string | null;
  readonly isColored: boolean;
  /** What is said first. */
  readonly greeting: string;
}

const PROMPT = '> ';
const MORE = '>> ';
const MAX_HISTORY = 1000;

/** The file that keeps the history: `CDEF_HISTORY`, or in the folder for such things (XDG Base Directory Specification). */
export function historyFileFor(env: Readonly<Record<string, string | undefined>>): string | null {
  const { CDEF_HISTORY: own, XDG_STATE_HOME: state } = env;
  if (own !== undefined) return own === '' ? null : own;
  return path.join(state !== undefined && path.isAbsolute(state) ? state : path.join(homedir(), '.local', 'state'), 'cdef', 'history');
}

/** Runs a prompt until its input ends, or somebody says `.exit`. */
export function runRepl({ input, output, write, engine, historyFile, isColored, greeting }: ReplOptions): Promise<void> {
  const session = new Session({ engine, isColored, write: (text) => write(Buffer.from(text)) });
  const lines = createInterface({
    input,
    output,
    terminal: true,
    prompt: PROMPT,
    completer: (line: string) => completeLine(session, line),
    history: readHistory(historyFile),
    historySize: MAX_HISTORY,
    removeHistoryDuplicates: true,
  });
  let history: readonly string[] = [];
  lines.on('history', (newest) => {
    history = [...newest];
  });
  const ask = (): void => {
    lines.setPrompt(session.isPending ? MORE : PROMPT);
    lines.prompt();
  };
  // A second Ctrl-C behind the one that ended Lua would end the process.
  process.on('SIGINT', ignored);
  output.write(`${greeting}\n`);
  ask();
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      // Before it runs: it may never end.
      writeHistory(historyFile, history);
      try {
        const answer = unlessInterrupted(input, () => session.feed(line));
        if (answer === null) session.interrupted();
        if (answer === 'exit') lines.close();
        else ask();
      } catch (error) {
        lines.close();
        reject(error);
      }
    });
    lines.on('SIGINT', () => {
      const isEmpty = !session.isPending && lines.line === '';
      session.reset();
      output.write(isEmpty ? '\n.exit or Ctrl-D ends\n' : '\n');
      // Drops what has been typed.
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      ask();
    });
    lines.on('close', () => {
      process.off('SIGINT', ignored);
      output.write('\n');
      session.close();
      resolve();
    });
  });
}

const ignored = (): void => {};

// What `work` answers; null where Ctrl-C has ended it. No handler of signals runs as long as JavaScript does, but V8 can be told to stop.
// Ctrl-C is a signal only while V8 listens for it, as outside it ends the process: the terminal changes within. What is told to stop runs no `finally`.
function unlessInterrupted<T>(terminal: ReplOptions['input'], work: () => T): T | null {
  const run = (): T => {
    terminal.setRawMode?.(false);
    try {
      return work();
    } finally {
      terminal.setRawMode?.(true);
    }
  };
  // Twice, as for a moment behind the one that is told nobody listens: another Ctrl-C then tells the outer one.
  const { stackTraceLimit } = Error;
  const answer = attempt(() => attempt(run, terminal), terminal);
  Error.stackTraceLimit = stackTraceLimit;
  return answer;
}

function attempt<T>(work: () => T, terminal: ReplOptions['input']): T | null {
  try {
    return runInContext('work()', createContext({ work }), { breakOnSigint: true }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    terminal.setRawMode?.(true);
    return null;
  }
}

// The newest first, as `node:readline` has it; in the file the oldest, as people read it.
function readHistory(file: string | null): string[] {
  if (file === null) return [];
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .reverse();
  } catch {
    return [];
  }
}

function writeHistory(file: string | null, history: readonly string[]): void {
  if (file === null) return;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${[...history].reverse().join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A prompt without history is better than none.
  }
}
