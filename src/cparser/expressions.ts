/**
 * Expressions (C11 6.5): all of them, as initialisers and macros hold any. Which have a value at compile time is for the
 * evaluator to say.
 * @module
 */
import type { BinaryOperator, Expression, GenericCase, TypeName } from './ast.ts';
import { Cursor } from './cursor.ts';
import { CHARACTER, IDENTIFIER, KEYWORD, NUMBER, STRING } from './lexer.ts';
import {
  floatingType,
  isSingleCharacter,
  parseCharacter,
  parseFloating,
  parseInteger,
  parseString,
  stringElement,
  stringLength,
} from './literals.ts';

// Binding strength of the binary operators, C11 6.5.5 to 6.5.14.
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']].flatMap(
    (operators, level) => operators.map((operator): [string, number] => [operator, level + 1]),
  ),
);

const ASSIGNMENTS = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|=']);

const BEHIND_EXPRESSIONS: ReadonlySet<string> = new Set([';', ',', ']', '}', ')', ':']);

export abstract class ExpressionParser extends Cursor {
  /** Whether the token `ahead` places on starts a type name. */
  protected abstract startsType(ahead: number): boolean;
  protected abstract parseTypeName(): TypeName;

  /** An expression without top-level commas. */
  protected parseExpression(): Expression {
    // What most expressions are.
    if (this.kind === NUMBER && BEHIND_EXPRESSIONS.has(this.wordAt(1))) return this.#number();
    this.enter();
    let expression = this.#conditional();
    if (ASSIGNMENTS.has(this.word)) {
      this.advance();
      const right = this.parseExpression();
      expression = { kind: 'opaque', start: expression.start, end: right.end, what: 'an assignment' };
    }
    this.leave();
    return expression;
  }

  #commaExpression(): Expression {
    let left = this.parseExpression();
    while (this.eat(',')) {
      const right = this.parseExpression();
      left = { kind: 'comma', start: left.start, end: right.end, left, right };
    }
    return left;
  }

  #conditional(): Expression {
    const test = this.#binary(1);
    if (!this.eat('?')) return test;
    // gcc: `a ?: b` is `a ? a : b`.
    const yes = this.is(':') ? test : this.#commaExpression();
    this.expect(':', "in a '?:' expression");
    this.enter();
    const no = this.#conditional();
    this.leave();
    return { kind: 'conditional', start: test.start, end: no.end, test, yes, no };
  }

  #binary(weakest: number): Expression {
    let left = this.#unary();
    while (true) {
      const operator = this.word;
      const level = PRECEDENCE.get(operator);
      if (level === undefined || level < weakest) return left;
      this.advance();
      const right = this.#binary(level + 1);
      left = { kind: 'binary', start: left.start, end: right.end, operator: operator as BinaryOperator, left, right };
    }
  }

  #unary(): Expression {
    if (this.kind === NUMBER) return this.#postfix(this.#primary());
    this.enter();
    const expression = this.#prefixed();
    this.leave();
    return expression;
  }

  #prefixed(): Expression {
    const { start, word } = this;
    switch (word) {
      case '-':
      case '+':
      case '~':
      case '!':
      case '*':
      case '&': {
        this.advance();
        const operand = this.#unary();
        return { kind: 'unary', start, end: operand.end, operator: word, operand };
      }
      case '++':
      case '--':
      case '&&':
        this.advance();
        return { kind: 'opaque', start, end: this.#unary().end, what: 'an expression with side effects' };
      case '__extension__':
        this.advance();
        return this.#unary();
      case '(': {
        if (!this.startsType(1)) break;
        const type = this.#parenthesisedType();
        if (this.is('{')) return this.#postfix(this.#compoundLiteral(type, start));
        const operand = this.#unary();
        return { kind: 'cast', start, end: operand.end, type, operand };
      }
    }
    return this.#postfix(this.#primary());
  }

  #compoundLiteral(type: TypeName, start: number): Expression {
    this.skipBraces();
    return { kind: 'compound-literal', start, end: this.previousEnd, type };
  }

  /** Passes over `{ ... }`; nothing in it is looked at. */
  protected skipBraces(): void {
    const open = { start: this.start, end: this.start + 1 };
    let depth = 0;
    do {
      if (this.atEnd) this.fail(open, "'{' without its '}'");
      if (this.is('{')) depth++;
      if (this.is('}')) depth--;
      this.advance();
    } while (depth > 0);
  }

  // Calls, indices, members, and `++` behind.
  #postfix(first: Expression): Expression {
    let object = first;
    const { start } = first;
    while (true) {
      if (this.eat('[')) {
        const index = this.#commaExpression();
        this.expect(']', 'after an index');
        object = { kind: 'index', start, end: this.previousEnd, object, index };
      } else if (this.is('.') || this.is('->')) {
        const isArrow = this.is('->');
        this.advance();
        const name = this.#memberName();
        object = { kind: 'member', start, end: this.previousEnd, object, name, isArrow };
      } else if (this.eat('(')) {
        const args: Expression[] = [];
        while (!this.is(')')) {
          args.push(this.parseExpression());
          if (!this.eat(',')) break;
        }
        this.expect(')', 'after arguments');
        object = { kind: 'call', start, end: this.previousEnd, callee: object, args };
      } else if (this.eat('++') || this.eat('--')) {
        object = { kind: 'opaque', start, end: this.previousEnd, what: 'an expression with side effects' };
      } else {
        return object;
      }
    }
  }

  #parenthesisedType(): TypeName {
    this.expect('(', 'before a type name');
    const type = this.parseTypeName();
    this.expect(')', 'after a type name');
    return type;
  }

  #primary(): Expression {
    const { start, end } = this;
    switch (this.kind) {
      case NUMBER:
        return this.#number();
      case CHARACTER: {
        const value = parseCharacter(this.spelling);
        if (typeof value === 'string') this.fail({ start, end }, value);
        if (this.dialect === 'luajit' && !isSingleCharacter(this.spelling)) this.fail({ start, end }, "expected ''' after one character");
        this.advance();
        return { kind: 'character', start, end, value };
      }
      case STRING:
        return this.#strings();
      case IDENTIFIER:
      case KEYWORD:
        return this.#word();
    }
    if (this.eat('(')) {
      if (this.is('{')) {
        this.skipBraces();
        this.expect(')', 'after a statement expression');
        return { kind: 'opaque', start, end: this.previousEnd, what: 'a statement expression' };
      }
      const inner = this.#commaExpression();
      this.expect(')', 'to close the parenthesis');
      return { ...inner, start, end: this.previousEnd };
    }
    this.failHere('expected a constant expression');
  }

  #number(): Expression {
    const { start, end } = this;
    // An integer given as a type parameter is a word, not in the text.
    if (this.word !== '') {
      const value = BigInt(this.word);
      this.advance();
      return { kind: 'integer', start, end, value, isUnsigned: false, longs: 0, isDecimal: true };
    }
    const { spelling } = this;
    const literal = parseInteger(spelling);
    if (typeof literal === 'string') {
      const value = parseFloating(spelling);
      if (value === null) this.fail({ start, end }, literal);
      this.advance();
      return { kind: 'float', start, end, value, type: floatingType(spelling) };
    }
    const { value, isUnsigned, longs, isDecimal } = literal;
    // LuaJIT's have 32 bits.
    if (this.dialect === 'luajit' && value >= 1n << 32n)
      this.fail({ start, end }, `malformed number '${spelling}', expected 32 bits or fewer`);
    this.advance();
    return { kind: 'integer', start, end, value, isUnsigned, longs, isDecimal };
  }

  // Adjacent string literals are one (C11 5.1.1.2, phase 6).
  #strings(): Expression {
    const { start } = this;
    const spellings: string[] = [];
    for (; this.kind === STRING; this.advance()) spellings.push(this.spelling);
    // One prefix is everybody's.
    const element = spellings.map(stringElement).find((one) => one !== 'char') ?? 'char';
    const length = spellings.reduce((sum, spelling) => sum + stringLength(spelling, element), 1);
    return { kind: 'string', start, end: this.previousEnd, value: spellings.map(parseString).join(''), element, length };
  }

  #word(): Expression {
    const { start, word: name } = this;
    this.advance();
    switch (name) {
      case 'sizeof': {
        if (this.is('(') && this.startsType(1)) {
          const open = this.start;
          const type = this.#parenthesisedType();
          if (!this.is('{')) return { kind: 'sizeof', start, end: this.previousEnd, type };
          const operand = this.#postfix(this.#compoundLiteral(type, open));
          return { kind: 'sizeof-expression', start, end: operand.end, operand };
        }
        const measured = this.#operand();
        return { kind: 'sizeof-expression', start, end: measured.end, operand: measured };
      }
      case '_Alignof':
      case '__alignof__':
      case '__alignof':
      case 'alignof': {
        const isPreferred = name.startsWith('__');
        if (this.is('(') && this.startsType(1)) {
          const type = this.#parenthesisedType();
          return { kind: 'alignof', start, end: this.previousEnd, type, isPreferred };
        }
        // gcc takes expressions, too; `alignof` may be a name.
        if (name === 'alignof' && !this.is('(')) break;
        const operand = this.#operand();
        return { kind: 'alignof-expression', start, end: operand.end, operand, isPreferred };
      }
      case 'offsetof':
      case '__builtin_offsetof':
        return this.#offsetof(start);
      case '__builtin_types_compatible_p':
        return this.#typesCompatible(start);
      case '__builtin_va_arg':
        return this.#vaArg(start);
      case '_Generic':
        return this.#generic(start);
    }
    return { kind: 'name', start, end: this.previousEnd, name };
  }

  #operand(): Expression {
    this.enter();
    const operand = this.#unary();
    this.leave();
    return operand;
  }

  // offsetof(type, member.inner[2].leaf), C11 7.19p3
  #offsetof(start: number): Expression {
    this.expect('(', "after 'offsetof'");
    const type = this.parseTypeName();
    this.expect(',', "in 'offsetof'");
    const path: (string | Expression)[] = [this.#memberName()];
    while (!this.is(')')) {
      if (this.eat('[')) {
        path.push(this.parseExpression());
        this.expect(']', 'after an array index');
      } else {
        this.expect('.', "in the member path of 'offsetof'");
        path.push(this.#memberName());
      }
    }
    this.expect(')', "after 'offsetof'");
    return { kind: 'offsetof', start, end: this.previousEnd, type, path };
  }

  #typesCompatible(start: number): Expression {
    this.expect('(', "after '__builtin_types_compatible_p'");
    const left = this.parseTypeName();
    this.expect(',', 'between the types');
    const right = this.parseTypeName();
    this.expect(')', 'after the types');
    return { kind: 'types-compatible', start, end: this.previousEnd, left, right };
  }

  #vaArg(start: number): Expression {
    this.expect('(', "after '__builtin_va_arg'");
    this.parseExpression();
    this.expect(',', 'before the type');
    this.parseTypeName();
    this.expect(')', 'after the type');
    return { kind: 'opaque', start, end: this.previousEnd, what: 'an argument' };
  }

  // C11 6.5.1.1
  #generic(start: number): Expression {
    const cases: GenericCase[] = [];
    this.expect('(', "after '_Generic'");
    const control = this.parseExpression();
    while (this.eat(',')) {
      const isDefault = this.eat('default');
      const type = isDefault ? null : this.parseTypeName();
      this.expect(':', 'after a type');
      cases.push({ type, value: this.parseExpression() });
    }
    this.expect(')', "after the cases of '_Generic'");
    return { kind: 'generic', start, end: this.previousEnd, control, cases };
  }

  #memberName(): string {
    if (this.kind !== IDENTIFIER) this.failHere('expected a member name');
    const name = this.word;
    this.advance();
    return name;
  }
}
