/**
 * Reading and writing of globals, fields and elements: the quick ways in line, everything else by the runtime.
 * @module
 */
import { compiled } from '../../util/stack.ts';
import type { Expression, Target } from './ast.ts';
import { CELL_LIMIT } from '../../ffi/index.ts';
import { ArraysEmitter, type LoopArray } from './emit-arrays.ts';
import { isLiteral, isNumberLiteral } from './emit-base.ts';

/** Where an assignment goes, with what it needs evaluated already. */
export type Place =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'field'; readonly object: string; readonly key: string; readonly isTable: boolean; readonly name: string }
  | {
      readonly kind: 'element';
      readonly object: string;
      readonly key: string;
      readonly isNumber: boolean;
      readonly isTable: boolean;
      readonly name: string;
      readonly array: LoopArray | null;
      /** The key is `#list + 1`: most often the place behind the last element. */
      readonly isAppended: boolean;
    };

/** Lists of fewer than two elements, and now and then long ones, grow by the runtime (`LuaTable.append`), which knows how. */
const APPEND_MASK = 0xffff;
/** Methods that are looked for in the metatable of strings first. */
const STRING_METHODS = new Set(['byte', 'find', 'format', 'gmatch', 'gsub', 'len', 'lower', 'match', 'rep', 'reverse', 'sub', 'upper']);

export abstract class IndexingEmitter extends ArraysEmitter {
  // ---- reading

  protected global(name: string): string {
    const environment = this.environment();
    const value = this.temporary();
    const property = this.constants.property(name);
    return `((${value}=${environment}${property})!==undefined?${value}:${this.slow('index', environment, JSON.stringify(name))})`;
  }

  /** `object[key]`, of which both are expressions of the tree. */
  protected indexed(object: Expression, key: Expression): string {
    const before: string[] = [];
    const base = this.object(object, before);
    return this.sequence(before, this.#indexedAtom(base, object, key, before));
  }

  #indexedAtom(base: string, object: Expression, key: Expression, before: string[]): string {
    const isTable = this.typeOf(object) === 'table';
    if (key.kind === 'string') return this.field(base, key.value, isTable, this.nameOf(object));
    const index = this.atom(key, before);
    const array = this.loopArray(object, key);
    if (array !== null) return this.#loopElement(array, base, index, this.isNumber(key), this.nameOf(object));
    return this.element(base, index, this.isNumber(key), isTable, this.nameOf(object));
  }

  /** `base.key` */
  field(base: string, key: string, isTable: boolean, name: string): string {
    const value = this.temporary();
    const property = this.constants.property(key);
    // Not by `?.`: V8 would have the value, often a double, meet undefined, and box it.
    const there = isTable ? '' : `${base}!==undefined&&`;
    return `(${there}(${value}=${base}${property})!==undefined?${value}:${this.#lookUp(base, key, name)})`;
  }

  // A field that the object itself does not have.
  #lookUp(base: string, key: string, name: string): string {
    const text = `${this.constants.lookup(key, this.isTwin ? 'find' : 'index')}(${name === "''" ? base : `${base},${name}`})`;
    return this.isTwin ? this.foundTwin(text) : text;
  }

  /** `base.key` to be called: most often a field of what the metatable says, which strings have one of for all. */
  method(base: string, key: string, isTable: boolean, name: string): string {
    const value = this.temporary();
    const property = this.constants.property(key);
    const metatable = this.temporary();
    const there = isTable ? '' : `${base}!==undefined&&`;
    const own = `(${value}=${base}${property})!==undefined`;
    // Userdata have no hash part, and all but tables and userdata no metatable.
    const inherited = `${base}.hash==null&&(${metatable}=${base}.mt)!=null&&(${metatable}=${metatable}.$__index)!==undefined`;
    const found = `${there}(${own}||${inherited}&&(${value}=${metatable}${property})!==undefined)`;
    if (!isTable) return this.#methodOfAny(base, key, name, { value, metatable, found });
    return `(${found}?${value}:${this.#lookUp(base, key, name)})`;
  }

  // The same where `base` may be a string. They have many hidden classes, and one metatable.
  #methodOfAny(
    base: string,
    key: string,
    name: string,
    { value, metatable, found }: Record<'value' | 'metatable' | 'found', string>,
  ): string {
    const test = `typeof ${base}!=='string'&&${found}`;
    const other = this.#lookUp(base, key, name);
    if (!STRING_METHODS.has(key)) return `(${test}?${value}:${other})`;
    const library = `(${metatable}=${this.use('strings')}.mt)!==null&&(${metatable}=${metatable}.$__index)!==undefined`;
    const ofString = `${library}&&(${value}=${metatable}${this.constants.property(key)})!==undefined`;
    return `(typeof ${base}==='string'&&${ofString}||${test}?${value}:${other})`;
  }

  /** `base[index]`: elements of the array part are read in line, those of cdata likewise or by a method of its class. */
  element(base: string, index: string, isNumber: boolean, isTable: boolean, name: string): string {
    const array = this.temporary();
    const value = this.temporary();
    const other = this.slow('index', base, index, name);
    const number = isNumber ? '' : `typeof ${index}==='number'&&`;
    const bounds = `${isPositiveLiteral(index) ? '' : `${index}>0&&`}${index}<=${array}.length`;
    const inArray = `${bounds}&&(${value}=${array}[${minusOne(index)}])!==undefined`;
    if (isTable) return `(${number}(${array}=${base}.arr)!==undefined&&${inArray}?${value}:${other})`;
    const inCells = `(${array}=${base}.cells)!==undefined&&(${value}=${array}[${index}])!==undefined`;
    const found = `${number}${base}!==undefined&&((${array}=${base}.arr)!==undefined&&${inArray}||${inCells})`;
    return `(${found}?${value}:${this.#hasAccess(base, index, 'getAt')}?${base}.getAt(${index}):${other})`;
  }

  // The same of an array that a loop has.
  #loopElement(held: LoopArray, base: string, index: string, isNumber: boolean, name: string): string {
    const { array, cells } = held;
    const value = this.temporary();
    const other = `(${value}=${this.slow('index', base, index, name)},${this.arrayAgain(base, held)},${value})`;
    const number = isNumber ? '' : `typeof ${index}==='number'&&`;
    const bounds = `${isPositiveLiteral(index) ? '' : `${index}>0&&`}${index}<=${array}.length`;
    const inArray = `${bounds}&&(${value}=${array}[${minusOne(index)}])!==undefined`;
    if (cells === null) return `(${number}${inArray}?${value}:${other})`;
    const inCells = `${cells}!==undefined&&(${value}=${cells}[${index}])!==undefined`;
    const access = `(${value}=${base}.getAt(${index}),${cells}=${base}.cells,${value})`;
    const found = `${array}!==undefined&&${inArray}||${inCells}`;
    return `(${number === '' ? found : `${number}(${found})`}?${value}:${this.#hasAccess(base, index, 'getAt')}?${access}:${other})`;
  }

  // Whether a cdata reads or writes its elements itself; in twins not where a metamethod would, as that may yield.
  #hasAccess(object: string, key: string, method: string): string {
    return this.isTwin ? `typeof ${key}==='number'&&${object}?.hasElements===true` : `${object}?.${method}!==undefined`;
  }

  // ---- writing

  /** Evaluates what an assignment needs before its value; `isAlone`: no other target may change the local variables in it. */
  protected place(target: Target, before: string[], isAlone: boolean): Place {
    if (target.kind === 'local') return { kind: 'local', name: this.read(target.variable) };
    if (target.kind === 'global') {
      return { kind: 'field', object: this.environment(), key: target.name, isTable: true, name: "''" };
    }
    const atom = (node: Expression): string => (isAlone ? this.atom(node, before) : this.copied(node, before));
    const array = this.loopArray(target.object, target.key);
    // Nothing in the loop changes what it has the array of.
    const object =
      isAlone || array !== null || isLiteral(target.object) ? this.object(target.object, before) : this.copied(target.object, before);
    const isTable = this.typeOf(target.object) === 'table';
    const name = this.nameOf(target.object);
    if (target.key.kind === 'string') return { kind: 'field', object, key: target.key.value, isTable, name };
    const isAppended = isBehindLast(target.key);
    const held = isAppended ? null : array;
    return { kind: 'element', object, key: atom(target.key), isNumber: this.isNumber(target.key), isTable, name, array: held, isAppended };
  }

  /** The value that a place has. */
  protected placeValue(place: Place): string {
    if (place.kind === 'local') return place.name;
    if (place.kind === 'field') return this.field(place.object, place.key, place.isTable, place.name);
    if (place.array !== null) return this.#loopElement(place.array, place.object, place.key, place.isNumber, place.name);
    return this.element(place.object, place.key, place.isNumber, place.isTable, place.name);
  }

  /** A statement that stores `value`, an atom. */
  protected store(place: Place, value: string, isNeverNil: boolean): string {
    switch (place.kind) {
      case 'local':
        return `${place.name}=${value};`;
      case 'field':
        return this.#storeField(place.object, place.key, value, place.isTable, place.name);
      case 'element':
        return place.array === null
          ? this.#storeElement(place, value, isNeverNil)
          : this.#storeLoopElement(place.array, place, value, isNeverNil);
    }
  }

  // A field that is there already is overwritten; a new one is added where nothing else may be asked. One that is nil stays as a property.
  #storeField(object: string, key: string, value: string, isTable: boolean, name: string): string {
    const property = this.constants.property(key);
    const there = isTable ? '' : `${object}!==undefined&&`;
    // Only tables have a hash part, or null in its place.
    const fresh = `${object}.hash===null&&(${object}.mt===null||${object}.mt.$__newindex===undefined)`;
    return `if(${there}(${object}${property}!==undefined||${fresh}))${object}${property}=${value};else ${this.slow('setField', object, JSON.stringify(key), value, name)};`;
  }

  #storeElement(place: Place & { kind: 'element' }, value: string, isNeverNil: boolean): string {
    const { object, key, isNumber, isTable, name } = place;
    const array = this.temporary();
    const nil = isNeverNil ? '' : `${value}!==undefined&&`;
    if (place.isAppended) {
      const there = isTable ? '' : `${object}!==undefined&&`;
      const isList = `${nil}${there}(${array}=${object}.arr)!==undefined&&${object}.hash===null`;
      const isPlain = `(${object}.mt===null||${object}.mt.$__newindex===undefined)`;
      const slow = this.slow('setIndex', object, key, value, name);
      return `if(${isList}&&${isPlain}&&${key}===${array}.length+1&&(${array}.length&${APPEND_MASK})>1)${array}.push(${value});else ${slow};`;
    }
    const number = isNumber ? '' : `typeof ${key}==='number'&&`;
    const isInside = `${key}>0&&${key}<=${array}.length&&(${object}.mt===null||${array}[${minusOne(key)}]!==undefined)`;
    const inArray = `${nil}${isInside}&&(${key}|0)===${key}`;
    const slow = this.slow('setIndex', object, key, value, name);
    if (isTable) return `if(${number}(${array}=${object}.arr)!==undefined&&${inArray})${array}[${minusOne(key)}]=${value};else ${slow};`;
    const done = this.newLabel('S');
    const isCell = `${object}.hasWritableCells&&${key}>=0&&${key}<${array}.length&&(${key}|0)===${key}&&${fitsCell(value)}`;
    const table = `if((${array}=${object}.arr)!==undefined){if(${inArray}){${array}[${minusOne(key)}]=${value};break ${done}}}`;
    const cells = `else if((${array}=${object}.cells)!==undefined&&${isCell}){${array}[${key}]=${value};break ${done}}`;
    const access = `if(${this.#hasAccess(object, key, 'setAt')})${object}.setAt(${key},${value});else ${slow};`;
    return `${done}:{if(${number}${object}!==undefined){${table}${cells}}${access}}`;
  }

  // The same to an array that a loop has.
  #storeLoopElement(held: LoopArray, place: Place & { kind: 'element' }, value: string, isNeverNil: boolean): string {
    const { object, key, isNumber, name } = place;
    const { array, cells } = held;
    const nil = isNeverNil ? '' : `${value}!==undefined&&`;
    const number = isNumber ? '' : `typeof ${key}==='number'&&`;
    const isInteger = `(${key}|0)===${key}`;
    const isInside = `${number}${key}>0&&${key}<=${array}.length&&${isInteger}`;
    const there = cells === null ? '' : `${array}!==undefined&&`;
    const table = `if(${there}${isInside}&&${nil}(${array}[${minusOne(key)}]!==undefined||${object}.mt===null))${array}[${minusOne(key)}]=${value};`;
    const slow = this.slow('setIndex', object, key, value, name);
    if (cells === null) return `${table}else{${slow};${this.arrayAgain(object, held)};}`;
    const isCell = `${cells}!==undefined&&${number}${key}>=0&&${key}<${cells}.length&&${object}.hasWritableCells&&${isInteger}&&${fitsCell(value)}`;
    const access = `if(${this.#hasAccess(object, key, 'setAt')})${object}.setAt(${key},${value});else ${slow};`;
    return `${table}else if(${isCell})${cells}[${key}]=${value};else{${access}${this.arrayAgain(object, held)};}`;
  }

  /** Whether an expression is never nil. */
  protected isNeverNil(node: Expression): boolean {
    return this.typeOf(node) !== 'any' || (node.kind === 'binary' && node.operator === '..') || isNumberLiteral(node);
  }
}

// Whether a value may be stored in cells as it is.
function fitsCell(value: string): string {
  return `${isNumberText(value) ? '' : `typeof ${value}==='number'&&`}${value}<${CELL_LIMIT}&&${value}>-${CELL_LIMIT}`;
}

function isBehindLast(key: Expression): boolean {
  const isSum = key.kind === 'binary' && key.operator === '+' && key.left.kind === 'unary' && key.left.operator === '#';
  return isSum && key.right.kind === 'number' && key.right.value.kind === 'double' && key.right.value.value === 1;
}

const NUMBER = compiled(/^\d+$/);

function isNumberText(value: string): boolean {
  return NUMBER.test(value);
}

const POSITIVE = compiled(/^[1-9]\d*$/);

function isPositiveLiteral(index: string): boolean {
  return POSITIVE.test(index);
}

function minusOne(index: string): string {
  return isPositiveLiteral(index) ? `${Number(index) - 1}` : `${index}-1`;
}
