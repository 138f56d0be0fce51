/**
 * Samples of V8's profiler as stacks of Lua's functions. V8 tells the line of the innermost function only, and not that of calls, nor
 * that of what it has inlined: such samples are of the lines from which that is called, in the proportion of the samples that these have
 * otherwise.
 * @module
 */
import type { ProfileNode, ScriptProfile } from '../host.ts';
import { textOf } from '../runtime/callsites.ts';
import { BOUNDARY, generatedFunction, HEADER_LINES } from '../runtime/frames.ts';

/** LuaJIT's states of its machine: compiled code, the interpreter, C code, the garbage collector, the compiler. */
export type MachineState = 'N' | 'I' | 'C' | 'G' | 'J';

/** A function on the stack. */
export interface Level {
  readonly kind: 'lua' | 'built-in' | 'host';
  /** '' where it has none. */
  readonly name: string;
  /** The chunk as messages show it, or the script's URL. */
  readonly source: string;
  /** Where it is defined, and where it is; the same where that is not known. */
  readonly defined: number;
  readonly line: number;
}

export interface LuaSample {
  readonly state: MachineState;
  /** The innermost first. */
  readonly levels: readonly Level[];
  readonly time: number;
  /** Samples, or a part of one. */
  readonly weight: number;
}

/** What functions of the engine are: built-in functions by their full names, helpers of generated code, the compiler. */
export interface EngineFunctions {
  readonly functions: readonly object[];
  /** Of the same index. */
  readonly roles: readonly { readonly role: 'built-in' | 'helper' | 'compiler'; readonly name: string }[];
}

const ACTIVATION = /^interpretsLua(?:Twin)?$/;

/** Where a node is, in terms of Lua. */
type Role =
  | { readonly kind: 'lua'; readonly function: Generated }
  | { readonly kind: 'built-in' | 'host'; readonly name: string }
  | { readonly kind: 'compiler' | 'interpreter' | 'collector' | 'idle' | 'boundary' | 'other' };

type Generated = NonNullable<ReturnType<typeof generatedFunction>> & { readonly firstRow: number };

/** Rows and how much of a node's samples they have. */
type Shares = ReadonlyMap<number, number>;

export class Samples {
  readonly #roles: Map<string, EngineFunctions['roles'][number]> = new Map();
  readonly #helpers: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  readonly #known: Map<ProfileNode, Role> = new Map();
  readonly #stacks: Map<ProfileNode, { readonly state: MachineState; readonly alternatives: readonly Alternative[] }> = new Map();
  readonly #rows: Map<string, readonly string[]> = new Map();
  readonly #names: (source: string, defined: number) => string | undefined;
  readonly #profile: ScriptProfile;

  /** `names` are those of functions as they are declared, as generated names have no punctuation. */
  constructor(
    profile: ScriptProfile,
    { functions, roles }: EngineFunctions,
    names: (source: string, defined: number) => string | undefined,
  ) {
    this.#profile = profile;
    this.#names = names;
    functions.forEach((_, i) => {
      const place = profile.places[i] ?? null;
      const role = roles[i];
      if (place === null || role === undefined) return;
      this.#roles.set(place.key, role);
      if (role.role === 'helper') this.#helpers.push({ name: role.name, from: place.line, to: place.line + place.lines - 1 });
    });
  }

  /** All samples but those in which the thread did nothing. */
  *all(): Generator<LuaSample> {
    let before: ProfileNode | null = null;
    for (const { node, time } of this.#profile.samples) {
      const { kind } = this.#roleOf(node);
      if (kind === 'idle') continue;
      // The collector has no stack of its own: it is at work where the last sample was.
      const isCollector = kind === 'collector';
      const { state, alternatives } = this.#stackOf(isCollector && before !== null ? before : node);
      if (!isCollector) before = node;
      for (const { levels, share } of alternatives) yield { state: isCollector ? 'G' : state, levels, time, weight: share };
    }
  }

  #roleOf(node: ProfileNode): Role {
    let role = this.#known.get(node);
    if (role === undefined) {
      role = this.#classify(node);
      this.#known.set(node, role);
    }
    return role;
  }

  #classify({ name, url, key, isOwn, line }: ProfileNode): Role {
    const generated = generatedFunction(name, url);
    if (generated !== null) return { kind: 'lua', function: { ...generated, firstRow: line - HEADER_LINES } };
    const known = this.#roles.get(key);
    if (known?.role === 'built-in') return { kind: 'built-in', name: known.name };
    if (known?.role === 'compiler') return { kind: 'compiler' };
    if (name === '(garbage collector)') return { kind: 'collector' };
    if (name === '(idle)') return { kind: 'idle' };
    if (ACTIVATION.test(name)) return { kind: 'interpreter' };
    if (name === BOUNDARY) return { kind: 'boundary' };
    if (isOwn || url === '' || url.startsWith('node:')) return { kind: 'other' };
    return { kind: 'host', name };
  }

  #stackOf(leaf: ProfileNode): { readonly state: MachineState; readonly alternatives: readonly Alternative[] } {
    let stack = this.#stacks.get(leaf);
    if (stack === undefined) {
      stack = this.#makeStack(leaf);
      this.#stacks.set(leaf, stack);
    }
    return stack;
  }

  #makeStack(leaf: ProfileNode): { readonly state: MachineState; readonly alternatives: readonly Alternative[] } {
    // From the outside in; what is below a coroutine is another stack.
    const path: ProfileNode[] = [];
    for (let node: ProfileNode | null = leaf; node !== null; node = node.parent) {
      if (this.#roleOf(node).kind === 'boundary') break;
      path.unshift(node);
    }
    const outer: Level[] = [];
    let state: MachineState = 'C';
    let last: { readonly function: Generated; readonly node: ProfileNode; callee: ProfileNode | null } | null = null;
    // Whether what the last function of Lua called has a level yet.
    let isCalling = false;
    let hasLua = false;
    const finish = (callee: string | null): void => {
      if (last !== null) outer.push(this.#level(last.function, this.#callLine(last.function, callee)));
      last = null;
    };
    for (const node of path) {
      const role = this.#roleOf(node);
      if (role.kind === 'lua') {
        finish(this.#nameOf(role.function));
        hasLua = true;
        last = { function: role.function, node, callee: null };
        state = 'N';
        isCalling = false;
      } else if (role.kind === 'interpreter') {
        // V8 does not know which functions it runs.
        finish(null);
        outer.push({ ...NOWHERE, name: '(interpreter)' });
        hasLua = true;
        state = 'I';
        isCalling = false;
      } else if (role.kind === 'compiler') {
        state = 'J';
        isCalling = true;
      } else if (role.kind === 'host' && !hasLua) {
        // Of the program around Lua the innermost function says most.
        outer[0] = hostLevel(node);
      } else if ((role.kind === 'built-in' || role.kind === 'host') && !isCalling) {
        finish(role.kind === 'built-in' ? role.name : null);
        outer.push({ kind: role.kind, name: role.name, source: node.url, defined: node.line, line: node.line });
        state = 'C';
        isCalling = true;
      } else if (last !== null) last.callee ??= node;
    }
    if (last === null) {
      if (state === 'J') outer.unshift({ ...NOWHERE, name: '(compiler)' });
      else if (outer.length === 0) outer.push(leaf.isOwn ? { ...NOWHERE, name: '(engine)' } : hostLevel(leaf));
      return { state, alternatives: [{ levels: outer.toReversed(), share: 1 }] };
    }
    const { function: fn, node, callee } = last as { function: Generated; node: ProfileNode; callee: ProfileNode | null };
    const shares = callee === null ? this.#ownShares(fn, node) : this.#sharesOf(fn, node, callee.name);
    const alternatives = [...shares].map(([row, share]) => ({
      levels: [this.#level(fn, row - fn.shift), ...outer.toReversed()],
      share,
    }));
    return { state, alternatives };
  }

  #level(fn: Generated, line: number): Level {
    return { kind: 'lua', name: this.#nameOf(fn), source: fn.source, defined: fn.defined, line };
  }

  // '' for a chunk.
  #nameOf(fn: Generated): string {
    return fn.defined === 0 ? '' : (this.#names(fn.source, fn.defined) ?? fn.name);
  }

  // ---- lines

  // The function's rows of the generated text.
  #textOf(fn: Generated): readonly string[] {
    const key = `${fn.script}:${fn.firstRow}`;
    let rows = this.#rows.get(key);
    if (rows === undefined) {
      const all = (textOf(fn.script) ?? '').split('\n');
      const end = all.findIndex((text, i) => i >= fn.firstRow && /^(?:const F\d+=|\/\/#)/.test(text));
      rows = all.slice(fn.firstRow - 1, end < 0 ? all.length : end);
      this.#rows.set(key, rows);
    }
    return rows;
  }

  #rowsWith(fn: Generated, isCall: (text: string) => boolean): number[] {
    return this.#textOf(fn).flatMap((text, i) => (isCall(text) ? [fn.firstRow + i] : []));
  }

  // Samples in the function itself, by rows; those in what was inlined go to the rows that call it.
  #ownShares(fn: Generated, node: ProfileNode): Shares {
    const { own, total } = this.#ownTicks(fn, node);
    if (total === 0) return new Map([[fn.firstRow, 1]]);
    const shares = new Map<number, number>();
    const add = (row: number, share: number): void => void shares.set(row, (shares.get(row) ?? 0) + share);
    for (const [row, ticks] of own) add(row, ticks / total);
    for (const [line, ticks] of node.ticks) {
      if (own.has(line - HEADER_LINES)) continue;
      // Bundled, several are on one line.
      const helpers = this.#helpers.filter(({ from, to }) => from <= line && line <= to).map(({ name }) => name);
      const called = helpers.find((name) => this.#rowsWith(fn, callOf(name)).length > 0);
      for (const [row, share] of this.#sharesOf(fn, node, called ?? null)) add(row, (share * ticks) / total);
    }
    return shares;
  }

  #ownTicks(fn: Generated, node: ProfileNode): { own: ReadonlyMap<number, number>; total: number } {
    const last = fn.firstRow + this.#textOf(fn).length - 1;
    const own = new Map<number, number>();
    let total = 0;
    for (const [line, ticks] of node.ticks) {
      total += ticks;
      const row = line - HEADER_LINES;
      if (row >= fn.firstRow && row <= last) own.set(row, ticks);
    }
    return { own, total };
  }

  // Samples in what the function calls: `name` in JavaScript, null for what is not known.
  #sharesOf(fn: Generated, node: ProfileNode, name: string | null): Shares {
    const { own } = this.#ownTicks(fn, node);
    const calling = name === null ? [] : this.#rowsWith(fn, callOf(name));
    const rows = calling.length > 0 ? calling : own.size > 0 ? [...own.keys()] : [fn.firstRow];
    const weights = rows.map((row) => own.get(row) ?? 0);
    const sum = weights.reduce((total, one) => total + one, 0);
    return new Map(rows.map((row, i) => [row, sum === 0 ? 1 / rows.length : (weights[i] as number) / sum]));
  }

  // The line from which a function calls another by that name, where there is but one.
  #callLine(fn: Generated, callee: string | null): number {
    const name = callee?.split(/[.:]/).at(-1) ?? '';
    const call = new RegExp(`'${escapedPattern(name)}'"|\\b${escapedPattern(name)}\\$\\d+\\(`);
    const rows = name === '' ? [] : this.#rowsWith(fn, (text) => call.test(text));
    const [row] = rows;
    return row === undefined || rows.length > 1 ? fn.defined : row - fn.shift;
  }
}

/** One of the stacks that a sample may stand for. */
interface Alternative {
  readonly levels: readonly Level[];
  readonly share: number;
}

const NOWHERE: Omit<Level, 'name'> = { kind: 'host', source: '', defined: 0, line: 0 };

function escapedPattern(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}

function callOf(name: string): (text: string) => boolean {
  const pattern = new RegExp(`\\b${escapedPattern(name)}(?:Twin)?\\(`);
  return (text) => pattern.test(text);
}

function hostLevel({ name, url, line }: ProfileNode): Level {
  return { kind: 'host', name, source: url, defined: line, line };
}
