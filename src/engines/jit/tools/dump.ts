/**
 * `jit.dump`: what becomes of a function, from Lua to V8's code. The letters are those of LuaJIT's module, each with the nearest meaning:
 *
 *     t  nothing but the headings, which all others have, too
 *     b  the function's source                      (bytecode there)
 *     i  its tree, names resolved                   (intermediate representation)
 *     r  with i: the types of variables that are sure       (registers)
 *     m  the JavaScript that is generated           (machine code)
 *     s  the same, with the lines of Lua            (snapshots)
 *     x  V8's code and where it was left            (exits), where `traces.ts` finds it
 *     X  all that V8 writes: its machine code with --print-opt-code
 *     a  chunks that were refused                   (aborted traces)
 *     T  plain text   A  with colours of terminals   H  as HTML
 *
 * @module
 */
import { HOST_CHUNK } from '../../engine.ts';
import type { FunctionNode, Variable } from '../ast.ts';
import type { ScriptHost } from '../host.ts';
import { stringArgument } from '../lib/arguments.ts';
import { NONE } from '../runtime/functions.ts';
import type { LuaState } from '../runtime/state.ts';
import type { LuaTable } from '../runtime/table.ts';
import { latin1Of } from '../runtime/text.ts';
import type { CompilerObserver, KnownChunk, Unit, UnitChunk } from '../runtime/units.ts';
import { Types } from '../types.ts';
import { FunctionNumbers, functionsOf, type GeneratedFunction, titleOf } from './functions.ts';
import { openReport, type Report } from './report.ts';
import { CodeTraces, traceLines } from './traces.ts';
import { treeText } from './tree.ts';
import { catchUp, headingOf, interpretedBecause, remarksOf } from './verbose.ts';

type Form = 'T' | 'A' | 'H';

const DEFAULT = 'tbim';

/** Reads the letters: `+` adds to the default, `-` takes away from it. */
function optionsOf(text: string): { readonly letters: ReadonlySet<string>; readonly form: Form | null } {
  const form = (text.match(/[TAH]/g)?.at(-1) ?? null) as Form | null;
  const given = text.replace(/[TAH]/g, '');
  const letters = new Set<string>(given === '' || /^[+-]/.test(given) ? DEFAULT : []);
  for (const letter of given.replace(/^[+-]/, '')) {
    if (given.startsWith('-')) letters.delete(letter);
    else letters.add(letter);
  }
  return { letters, form };
}

// A line that begins a part.
function headingIn(form: Form, text: string): string {
  return form === 'A' ? `\u001b[1m${text}\u001b[m` : text;
}

function escaped(form: Form, text: string): string {
  return form === 'H' ? text.replace(/[<>&]/g, (one) => ({ '<': '&lt;', '>': '&gt;' })[one] ?? '&amp;') : text;
}

class Dump implements CompilerObserver {
  readonly #state: LuaState;
  readonly #report: Report;
  readonly #letters: ReadonlySet<string>;
  readonly #form: Form;
  readonly #traces: CodeTraces;
  readonly #numbers: FunctionNumbers;
  readonly #types: WeakMap<FunctionNode, Types> = new WeakMap();
  readonly stop = (): void => this.#stop();

  constructor(state: LuaState, host: ScriptHost, options: string, file: string | undefined) {
    const { letters, form } = optionsOf(options);
    this.#state = state;
    this.#letters = letters;
    this.#form = form ?? (host.environment('COLORTERM') === undefined ? 'T' : 'A');
    this.#report = openReport(host, file, { variable: 'LUAJIT_DUMPFILE', stream: 'output' });
    this.#traces = new CodeTraces(host);
    this.#numbers = new FunctionNumbers({ areNamed: this.#traces.isThere });
    catchUp(state, this);
    state.observers.add(this);
    state.endings.add(this.stop);
  }

  // ---- parts

  #write(heading: string, parts: readonly string[], end: string): void {
    const text = `${headingIn(this.#form, `---- ${heading}`)}\n${parts.join('')}${end}`;
    this.#report.write(this.#form === 'H' ? `<pre class="ljdump">\n${text}</pre>\n\n` : `${text}\n`);
  }

  #part(title: string, text: string): string {
    return `${headingIn(this.#form, `---- ${title}`)}\n${escaped(this.#form, text)}`;
  }

  compiled(unit: Unit): void {
    if (unit.chunk.name === HOST_CHUNK) return;
    for (const fn of functionsOf(unit)) {
      const heading = headingOf(fn, this.#numbers);
      const title = `FUNC ${this.#numbers.of(fn)}`;
      const parts = this.#read(title, unit.chunk, fn.node);
      if (this.#letters.has('m') || this.#letters.has('s'))
        parts.push(this.#part(`${title} javascript`, javascript(fn, this.#letters.has('s'))));
      const remarks = ['compiled', ...remarksOf(unit)].join('; ');
      this.#write(`FUNC ${escaped(this.#form, heading)}`, parts, `${headingIn(this.#form, `---- ${title} stop -> ${remarks}`)}\n`);
    }
  }

  interpreted(chunk: KnownChunk): void {
    if (chunk.name === HOST_CHUNK) return;
    const end = `${headingIn(this.#form, `---- FUNC --- stop -> ${interpretedBecause()}`)}\n`;
    for (const node of chunk.nodes) {
      if (node !== undefined)
        this.#write(`FUNC --- ${escaped(this.#form, titleOf(chunk, node))}`, this.#read('FUNC ---', chunk, node), end);
    }
  }

  // What was read: source and tree.
  #read(title: string, chunk: UnitChunk, node: FunctionNode): string[] {
    const parts: string[] = [];
    if (this.#letters.has('b')) parts.push(this.#part(`${title} source`, source(chunk, node)));
    if (this.#letters.has('i')) parts.push(this.#part(`${title} tree`, this.#tree(node)));
    return parts;
  }

  #tree(node: FunctionNode): string {
    if (!this.#letters.has('r')) return treeText(node, () => '');
    let root = node;
    while (root.parent !== null) root = root.parent;
    const types = this.#types.get(root) ?? new Types(root);
    this.#types.set(root, types);
    return treeText(node, (variable: Variable) => {
      const type = types.ofVariable(variable);
      return type === 'any' ? '' : type;
    });
  }

  refused(_: string, message: string): void {
    if (this.#letters.has('a')) this.#write(`FUNC --- ${escaped(this.#form, message)}`, [], '');
  }

  #stop(): void {
    if (!this.#state.endings.delete(this.stop)) return;
    this.#state.observers.delete(this);
    const traces = this.#traces.read();
    const text = this.#letters.has('X') ? latin1Of(traces) : this.#letters.has('x') ? traceLines(traces, this.#numbers).join('') : '';
    if (text !== '') this.#write('V8', [escaped(this.#form, text)], '');
    this.#report.close();
  }
}

function numbered(line: number, text: string): string {
  return `${String(line).padStart(4, '0')}  ${text}`.trimEnd();
}

/** The lines of Lua that a function is on. */
function source({ text: all }: UnitChunk, node: FunctionNode): string {
  const lines = all.replace(/\n$/, '').split('\n');
  const isMain = node.parent === null;
  const [from, to] = isMain ? [1, lines.length] : [node.line, node.endLine];
  return lines
    .slice(from - 1, to)
    .map((text, i) => `${numbered(from + i, text)}\n`)
    .join('');
}

/** The lines of JavaScript that a function is on, as latin1, as its strings are; those without code are left out. */
function javascript({ unit, firstRow, lastRow, shift }: GeneratedFunction, hasLines: boolean): string {
  const rows = unit.script.text.split('\n').slice(firstRow - 1, lastRow);
  return rows.map((text, i) => (text === '' ? '' : `${hasLines ? numbered(firstRow + i - shift, text) : text}\n`)).join('');
}

/** The module. */
export function openDump(state: LuaState, host: ScriptHost): LuaTable {
  let active: Dump | null = null;
  const off = (): unknown => {
    active?.stop();
    active = null;
    return NONE;
  };
  const start = (options: unknown, file: unknown): unknown => {
    off();
    const letters = options === undefined ? '' : stringArgument(options, 1, 'start', 2);
    active = new Dump(state, host, letters, file === undefined ? undefined : stringArgument(file, 2, 'start', 2));
    return NONE;
  };
  return state.library({ on: start, off, start: (options: unknown, file: unknown) => start(options, file) });
}
