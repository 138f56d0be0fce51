/**
 * The values that C types have in Lua.
 * @module
 */
import type { CType } from '../ctype/index.ts';
import type { Place, Region } from '../memory/index.ts';
import type { Raw } from '../view/index.ts';

/**
 * A cdata. What `region` and `offset` mean depends on the type:
 *
 *     struct, union, array, complex    where the value's bytes are
 *     reference                        where the value referred to is
 *     pointer, function                the place pointed to, the function's own
 *     everything else                  nothing; `value` is the value
 */
export class CData implements Place {
  readonly type: CType;
  readonly region: Region;
  readonly offset: number;
  /** A boxed scalar; for a function in JavaScript the name it was declared with. */
  readonly value: Raw | string | null;
  /** The engine's own object for this cdata, so that one cdata is one Lua value. */
  handle: unknown = null;
  /**
   * What no other value of Lua has. Generated text of one call asks for it, as V8 then looks at the value's hidden class alone; `instanceof` goes through
   * the prototypes each time, 4 ns for each. In code that all types share it is the other way round.
   */
  declare readonly isCData: true;

  constructor(type: CType, region: Region, offset: number, value: Raw | string | null) {
    this.type = type;
    this.region = region;
    this.offset = offset;
    this.value = value;
  }

  /** The type of the value, references followed. */
  get valueType(): CType {
    return this.type.kind === 'reference' ? this.type.target : this.type;
  }
}

Object.defineProperty(CData.prototype, 'isCData', { value: true });

/** What makes cdata: an engine may have a class of its own for each type. */
export type CDataClass = new (type: CType, region: Region, offset: number, value: Raw | string | null) => CData;

/** A ctype object, as `ffi.typeof` returns it. */
export class CTypeObject {
  readonly type: CType;
  handle: unknown = null;

  constructor(type: CType) {
    this.type = type;
  }
}
