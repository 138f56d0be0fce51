/**
 * What V8 writes about the code that it makes of generated functions, where Node was started so that it goes to a file:
 *
 *     node --trace-opt --trace-deopt --print-opt-code --redirect-code-traces --redirect-code-traces-to=FILE ...
 *
 * @module
 */
import { decodeUtf8 } from '../../../util/utf8.ts';
import type { ScriptHost } from '../host.ts';
import { HEADER_LINES } from '../runtime/frames.ts';
import { type FunctionNumbers, type GeneratedFunction, placeOf, titleOf } from './functions.ts';

/** V8 has made code of a function, or has left such code. */
interface CodeEvent {
  readonly kind: 'CODE' | 'EXIT';
  /** JavaScript's name of the function. */
  readonly name: string;
  /** Which compiler, or why. */
  readonly what: string;
  /** The line of JavaScript, `new Function`'s own included; null where V8 does not say. */
  readonly line: number | null;
}

const COMPLETED = /^\[completed optimizing \S+ <JSFunction ([\w$]+)[^>]*> \(target (\w+)\)( OSR)?/;
const BAILOUT = /^\[bailout \(kind: [\w-]+, reason: (.*?)\): begin\. deoptimizing \S+ <JSFunction ([\w$]+)/;
const POSITION = /^\s+;;; deoptimize at <[^>]*?:(\d+):\d+>/;

function eventsIn(text: string): CodeEvent[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i): CodeEvent[] => {
    const [, made, compiler = '', osr] = COMPLETED.exec(line) ?? [];
    if (made !== undefined) return [{ kind: 'CODE', name: made, what: compiler + (osr === undefined ? '' : ', in a loop'), line: null }];
    const [, reason = '', left] = BAILOUT.exec(line) ?? [];
    if (left === undefined) return [];
    const [, at] = POSITION.exec(lines[i + 1] ?? '') ?? [];
    return [{ kind: 'EXIT', name: left, what: reason, line: at === undefined ? null : Number(at) }];
  });
}

function lineOf({ unit, firstRow, lastRow, shift }: GeneratedFunction, line: number | null): string {
  const row = (line ?? 0) - HEADER_LINES;
  return row < firstRow || row > lastRow ? '' : ` at ${unit.chunk.display}:${row - shift}`;
}

/** The trace file of this process, from where it is now. */
export class CodeTraces {
  readonly #host: ScriptHost;
  readonly #file: string | null;
  #at = 0;

  constructor(host: ScriptHost) {
    this.#host = host;
    this.#file = host.tools?.traces ?? null;
    this.read();
  }

  /** Whether V8 writes to a file. */
  get isThere(): boolean {
    return this.#file !== null;
  }

  /** What V8 has written since the last time. */
  read(): string {
    const { files } = this.#host;
    if (this.#file === null || files === null) return '';
    try {
      const bytes = files.readFile(this.#file);
      const text = decodeUtf8(bytes.subarray(this.#at));
      this.#at = bytes.length;
      return text;
    } catch {
      // V8 makes the file with its first line.
      return '';
    }
  }
}

/** Lines for what V8 wrote of functions that are known. */
export function traceLines(text: string, numbers: FunctionNumbers): string[] {
  return eventsIn(text).flatMap(({ kind, name, what, line }) => {
    const functions = numbers.named(name);
    const [fn] = functions;
    if (fn === undefined) return [];
    const isSure = functions.length === 1;
    const number = isSure ? String(numbers.of(fn)) : '---';
    const places = functions.slice(1).map((one) => `${placeOf(one.unit.chunk, one.node)} or `);
    const title = titleOf(fn.unit.chunk, fn.node);
    return [`[${kind} ${number.padStart(3)} ${places.join('')}${title} -- ${what}${isSure ? lineOf(fn, line) : ''}]\n`];
  });
}
