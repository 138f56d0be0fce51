/**
 * The functions in a text of generated JavaScript, and which of its lines they are on. Each begins a line of the text: see `chunk.ts`.
 * @module
 */
import type { FunctionNode } from '../ast.ts';
import type { Unit, UnitChunk } from '../runtime/units.ts';

/** One of a unit's functions. */
export interface GeneratedFunction {
  readonly unit: Unit;
  readonly node: FunctionNode;
  /** What JavaScript calls it; see `frames.ts`. */
  readonly name: string;
  /** Lines of the text, from 1. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** By how much its rows are above its lines. */
  readonly shift: number;
}

// `const F3=(function(E,a$1){return function name$1$2(...`; a twin is `const twin=(function* name$1$2(...`.
const BEGINNING = /^const (?:F(\d+)=\(function\([^()]*\)\{return function|twin=\(function\*) ([\w$]+)\(/;

/** The functions of a unit, in the order of its text. */
export function functionsOf(unit: Unit): GeneratedFunction[] {
  const rows = unit.script.text.split('\n');
  const beginnings = rows.flatMap((text, i) => {
    const match = BEGINNING.exec(text);
    return match === null ? [] : [{ row: i + 1, id: Number(match[1] ?? unit.nodes[0]?.id), name: match[2] as string }];
  });
  // The last row names the script.
  const end = rows.findLastIndex((text) => !text.startsWith('//'));
  return beginnings.flatMap(({ row, id, name }, i) => {
    const node = unit.nodes.find((one) => one.id === id);
    if (node === undefined) return [];
    const lastRow = (beginnings[i + 1]?.row ?? end + 2) - 1;
    return [{ unit, node, name, firstRow: row, lastRow, shift: row - node.line }];
  });
}

/** A function's place, `file.lua:12`, with 0 for a chunk. */
export function placeOf({ display }: UnitChunk, node: FunctionNode): string {
  return `${display}:${node.parent === null ? 0 : node.line}`;
}

/** A function's place, and what it is called where it has a name. */
export function titleOf(chunk: UnitChunk, node: FunctionNode): string {
  const name = node.parent === null ? 'main chunk' : node.name;
  return `${placeOf(chunk, node)}${name === null ? '' : ` ${name}`}`;
}

/** Numbers of functions, and of their twins, in the order in which they were first seen. */
export class FunctionNumbers {
  #count = 0;
  readonly #own: WeakMap<FunctionNode, number> = new WeakMap();
  readonly #twins: WeakMap<FunctionNode, number> = new WeakMap();
  readonly #byName: Map<string, GeneratedFunction[]> | null;

  /** With names functions are kept for as long as this is. */
  constructor({ areNamed }: { readonly areNamed: boolean }) {
    this.#byName = areNamed ? new Map() : null;
  }

  /** A function's number; it is known by its name from now on. */
  of(fn: GeneratedFunction): number {
    const numbers = fn.unit.mode.isTwin ? this.#twins : this.#own;
    let number = numbers.get(fn.node);
    if (number === undefined) {
      number = ++this.#count;
      numbers.set(fn.node, number);
      const namesakes = this.#byName?.get(fn.name);
      if (namesakes === undefined) this.#byName?.set(fn.name, [fn]);
      else namesakes.push(fn);
    }
    return number;
  }

  /** The number of the function that a twin is of; undefined for one that was not seen, and for what is no twin. */
  ofOriginal({ unit, node }: GeneratedFunction): number | undefined {
    return unit.mode.isTwin ? this.#own.get(node) : undefined;
  }

  /** The functions that JavaScript calls so: those at the same place of different chunks are namesakes. */
  named(name: string): readonly GeneratedFunction[] {
    return this.#byName?.get(name) ?? [];
  }
}
