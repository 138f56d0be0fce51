/**
 * Declarators (C11 6.7.6) and abstract declarators (6.7.7), with LuaJIT's `[?]` and C++'s `&`.
 *
 *     declarator:  pointer* direct      direct:  identifier | ( declarator ) | direct [ n ] | direct ( parameters )
 *
 * The result lists derivations from the name outwards: `int *(*p)[3]` gives pointer, array of 3, pointer.
 * @module
 */
import type {
  ArrayDerivation,
  Attribute,
  AttributedDerivation,
  Declarator,
  Derivation,
  FunctionDerivation,
  Identifier,
  Parameter,
  Qualifiers,
  Specifiers,
  TypeName,
} from './ast.ts';
import { ExpressionParser } from './expressions.ts';
import { KEYWORDS } from './keywords.ts';
import { END, IDENTIFIER, KEYWORD } from './lexer.ts';

/** How many pointers, arrays and functions one declarator may combine. */
export const MAX_DERIVATIONS = 256;

/** Whether a declarator must have a name, must not have one, or may. */
export type Naming = 'named' | 'abstract' | 'either';

/** What most lists of attributes are. */
export const NO_ATTRIBUTES: readonly Attribute[] = [];
const NO_DERIVATIONS: readonly Derivation[] = [];
const BEHIND_DECLARATORS: ReadonlySet<string> = new Set([';', ',', ')', ':', '=']);

/** `list` with another element; null is an empty one. Lists of one are common, for which `[]` and `push` would take 17 places. */
export function appended<T>(list: T[] | null, element: T): T[] {
  if (list === null) return [element];
  list.push(element);
  return list;
}

// A declarator as far as it has been read.
interface Draft {
  identifier: Identifier | null;
  derivations: Derivation[] | null;
}

export abstract class DeclaratorParser extends ExpressionParser {
  protected abstract parseSpecifiers(): Specifiers;
  protected abstract parseQualifiers(): Qualifiers;
  protected abstract parseAttributes(before?: readonly Attribute[]): readonly Attribute[];

  protected parseTypeName(): TypeName {
    this.enter();
    const { start } = this;
    const specifiers = this.parseSpecifiers();
    if (specifiers.storage !== null) this.fail(specifiers, `storage class '${specifiers.storage}' has no place in a type name`);
    const declarator = this.parseDeclarator('abstract');
    this.leave();
    return { start, end: this.previousEnd, specifiers, declarator };
  }

  protected parseDeclarator(naming: Naming): Declarator {
    const { start } = this;
    // What most declarators are.
    if (this.kind === IDENTIFIER && naming !== 'abstract' && BEHIND_DECLARATORS.has(this.wordAt(1))) {
      const identifier = this.identifier();
      return { start, end: identifier.end, identifier, derivations: NO_DERIVATIONS, attributes: NO_ATTRIBUTES, symbol: null };
    }
    const before = this.parseAttributes();
    const draft: Draft = { identifier: null, derivations: null };
    this.#declarator(naming, draft);
    const derivations = draft.derivations ?? NO_DERIVATIONS;
    if (derivations.length > MAX_DERIVATIONS) {
      this.fail({ start, end: this.previousEnd }, `declarator with more than ${MAX_DERIVATIONS} pointers, arrays and functions`);
    }
    const symbol = this.#asmLabel();
    const attributes = this.parseAttributes(before);
    return { start, end: this.previousEnd, identifier: draft.identifier, derivations, attributes, symbol };
  }

  #declarator(naming: Naming, draft: Draft): void {
    this.enter();
    const pointers = this.#pointers();
    if (this.is('(') && this.#opensNestedDeclarator(naming)) {
      this.advance();
      const inner = this.#attributed();
      this.#declarator(naming, draft);
      if (inner !== null) draft.derivations = appended(draft.derivations, inner);
      this.expect(')', 'to close the declarator');
    } else if (naming !== 'abstract' && this.kind === IDENTIFIER) {
      draft.identifier = this.identifier();
    } else if (naming === 'named') {
      this.failHere('expected a name');
    }
    while (true) {
      if (this.is('(')) draft.derivations = appended(draft.derivations, this.#function());
      else if (this.is('[') && !this.isAhead(1, '[')) draft.derivations = appended(draft.derivations, this.#array());
      else break;
    }
    for (let i = pointers.length - 1; i >= 0; i--) draft.derivations = appended(draft.derivations, pointers[i] as Derivation);
    this.leave();
  }

  /** The identifier that the current token is. */
  protected identifier(): Identifier {
    const { word: name, start, end } = this;
    this.advance();
    return { name, start, end };
  }

  // `(` after the specifiers: a nested declarator, unless it can only be a parameter list (C11 6.7.6.3p11).
  #opensNestedDeclarator(naming: Naming): boolean {
    if (naming === 'named') return true;
    let ahead = 1;
    while (KEYWORDS.get(this.wordAt(ahead))?.name === '__attribute__') ahead = this.#behindParentheses(ahead + 1);
    return !this.isAhead(ahead, ')') && !this.isAhead(ahead, '...') && !this.isAhead(ahead, 'register') && !this.startsType(ahead);
  }

  #behindParentheses(ahead: number): number {
    let open = 0;
    let at = ahead;
    for (; this.kindAt(at) !== END; at++) {
      if (this.isAhead(at, '(')) open++;
      if (this.isAhead(at, ')')) open--;
      if (open <= 0) break;
    }
    return at + 1;
  }

  // Attributes among pointers and parentheses; null where there are none.
  #attributed(): AttributedDerivation | null {
    const { start } = this;
    const attributes = this.parseAttributes();
    return attributes === NO_ATTRIBUTES ? null : { kind: 'attributed', start, end: this.previousEnd, attributes };
  }

  #pointers(): readonly Derivation[] {
    let pointers: Derivation[] | null = null;
    while (true) {
      const before = this.#attributed();
      if (before !== null) pointers = appended(pointers, before);
      const { start } = this;
      const isPointer = this.is('*');
      if (isPointer || this.is('&') || this.is('&&')) {
        this.advance();
        const own = this.#attributed();
        const qualifiers = this.parseQualifiers();
        pointers = appended(pointers, { kind: isPointer ? 'pointer' : 'reference', start, end: this.previousEnd, qualifiers });
        if (own !== null) pointers.push(own);
      } else if (this.kind === KEYWORD && KEYWORDS.get(this.word)?.kind === 'convention') {
        this.advance();
      } else {
        return pointers ?? NO_DERIVATIONS;
      }
    }
  }

  #array(): ArrayDerivation {
    const { start } = this;
    this.expect('[', 'before an array length');
    // In parameters: `[static 3]`, `[const]`, `[*]` (C11 6.7.6.3p7); the parameter becomes a pointer anyway.
    const isGcc = this.dialect === 'gcc';
    if (isGcc) this.eat('static');
    this.parseQualifiers();
    if (isGcc) this.eat('static');
    let length: ArrayDerivation['length'] = null;
    if (this.is('?') || (isGcc && this.is('*') && this.isAhead(1, ']'))) {
      length = this.is('?') ? '?' : null;
      this.advance();
    } else if (!this.is(']')) {
      length = this.parseExpression();
    }
    this.expect(']', 'after an array length');
    return { kind: 'array', start, end: this.previousEnd, length };
  }

  #function(): FunctionDerivation {
    const { start } = this;
    const parameters: Parameter[] = [];
    // gcc: parameters may be named before they are declared, `(int n; int rows[][n], int n)`.
    const forward: Parameter[] = [];
    let variadic = false;
    let isOldList = this.dialect === 'gcc';
    this.expect('(', 'before parameters');
    while (!this.is(')')) {
      if (this.eat('...')) {
        variadic = true;
        break;
      }
      isOldList &&= this.#isOldParameter();
      parameters.push(isOldList ? this.#oldParameter() : this.#parameter());
      if (this.eat(';')) {
        forward.push(...parameters.splice(0));
        continue;
      }
      if (!this.eat(',')) break;
      if (this.is(')')) this.failHere('expected a parameter');
    }
    if (forward.length > 0) this.#checkForward(forward, parameters);
    this.expect(')', 'after the parameters');
    return { kind: 'function', start, end: this.previousEnd, parameters, variadic };
  }

  #checkForward(forward: readonly Parameter[], parameters: readonly Parameter[]): void {
    const names = new Set(parameters.map(({ declarator }) => declarator.identifier?.name));
    const lost = forward.find(({ declarator: { identifier } }) => identifier === null || !names.has(identifier.name));
    if (lost !== undefined && parameters.length > 0) this.fail(lost, 'a parameter with just a forward declaration');
  }

  #parameter(): Parameter {
    this.enter();
    const { start } = this;
    const specifiers = this.parseSpecifiers();
    if (specifiers.storage !== null && specifiers.storage !== 'register') {
      this.fail(specifiers, `storage class '${specifiers.storage}' has no place in a parameter`);
    }
    const declarator = this.parseDeclarator('either');
    this.leave();
    return { start, end: this.previousEnd, specifiers, declarator };
  }

  #isOldParameter(): boolean {
    return this.kind === IDENTIFIER && (this.isAhead(1, ',') || this.isAhead(1, ')')) && !this.startsType(0);
  }

  // A bare name in a K&R list, which holds nothing else. Its type is declared behind the list, if it is not int.
  #oldParameter(): Parameter {
    const identifier = this.identifier();
    const { start, end } = identifier;
    const qualifiers = { isConst: false, isVolatile: false };
    const type = { kind: 'base' as const, start, end, base: 'int' as const };
    const specifiers: Specifiers = { start, end, storage: null, qualifiers, type, attributes: NO_ATTRIBUTES };
    return { start, end, specifiers, declarator: { start, end, identifier, derivations: [], attributes: NO_ATTRIBUTES, symbol: null } };
  }

  // asm("symbol")
  #asmLabel(): string | null {
    if (!this.isAsm()) return null;
    this.advance();
    this.expect('(', "after 'asm'");
    const label = this.parseExpression();
    if (label.kind !== 'string') this.failHere("expected a string in 'asm'");
    this.expect(')', "after an 'asm' label");
    return label.value;
  }

  protected isAsm(): boolean {
    return this.kind === KEYWORD && KEYWORDS.get(this.word)?.name === 'asm';
  }

  /** Passes over a top-level `asm volatile ("...");` */
  protected skipAsm(): void {
    while (!this.is(';')) {
      if (this.atEnd) this.failHere("expected ';' after 'asm'");
      this.advance();
    }
  }
}
