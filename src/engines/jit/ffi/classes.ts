/**
 * A class of cdata for each C type, so that V8 knows by a cdata's hidden class what its fields are.
 *
 * Compiled text asks `object?.$name` first, which finds fields of tables. On these classes `$name` is an accessor: of a field of the
 * struct, or of a method in the metatype's `__index`. It is added when compiled text first asks the ffi for that name; the ffi's own
 * reader and writer of the field do the work. A `$name` that is missing, or undefined, means that the ffi is to be asked, which is always right.
 * Elements are reached through `getAt` and `setAt` in the same way, and where these are asked often enough, in `cells`: a typed array, which
 * compiled text reads and writes itself.
 *
 * All accessors are closures of the same code. V8 still compiles each for itself when it inlines it, as it takes what a closure holds for
 * constant once it knows the closure; `region` and `offset` are found by names for that reason (see `Stored` of `../../../view/accessor.ts`).
 * @module
 */
import type { CType } from '../../../ctype/index.ts';
import {
  CData,
  type CDataClass,
  type Cells,
  type CTypeObject,
  type ElementAccess,
  type Ffi,
  type FieldAccess,
} from '../../../ffi/index.ts';
import { integerText } from '../../../view/index.ts';
import { compiled } from '../runtime/compiled.ts';
import type { PropertyNames } from '../runtime/names.ts';
import type { LuaTable } from '../runtime/table.ts';

/** What is asked where there is no quick way. */
export interface SlowAccess {
  index(object: CData | CTypeObject, key: unknown): unknown;
  setIndex(object: CData | CTypeObject, key: unknown, value: unknown): void;
}

/** Cdata of the jit engine. */
export interface JitCData extends CData {
  /** `object[key]` for any key; like all that follows once it is known that the type has elements. */
  getAt?(key: unknown): unknown;
  /** `object[key] = value` */
  setAt?(key: unknown, value: unknown): void;
  /** Numbers are elements of it, by no metamethod: `true`. */
  readonly hasElements?: boolean;
  /** Elements from 0 on, once many have been used; a number that is not in it may still be an element. */
  cells?: Cells | undefined;
  /** Whether numbers may be stored in `cells`, those below `CELL_LIMIT`. */
  readonly hasWritableCells?: boolean;
}

/**
 * After so many accesses to cdata of a type, the one that comes next gets `cells`, which take some 200 ns to make. So those that live
 * longest are likely to have them. A prime, as programs go through several arrays in turn.
 */
const CELLS_AFTER = 61;

export class CDataClasses {
  readonly #names: PropertyNames;
  readonly #slow: SlowAccess;
  readonly #learned: Map<CType, Set<string>> = new Map();
  #count = 0;
  /** Set once there is one. */
  ffi: Ffi<unknown> | null = null;

  constructor(names: PropertyNames, slow: SlowAccess) {
    this.#names = names;
    this.#slow = slow;
  }

  /** The class of a type's cdata. */
  classOf(type: CType): CDataClass {
    const { kind } = stripped(type);
    return makeClass(this.#count++, kind === 'pointer' || kind === 'array');
  }

  /** Gives the class of `object` the way to its elements, if it has any; those of a type without a size may come later. */
  learnElements(object: CData): void {
    const { type } = object;
    if (object.constructor === CData || (object as JitCData).hasElements === true) return;
    const elements = type.kind === 'reference' && type.target.kind === 'pointer' ? null : this.#ffi.access.elementsOf(stripped(type));
    if (elements?.isKnown === true) addElements(object.constructor.prototype as JitCData, elements, this.#slow);
  }

  get #ffi(): Ffi<unknown> {
    return this.ffi as Ffi<unknown>;
  }

  /** Gives the class of `object` the accessor of `key`, if there is to be one: compiled text names the key, and the type has it. */
  learn(object: CData, key: string): void {
    const { type } = object;
    let learned = this.#learned.get(type);
    if (learned === undefined) {
      learned = new Set();
      this.#learned.set(type, learned);
    }
    if (learned.has(key)) return;
    const property = this.#names.find(key);
    const isIndirect = type.kind === 'reference' && type.target.kind === 'pointer';
    if (property === undefined || isIndirect || object.constructor === CData) return;
    const { access } = this.#ffi;
    const field = access.fieldOf(stripped(type), key);
    const prototype = object.constructor.prototype as object;
    if (field !== null) {
      // Assignments in compiled text read first.
      if (field.isReadable) addField(prototype, property, field);
    } else {
      const metatable = this.#ffi.metatableOf(type) as LuaTable | null;
      if (metatable === null) return;
      addMethod(prototype, property, metatable, (self, value) => this.#slow.setIndex(self, key, value));
    }
    learned.add(key);
  }
}

function stripped(type: CType): CType {
  return type.kind === 'reference' ? type.target : type;
}

function addField(prototype: object, property: string, field: FieldAccess<unknown>): void {
  const { read, write, integer } = field;
  const accessors = integer === undefined ? null : compiled<MakeAccessors>(integerAccessors(integer));
  if (accessors !== null) {
    Object.defineProperty(prototype, property, accessors(read, write));
    return;
  }
  Object.defineProperty(prototype, property, {
    get(this: CData) {
      return read(this.region, this.offset);
    },
    set(this: CData, value: unknown) {
      write(this.region, this.offset, value);
    },
  });
}

type MakeAccessors = (read: FieldAccess<unknown>['read'], write: FieldAccess<unknown>['write']) => PropertyDescriptor;

// One short function for each, as V8 puts only so much code into a caller. What is out of bounds, or no integer, is left to the ffi.
function integerAccessors({ offset, type }: NonNullable<FieldAccess<unknown>['integer']>): string {
  const { read, write } = integerText(type, 'b', 'o', 'v');
  const place = `const{region}=this,{bytes:b}=region,o=this.offset${offset === 0 ? '' : `+${offset}`};`;
  const isInside = `o>=0&&o+${type.size}<=b.length`;
  return `'use strict';return(read,write)=>({
get(){${place}return ${isInside}?${read}:read(region,this.offset);},
set(v){${place}if(${isInside}&&typeof v==='number'&&(v|0)===v){${write}}else write(region,this.offset,v);}
});`;
}

function addElements(prototype: JitCData, { read, write, cells, isWritable }: ElementAccess<unknown>, slow: SlowAccess): void {
  Object.defineProperty(prototype, 'hasElements', { value: true });
  Object.defineProperty(prototype, 'hasWritableCells', { value: isWritable });
  // No number of accesses is enough where there are no cells.
  let left = cells === null ? Number.POSITIVE_INFINITY : CELLS_AFTER;
  const addCells = (object: JitCData): void => {
    left = CELLS_AFTER;
    object.cells ??= cells?.(object) ?? undefined;
  };
  prototype.getAt = function (this: JitCData, key: unknown): unknown {
    if (typeof key !== 'number') return slow.index(this, key);
    if (--left === 0) addCells(this);
    return read(this.region, this.offset, key);
  };
  prototype.setAt = function (this: JitCData, key: unknown, value: unknown): void {
    if (typeof key === 'number') {
      if (--left === 0) addCells(this);
      write(this.region, this.offset, key, value);
    } else slow.setIndex(this, key, value);
  };
}

/**
 * A class from text of its own: V8 keeps what it learns about code by its text, and a constructor that all classes shared would make
 * objects of hundreds of hidden classes, each field of which takes a look-up in the runtime then (4 us for one object).
 */
function makeClass(id: number, mayHaveElements: boolean): CDataClass {
  const fields = `this.type=type;this.region=region;this.offset=offset;this.value=value;this.handle=null${mayHaveElements ? ';this.cells=undefined' : ''}`;
  const Class = compiled<CDataClass>(`return function CData${id}(type,region,offset,value){${fields}}`);
  if (Class === null) return class extends CData {};
  // Right behind CData, as `instanceof` goes through the prototypes one by one. Properties are added, never redefined: V8 would make it a dictionary.
  Class.prototype = Object.create(CData.prototype, { constructor: { value: Class } });
  return Class;
}

type SetMethod = (self: CData, value: unknown) => void;
type MakeGetter = (metatable: LuaTable) => () => unknown;

/**
 * Text of its own for each name, as V8 looks up a property quickest where the text names it.
 * Whatever `__index` is, and whether or not the table has the name as a property: what is not found here is looked up by the ffi.
 */
function makeGetter(property: string): MakeGetter {
  const text = `return metatable=>function(){return metatable.$__index?.[${JSON.stringify(property)}]}`;
  return (
    compiled<MakeGetter>(text) ??
    ((metatable) => () => (metatable as unknown as { $__index?: Record<string, unknown> }).$__index?.[property])
  );
}

function addMethod(prototype: object, property: string, metatable: LuaTable, set: SetMethod): void {
  Object.defineProperty(prototype, property, {
    get: makeGetter(property)(metatable),
    set(this: CData, value: unknown) {
      set(this, value);
    },
  });
}
