/**
 * C declarations to a tree: recursive descent over the grammar of C11 6.7, top level here, specifiers, declarators
 * and expressions in the classes below.
 * @module
 */
import type { Declaration, Expression, InitDeclarator, Initializer, InitializerItem, StaticAssertion, TypeName } from './ast.ts';
import type { Dialect } from './dialect.ts';
import { IDENTIFIER, STRING, type Tokens } from './lexer.ts';
import { type IsTypeName, SpecifierParser } from './specifiers.ts';

class Parser extends SpecifierParser {
  // Open `extern "C" {` blocks.
  #linkageBlocks = 0;
  #declarations = 0;

  /** The next top-level declaration, or null at the end of the text. */
  declaration(): Declaration | StaticAssertion | null {
    while (this.#punctuation());
    if (this.atEnd) {
      if (this.#linkageBlocks > 0) this.failHere("expected '}' to close 'extern \"C\"'");
      return null;
    }
    if (this.startsStaticAssertion()) return this.parseStaticAssertion();
    const { start } = this;
    const isFirst = this.#declarations++ === 0;
    const specifiers = this.parseSpecifiers();
    // C11 6.7p2; gcc warns.
    const { kind } = specifiers.type;
    const isTagged = kind === 'struct' || kind === 'union' || kind === 'enum';
    if (this.dialect === 'luajit' && !isTagged && (this.is(';') || this.atEnd)) this.failHere('expected a declarator');
    const declarators: InitDeclarator[] = [];
    while (!this.is(';') && !this.atEnd) {
      const declarator = this.parseDeclarator('named');
      const { identifier } = declarator;
      if (specifiers.storage === 'typedef' && identifier !== null) this.typedefs.add(identifier.name);
      const isFunction = declarator.derivations[0]?.kind === 'function';
      if (declarators.length === 0 && isFunction) this.#parameterDeclarations();
      if (declarators.length === 0 && this.is('{') && isFunction) {
        declarators.push({ declarator, initializer: null });
        this.skipBraces();
        return { kind: 'declaration', start, end: this.previousEnd, specifiers, declarators };
      }
      const initializer = this.eat('=') ? this.#initializer() : null;
      declarators.push({ declarator, initializer });
      if (!this.eat(',')) break;
      if (this.is(';')) this.failHere('expected a declarator');
    }
    const end = this.previousEnd;
    // A text's only declaration may go without its semicolon, as in LuaJIT; of gcc's texts, the last one.
    if (!this.atEnd || (this.dialect === 'luajit' && !isFirst)) this.expect(';', 'after a declaration');
    return { kind: 'declaration', start, end, specifiers, declarators };
  }

  // What may stand between declarations: stray semicolons, `extern "C" {` and its `}`, `asm("...");`
  #punctuation(): boolean {
    if (this.eat(';')) return true;
    if (this.#linkageBlocks > 0 && this.eat('}')) {
      this.#linkageBlocks--;
      return true;
    }
    if (this.is('extern') && this.kindAt(1) === STRING) {
      this.advance();
      this.advance();
      if (this.eat('{')) this.#linkageBlocks++;
      return true;
    }
    if (this.isAsm()) {
      this.skipAsm();
      return true;
    }
    return false;
  }

  // K&R: `int f(a, b) int a; char *b; { ... }` (C11 6.9.1p6)
  #parameterDeclarations(): void {
    while (this.startsType(0) || this.is('register')) {
      this.parseSpecifiers();
      do this.parseDeclarator('named');
      while (this.eat(','));
      this.expect(';', "after a parameter's declaration");
    }
  }

  #initializer(): Initializer {
    if (!this.is('{')) return { kind: 'expression', expression: this.parseExpression() };
    this.enter();
    const { start } = this;
    const items: InitializerItem[] = [];
    this.advance();
    while (!this.is('}')) {
      const designators = this.#designators();
      items.push({ designators, value: this.#initializer() });
      if (!this.eat(',')) break;
    }
    this.expect('}', 'after the initialisers');
    this.leave();
    return { kind: 'list', start, end: this.previousEnd, items };
  }

  // `[3].x =`, gcc's `[1 ... 3] =` and `x:`.
  #designators(): (Expression | string)[] {
    const designators: (Expression | string)[] = [];
    if (this.kind === IDENTIFIER && this.isAhead(1, ':')) {
      designators.push(this.identifier().name);
      this.advance();
      return designators;
    }
    while (this.is('[') || this.is('.')) {
      if (this.eat('[')) {
        const at = this.parseExpression();
        designators.push(this.eat('...') ? this.parseExpression() : at);
        this.expect(']', 'after an index');
      } else {
        this.advance();
        if (this.kind !== IDENTIFIER) this.failHere('expected a member name');
        designators.push(this.identifier().name);
      }
    }
    if (designators.length > 0) this.eat('=');
    return designators;
  }

  /**
   * Passes over the declaration at `start` (a token's index), which could not be read: to its semicolon, or to the end
   * of a function's body.
   */
  recover(start: number): void {
    this.moveTo(start);
    let depth = 0;
    let isBody = false;
    while (!this.atEnd) {
      const isOpen = this.is('{') || this.is('(') || this.is('[');
      const isClose = this.is('}') || this.is(')') || this.is(']');
      if (depth === 0 && this.is('{')) isBody = start < this.index && this.text[this.previousEnd - 1] === ')';
      const endsBody = this.is('}') && depth <= 1 && isBody;
      const isEnd = depth <= 0 && this.is(';');
      if (isOpen) depth++;
      if (isClose) depth = Math.max(0, depth - 1);
      this.advance();
      if (isEnd || endsBody) return;
    }
  }

  /** The current token's index, for `recover`. */
  get position(): number {
    return this.index;
  }

  wholeExpression(): Expression {
    const expression = this.parseExpression();
    if (!this.atEnd) this.failHere('expected the end of the expression');
    return expression;
  }

  wholeTypeName(): TypeName {
    const type = this.parseTypeName();
    if (!this.atEnd) this.failHere('expected the end of the type name');
    return type;
  }
}

/** The declarations of a text, one after the other. */
export class DeclarationReader {
  readonly #parser: Parser;
  #start = 0;
  #isRead = true;

  constructor(tokens: Tokens, isTypeName: IsTypeName, dialect: Dialect) {
    this.#parser = new Parser(tokens, isTypeName, dialect);
  }

  /**
   * The next declaration, or null at the end.
   * @throws {CdefError} when the text is not C.
   */
  next(): Declaration | StaticAssertion | null {
    this.#start = this.#parser.position;
    this.#isRead = false;
    const declaration = this.#parser.declaration();
    this.#isRead = true;
    return declaration;
  }

  /** After an error: goes on behind the declaration that `next` was reading, or had read last. */
  recover(): void {
    if (!this.#isRead) this.#parser.recover(this.#start);
  }
}

/**
 * A text that is one type name, such as `const char *[4]`.
 * @throws {CdefError} when it is not.
 */
export function parseTypeName(tokens: Tokens, isTypeName: IsTypeName, dialect: Dialect): TypeName {
  return new Parser(tokens, isTypeName, dialect).wholeTypeName();
}

/**
 * A text that is one constant expression.
 * @throws {CdefError} when it is not
 */
export function parseConstantExpression(tokens: Tokens, isTypeName: IsTypeName = () => false): Expression {
  return new Parser(tokens, isTypeName, 'gcc').wholeExpression();
}
