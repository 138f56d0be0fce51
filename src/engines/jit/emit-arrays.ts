/**
 * Loops over arrays: the array part of a table that a loop does not change for another, or the cells of a cdata, is in a variable of its
 * own while the loop runs, so that V8 need not look for it at each element, nor at what the table's hidden class is.
 *
 * Nothing has to be read anew when something else may have changed the table: its array part is the same array all the time, or has been
 * emptied when another took its place (`LuaTable.append`). So an array that is not empty is the right one, and where it is empty the general
 * way is taken, behind which it is read again.
 * @module
 */
import type { Expression, FunctionNode, Statement, Variable } from './ast.ts';
import { BaseEmitter, type EmitMode } from './emit-base.ts';
import type { ConstantPool } from './emit-constants.ts';
import { isLikelyNumber, Loops } from './loops.ts';
import type { Types } from './types.ts';

/** Where a loop has the array of a variable. */
export interface LoopArray {
  /** The array part; undefined where there is none. */
  readonly array: string;
  /** The cells, or undefined; null where the variable is always a table. */
  readonly cells: string | null;
}

export abstract class ArraysEmitter extends BaseEmitter {
  readonly #loops: Loops;
  readonly #arrays: Map<Variable, LoopArray> = new Map();

  constructor(node: FunctionNode, types: Types, constants: ConstantPool, mode: EmitMode) {
    super(node, types, constants, mode);
    this.#loops = new Loops(node, types);
  }

  /** The array of `object` at a place where it is indexed by `key`; null where no loop has it. */
  protected loopArray(object: Expression, key: Expression): LoopArray | null {
    const found = object.kind === 'local' ? this.#arrays.get(object.variable) : undefined;
    return found !== undefined && key.kind !== 'string' && isLikelyNumber(key, this.types) ? found : null;
  }

  /** The text of a loop between what gets its arrays and what drops them; `body` makes it. */
  protected withArrays(loop: Statement, body: () => string): string {
    const before: string[] = [];
    const own: LoopArray[] = [];
    const variables = this.#loops.arraysOf(loop);
    for (const variable of variables) {
      const outer = this.#arrays.get(variable);
      if (outer !== undefined) before.push(`if(${isEmpty(outer)}){${this.#read(variable, outer)}}`);
      else {
        const made = { array: this.hidden(), cells: this.types.ofVariable(variable) === 'table' ? null : this.hidden() };
        own.push(made);
        this.#arrays.set(variable, made);
        before.push(this.#read(variable, made));
      }
    }
    const text = body();
    for (const variable of variables) if (own.includes(this.#arrays.get(variable) as LoopArray)) this.#arrays.delete(variable);
    // What is not needed any more is for the collector.
    const names = own.flatMap(({ array, cells }) => (cells === null ? [array] : [array, cells]));
    const after = names.length === 0 ? '' : `${names.map((name) => `${name}=`).join('')}undefined;`;
    return before.join('') + text + after;
  }

  #read(variable: Variable, held: LoopArray): string {
    const object = this.read(variable);
    if (held.cells === null) return `${readFrom(object, held)};`;
    return `if(${object}!==undefined){${readFrom(object, held)};}else ${held.array}=${held.cells}=undefined;`;
  }

  /** An expression that reads the array again where it is empty, after something else has been done with `object`, which is not nil. */
  protected arrayAgain(object: string, held: LoopArray): string {
    return `${isEmpty(held)}&&(${readFrom(object, held)})`;
  }
}

function readFrom(object: string, { array, cells }: LoopArray): string {
  const part = `${array}=${object}.arr`;
  return cells === null ? part : `${cells}=(${part})===undefined?${object}.cells:undefined`;
}

function isEmpty({ array, cells }: LoopArray): string {
  return cells === null ? `${array}.length===0` : `(${array}===undefined||${array}.length===0)`;
}
