/**
 * How views look in `console.log`: field by field, bytes in hex, enumerators by name.
 * @module
 */
import { type ArrayType, type CType, type Field, fieldsOf, innermostElement, printType, type RecordType } from '../ctype/index.ts';

/** Node's hook; a registered symbol, so that nothing has to be imported from Node. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** The part of `util.InspectOptions` that is used here. */
export interface InspectOptions {
  readonly depth?: number | null;
  readonly maxArrayLength?: number | null;
  stylize?(text: string, style: string): string;
}

type Inspect = (value: unknown, options: InspectOptions) => string;

// An already formatted piece within an object that Node formats.
function verbatim(text: string): object {
  return { [INSPECT]: () => text };
}

function styled(options: InspectOptions, text: string, style: string): string {
  return options.stylize?.(text, style) ?? text;
}

/** Whether JavaScript has values for a field's type; of an array, for its elements. */
export function isReadable(type: CType): boolean {
  const element = type.kind === 'array' ? innermostElement(type) : type;
  const part = element.kind === 'complex' ? element.part : element;
  return part.kind !== 'float' || part.size <= 8;
}

export function inspectRecord(
  view: Record<string, unknown>,
  type: RecordType,
  depth: number | null,
  options: InspectOptions,
  inspect: Inspect,
): string {
  const name = printType(type);
  if (depth !== null && depth < 0) return styled(options, `[${name}]`, 'special');
  const shown: Record<string, unknown> = {};
  for (const field of fieldsOf(type).values()) {
    Object.defineProperty(shown, field.name, { value: shownValue(view, field, options), enumerable: true });
  }
  return `${name} ${inspect(shown, { ...options, depth })}`;
}

function shownValue(view: Record<string, unknown>, { name, type }: Field, options: InspectOptions): unknown {
  if (!isReadable(type)) return verbatim(styled(options, `[${printType(type)}]`, 'special'));
  const value = view[name];
  return enumerated(type, value, options) ?? value;
}

function enumerated(type: CType, value: unknown, options: InspectOptions): object | null {
  if (type.kind !== 'enum') return null;
  for (const [name, constant] of type.definition.layout?.constants ?? []) {
    if (constant === value) return verbatim(`${styled(options, String(value), 'number')} (${name})`);
  }
  return null;
}

export function inspectArray(
  view: Iterable<unknown> & { bytes: Uint8Array; length: number },
  type: ArrayType,
  depth: number | null,
  options: InspectOptions,
  inspect: Inspect,
): string {
  const { element } = type;
  const name = printType(type);
  if (depth !== null && depth < 0) return styled(options, `[${name}]`, 'special');
  if (element.kind === 'integer' && element.size === 1) return `${name} ${styled(options, bytesAsText(view.bytes), 'string')}`;
  const shown: unknown[] = [];
  for (const value of view) {
    if (shown.length === 100) break;
    shown.push(enumerated(element, value, options) ?? value);
  }
  if (view.length > shown.length) shown.push(verbatim(`... ${view.length - shown.length} more`));
  return `${name} ${inspect(shown, { ...options, depth, maxArrayLength: null })}`;
}

// Hex, and the text it starts with where it is one.
function bytesAsText(bytes: Uint8Array): string {
  const first = bytes.subarray(0, 64);
  const hex = Array.from(first, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const more = bytes.length > first.length ? ` ... ${bytes.length - first.length} more` : '';
  const text = /^[\x20-\x7e]{2,}(?=\0|$)/.exec(String.fromCharCode(...first));
  return `<${hex}${more}>${text === null ? '' : ` ${JSON.stringify(text[0])}`}`;
}
