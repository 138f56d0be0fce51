/**
 * The repair of fengari's strings.
 *
 * fengari 0.1.5 makes a string's table key by joining its bytes in hex without padding: the bytes `01 23` and
 * `12 03` get the same key, are one entry in every table, and are merged to one constant by the compiler. Hardware
 * addresses and other binary keys collide in practice. Here `hash` becomes an accessor whose key tells all strings
 * apart: the string itself as latin1 text. Reserved words keep their old key, under which the lexer knows them.
 * @module
 */
import { loadFengari } from './load.ts';
import { type LuaString, TString } from './vm.ts';

export interface RepairedString extends LuaString {
  /** The bytes as latin1 text, once they have been asked for. */
  latin1?: string;
  key?: string;
  /** As the name of a field: the type it was last looked up in, and what reaches the field. */
  fieldType?: unknown;
  field?: unknown;
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
const SHORT = 64;
const CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

// Eight characters at a time: `apply` needs 1.5 times as long for hardware addresses and the like.
function latin1OfShort(b: Uint8Array): string {
  const code = b as unknown as { readonly [index: number]: number };
  let text = '';
  let i = 0;
  for (; i + 8 <= b.length; i += 8) {
    text += String.fromCharCode(
      code[i] as number,
      code[i + 1] as number,
      code[i + 2] as number,
      code[i + 3] as number,
      code[i + 4] as number,
      code[i + 5] as number,
      code[i + 6] as number,
      code[i + 7] as number,
    );
  }
  for (; i < b.length; i++) text += CHARACTERS[code[i] as number] as string;
  return text;
}

/** Bytes as text, a character per byte. */
export function latin1Of(bytes: Uint8Array): string {
  if (bytes.length <= SHORT) return latin1OfShort(bytes);
  if (bytes.length <= CHUNK) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + CHUNK) as unknown as number[]);
  }
  return text;
}

/** The other way. */
export function bytesOfLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
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
  loadFengari();
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
