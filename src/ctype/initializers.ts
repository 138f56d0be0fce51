/**
 * What initialisers say of types: the length of `int a[] = { 1, 2, 3 }` (C11 6.7.9p22).
 * @module
 */
import { evaluate, type Initializer, type InitializerItem, type Range } from '../cparser/index.ts';
import type { ExpressionTypes } from './expressions.ts';
import { MAX_SIZE } from './placer.ts';
import { isRecord } from './lookup.ts';
import type { CType, CTypes } from './types.ts';

const NO_RANGE: Range = { start: 0, end: 0 };

/** `type` with the length that its initialiser gives it, if it is an array without one. */
export function lengthened(type: CType, initializer: Initializer | null, types: CTypes, expressions: ExpressionTypes): CType {
  if (type.kind !== 'array' || type.length !== null || initializer === null) return type;
  if (initializer.kind === 'expression') {
    return initializer.expression.kind === 'string' ? types.array(type.element, initializer.expression.length) : type;
  }
  const [only] = initializer.items;
  const isBraced = only?.value.kind === 'expression' && only.value.expression.kind === 'string' && type.element.kind === 'integer';
  if (isBraced && initializer.items.length === 1) return lengthened(type, only.value, types, expressions);
  return types.array(type.element, countOf(initializer.items, type.element, expressions));
}

// Elements that initialisers reach.
function countOf(items: readonly InitializerItem[], element: CType, expressions: ExpressionTypes): number {
  let next = 0n;
  let most = 0n;
  for (let i = 0; i < items.length; ) {
    const { index } = items[i] as InitializerItem;
    if (index !== null) next = evaluate(index, expressions).value;
    if (next < 0n || next * BigInt(element.size ?? 1) > BigInt(MAX_SIZE)) {
      expressions.fail(index ?? NO_RANGE, `array index must not be negative or too large, found ${next}`);
    }
    i = Math.max(i + 1, behindInitializer(items, i, element));
    next++;
    if (next > most) most = next;
  }
  return Number(most);
}

// Which item comes behind those that initialise a value of `type`, `first` being the first of them. An aggregate
// without braces takes what its parts take, up to the next designator (C11 6.7.9p20).
function behindInitializer(items: readonly InitializerItem[], first: number, type: CType): number {
  const behind = (at: number, part: CType): number => {
    const item = items[at];
    if (item === undefined || (at > first && item.index !== null)) return at;
    if (item.value.kind === 'list') return at + 1;
    if (part.kind === 'array') {
      if (item.value.expression.kind === 'string' && part.element.kind === 'integer') return at + 1;
      let next = at;
      for (let i = 0; typeof part.length === 'number' && i < part.length; i++) {
        const after = behind(next, part.element);
        if (after === next) break;
        next = after;
      }
      return next;
    }
    if (!isRecord(part)) return at + 1;
    const fields = part.definition.layout?.fields ?? [];
    return (part.kind === 'union' ? fields.slice(0, 1) : fields).reduce((next, field) => behind(next, field.type), at);
  };
  return behind(first, type);
}
