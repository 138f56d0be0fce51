/**
 * C declarations to a tree: recursive descent over the grammar of C11 6.7, top level here, specifiers, declarators
 * and expressions in the classes below.
 * @module
 */
import type { Declaration, Expression, InitDeclarator, TypeName } from './ast.ts';
import type { Tokens } from './lexer.ts';
import { type IsTypeName, SpecifierParser } from './specifiers.ts';

class Parser extends SpecifierParser {
  /** The next top-level declaration, or null at the end of the text. */
  declaration(): Declaration | null {
    while (this.eat(';'));
    if (this.atEnd) return null;
    const start = this.start;
    const specifiers = this.parseSpecifiers();
    const declarators: InitDeclarator[] = [];
    while (!this.is(';') && !this.atEnd) {
      const declarator = this.parseDeclarator('named');
      const { identifier } = declarator;
      if (specifiers.storage === 'typedef' && identifier !== null) this.typedefs.add(identifier.name);
      if (declarators.length === 0 && this.is('{') && declarator.derivations[0]?.kind === 'function') {
        declarators.push({ declarator, value: null });
        this.#skipBody();
        return { start, end: this.previousEnd, specifiers, declarators };
      }
      const value = specifiers.storage === 'static' && this.eat('=') ? this.parseExpression() : null;
      declarators.push({ declarator, value });
      if (!this.eat(',')) break;
    }
    const end = this.previousEnd;
    // The last declaration of a text may go without its semicolon, as in LuaJIT.
    if (!this.atEnd) this.expect(';', 'after a declaration');
    return { start, end, specifiers, declarators };
  }

  // An inline function's body; nothing in it is ours.
  #skipBody(): void {
    const open = { start: this.start, end: this.start + 1 };
    let depth = 0;
    do {
      if (this.atEnd) this.fail(open, "function body without its '}'");
      if (this.is('{')) depth++;
      if (this.is('}')) depth--;
      this.advance();
    } while (depth > 0);
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

/**
 * The declarations of a text, one after the other.
 * @throws {CdefError} when the text is not C.
 */
export function* parseDeclarations(tokens: Tokens, isTypeName: IsTypeName): Generator<Declaration, void, undefined> {
  const parser = new Parser(tokens, isTypeName);
  for (let next = parser.declaration(); next !== null; next = parser.declaration()) yield next;
}

/**
 * A text that is one type name, such as `const char *[4]`.
 * @throws {CdefError} when it is not.
 */
export function parseTypeName(tokens: Tokens, isTypeName: IsTypeName): TypeName {
  return new Parser(tokens, isTypeName).wholeTypeName();
}

/**
 * A text that is one constant expression.
 * @throws {CdefError} when it is not
 */
export function parseConstantExpression(tokens: Tokens, isTypeName: IsTypeName = () => false): Expression {
  return new Parser(tokens, isTypeName).wholeExpression();
}
