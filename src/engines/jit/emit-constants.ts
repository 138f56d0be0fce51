/**
 * What a text of generated code needs from outside: helpers of the runtime, keys, literals of 64 bits. Its
 * declarations stand in front of the text.
 * @module
 */
import type { LuaNumber } from '../../lua/index.ts';
import { compiled } from '../../util/stack.ts';
import { MOST_ROOM } from './runtime/table.ts';

/** Names that are properties of JavaScript as they are. */
const PLAIN = compiled(/^[A-Za-z_]\w*$/);

/** Metatables behind each other that are looked through in line: a class and two it is made from. */
const LOOKUP_LEVELS = 3;

// A table has an array part; what is in its hash is left to the runtime.
function level(property: string): string {
  return `if(b.arr===undefined||b.hash!==null)break L;if((v=b${property})!==undefined)return v;if((b=b.mt)===null||(b=b.$__index)===undefined)return;`;
}

export class ConstantPool {
  readonly #helpers: Set<string> = new Set();
  readonly #keys: Set<string> = new Set();
  readonly #factories: Set<number> = new Set();
  readonly #rooms: Set<number> = new Set();
  readonly #lookups: Map<string, string> = new Map();
  readonly #lookupTexts: string[] = [];
  readonly #listTexts: string[] = [];
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

  /**
   * The function that looks a string key up where an object itself does not have it: `(object, name)`. Each key has its own, as V8
   * learns the hidden classes by the place in the text. It knows tables and those behind them; `otherwise` is the helper for all else.
   */
  lookup(key: string, otherwise: 'index' | 'find'): string {
    const known = this.#lookups.get(key);
    if (known !== undefined) return known;
    const name = `G${this.#lookups.size}`;
    this.#lookups.set(key, name);
    const levels = level(this.property(key)).repeat(LOOKUP_LEVELS);
    const slow = `${this.use(otherwise)}(o,${JSON.stringify(key)},n)`;
    const start = `let b=typeof o==='string'&&${this.use('strings')}.mt!==null?strings.mt.$__index:o,v;`;
    this.#lookupTexts.push(`const ${name}=(o,n)=>{${start}L:if(b!==undefined){${levels}}return ${slow};};`);
    return name;
  }

  /** The factory of a function. */
  factory(id: number): string {
    this.#factories.add(id);
    return `F${id}`;
  }

  /** The class of tables that are likely to have so many fields. */
  tableClass(room: number): string {
    if (room === 0) return this.use('Table');
    const size = Math.min(room, MOST_ROOM);
    this.#rooms.add(size);
    return `T${size}`;
  }

  /**
   * The function that makes a table of `count` values, whose types are not known. Each constructor has its own, as V8 learns by the place
   * in the text whether a list is of numbers.
   */
  list(count: number): string {
    const values = Array.from({ length: count }, (_, i) => `v${i}`).join(',');
    const name = `L${this.#listTexts.length}`;
    const numbers = `${this.use('tableOf')}([${values}])`;
    this.#listTexts.push(`const ${name}=(${values})=>typeof v0==='number'?${numbers}:${this.use('listTable')}(${values});`);
    return name;
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
    for (const room of this.#rooms) parts.push(`const T${room}=R.tableClass(${room});`);
    parts.push(...this.#lookupTexts, ...this.#listTexts);
    for (const id of this.#factories) if (!own.has(id)) parts.push(`const F${id}=chunk.factories[${id}];`);
    return parts.join('');
  }
}
