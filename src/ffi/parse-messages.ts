/**
 * What LuaJIT says of C text that cannot be accepted, for scripts that look for it: it becomes the first line of the message, and the
 * place with its caret follows. LuaJIT's `near` names the token that it was at; here it is the one that the error is about.
 * @module
 */
import { CdefError } from '../util/errors.ts';

const SIZE = 'size of C type is unknown or too large';
const INVALID = 'invalid C type';
const FOUND = /, found (?:'([\s\S]*)'|end of text)$/;

// What the parser says, LuaJIT's words for it, and whether these name a token. The first that fits counts.
const WORDINGS: readonly (readonly [RegExp, string, boolean])[] = [
  [/^(?:wrong number of type parameters|syntax error near )/, '', false],
  [/^expected '(\W)'/, "'$1' expected", true],
  [/^expected the end of the (?:type name|expression)/, "'<eof>' expected", true],
  [
    /^expected (?:a name|a declarator|a member name|a member|an enumerator|a tag|an attribute name|a parameter)/,
    "'<identifier>' expected",
    true,
  ],
  [/^unknown type '(?:struct|union|enum) ([^']*)'/, "undeclared or implicit tag '$1'", false],
  [/^(?:expected a type|unknown type)/, 'declaration specifier expected', true],
  [/^(?:expected one type|expected fewer type words|'.*' is not a type)/, INVALID, false],
  [
    /^(?:struct |union |enum )?'?([^' ]*)'? is (?:declared already|defined already|a (?:struct|union|enum), not a)/,
    "attempt to redefine '$1'",
    false,
  ],
  [/whose size is not known|is too large|must not be negative|which must be the last|has no place in a union/, SIZE, false],
  [/^the size of '.*' is not known/, SIZE, false],
  [
    /^(?:array of references|pointer or reference to|function returning|parameter of type 'void'|constant '.*' has the type)/,
    INVALID,
    false,
  ],
  [/storage class '(\w+)' has no place/, "bad storage class near '$1'", false],
  [/^nesting deeper|^declarator with more than/, 'chunk has too many syntax levels', false],
  [/^bit-field /, "invalid value near ':'", false],
  [/^(?:division by zero|expected an integer)/, 'invalid value', false],
  [/^malformed number/, 'malformed number', true],
  [
    /^(?:unexpected character|preprocessor directive|expected a constant|'.*' is not a constant|no constant expression)/,
    'unexpected symbol',
    true,
  ],
  [/^unfinished (?:string|character)/, 'unfinished string', true],
];

/** Runs what reads C text; its errors get LuaJIT's words. */
export function inLuaJitWords<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CdefError) {
      const words = wordsFor(error);
      if (words !== null && !error.message.startsWith(words)) error.message = `${words}\n${error.message}`;
    }
    throw error;
  }
}

function wordsFor(error: CdefError): string | null {
  const { reason } = error;
  for (const [pattern, wording, namesToken] of WORDINGS) {
    const match = pattern.exec(reason);
    if (match === null) continue;
    // These are LuaJIT's already.
    if (wording === '') return reason;
    const words = wording.replace('$1', () => match[1] ?? '');
    const { line } = error.position;
    return `${words}${namesToken ? ` near '${tokenOf(error)}'` : ''}${line > 1 ? ` at line ${line}` : ''}`;
  }
  return null;
}

function tokenOf({ reason, source, position, length }: CdefError): string {
  const found = FOUND.exec(reason);
  if (found !== null) return found[1] ?? '<eof>';
  const text = source.text.slice(position.offset, position.offset + length);
  return text.replace(/^#\s*/, '') || '<eof>';
}
