/**
 * LuaJIT's literals for a Lua 5.3 that has none of them. Numbers that Lua 5.3 reads otherwise (`0b101`; hexadecimal ones that would
 * wrap to 32 bits) are written out in decimal. `1LL`, `1ULL` and `1i` become strings that occur nowhere else in the text;
 * whoever compiles it puts the values in the place of these constants. A string is what a cdata constant is to the compiler: an
 * expression of one token, true, folded with nothing. No name is involved, so no script can come between, and lines stay
 * what they are.
 * @module
 */
import { LuaSyntaxError } from '../util/errors.ts';
import { LuaLexer, type LuaToken, startOf } from './lexer.ts';
import type { LuaNumber } from './numbers.ts';

/** A literal that was replaced. */
export interface ReplacedLiteral {
  readonly value: Exclude<LuaNumber, { kind: 'double' }>;
  /** As the text has it. */
  readonly written: string;
}

export interface Lua53Text {
  readonly text: string;
  /** The literals by the strings that stand for them. */
  readonly literals: ReadonlyMap<string, ReplacedLiteral>;
}

// Most texts have none of what is looked for; reading them token by token costs more than this.
const CANDIDATE = /[\da-f.](?:u?ll|llu|i)(?!\w)|0b[01]|0x(?:0*[\da-f]{8}|[\da-f]*[.p])/i;
const MAX_INTEGER = 2 ** 31 - 1;

/**
 * `text` (bytes as latin1) in Lua 5.3; null where nothing has to change. Text that is not Lua is left alone from the first token that
 * is none: whoever compiles it will say so.
 */
export function toLua53(text: string): Lua53Text | null {
  const start = startOf(text);
  if (start === 0 && !CANDIDATE.test(text)) return null;
  const { numbers, strings } = interesting(text);
  if (start === 0 && numbers.length === 0) return null;
  const mark = unusedMark(text, strings);
  const literals = new Map<string, ReplacedLiteral>();
  const parts: string[] = [];
  let copied = start;
  for (const { token, isCall, signs } of numbers) {
    const written = text.slice(token.start, token.end);
    for (const sign of signs) {
      parts.push(text.slice(copied, sign), ' ');
      copied = sign + 1;
    }
    const value = signs.length % 2 === 1 ? negated(token.value) : token.value;
    parts.push(text.slice(copied, token.start), replacement(value, written, isCall, mark, literals));
    copied = token.end;
  }
  parts.push(text.slice(copied));
  return { text: parts.join(''), literals };
}

type NumberToken = LuaToken & { kind: 'number' };

interface FoundNumber {
  readonly token: NumberToken;
  /** A string in its place would be an argument: `f 1LL`, which is wrong as it stands. */
  readonly isCall: boolean;
  /** Where the signs of an imaginary number are: `-1i` is a literal, as C cannot negate a complex number at run time. */
  signs: readonly number[];
}

function negated(value: LuaNumber): LuaNumber {
  return value.kind === 'imaginary' ? { kind: 'imaginary', value: -value.value } : value;
}

// What ends an operand besides names, numbers, strings and brackets.
const OPERAND_WORDS: ReadonlySet<string> = new Set(['nil', 'true', 'false', 'end', '...']);

// The numbers to replace, and the strings that could be taken for replacements.
function interesting(text: string): { numbers: FoundNumber[]; strings: string[] } {
  const lexer = new LuaLexer(text, '');
  const numbers: FoundNumber[] = [];
  const strings: string[] = [];
  let isCallee = false;
  // Whether an operand ends here, so that a minus would be one of two operands; and the minuses of one that stand here.
  let isOperand = false;
  let signs: number[] = [];
  let endOfPrevious = 0;
  try {
    for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
      if (token.kind === 'number') {
        const written = text.slice(token.start, token.end);
        const isImaginary = token.value.kind === 'imaginary';
        if (token.value.kind !== 'double' || isForeign(written, token.value.value))
          numbers.push({ token, isCall: isCallee, signs: isImaginary ? signs : [] });
      }
      if (token.kind === 'string' && token.value.startsWith(MARK)) strings.push(token.value);
      const last = numbers.at(-1);
      // `^` binds more tightly than a sign.
      if (token.value === '^' && last?.token.end === endOfPrevious) last.signs = [];
      signs = token.kind === 'operator' && token.value === '-' && !isOperand ? [...signs, token.start] : [];
      isCallee = token.kind === 'name' || token.kind === 'string' || (token.kind === 'operator' && ')]}'.includes(token.value));
      isOperand = isCallee || token.kind === 'number' || OPERAND_WORDS.has(token.value as string);
      endOfPrevious = token.end;
    }
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
  }
  return { numbers, strings };
}

// A number that Lua 5.3 does not read, wraps to an integer of 32 bits, or (fengari) rounds otherwise.
function isForeign(written: string, value: number): boolean {
  return /^0b/i.test(written) || (/^0x/i.test(written) && (value > MAX_INTEGER || /[.p]/i.test(written)));
}

// A float stays one: hexadecimal ones have a fraction or an exponent.
function decimal(value: number, written: string): string {
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  const text = String(value);
  return /[.p]/i.test(written) && /^\d+$/.test(text) ? `${text}.0` : text;
}

const MARK = '<literal ';

// The start of all stand-ins, which neither the text nor any of its strings has.
function unusedMark(text: string, strings: readonly string[]): string {
  for (let number = 0; ; number++) {
    const mark = `${MARK}${number}.`;
    if (!text.includes(mark) && !strings.some((string) => string.startsWith(mark))) return mark;
  }
}

function replacement(value: LuaNumber, written: string, isCall: boolean, mark: string, literals: Map<string, ReplacedLiteral>): string {
  if (value.kind === 'double' || isCall) return decimal(Number(value.value), written);
  const name = `${mark}${literals.size}>`;
  literals.set(name, { value, written });
  return `"${name}"`;
}
