/**
 * Methods of the host's userdata classes as Lua functions.
 * @module
 */
import { LuaBytes, type Methods, Userdata } from '../engine.ts';
import type { Crossing } from './crossing.ts';
import type { RecentStrings } from './ffi/recent.ts';
import { compiled } from './runtime/compiled.ts';
import { badArgument, foreignFault } from './runtime/errors.ts';
import { builtIn, type LuaFunction, NONE } from './runtime/functions.ts';
import type { LuaState } from './runtime/state.ts';
import type { LuaTable } from './runtime/table.ts';
import { LuaUserdata, typeOf } from './runtime/values.ts';

/** A class of userdata. */
export interface OwnClass {
  readonly engine: object;
  readonly name: string;
  readonly metatable: LuaTable;
}

type Method = Methods<object>[string];
type From = (object: unknown) => object | null;

// What the text of a method reads.
interface Parts {
  readonly fn: Method;
  readonly owner: object;
  readonly from: From | undefined;
  /** Finds the object, or raises. */
  readonly self: (value: unknown) => object;
  /** The method for any number of arguments. */
  readonly general: LuaFunction;
  readonly given: (value: unknown) => unknown;
  readonly answer: (value: unknown) => unknown;
  readonly failed: (error: unknown) => unknown;
  readonly strings: RecentStrings;
  readonly LuaBytes: typeof LuaBytes;
  readonly LuaUserdata: typeof LuaUserdata;
  readonly Userdata: typeof Userdata;
  readonly NONE: typeof NONE;
}

export class MethodMaker {
  readonly #state: LuaState;
  readonly #crossing: Crossing;
  #count = 0;

  constructor(state: LuaState, crossing: Crossing) {
    this.#state = state;
    this.#crossing = crossing;
  }

  /** `fn` as the method `name`; `from` makes its object of what the host passed bare. */
  make(owner: OwnClass, name: string, fn: Method, from?: From): LuaFunction {
    const crossing = this.#crossing;
    const failed = (error: unknown): unknown => foreignFault(error, this.#state);
    const self = (value: unknown): object => {
      const object = objectOf(value, owner, from);
      if (object !== null) return object;
      const got = value === undefined ? 'no value' : typeOf(value);
      throw badArgument(1, name, `${owner.name} expected, got ${got}`);
    };
    const general = (value: unknown, ...args: unknown[]): unknown => {
      const object = self(value);
      try {
        for (let i = 0; i < args.length; i++) args[i] = crossing.toJavaScript(args[i]);
        return crossing.answer(fn(object, ...args));
      } catch (error) {
        throw failed(error);
      }
    };
    const { recentStrings: strings } = this.#state;
    const given = (value: unknown): unknown => crossing.toJavaScript(value);
    const answer = (value: unknown): unknown => crossing.answer(value);
    const make = compiled<(parts: Parts) => LuaFunction>(methodText(this.#count++, from !== undefined));
    return builtIn(
      name,
      make?.({ fn, owner, from, self, general, given, answer, failed, strings, LuaBytes, LuaUserdata, Userdata, NONE }) ?? general,
    );
  }
}

/**
 * A method for one or two arguments, its own and numbers done in line. Text of its own for each: V8 keeps what it learns about code by its text, and code
 * that all methods shared would call them without knowing which.
 */
function methodText(id: number, hasFrom: boolean): string {
  const wrapped = 'w instanceof Userdata&&w.owner===owner?w.object';
  const bare = hasFrom ? 'u instanceof Uint8Array&&(w=from(u))!==null?w' : 'false?w';
  return `'use strict';return({fn,owner,from,self,general,given,answer,strings,failed,LuaBytes,LuaUserdata,Userdata,NONE})=>function method${id}(...args){
const{length}=args;
if(length!==1&&length!==2)return general(...args);
const u=args[0];let w;
const object=u instanceof LuaUserdata?((w=u.object),${wrapped}:self(u)):${bare}:self(u);
try{
const v=length===1?fn(object):fn(object,typeof args[1]==='number'?args[1]:given(args[1]));
return typeof v==='number'?v:v===undefined?NONE:v instanceof LuaBytes?strings.of(v.bytes,v.start,v.end):answer(v);
}catch(error){throw failed(error);}
}`;
}

// The object a method is called on: a wrapped one of the class, or what `from` makes of a bare one.
function objectOf(value: unknown, owner: object, from?: From): object | null {
  if (value instanceof LuaUserdata) {
    const { object } = value;
    if (object instanceof Userdata) return object.owner === owner ? object.object : null;
    return from === undefined ? null : from(object);
  }
  return value instanceof Uint8Array && from !== undefined ? from(value) : null;
}
