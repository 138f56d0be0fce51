/**
 * What `__attribute__((...))` does to types. One that changes no layout is passed over.
 * @module
 */
import type { Attribute } from '../cparser/index.ts';
import type { LayoutRules } from './abi.ts';
import type { ByteOrder } from './types.ts';

/** The attributes of one declaration, struct or member that matter for its layout. */
export interface LayoutAttributes {
  readonly isPacked: boolean;
  /** The strictest alignment, which counts for members, in bytes; null where not given. */
  readonly align: number | null;
  /** The alignment that counts for types: of several the last, as gcc has it, or the strictest. */
  readonly typeAlign: number | null;
  readonly order: ByteOrder | null;
  /** From `ms_struct` and `gcc_struct`. */
  readonly rules: LayoutRules | null;
  /** Name of a machine mode, such as `DI`. */
  readonly mode: string | null;
  /** Bytes of a vector. */
  readonly vectorSize: number | null;
}

/** How attributes are evaluated and complained about. */
export interface AttributeContext {
  readonly largestAlign: number;
  readonly hasMsStruct: boolean;
  /** Whether of several alignments of a type the strictest counts, not the last. */
  readonly isStrictest: boolean;
  integer(argument: Attribute['args'][number]): bigint;
  fail(at: { start: number; end: number }, reason: string): never;
}

/** The largest alignment that can be asked for, gcc's limit for types on ELF targets. */
const MAX_ALIGN = 1 << 28;

function alignment(attribute: Attribute, context: AttributeContext): number | null {
  return attribute.args.length === 0 ? context.largestAlign : powerOfTwo(attribute, context);
}

function powerOfTwo(attribute: Attribute, context: AttributeContext): number | null {
  const [argument, extra] = attribute.args;
  if (extra !== undefined || argument === undefined) context.fail(attribute, `'${attribute.name}' takes one argument`);
  const value = context.integer(argument);
  // C11 6.7.5p6: an alignment of zero has no effect; gcc says the same of its attribute, with a warning.
  if (attribute.name !== 'vector_size' && value === 0n) return null;
  if (value < 1n || value > BigInt(MAX_ALIGN) || (value & (value - 1n)) !== 0n) {
    context.fail(argument, `'${attribute.name}' takes a power of two up to ${MAX_ALIGN}, found ${value}`);
  }
  return Number(value);
}

function byteOrder(attribute: Attribute, context: AttributeContext): ByteOrder {
  const [argument] = attribute.args;
  if (argument?.kind === 'string' && argument.value === 'big-endian') return 'big';
  if (argument?.kind === 'string' && argument.value === 'little-endian') return 'little';
  context.fail(attribute, '\'scalar_storage_order\' takes "big-endian" or "little-endian"');
}

/** Reads the attributes of one place. */
export function readAttributes(attributes: readonly Attribute[], context: AttributeContext): LayoutAttributes {
  let isPacked = false;
  let align: number | null = null;
  let typeAlign: number | null = null;
  let order: ByteOrder | null = null;
  let rules: LayoutRules | null = null;
  let mode: string | null = null;
  let vectorSize: number | null = null;
  for (const attribute of attributes) {
    switch (attribute.name) {
      case 'packed':
        isPacked = true;
        break;
      case 'aligned':
      case 'align':
      case '_Alignas': {
        const asked = alignment(attribute, context);
        if (asked === null) break;
        align = Math.max(align ?? 1, asked);
        typeAlign = context.isStrictest ? align : asked;
        break;
      }
      case 'scalar_storage_order':
        order = byteOrder(attribute, context);
        break;
      case 'mode':
        mode =
          attribute.args[0]?.kind === 'name' ? attribute.args[0].name : context.fail(attribute, "'mode' takes the name of a machine mode");
        break;
      case 'vector_size':
        vectorSize = powerOfTwo(attribute, context) ?? context.fail(attribute, "'vector_size' takes a number of bytes");
        break;
      case 'ms_struct':
      case 'gcc_struct':
        // As gcc: the two exclude each other, and are passed over where the machine has no such choice.
        if (rules !== null && (rules === 'gcc-ms') !== (attribute.name === 'ms_struct'))
          context.fail(attribute, "'ms_struct' and 'gcc_struct' exclude each other");
        if (context.hasMsStruct) rules = attribute.name === 'ms_struct' ? 'gcc-ms' : 'system-v';
        break;
    }
  }
  return { isPacked, align, typeAlign, order, rules, mode, vectorSize };
}

/** The attributes of a declarator together with those of its specifiers. */
export function combinedAttributes(own: LayoutAttributes, shared: LayoutAttributes): LayoutAttributes {
  return {
    isPacked: own.isPacked || shared.isPacked,
    align: own.align === null ? shared.align : Math.max(own.align, shared.align ?? 1),
    // gcc applies those of the specifiers last.
    typeAlign: shared.typeAlign ?? own.typeAlign,
    order: own.order ?? shared.order,
    rules: own.rules ?? shared.rules,
    mode: own.mode ?? shared.mode,
    vectorSize: own.vectorSize ?? shared.vectorSize,
  };
}
