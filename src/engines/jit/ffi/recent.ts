/**
 * The strings that were last made from memory. Programs make the same ones again and again: names, keys, addresses. LuaJIT has one object
 * for all equal strings; here a short string that is still among the recent ones is the same object again, so that it is not made
 * anew, its hash is known, and tables find it without comparing characters.
 *
 * A table by hash, with two places for each: with one, a thousand strings among eight thousand places would lose an eighth of them to others, with
 * two it is one in thirty.
 * @module
 */
import { compiled } from '../runtime/compiled.ts';
import { stringOf } from './bytes.ts';

/** Of the number of pairs. */
const BITS = 12;
const SIZE: number = 2 ** (BITS + 1);
/** The longest strings that are kept. */
const LONGEST = 32;
const WORDS: number = LONGEST / 4;
/** One character has one string anyway, and few more are as quick to make. */
const SHORTEST = 4;

/**
 * Multilinear hashing: each word by an odd number of its own, which processors do side by side, and the sum, whose high bits go into the low ones, by
 * the first again, 2^32 by the golden ratio.
 */
const FACTORS: readonly number[] = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 0xd6e8feb9, 0xa2d9b3c5, 0x94d049bb].map(
  (factor) => factor | 0,
);

type Octets = { readonly [index: number]: number };

/** The string of the bytes from `start` on, as many as it is made for. */
type Find = (bytes: Uint8Array, start: number) => string;

export class RecentStrings {
  readonly #strings: string[] = new Array<string>(SIZE).fill('');
  /** The bytes of each, four by four, the last ones overlapping. */
  readonly #words: Int32Array = new Int32Array(SIZE * WORDS);
  /** Which of two places was given up last: 0 or 1. */
  readonly #turn: Int32Array = new Int32Array(1);
  /** By length. */
  readonly #finders: (Find | undefined)[] = new Array<Find | undefined>(LONGEST + 1).fill(undefined);

  /** The string of the bytes from `start` to `end`, which the caller has checked. */
  of(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST || length < SHORTEST) return stringOf(bytes, start, end);
    return (this.#finders[length] ?? this.#makeFinder(length))(bytes, start);
  }

  #makeFinder(length: number): Find {
    const make: Find = (bytes, start) => stringOf(bytes, start, start + length);
    const maker = compiled<MakeFind>(finderText(length));
    const find =
      maker === null
        ? interpretedFinder(length, this.#strings, this.#words, this.#turn)
        : maker(this.#strings, this.#words, this.#turn, make);
    this.#finders[length] = find;
    return find;
  }
}

// Where the words of a string of some length begin.
function wordOffsets(length: number): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < length - 4; at += 4) offsets.push(at);
  offsets.push(length - 4);
  return offsets;
}

type MakeFind = (strings: string[], words: Int32Array, turn: Int32Array, make: Find) => Find;

// Without loops, for one length: three times as quick.
function finderText(length: number): string {
  const offsets = wordOffsets(length);
  const load = (at: number): string => [0, 1, 2, 3].map((i) => `b[o+${at + i}]${i === 0 ? '' : `<<${8 * i}`}`).join('|');
  const isThere = ['s.length', ...offsets.map((_, i) => `w[p+${i}]`)].map((found, i) => `${found}===${i === 0 ? length : `w${i - 1}`}`);
  return [
    'return(strings,w,turn,make)=>function(b,o){',
    ...offsets.map((at, i) => `const w${i}=${load(at)};`),
    `const h=${length}+${offsets.map((_, i) => `Math.imul(w${i},${FACTORS[i]})`).join('+')}|0;`,
    `const i=Math.imul(h^h>>>15,${FACTORS[0]})>>>${32 - BITS}<<1;let p=i*${WORDS},s=strings[i];`,
    `if(${isThere.join('&&')})return s;`,
    `s=strings[i+1];p+=${WORDS};`,
    `if(${isThere.join('&&')})return s;`,
    `const j=i+(turn[0]^=1);p=j*${WORDS};`,
    ...offsets.map((_, i) => `w[p+${i}]=w${i};`),
    'return strings[j]=make(b,o);}',
  ].join('');
}

// The same where no text is compiled.
function interpretedFinder(length: number, strings: string[], words: Int32Array, turn: Int32Array): Find {
  const offsets = wordOffsets(length);
  const current = new Int32Array(offsets.length);
  const isAt = (place: number): boolean =>
    (strings[place] as string).length === length && current.every((word, i) => words[place * WORDS + i] === word);
  return (bytes, start) => {
    let hash = length;
    offsets.forEach((at, i) => {
      current[i] = wordAt(bytes, start + at);
      hash = (hash + Math.imul(current[i] as number, FACTORS[i] as number)) | 0;
    });
    const first = (Math.imul(hash ^ (hash >>> 15), FACTORS[0] as number) >>> (32 - BITS)) << 1;
    if (isAt(first)) return strings[first] as string;
    if (isAt(first + 1)) return strings[first + 1] as string;
    turn[0] = 1 - (turn[0] as number);
    const place = first + (turn[0] as number);
    words.set(current, place * WORDS);
    const text = stringOf(bytes, start, start + length);
    strings[place] = text;
    return text;
  };
}

function wordAt(b: Octets, o: number): number {
  return (b[o] as number) | ((b[o + 1] as number) << 8) | ((b[o + 2] as number) << 16) | ((b[o + 3] as number) << 24);
}
