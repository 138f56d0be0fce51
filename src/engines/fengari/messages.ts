/**
 * Messages of the compiler and the VM in LuaJIT's words, which scripts look for: `attempt to index local 'x' (a nil value)` where
 * Lua 5.3 says `attempt to index a nil value (local 'x')`.
 * @module
 */
import { lobject } from './internals.ts';
import { bytesOfLatin1, latin1Of } from './strings.ts';
import type { LuaState } from './vm.ts';

type Arguments = readonly (string | number)[];
type Wording = (args: Arguments) => string;

// What fengari formats its messages with, and LuaJIT's message of the same arguments.
const MESSAGES: ReadonlyMap<string, Wording> = new Map<string, Wording>([
  ['attempt to %s a %s value%s', ([operation, type, name]) => `attempt to ${operation} ${operand(type, name)}`],
  ['cannot %s %s: %s', ([work, file, reason]) => `cannot ${work} ${file}: ${systemReason(reason)}`],
  ['%s near %s', ([message, token]) => `${message} near ${quoted(token)}`],
  ['%s expected', ([token]) => `${quoted(token)} expected`],
  ['<%s> at line %d not inside a loop', () => 'no loop to break'],
  ["no visible label '%s' for <goto> at line %d", ([label]) => `undefined label '${label}'`],
  ["label '%s' already defined on line %d", ([label]) => `duplicate label '${label}'`],
  [
    "<goto %s> at line %d jumps into the scope of local '%s'",
    ([label, , name]) => `<goto ${label}> jumps into the scope of local '${name}'`,
  ],
]);

const NAME = /^ \((\w+) '(.*)'\)$/s;

// Constants have no names to LuaJIT, nor have fields whose key is none.
function operand(type: string | number | undefined, name: string | number | undefined): string {
  const [, kind, own] = NAME.exec(String(name)) ?? [];
  return kind === undefined || kind === 'constant' || own === '?' ? `a ${type} value` : `${kind} '${own}' (a ${type} value)`;
}

// Node's `ENOENT: no such file or directory, open 'x'`
function systemReason(reason: string | number | undefined): string {
  const [, text] = /^E[A-Z0-9]+: ([^,]+)/.exec(String(reason)) ?? [];
  return text === undefined ? String(reason) : text.charAt(0).toUpperCase() + text.slice(1);
}

// `<eof>` and `<name>` are bare in Lua 5.3.
function quoted(token: string | number | undefined): string {
  return String(token).replace(/^<\w+>/, "'$&'");
}

const STATES: WeakSet<object> = new WeakSet();
let isInstalled = false;

/** Makes a state's messages LuaJIT's. fengari is changed process-wide, once; other states see no difference. */
export function installMessages(L: LuaState): void {
  STATES.add(L.l_G);
  if (isInstalled) return;
  isInstalled = true;
  const { luaO_pushvfstring, luaO_pushfstring } = lobject;
  const text = bytesOfLatin1('%s');
  const message = (S: LuaState, format: Uint8Array, args: readonly unknown[]): Uint8Array | null => {
    const worded = format.length > 2 && STATES.has(S.l_G) ? MESSAGES.get(latin1Of(format)) : undefined;
    if (worded === undefined) return null;
    const texts = args.map((arg) => (arg instanceof Uint8Array ? latin1Of(arg) : (arg as number)));
    return luaO_pushvfstring(S, text, [bytesOfLatin1(worded(texts))]);
  };
  lobject.luaO_pushvfstring = (S, format, args) => message(S, format, args) ?? luaO_pushvfstring(S, format, args);
  lobject.luaO_pushfstring = (S, format, ...args) => message(S, format, args) ?? luaO_pushfstring(S, format, ...args);
}
