/**
 * Numbers as LuaJIT has them: of one kind, which are doubles. fengari's integers have 32 bits and wrap; here what is written in
 * a script, and what functions give it, are floats, which are shown without `.0`: `4294967295` and `inf` where fengari says
 * `4294967295.0` and `Infinity`. Functions that take integers take floats and cut off what is behind the point.
 * @module
 */
import { formatNumber, numberOfString } from '../../lua/index.ts';
import { lobject, lvm } from './internals.ts';
import { installRunning, running } from './running.ts';
import { latin1Of } from './strings.ts';
import { lua, luaS_bless, type LuaState, TAG, toLuaString } from './vm.ts';

const STATES: WeakSet<object> = new WeakSet();
let isInstalled = false;

function isForRunning(): boolean {
  return running !== null && STATES.has(running.l_G);
}

/** Makes a state's numbers LuaJIT's. fengari is changed process-wide, once; other states see no difference. */
export function installNumerals(L: LuaState): void {
  STATES.add(L.l_G);
  if (isInstalled) return;
  isInstalled = true;
  installRunning();
  readFloats();
  writeFloats();
}

function readFloats(): void {
  const { luaO_str2num } = lobject;
  // For the compiler, and where arithmetic meets a string.
  lobject.luaO_str2num = (text, to) => {
    if (!isForRunning()) return luaO_str2num(text, to);
    const number = isDigits(text) ? numberOfDigits(text) : numberOfString(latin1Of(text));
    if (number === null) return 0;
    to.setfltvalue(number);
    return text.length + 1;
  };
  const { tointeger } = lvm;
  // What does not fit 32 bits is what a processor makes of it.
  lvm.tointeger = (value) => {
    if (value.type !== TAG.float || !isForRunning()) return tointeger(value);
    const whole = Math.trunc(value.value as number);
    return (whole | 0) === whole ? whole | 0 : -(2 ** 31);
  };
}

// As most numbers are written.
function isDigits(text: Uint8Array): boolean {
  for (const byte of text) if (byte < 0x30 || byte > 0x39) return false;
  return text.length > 0 && text.length < 10;
}

function numberOfDigits(text: Uint8Array): number {
  let number = 0;
  for (const byte of text) number = number * 10 + byte - 0x30;
  return number;
}

function writeFloats(): void {
  const { luaO_tostring, luaO_pushvfstring } = lobject;
  // For concatenation and where text is asked for.
  lobject.luaO_tostring = (S, value) => {
    if (value.type !== TAG.float || !STATES.has(S.l_G)) {
      luaO_tostring(S, value);
      return;
    }
    // Not through the stack, whose top is where the VM concatenates.
    value.setsvalue(luaS_bless(S, Uint8Array.from(toLuaString(formatNumber(value.value as number)))));
  };
  // For `tostring`, which formats floats with just this.
  lobject.luaO_pushvfstring = (S, format, args) => {
    const isFloat = format.length === 2 && format[0] === 0x25 && format[1] === 0x66;
    if (isFloat && STATES.has(S.l_G)) return lua.lua_pushstring(S, toLuaString(formatNumber(args[0] as number)));
    return luaO_pushvfstring(S, format, args);
  };
}
