/**
 * The formats of `printf`: C11 7.21.6.1, in the C locale. What C leaves undefined raises: arguments that are missing or of
 * another kind, unknown conversions. `%n`, which writes to memory, is refused, as are widths and precisions beyond
 * `MOST`.
 * @module
 */
import { ensureStack } from '../../util/stack.ts';
import type { Abi } from '../../ctype/index.ts';
import { formatAddress, type Memory, type Place } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';
import type { Raw } from '../../view/index.ts';
import type { CData } from '../cdata.ts';
import { repr } from '../repr.ts';
import { isNull, latin1Bytes, latin1Text, prefixAt, stringAt } from './bytes.ts';
import { floatText, type FloatStyle } from './float-text.ts';

/** Largest width and precision. */
const MOST = 65535;

/** Where formatted bytes go. */
export interface Sink {
  write(bytes: Uint8Array): void;
  /** Writes `byte` `count` times. */
  fill(byte: number, count: number): void;
}

/** What a format is read with. */
export interface FormatContext {
  readonly abi: Abi;
  readonly memory: Memory;
  /** The name of the function, for errors. */
  readonly name: string;
  /** The text of `errno`, for `%m`. */
  errorText(): Uint8Array;
}

const SPACE = 0x20;
const PERCENT = 0x25;
const ZERO = 0x30;
// Quantified classes do not overlap, so matching is linear.
const DIRECTIVE = /%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(hh|h|ll|l|q|L|j|z|t)?(.)/sy;

/** One directive, with the arguments for `*` in place. */
interface Directive {
  readonly text: string;
  readonly flags: string;
  readonly width: number;
  readonly isLeft: boolean;
  readonly precision: number | null;
  readonly length: string;
  readonly conversion: string;
}

/** A conversion's text: `prefix`, zeros up to the width if asked for, `body`. */
interface Converted {
  readonly prefix: string;
  readonly body: string | Uint8Array;
  readonly isZeroPadded: boolean;
}

/** Writes the string at `format` with `args` to `sink`. */
export function writeFormatted(sink: Sink, format: Place, args: readonly CData[], context: FormatContext): void {
  const bytes = stringAt(format, context.name);
  const text = latin1Text(bytes);
  ensureStack();
  const formatter = new Formatter(args, context);
  for (let at = 0; at < bytes.length; ) {
    const percent = text.indexOf('%', at);
    if (percent !== at) {
      // The bytes are live: `sprintf` may write where it reads.
      sink.write(bytes.slice(at, percent < 0 ? undefined : percent));
      if (percent < 0) return;
    }
    DIRECTIVE.lastIndex = percent;
    const match = DIRECTIVE.exec(text);
    if (match === null) throw new FfiError(`${context.name}: the format ends within '${text.slice(percent, percent + 20)}'`);
    at = percent + match[0].length;
    formatter.write(sink, match);
  }
}

class Formatter {
  readonly #args: readonly CData[];
  readonly #context: FormatContext;
  #next = 0;

  constructor(args: readonly CData[], context: FormatContext) {
    this.#args = args;
    this.#context = context;
  }

  #fail(message: string): never {
    throw new FfiError(`${this.#context.name}: ${message}`);
  }

  write(sink: Sink, match: RegExpExecArray): void {
    const directive = this.#directive(match);
    // glibc: as it is, whatever the width.
    if (directive.conversion === '%') {
      sink.fill(PERCENT, 1);
      return;
    }
    const { prefix, body, isZeroPadded } = this.#convert(directive);
    const bytes = typeof body === 'string' ? latin1Bytes(body) : body;
    const missing = Math.max(0, directive.width - prefix.length - bytes.length);
    const isZero = isZeroPadded && !directive.isLeft;
    if (!directive.isLeft && !isZero) sink.fill(SPACE, missing);
    if (prefix !== '') sink.write(latin1Bytes(prefix));
    if (isZero) sink.fill(ZERO, missing);
    sink.write(bytes);
    if (directive.isLeft) sink.fill(SPACE, missing);
  }

  #directive([text, flags = '', width, precision, length = '', conversion = '']: RegExpExecArray): Directive {
    const wide = this.#count(text, width);
    const exact = this.#count(text, precision);
    return {
      text,
      flags,
      width: Math.abs(wide ?? 0),
      isLeft: flags.includes('-') || (wide ?? 0) < 0,
      // A negative one counts as none.
      precision: exact === null || exact < 0 ? null : exact,
      length,
      conversion,
    };
  }

  #count(text: string, written: string | undefined): number | null {
    if (written === undefined) return null;
    const count = written === '*' ? Number(this.#integer(text)) | 0 : Number(written);
    if (Math.abs(count) > MOST) this.#fail(`'${text.slice(0, 40)}' has a width or precision beyond ${MOST}`);
    return Number.isNaN(count) ? -1 : count;
  }

  // ---- arguments

  #take(text: string): CData {
    const cdata = this.#args[this.#next++];
    if (cdata === undefined) this.#fail(`no argument for '${text}'`);
    return cdata;
  }

  #mismatch(text: string, expected: string, cdata: CData): never {
    const hint = expected === 'an integer' && cdata.type.kind === 'float' ? "; numbers of Lua are doubles: use ffi.new('int', n)" : '';
    this.#fail(`'${text}' needs ${expected}, got '${repr(cdata.type)}' as argument ${this.#next} behind the format${hint}`);
  }

  #integer(text: string): bigint {
    const cdata = this.#take(text);
    const { kind } = cdata.type;
    if (kind !== 'integer' && kind !== 'enum' && kind !== 'bool') this.#mismatch(text, 'an integer', cdata);
    return BigInt(cdata.value as Raw);
  }

  #pointer(text: string): Place {
    const cdata = this.#take(text);
    if (cdata.type.kind !== 'pointer') this.#mismatch(text, 'a pointer', cdata);
    return cdata;
  }

  // ---- conversions

  #convert(directive: Directive): Converted {
    const { text, conversion, length } = directive;
    switch (conversion) {
      case 'd':
      case 'i':
        return this.#signed(directive, this.#integer(text));
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return this.#unsigned(directive, this.#integer(text));
      case 'c':
        if (length !== '') this.#fail(`'${text}': wide characters are not supported`);
        return plain(Uint8Array.of(Number(this.#integer(text) & 0xffn)));
      case 's':
        if (length !== '') this.#fail(`'${text}': wide strings are not supported`);
        return plain(this.#string(directive));
      case 'p':
        return this.#address(directive);
      case 'm':
        return plain(this.#context.errorText().subarray(0, directive.precision ?? undefined));
      case 'n':
        return this.#fail("'%n', which writes to memory, is refused");
    }
    if ('fFeEgGaA'.includes(conversion)) return this.#float(directive);
    this.#fail(`unknown conversion '${text.slice(0, 40)}'`);
  }

  #bits(length: string): number {
    switch (length) {
      case 'hh':
        return 8;
      case 'h':
        return 16;
      case 'l':
        return this.#context.abi.longSize * 8;
      case 'z':
      case 't':
        return this.#context.abi.pointerSize * 8;
      case '':
        return 32;
      default:
        return 64;
    }
  }

  #signed(directive: Directive, value: bigint): Converted {
    const number = BigInt.asIntN(this.#bits(directive.length), value);
    const digits = number < 0n ? (-number).toString() : number.toString();
    return this.#digits(directive, signOf(directive.flags, number < 0n), number === 0n ? '' : digits);
  }

  #unsigned(directive: Directive, value: bigint): Converted {
    const { conversion, flags } = directive;
    const number = BigInt.asUintN(this.#bits(directive.length), value);
    const base = conversion === 'u' ? 10 : conversion === 'o' ? 8 : 16;
    const isAlternate = flags.includes('#');
    const digits = number === 0n ? '' : number.toString(base);
    if (conversion === 'o' && isAlternate) {
      const converted = this.#digits(directive, '', digits);
      const body = converted.body as string;
      return body.startsWith('0') ? converted : { ...converted, body: `0${body}` };
    }
    const prefix = base === 16 && isAlternate && number !== 0n ? `0${conversion}` : '';
    return this.#digits(directive, prefix, conversion === 'X' ? digits.toUpperCase() : digits);
  }

  // The precision is the least number of digits: zero has none of its own.
  #digits({ precision, flags }: Directive, prefix: string, digits: string): Converted {
    return { prefix, body: digits.padStart(precision ?? 1, '0'), isZeroPadded: flags.includes('0') && precision === null };
  }

  #string({ text, precision }: Directive): Uint8Array {
    const place = this.#pointer(text);
    if (!isNull(place)) return prefixAt(place, precision ?? Number.POSITIVE_INFINITY, this.#context.name);
    // glibc: all or nothing.
    return latin1Bytes(precision !== null && precision < 6 ? '' : '(null)');
  }

  #address(directive: Directive): Converted {
    const place = this.#pointer(directive.text);
    if (isNull(place)) return plain('(nil)');
    const digits = formatAddress(this.#context.memory.addressOf(place)).slice(2);
    return this.#digits(directive, `${signOf(directive.flags, false)}0x`, digits);
  }

  #float({ text, flags, precision, conversion, length }: Directive): Converted {
    if (length === 'L') this.#fail(`'${text}': there are no values of type 'long double'`);
    const cdata = this.#take(text);
    if (cdata.type.kind !== 'float') this.#mismatch(text, "a 'double'", cdata);
    const value = Number(cdata.value);
    const isNumber = Number.isFinite(value);
    const lower = conversion.toLowerCase() as FloatStyle['conversion'];
    const magnitude = isNumber
      ? floatText(value, { conversion: lower, precision, isAlternate: flags.includes('#') })
      : Number.isNaN(value)
        ? 'nan'
        : 'inf';
    const cased = conversion === lower ? magnitude : magnitude.toUpperCase();
    // The zeros of a width go behind the 0x.
    const lead = isNumber && lower === 'a' ? cased.slice(0, 2) : '';
    const sign = signOf(flags, value < 0 || Object.is(value, -0));
    return { prefix: sign + lead, body: cased.slice(lead.length), isZeroPadded: flags.includes('0') && isNumber };
  }
}

function plain(body: string | Uint8Array): Converted {
  return { prefix: '', body, isZeroPadded: false };
}

function signOf(flags: string, isNegative: boolean): string {
  if (isNegative) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}
