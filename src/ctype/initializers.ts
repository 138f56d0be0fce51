/**
 * What initialisers say of types: the length of `int a[] = { 1, 2, 3 }` (C11 6.7.9p22).
 * @module
 */
import { evaluate, type Initializer, type InitializerItem, type Range } from '../cparser/index.ts';
import type { ExpressionTypes } from './expressions.ts';
import { MAX_SIZE } from './placer.ts';
import { fieldsOf, isRecord, isTransparent } from './lookup.ts';
import type { CTypes } from './table.ts';
import type { CType, Field } from './types.ts';

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
    const [index] = (items[i] as InitializerItem).designators;
    if (typeof index === 'object') next = evaluate(index, expressions).value;
    if (next < 0n || next * BigInt(element.size ?? 1) > BigInt(MAX_SIZE)) {
      const at = typeof index === 'object' ? index : NO_RANGE;
      expressions.fail(at, `array index must not be negative or too large, found ${next}`);
    }
    i = Math.max(i + 1, behindInitializer(items, i, element, expressions));
    next++;
    if (next > most) most = next;
  }
  return Number(most);
}

// Which item comes behind those that initialise a value of `type`, `first` being the first of them. An aggregate
// without braces takes what its parts take, up to the next designator (C11 6.7.9p20). Where the first item's designators
// lead into the value, it goes on behind the part that they name (p17).
function behindInitializer(items: readonly InitializerItem[], first: number, type: CType, expressions: ExpressionTypes): number {
  const behind = (at: number, part: CType, path: InitializerItem['designators']): number => {
    const item = items[at];
    if (item === undefined || (at > first && item.designators.length > 0)) return at;
    const [step, ...inner] = path;
    if (step === undefined) {
      if (item.value.kind === 'list') return at + 1;
      const isString = item.value.expression.kind === 'string';
      if (isString && part.kind === 'array' && part.element.kind === 'integer') return at + 1;
    }
    if (part.kind === 'array') {
      let next = at;
      const start = typeof step === 'object' ? Number(evaluate(step, expressions).value) : 0;
      for (let i = start; typeof part.length === 'number' && i < part.length; i++) {
        const after = behind(next, part.element, i === start ? inner : []);
        if (after === next) break;
        next = after;
      }
      return next;
    }
    if (!isRecord(part)) return at + 1;
    const fields = part.definition.layout?.fields ?? [];
    const start = typeof step === 'string' ? fields.findIndex((field) => holdsMember(field, step)) : 0;
    const own = part.kind === 'union' ? fields.slice(start, start + 1) : fields.slice(start);
    return own.reduce((next, field, i) => behind(next, field.type, i > 0 ? [] : isTransparent(field) ? path : inner), at);
  };
  return behind(first, type, (items[first] as InitializerItem).designators.slice(1));
}

// Whether a field has a name, or is an untagged struct or union with such a member.
function holdsMember(field: Field, name: string): boolean {
  return field.name === name || (isTransparent(field) && isRecord(field.type) && fieldsOf(field.type).has(name));
}
