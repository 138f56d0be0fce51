/**
 * What a call is of, by the text that makes it: messages about arguments name a function as its caller does, and count the arguments of methods
 * from behind the object. Nothing is noted while calls are made; generated scripts keep their text, which V8 keeps anyway, and an
 * error looks where it came from.
 * @module
 */
import type { CallSite, Frame } from './frames.ts';

/** The text of a script; whoever has it is the script's code. */
export interface Script {
  readonly id: number;
  text: string;
}

// By their numbers. A script is not kept by being here.
const SCRIPTS: Map<number, WeakRef<Script>> = new Map();
const ENDED = new FinalizationRegistry<number>((id) => SCRIPTS.delete(id));
let lastId = 0;

/** A script with a number of its own, whose text is still to come. */
export function newScript(): Script {
  const script: Script = { id: ++lastId, text: '' };
  SCRIPTS.set(script.id, new WeakRef(script));
  ENDED.register(script, script.id);
  return script;
}

/** The text of a script; null for one that is gone. */
export function textOf(script: number): string | null {
  return SCRIPTS.get(script)?.deref()?.text ?? null;
}

// V8 says that a call is where its arguments begin, if a name does not stand in front of them:
//     (typeof x==='function'?x:callable(x,"method 'name'"))(...)
// In twins there is a name: `(g=(f=<the same>).g)===null?f(...):...?...looked():f):yield* (g===undefined?twinOf(f):g)(...)`. See `emit-expressions.ts`.
const CALLEE = /callable\(([\w$]+)(?:,"(\w+) '([^'"\\]*)'")?\)\)$/;
/** Of what `NAMED` is to find. */
const LONGEST = 24;
const NAMED = /^(?:(t\d+)\(|looked\(\):(t\d+)\))/;
const TWIN_CALLEE = /twinOf\((\w+)\):\w+\)$/;

/** The call that a frame is in; null where its text does not name what it calls. */
export function callSiteOf({ at, site }: Frame): CallSite | null {
  if (site !== undefined) return site;
  const text = at === undefined ? undefined : SCRIPTS.get(at.script)?.deref()?.text;
  if (at === undefined || text === undefined) return null;
  let start = 0;
  for (let row = 1; row < at.row; row++) start = text.indexOf('\n', start) + 1;
  const place = start + at.column - 1;
  const [, called, waiting] = NAMED.exec(text.slice(place, place + LONGEST)) ?? [];
  const own = called ?? waiting ?? TWIN_CALLEE.exec(text.slice(start, place))?.[1];
  const end = own === undefined ? place : text.indexOf(').g)===null?', text.lastIndexOf(`(${own}=(typeof `, place));
  const [, callee, kind = '', name = '?'] = CALLEE.exec(text.slice(start, end)) ?? [];
  return callee === undefined ? null : { name, kind };
}
