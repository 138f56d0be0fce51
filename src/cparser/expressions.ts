/**
 * Constant expressions (C11 6.5, 6.6): the full ladder of operators over integers, names, `sizeof` and casts.
 * Assignment, calls and member access have no place in a constant expression and are refused.
 * @module
 */
import type { BinaryOperator, Expression, TypeName } from './ast.ts';
import { Cursor } from './cursor.ts';
import { CHARACTER, IDENTIFIER, NUMBER, STRING } from './lexer.ts';
import { parseCharacter, parseInteger, parseString } from './literals.ts';

// Binding strength of the binary operators, C11 6.5.5 to 6.5.14.
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '>', '<=', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']].flatMap(
    (operators, level) => operators.map((operator): [string, number] => [operator, level + 1]),
  ),
);

export abstract class ExpressionParser extends Cursor {
  /** Whether the token `ahead` places on starts a type name. */
  protected abstract startsType(ahead: number): boolean;
  protected abstract parseTypeName(): TypeName;

  /** An expression without top-level commas. */
  protected parseExpression(): Expression {
    return this.nested(() => this.#conditional());
  }

  #conditional(): Expression {
    const test = this.#binary(1);
    if (!this.eat('?')) return test;
    const yes = this.parseExpression();
    this.expect(':', "in a '?:' expression");
    const no = this.nested(() => this.#conditional());
    return { kind: 'conditional', start: test.start, end: no.end, test, yes, no };
  }

  #binary(weakest: number): Expression {
    let left = this.#unary();
    while (true) {
      const operator = this.spelling;
      const level = PRECEDENCE.get(operator);
      if (level === undefined || level < weakest || !this.is(operator)) return left;
      this.advance();
      const right = this.#binary(level + 1);
      left = { kind: 'binary', start: left.start, end: right.end, operator: operator as BinaryOperator, left, right };
    }
  }

  #unary(): Expression {
    const start = this.start;
    for (const operator of ['-', '+', '~', '!'] as const) {
      if (!this.is(operator)) continue;
      return this.nested(() => {
        this.advance();
        const operand = this.#unary();
        return { kind: 'unary', start, end: operand.end, operator, operand };
      });
    }
    if (this.is('(') && this.startsType(1)) {
      return this.nested(() => {
        const type = this.#parenthesisedType();
        const operand = this.#unary();
        return { kind: 'cast', start, end: operand.end, type, operand };
      });
    }
    return this.#primary();
  }

  #parenthesisedType(): TypeName {
    this.expect('(', 'before a type name');
    const type = this.parseTypeName();
    this.expect(')', 'after a type name');
    return type;
  }

  #primary(): Expression {
    const range = { start: this.start, end: this.tokens.ends[this.index] as number };
    switch (this.kind) {
      case NUMBER: {
        const literal = parseInteger(this.spelling);
        if (typeof literal === 'string') this.fail(range, literal);
        this.advance();
        return { kind: 'integer', ...range, ...literal };
      }
      case CHARACTER: {
        const value = parseCharacter(this.spelling);
        if (typeof value === 'string') this.fail(range, value);
        this.advance();
        return { kind: 'character', ...range, value };
      }
      case STRING:
        return this.#strings();
      case IDENTIFIER:
        return this.#word();
    }
    if (this.eat('(')) {
      const inner = this.parseExpression();
      this.expect(')', 'to close the parenthesis');
      return { ...inner, start: range.start, end: this.previousEnd };
    }
    this.failHere('expected a constant expression');
  }

  // Adjacent string literals are one (C11 5.1.1.2, phase 6).
  #strings(): Expression {
    const start = this.start;
    let value = '';
    while (this.kind === STRING) {
      value += parseString(this.spelling);
      this.advance();
    }
    return { kind: 'string', start, end: this.previousEnd, value };
  }

  #word(): Expression {
    const start = this.start;
    const name = this.spelling;
    this.advance();
    switch (name) {
      case 'sizeof':
        if (this.is('(') && this.startsType(1)) {
          const type = this.#parenthesisedType();
          return { kind: 'sizeof', start, end: this.previousEnd, type };
        }
        return this.nested(() => {
          const operand = this.#unary();
          return { kind: 'sizeof-expression', start, end: operand.end, operand };
        });
      case '_Alignof':
      case '__alignof__':
      case '__alignof':
      case 'alignof': {
        if (!this.is('(')) break;
        const type = this.#parenthesisedType();
        return { kind: 'alignof', start, end: this.previousEnd, type };
      }
      case 'offsetof':
      case '__builtin_offsetof':
        return this.#offsetof(start);
    }
    return { kind: 'name', start, end: this.previousEnd, name };
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

  #memberName(): string {
    if (this.kind !== IDENTIFIER) this.failHere('expected a member name');
    const name = this.spelling;
    this.advance();
    return name;
  }
}
