/**
 * The repair of fengari's strings.
 *
 * fengari 0.1.5 makes a string's table key by joining its bytes in hex without padding: the bytes `01 23` and
 * `12 03` get the same key, are one entry in every table, and are merged to one constant by the compiler. Hardware
 * addresses and other binary keys collide in practice. Here `hash` becomes an accessor whose key tells all strings
 * apart: the string itself as latin1 text. Reserved words keep their old key, under which the lexer knows them.
 * @module
 */
import { type LuaString, TString } from './vm.ts';

interface RepairedString extends LuaString {
  /** The bytes as latin1 text, once they have been asked for. */
  latin1?: string;
  key?: string;
}

const RESERVED_WORDS = 'and break do else elseif end false for function goto if in local nil not or repeat return then true until while';

// fengari's own key, which cannot collide for letters: they all have two hex digits.
function originalKey(word: string): string {
  let key = '|';
  for (const letter of word) key += letter.charCodeAt(0).toString(16);
  return key;
}

const RESERVED_KEYS: ReadonlyMap<string, string> = new Map(RESERVED_WORDS.split(' ').map((word) => [word, originalKey(word)]));

const CHUNK = 4096;

/** Bytes as text, a character per byte. */
export function latin1Of(bytes: Uint8Array): string {
  if (bytes.length <= CHUNK) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + CHUNK) as unknown as number[]);
  }
  return text;
}

/** A Lua string as latin1 text; computed once per string. */
export function latin1OfString(string: LuaString): string {
  const repaired = string as RepairedString;
  repaired.latin1 ??= latin1Of(string.realstring);
  return repaired.latin1;
}

/**
 * Repairs the keys of strings in this process's fengari. Everything that opens a Lua state calls it first; calling
 * it again does nothing. Strings made before keep working: their keys are computed on use.
 */
export function repairStringHash(): void {
  const { prototype } = TString;
  if (Object.hasOwn(prototype, 'hash')) return;
  Object.defineProperty(prototype, 'hash', {
    get(this: RepairedString): string {
      if (this.key === undefined) {
        const text = latin1OfString(this);
        this.key = RESERVED_KEYS.get(text) ?? `'${text}`;
      }
      return this.key;
    },
    // The constructor sets null.
    set() {},
    configurable: true,
  });
}
