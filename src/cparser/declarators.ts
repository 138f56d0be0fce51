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
import { IDENTIFIER } from './lexer.ts';

/** How many pointers, arrays and functions one declarator may combine. */
export const MAX_DERIVATIONS = 256;

/** Whether a declarator must have a name, must not have one, or may. */
export type Naming = 'named' | 'abstract' | 'either';

const CALLING_CONVENTIONS = new Set(['__cdecl', '__stdcall', '__fastcall', '__thiscall']);

export abstract class DeclaratorParser extends ExpressionParser {
  protected abstract parseSpecifiers(): Specifiers;
  protected abstract parseQualifiers(): Qualifiers;
  protected abstract parseAttributes(into: Attribute[]): void;
  protected abstract isKeyword(name: string): boolean;

  protected parseTypeName(): TypeName {
    return this.nested(() => {
      const start = this.start;
      const specifiers = this.parseSpecifiers();
      if (specifiers.storage !== null) this.fail(specifiers, `storage class '${specifiers.storage}' has no place in a type name`);
      const declarator = this.parseDeclarator('abstract');
      return { start, end: this.previousEnd, specifiers, declarator };
    });
  }

  protected parseDeclarator(naming: Naming): Declarator {
    const start = this.start;
    const attributes: Attribute[] = [];
    this.parseAttributes(attributes);
    const { identifier, derivations } = this.#declarator(naming);
    if (derivations.length > MAX_DERIVATIONS) {
      this.fail({ start, end: this.previousEnd }, `declarator with more than ${MAX_DERIVATIONS} pointers, arrays and functions`);
    }
    this.#asmLabel();
    this.parseAttributes(attributes);
    return { start, end: this.previousEnd, identifier, derivations, attributes };
  }

  #declarator(naming: Naming): { identifier: Identifier | null; derivations: Derivation[] } {
    return this.nested(() => {
      const pointers = this.#pointers();
      let identifier: Identifier | null = null;
      let derivations: Derivation[] = [];
      if (this.is('(') && this.#opensNestedDeclarator(naming)) {
        this.advance();
        const inner = this.#attributed();
        ({ identifier, derivations } = this.#declarator(naming));
        if (inner !== null) derivations.push(inner);
        this.expect(')', 'to close the declarator');
      } else if (naming !== 'abstract' && this.kind === IDENTIFIER && !this.isKeyword(this.spelling)) {
        identifier = { name: this.spelling, start: this.start, end: this.tokens.ends[this.index] as number };
        this.advance();
      } else if (naming === 'named') {
        this.failHere('expected a name');
      }
      while ((this.is('[') && !this.is('[', 1)) || this.is('(')) derivations.push(this.is('[') ? this.#array() : this.#function());
      // One by one: a spread of a hostile text's pointers would overflow the call stack.
      for (const pointer of pointers.reverse()) derivations.push(pointer);
      return { identifier, derivations };
    });
  }

  // `(` after the specifiers: a nested declarator, unless it can only be a parameter list (C11 6.7.6.3p11).
  #opensNestedDeclarator(naming: Naming): boolean {
    if (naming === 'named') return true;
    let ahead = 1;
    while (KEYWORDS.get(this.identifierAt(ahead) ?? '') === '__attribute__') ahead = this.#behindParentheses(ahead + 1);
    return !this.is(')', ahead) && !this.is('...', ahead) && !this.startsType(ahead);
  }

  #behindParentheses(ahead: number): number {
    let open = 0;
    let at = ahead;
    for (; this.index + at < this.tokens.kinds.length; at++) {
      if (this.is('(', at)) open++;
      if (this.is(')', at)) open--;
      if (open <= 0) break;
    }
    return at + 1;
  }

  // Attributes among pointers and parentheses; null where there are none.
  #attributed(): AttributedDerivation | null {
    const attributes: Attribute[] = [];
    const start = this.start;
    this.parseAttributes(attributes);
    return attributes.length === 0 ? null : { kind: 'attributed', start, end: this.previousEnd, attributes };
  }

  #pointers(): Derivation[] {
    const pointers: Derivation[] = [];
    while (true) {
      const before = this.#attributed();
      if (before !== null) pointers.push(before);
      const start = this.start;
      const isPointer = this.is('*');
      if (isPointer || this.is('&') || this.is('&&')) {
        this.advance();
        const own = this.#attributed();
        const qualifiers = this.parseQualifiers();
        pointers.push({ kind: isPointer ? 'pointer' : 'reference', start, end: this.previousEnd, qualifiers });
        if (own !== null) pointers.push(own);
      } else if (CALLING_CONVENTIONS.has(this.spelling)) {
        this.advance();
      } else {
        return pointers;
      }
    }
  }

  #array(): ArrayDerivation {
    const start = this.start;
    this.expect('[', 'before an array length');
    // In parameters: `[static 3]`, `[const]`, `[*]` (C11 6.7.6.3p7); the parameter becomes a pointer anyway.
    if (this.identifierAt(0) === 'static') this.advance();
    this.parseQualifiers();
    if (this.identifierAt(0) === 'static') this.advance();
    let length: ArrayDerivation['length'] = null;
    if (this.is('?') || (this.is('*') && this.is(']', 1))) {
      length = this.is('?') ? '?' : null;
      this.advance();
    } else if (!this.is(']')) {
      length = this.parseExpression();
    }
    this.expect(']', 'after an array length');
    return { kind: 'array', start, end: this.previousEnd, length };
  }

  #function(): FunctionDerivation {
    const start = this.start;
    const parameters: Parameter[] = [];
    let variadic = false;
    this.expect('(', 'before parameters');
    while (!this.is(')')) {
      if (this.eat('...')) {
        variadic = true;
        break;
      }
      parameters.push(this.#parameter());
      if (!this.eat(',')) break;
      if (this.is(')')) this.failHere('expected a parameter');
    }
    this.expect(')', 'after the parameters');
    return { kind: 'function', start, end: this.previousEnd, parameters, variadic };
  }

  #parameter(): Parameter {
    return this.nested(() => {
      const start = this.start;
      if (!this.startsType(0) && (this.is(',', 1) || this.is(')', 1)) && this.kind === IDENTIFIER && !this.isKeyword(this.spelling)) {
        return this.#oldParameter();
      }
      const specifiers = this.parseSpecifiers();
      if (specifiers.storage !== null && specifiers.storage !== 'register') {
        this.fail(specifiers, `storage class '${specifiers.storage}' has no place in a parameter`);
      }
      const declarator = this.parseDeclarator('either');
      return { start, end: this.previousEnd, specifiers, declarator };
    });
  }

  // A bare name in a K&R list. Its type is declared behind the list, if it is not int.
  #oldParameter(): Parameter {
    const range = { start: this.start, end: this.tokens.ends[this.index] as number };
    const identifier = { name: this.spelling, ...range };
    this.advance();
    const qualifiers = { isConst: false, isVolatile: false };
    const specifiers: Specifiers = { ...range, storage: null, qualifiers, type: { kind: 'base', ...range, base: 'int' }, attributes: [] };
    return { ...range, specifiers, declarator: { ...range, identifier, derivations: [], attributes: [] } };
  }

  // asm("symbol"): redirects the linker, which is not our business.
  #asmLabel(): void {
    if (!this.isAsm()) return;
    this.advance();
    this.expect('(', "after 'asm'");
    if (this.parseExpression().kind !== 'string') this.failHere("expected a string in 'asm'");
    this.expect(')', "after an 'asm' label");
  }

  protected isAsm(): boolean {
    return ['asm', '__asm', '__asm__'].includes(this.spelling);
  }

  /** Passes over a top-level `asm volatile ("...");` */
  protected skipAsm(): void {
    while (!this.is(';')) {
      if (this.atEnd) this.failHere("expected ';' after 'asm'");
      this.advance();
    }
  }
}
