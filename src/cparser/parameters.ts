/**
 * LuaJIT's parameterised types: each `$` in a text stands for the next of the values given with it, a type, an
 * identifier or an integer (ext_ffi_api.html, "Parameterized Types").
 * @module
 */
import { CdefError } from '../util/errors.ts';
import { FIRST_WORDS, IDENTIFIER, KEYWORD, NUMBER, PUNCTUATOR, type Tokens } from './lexer.ts';

/** What a `$` stands for: an identifier, an `int`, or the type that `typeName` resolves to. */
export type Parameter =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'type' };

/** The name under which the parser meets the type given for the `index`th `$`; no text can spell it. */
export function parameterName(index: number): string {
  return `$${index}`;
}

/** Whether a name stands for a type that was given for a `$`. */
export function isParameter({ name }: { readonly name: string }): boolean {
  return name.startsWith('$');
}

/**
 * The tokens with each `$` replaced. `$x`, `$1` and `$$` are reserved, as in LuaJIT.
 * @throws {CdefError} where there are more or fewer `$` than parameters, or a `$` touches a word
 */
export function withParameters(tokens: Tokens, parameters: readonly Parameter[]): Tokens {
  const { source, count, starts, ends } = tokens;
  const fail = (at: number, reason: string): never => {
    const offset = starts[at] as number;
    throw new CdefError({ source, offset, length: Math.max(1, (ends[at] as number) - offset), reason, notes: [] });
  };
  if (parameters.length === 0 && !source.text.includes('$')) return tokens;
  const kinds = tokens.kinds.slice();
  const ids = tokens.ids.slice();
  const words = [...tokens.words];
  const dollar = FIRST_WORDS.indexOf('$');
  let used = 0;
  for (let i = 0; i < count; i++) {
    if (tokens.kinds[i] !== PUNCTUATOR || tokens.ids[i] !== dollar) continue;
    const next = tokens.kinds[i + 1];
    const isTouched =
      starts[i + 1] === ends[i] && (next === IDENTIFIER || next === KEYWORD || next === NUMBER || tokens.ids[i + 1] === dollar);
    if (isTouched) fail(i + 1, `syntax error near '${source.text.slice(starts[i + 1], ends[i + 1])}'`);
    const parameter = parameters[used] ?? fail(i, 'wrong number of type parameters');
    kinds[i] = parameter.kind === 'integer' ? NUMBER : IDENTIFIER;
    const word = wordFor(parameter, used++);
    // The parser knows keywords and punctuators by their spelling alone.
    if (parameter.kind === 'name' && (FIRST_WORDS.includes(word) || word.startsWith('$')))
      fail(i, `type parameter '${word}' is no identifier`);
    ids[i] = words.push(word) - 1;
  }
  if (used < parameters.length) fail(count - 1, 'wrong number of type parameters');
  return { ...tokens, kinds, ids, words };
}

function wordFor(parameter: Parameter, index: number): string {
  switch (parameter.kind) {
    case 'name':
      return parameter.name;
    case 'integer':
      return String(parameter.value);
    case 'type':
      return parameterName(index);
  }
}
