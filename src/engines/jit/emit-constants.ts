/**
 * What a text of generated code needs from outside: helpers of the runtime, keys, literals of 64 bits. Its
 * declarations stand in front of the text.
 * @module
 */
import type { LuaNumber } from '../../lua/index.ts';
import { compiled } from '../../util/stack.ts';

/** Names that are properties of JavaScript as they are. */
const PLAIN = compiled(/^[A-Za-z_]\w*$/);

export class ConstantPool {
  readonly #helpers: Set<string> = new Set();
  readonly #keys: Set<string> = new Set();
  readonly #factories: Set<number> = new Set();
  /** Literals that are made by the ffi. */
  readonly literals: LuaNumber[] = [];

  use(helper: string): string {
    this.#helpers.add(helper);
    return helper;
  }

  /** The access to a string key of a table, `.$name`. */
  property(key: string): string {
    this.#keys.add(key);
    return PLAIN.test(key) ? `.$${key}` : `[${JSON.stringify(`$${key}`)}]`;
  }

  /** The factory of a function. */
  factory(id: number): string {
    this.#factories.add(id);
    return `F${id}`;
  }

  literal(value: LuaNumber): string {
    this.literals.push(value);
    return `K${this.literals.length - 1}`;
  }

  /** The declarations; `own` are the factories that the text itself has. */
  declarations(own: ReadonlySet<number>): string {
    const parts = [`const {${[...this.#helpers].join(',')}}=R;`, 'let S=1,X=chunk.X;chunk.setters.push(x=>{X=x});'];
    if (this.#keys.size > 0) parts.push(`R.keys(${JSON.stringify([...this.#keys])});`);
    this.literals.forEach((_, i) => {
      parts.push(`const K${i}=R.literal(literals[${i}]);`);
    });
    for (const id of this.#factories) if (!own.has(id)) parts.push(`const F${id}=chunk.factories[${id}];`);
    return parts.join('');
  }
}
