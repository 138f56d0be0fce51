/**
 * Makes accessors and view classes, once per ctype.
 * @module
 */
import {
  type ArrayType,
  type ComplexType,
  type CType,
  type CTypes,
  type PointerType,
  printType,
  type RecordDefinition,
  type RecordType,
} from '../ctype/index.ts';
import type { Memory, Place } from '../memory/index.ts';
import {
  type Accessor,
  bytesOf,
  BYTES,
  describe,
  isView,
  nameOf,
  OFFSET,
  type Overflow,
  type RecordConstructor,
  TYPE,
  type ViewFactory,
  type Where,
} from './accessor.ts';
import { arrayAccessor } from './array.ts';
import { Compiler } from './compile.ts';
import { conversionFor } from './convert.ts';
import { type CursorConstructor, makeCursorClass } from './cursor.ts';
import { Pointer } from './pointer.ts';
import { makeRecordClass, recordAccessor, RecordView } from './record.ts';
import { type Scalar, scalarOf } from './scalar.ts';

/** How values are written, and by what code. */
export interface ViewOptions {
  /** What becomes of integers that do not fit; `'wrap'` by default. */
  readonly overflow?: Overflow;
  /** Whether code may be made at run time, where that is allowed; `true` by default. */
  readonly eval?: boolean;
}

/** The accessors and classes of one table of types over one memory. */
export class Views implements ViewFactory {
  readonly types: CTypes;
  readonly memory: Memory;
  readonly overflow: Overflow;
  readonly compiler: Compiler;
  readonly #accessors: Map<CType, Accessor> = new Map();
  readonly #classes: Map<CType, RecordConstructor> = new Map();
  readonly #cursors: Map<CType, CursorConstructor> = new Map();
  readonly #singleCursors: Map<CType, CursorConstructor> = new Map();
  readonly #methods: Map<RecordDefinition, RecordConstructor> = new Map();

  constructor(types: CTypes, memory: Memory, { overflow = 'wrap', eval: isCodeMade = true }: ViewOptions = {}) {
    this.types = types;
    this.memory = memory;
    this.overflow = overflow;
    this.compiler = new Compiler(isCodeMade);
  }

  /**
   * How values of `type` are read and written.
   * @throws {TypeError} for types without values: `void`, functions, incomplete structs, `long double`
   */
  accessorOf(type: CType): Accessor {
    let accessor = this.#accessors.get(type);
    if (accessor === undefined) {
      accessor = this.#make(type);
      this.#accessors.set(type, accessor);
    }
    return accessor;
  }

  #make(type: CType): Accessor {
    if (type.kind === 'pointer' || type.kind === 'reference') return pointerAccessor(type.target, this);
    if (type.kind === 'complex') return complexAccessor(type);
    if (type.kind === 'array') {
      if (type.size !== null) return arrayAccessor(type as ArrayType, this);
    } else if (type.kind === 'struct' || type.kind === 'union') {
      if (type.size !== null) return recordAccessor(type, this);
    } else {
      const scalar = scalarOf(type);
      if (scalar !== null) return scalarAccessor(scalar, type, this.overflow);
    }
    throw new TypeError(`'${printType(type)}' has no values that JavaScript could hold`);
  }

  /** @throws {TypeError} when the struct has no body yet */
  recordClass(type: RecordType): RecordConstructor {
    let View = this.#classes.get(type);
    if (View === undefined) {
      if (type.definition.layout === null) throw new TypeError(`${printType(type)} is incomplete`);
      View = makeRecordClass(type, this);
      this.#classes.set(type, View);
    }
    return View;
  }

  /** @throws {TypeError} when the struct has no size */
  cursorClass(type: RecordType, length: number): CursorConstructor {
    const classes = length === 1 ? this.#singleCursors : this.#cursors;
    let Cursor = classes.get(type);
    if (Cursor === undefined) {
      if (type.size === null) throw new TypeError(`the size of '${printType(type)}' is not known`);
      Cursor = makeCursorClass(type, this, length === 1);
      classes.set(type, Cursor);
    }
    return Cursor;
  }

  methodsClass({ definition }: RecordType): RecordConstructor {
    let Methods = this.#methods.get(definition);
    if (Methods === undefined) {
      Methods = class extends RecordView {
        declare readonly [TYPE]: RecordType;
      };
      this.#methods.set(definition, Methods);
    }
    return Methods;
  }

  /** `pointerTo` for one target, which is not looked up each time. */
  pointersTo(target: CType): (place: Place) => Pointer | null {
    const { memory } = this;
    let type: PointerType | null = null;
    return (place) => {
      if (place.region === memory.wild && place.offset === 0) return null;
      type ??= this.types.pointer(target);
      return new Pointer(type, place, this);
    };
  }

  pointerTo(target: CType, place: Place): Pointer | null {
    if (place.region === this.memory.wild && place.offset === 0) return null;
    return new Pointer(this.types.pointer(target), place, this);
  }

  /**
   * Where a JavaScript value points: nowhere for null, into a buffer, to a view's memory, where a pointer does.
   * @throws {TypeError} when it is none of these, or points to another type
   */
  placeOf(value: unknown, target: CType, where: Where): Place {
    if (value === null || value === undefined) return this.memory.null;
    if (value instanceof Pointer) {
      if (!mayPoint(value.type.target, target, this.types)) {
        throw new TypeError(`${nameOf(where)}: expected '${printType(this.types.pointer(target))}', got '${printType(value.type)}'`);
      }
      return { region: value.region, offset: value.offset };
    }
    if (isView(value)) {
      const type = value[TYPE];
      const pointed = type.kind === 'array' && target.kind !== 'array' ? type.element : type;
      if (!mayPoint(pointed, target, this.types)) {
        throw new TypeError(`${nameOf(where)}: expected '${printType(this.types.pointer(target))}', got '${printType(type)}'`);
      }
      return { region: this.memory.regionOf(value[BYTES]), offset: value[OFFSET] };
    }
    if (typeof value !== 'object') throw new TypeError(`${nameOf(where)}: expected a pointer, got ${describe(value)}`);
    return { region: this.memory.regionOf(bytesOf(value)), offset: 0 };
  }
}

// C11 6.5.16.1: compatible types, or one of them void.
function mayPoint(from: CType, to: CType, types: CTypes): boolean {
  if (from.kind === 'void' || to.kind === 'void') return true;
  const isByte = (type: CType): boolean => type.kind === 'integer' && type.size === 1;
  return types.unqualified(from) === types.unqualified(to) || (isByte(from) && isByte(to));
}

function scalarAccessor(scalar: Scalar, type: CType, overflow: Overflow): Accessor {
  const write = scalar.write as (bytes: Uint8Array, offset: number, value: unknown) => void;
  const { unchanged, convert } = conversionFor(scalar, type, null, overflow);
  return {
    get: scalar.read,
    set: (bytes, offset, value, where) => write(bytes, offset, typeof value === unchanged ? value : convert(value, where)),
  };
}

function pointerAccessor(target: CType, views: Views): Accessor {
  const scalar = scalarOf(views.types.pointer(target)) as Scalar & { kind: 'number' };
  const { memory } = views;
  return {
    get: (bytes, offset) => views.pointerTo(target, memory.placeAt(scalar.read(bytes, offset))),
    set: (bytes, offset, value, where) => {
      const place = views.placeOf(value, target, where);
      storePointer(memory, scalar, memory.regionOf(bytes), offset, place);
    },
  };
}

/** Writes a pointer into memory, which keeps what it points into alive if the memory is ours. */
export function storePointer(
  memory: Memory,
  scalar: Scalar & { kind: 'number' },
  region: { bytes: Uint8Array; hold(offset: number, target: Place['region']): void },
  offset: number,
  place: Place,
): void {
  scalar.write(region.bytes, offset, memory.addressOf(place));
  region.hold(offset, place.region);
}

/** A complex number's parts. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

function complexAccessor(type: ComplexType): Accessor {
  const scalar = scalarOf(type.part);
  if (scalar === null || scalar.kind !== 'number') throw new TypeError(`'${printType(type)}' has no values that JavaScript could hold`);
  const { size } = type.part;
  return {
    get: (bytes, offset): Complex => ({ re: scalar.read(bytes, offset), im: scalar.read(bytes, offset + size) }),
    set: (bytes, offset, value, where) => {
      const { re, im } = typeof value === 'number' ? { re: value, im: 0 } : ((value ?? {}) as Partial<Complex>);
      if (typeof re !== 'number' || typeof im !== 'number')
        throw new TypeError(`${nameOf(where)}: expected { re, im }, got ${describe(value)}`);
      scalar.write(bytes, offset, re);
      scalar.write(bytes, offset + size, im);
    },
  };
}
