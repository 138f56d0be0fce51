/**
 * Expressions of Lua text (Lua 5.1 manual 2.5; LuaJIT's manual, "Extensions") to the tree. Depth is limited as in LuaJIT; chains that lean to
 * the left (`a + b + c`, `a.b.c`, `f()()`) may be of any length.
 * @module
 */
import type { LuaNumber } from '../../lua/index.ts';
import type {
  BinaryOperator,
  BitOperator,
  CallExpression,
  Expression,
  FunctionNode,
  IndexExpression,
  LogicalOperator,
  MethodCallExpression,
  Place,
  Statement,
  TableField,
  UnaryOperator,
  Variable,
} from './ast.ts';
import { type ParseOptions, TokenReader } from './reader.ts';
import { noteCall } from './rooms.ts';
import { type Building, type ChunkScope, FunctionScope } from './scope.ts';

/** How tightly operators bind to what stands left and right of them; Lua 5.3's numbers, whose order is that of every dialect. */
const PRIORITIES: ReadonlyMap<string, readonly [left: number, right: number]> = new Map([
  ...sameOnBothSides(1, 'or'),
  ...sameOnBothSides(2, 'and'),
  ...sameOnBothSides(3, '== ~= < <= > >='),
  ['..', [9, 8] as const],
  ...sameOnBothSides(10, '+ -'),
  ...sameOnBothSides(11, '* / %'),
  ['^', [14, 13] as const],
]);
const EXTENDED_PRIORITIES: typeof PRIORITIES = new Map([
  ...PRIORITIES,
  ...sameOnBothSides(1, '??'),
  ...sameOnBothSides(4, '|'),
  ...sameOnBothSides(5, '~'),
  ...sameOnBothSides(6, '&'),
  ...sameOnBothSides(7, '<< >> ~>>'),
]);
const UNARY_PRIORITY = 12;

function sameOnBothSides(priority: number, operators: string): [string, readonly [number, number]][] {
  return operators.split(' ').map((operator) => [operator, [priority, priority]]);
}

const LOGICAL: ReadonlySet<string> = new Set(['and', 'or', '??']);
const UNARY: ReadonlySet<string> = new Set(['not', '-', '#']);
const EXTENDED_UNARY: ReadonlySet<string> = new Set([...UNARY, '~']);

/** Registers of a function in LuaJIT: no call has as many arguments. */
const MAX_SLOTS = 250;
/** Those of a called function and its frame. */
const CALL_SLOTS = 2;

export abstract class ExpressionParser extends TokenReader {
  /** Of the function that is read. */
  protected scope: FunctionScope;
  protected readonly chunk: ChunkScope;
  readonly #priorities: typeof PRIORITIES;
  readonly #unary: ReadonlySet<string>;
  // In the middle of `a ? b : c`, where `:` calls no method.
  #colonEnds = false;

  constructor(text: string, name: string, options: ParseOptions) {
    super(text, name, options);
    this.#priorities = this.hasExtensions ? EXTENDED_PRIORITIES : PRIORITIES;
    this.#unary = this.hasExtensions ? EXTENDED_UNARY : UNARY;
    this.chunk = { variables: 0, functions: 0, labels: 0, error: (message, line) => this.error(message, line) };
    this.scope = new FunctionScope(this.chunk, null, { start: 0, line: 0, name: null });
  }

  /** The statements up to what ends a block. */
  protected abstract statements(): Statement[];

  protected expression(): Expression {
    const expression = this.#binary(0);
    return this.hasExtensions && this.symbol === '?' ? this.#conditional(expression) : expression;
  }

  #conditional(condition: Expression): Expression {
    this.enter();
    this.next();
    const outer = this.#colonEnds;
    this.#colonEnds = true;
    const then = this.expression();
    this.#colonEnds = outer;
    this.expect(':');
    const otherwise = this.expression();
    this.leave();
    return { kind: 'conditional', start: condition.start, line: this.lastLine, condition, then, otherwise };
  }

  /** What brackets of any kind enclose. */
  #enclosed<T>(read: () => T): T {
    const outer = this.#colonEnds;
    this.#colonEnds = false;
    const result = read();
    this.#colonEnds = outer;
    return result;
  }

  // Operators that bind tighter than `limit`.
  #binary(limit: number): Expression {
    this.enter();
    let left = this.#unaryExpression();
    for (;;) {
      const operator = this.symbol;
      const priority = this.#priorities.get(operator);
      if (priority === undefined || priority[0] <= limit) break;
      this.next();
      this.#load(left);
      const right = this.#binary(priority[1]);
      const place = { start: left.start, line: this.lastLine };
      left = LOGICAL.has(operator)
        ? { kind: 'logical', ...place, operator: operator as LogicalOperator, left, right }
        : { kind: 'binary', ...place, operator: operator as BinaryOperator | BitOperator, left, right };
    }
    this.leave();
    return left;
  }

  // LuaJIT reads a field when its value is needed, and places that where it has got to by then.
  #load(expression: Expression): void {
    if (expression.kind === 'index') (expression as Building<IndexExpression>).line = this.lastLine;
  }

  #unaryExpression(): Expression {
    if (!this.#unary.has(this.symbol)) return this.#simple();
    const operator = this.symbol as UnaryOperator;
    const { start } = this.token;
    this.next();
    const operand = this.#binary(UNARY_PRIORITY);
    return { kind: 'unary', start, line: this.lastLine, operator, operand };
  }

  #simple(): Expression {
    const { start } = this.token;
    const place = { start, line: this.line };
    switch (this.symbol) {
      case '<number>':
      case '<string>':
      case 'nil':
      case 'true':
      case 'false': {
        const expression = this.#constant(place);
        this.next();
        return expression;
      }
      case '...':
        if (!this.scope.node.isVararg) throw this.errorHere("cannot use '...' outside a vararg function");
        this.next();
        return { kind: 'vararg', ...place };
      case '{':
        return this.#enclosed(() => this.#table());
      case 'function':
        this.next();
        return this.functionBody({ start, line: this.line, name: null }, []);
      default:
        return this.hasExtensions && (this.symbol === '|' || this.token.value === '||') ? this.#shortFunction() : this.suffixed();
    }
  }

  #constant(place: Place): Expression {
    const { symbol, token } = this;
    if (symbol === '<number>') return { kind: 'number', ...place, value: token.value as LuaNumber };
    if (symbol === '<string>') return { kind: 'string', ...place, value: token.value as string };
    return { kind: symbol as 'nil' | 'true' | 'false', ...place };
  }

  // ---- names, fields and calls

  /**
   * A name or an expression in parentheses with its fields and calls. What is in parentheses starts behind the first one, so
   * an expression that starts where the text did is the whole of it.
   */
  protected suffixed(): Expression {
    const { start } = this.token;
    let expression: Expression;
    if (this.symbol === '(') {
      expression = this.#parenthesized();
    } else if (this.isName) {
      const name = this.token.value as string;
      const { line } = this;
      this.next();
      if (this.hasExtensions && this.symbol === '->') return this.#shortBody([{ name, line }], false, start);
      expression = this.named(name, { start, line });
    } else {
      throw this.errorHere('unexpected symbol');
    }
    let isChain = false;
    for (;;) {
      const isSafe = this.#safeStep();
      const next = this.#suffix(expression, start, isSafe);
      if (next === null) break;
      expression = next;
      if (isSafe || (next.kind === 'method' && next.isSafeCall)) isChain = true;
    }
    return isChain ? { kind: 'chain', start, line: expression.line, expression: expression as IndexExpression } : expression;
  }

  /** What a name stands for. */
  protected named(name: string, place: Place): Expression & { readonly kind: 'local' | 'global' } {
    const variable = this.scope.lookup(name);
    return variable === null ? { kind: 'global', ...place, name } : { kind: 'local', ...place, variable };
  }

  #parenthesized(): Expression {
    const { line } = this;
    this.next();
    const { start } = this.token;
    const expression = this.#enclosed(() => this.expression());
    this.expectClosing(')', '(', line);
    this.#load(expression);
    if (expression.kind !== 'call' && expression.kind !== 'method' && expression.kind !== 'vararg') return expression;
    return { kind: 'single', start, line: expression.line, expression };
  }

  // Skips the `?.` of `a?.b`, `a?.[b]`, `a?.(b)` up to what follows, for a name up to its dot; and the `?` of `a?:b()`.
  #safeStep(): boolean {
    if (!this.hasExtensions) return false;
    if (this.symbol === '?.') {
      const follows = this.peek();
      if (follows === '[' || follows === '(') this.next();
      return true;
    }
    if (this.symbol !== '?' || this.peek() !== ':') return false;
    this.next();
    return true;
  }

  // The next field or call behind `object`; null where there is none.
  #suffix(object: Expression, start: number, isSafe: boolean): IndexExpression | CallExpression | MethodCallExpression | null {
    switch (this.symbol) {
      case '.':
      case '?.': {
        const key = this.#field();
        return { kind: 'index', start, line: this.lastLine, object, key, isSafe };
      }
      case '[': {
        const key = this.#enclosed(() => this.#bracketed());
        return { kind: 'index', start, line: this.lastLine, object, key, isSafe };
      }
      case ':': {
        if (this.#colonEnds && !isSafe) return null;
        this.next();
        const name = this.name();
        this.#load(object);
        const isSafeCall = this.hasExtensions && this.at('?.');
        if (isSafeCall) this.next();
        const { line } = this;
        const args = this.#enclosed(() => this.#arguments());
        return { kind: 'method', start, line, object, name, args, isSafe, isSafeCall };
      }
      case '(':
      case '{':
      case '<string>': {
        const { line } = this;
        const args = this.#enclosed(() => this.#arguments());
        noteCall(object, args);
        return { kind: 'call', start, line, callee: object, args, isSafe };
      }
      default:
        return null;
    }
  }

  // `.name`
  #field(): Expression & { readonly kind: 'string' } {
    this.next();
    const place = { start: this.token.start, line: this.line };
    return { kind: 'string', ...place, value: this.name() };
  }

  // `[key]`
  #bracketed(): Expression {
    this.next();
    const key = this.expression();
    this.expect(']');
    return key;
  }

  #arguments(): readonly Expression[] {
    const { line } = this;
    const place = { start: this.token.start, line };
    switch (this.symbol) {
      case '{':
        return [this.#table()];
      case '<string>': {
        const argument = this.#constant(place);
        this.next();
        return [argument];
      }
      case '(': {
        if (line !== this.lastLine) throw this.errorHere('ambiguous syntax (function call x new statement)');
        this.next();
        const args = this.at(')') ? [] : this.expressions(CALL_SLOTS);
        this.expectClosing(')', '(', line);
        return args;
      }
      default:
        throw this.errorHere('function arguments expected');
    }
  }

  /** One or more, between commas; they stand `slots` above the variables in scope. */
  protected expressions(slots = 0): Expression[] {
    const room = MAX_SLOTS - this.scope.activeVariables - slots;
    const list = [this.expression()];
    while (this.eat(',')) {
      this.#load(list[list.length - 1] as Expression);
      if (list.length >= room) throw this.errorHere('function or expression too complex');
      list.push(this.expression());
    }
    return list;
  }

  // ---- tables

  #table(): Expression {
    const { start } = this.token;
    const { line } = this;
    const fields: TableField[] = [];
    this.next();
    while (this.symbol !== '}') {
      fields.push(this.#tableField());
      if (!this.eat(',') && !this.eat(';')) break;
    }
    this.expectClosing('}', '{', line);
    return { kind: 'table', start, line, fields, holder: null, isObject: false };
  }

  #tableField(): TableField {
    let key: Expression;
    if (this.symbol === '[') {
      key = this.#bracketed();
    } else if (this.isName && this.peek() === '=') {
      const place = { start: this.token.start, line: this.line };
      key = { kind: 'string', ...place, value: this.name() };
    } else {
      return { kind: 'positional', value: this.expression() };
    }
    this.expect('=');
    return { kind: 'keyed', key, value: this.expression() };
  }

  // ---- functions

  /** From the parameters' parenthesis to `end`. `parameters` come before those of the text. */
  protected functionBody(place: Place & { name: string | null }, parameters: readonly string[]): FunctionNode {
    return this.#enclosed(() =>
      this.#function(place, () => {
        this.expect('(');
        const { variables, isVararg } = this.#parameters(')', parameters);
        this.scope.activate(variables);
        this.expect(')');
        this.#setParameters(variables, isVararg);
        const { node } = this.scope;
        node.body = { statements: this.block(), hasLabels: false };
        if (this.symbol !== 'end') this.expectClosing('end', 'function', place.line);
        node.endLine = this.line;
        node.end = this.token.end;
        this.scope.close();
        this.next();
      }),
    );
  }

  #function(place: Place & { name: string | null }, read: () => void): FunctionNode {
    const outer = this.scope;
    this.scope = new FunctionScope(this.chunk, outer, place);
    read();
    const { node } = this.scope;
    this.scope = outer;
    return node;
  }

  #parameters(closing: string, first: readonly string[]): { variables: Variable[]; isVararg: boolean } {
    const variables: Variable[] = first.map((name) => this.scope.create(name, 'parameter', this.line));
    if (this.symbol === closing) return { variables, isVararg: false };
    do {
      if (this.isName) {
        const { line } = this;
        const name = this.name();
        this.scope.reserve(variables.length);
        variables.push(this.scope.create(name, 'parameter', line));
      } else if (this.eat('...')) {
        return { variables, isVararg: true };
      } else {
        throw this.errorHere("<name> or '...' expected");
      }
    } while (this.eat(','));
    return { variables, isVararg: false };
  }

  #setParameters(variables: readonly Variable[], isVararg: boolean): void {
    this.scope.node.parameters = variables;
    this.scope.node.isVararg = isVararg;
  }

  /** The statements of a block at the next level, whose scope is open. */
  protected block(): Statement[] {
    this.enter();
    const statements = this.statements();
    this.leave();
    return statements;
  }

  // `|a, b| -> expression`, with `||` for no parameters.
  #shortFunction(): FunctionNode {
    const { start } = this.token;
    const names: { name: string; line: number }[] = [];
    let isVararg = false;
    if (this.token.value === '||') {
      this.next();
    } else {
      do {
        this.next();
        if (this.eat('...')) {
          isVararg = true;
          break;
        }
        names.push({ line: this.line, name: this.name() });
      } while (this.symbol === ',');
      this.expect('|');
    }
    if (this.symbol !== '->') throw this.errorHere("'->' expected");
    return this.#shortBody(names, isVararg, start);
  }

  // `-> expression`, which has one value, or `-> do ... end`.
  #shortBody(names: readonly { name: string; line: number }[], isVararg: boolean, start: number): FunctionNode {
    this.enter();
    const node = this.#function({ start, line: this.line, name: null }, () => {
      const { scope } = this;
      const variables = names.map(({ name, line }, index) => {
        scope.reserve(index);
        return scope.create(name, 'parameter', line);
      });
      scope.activate(variables);
      this.#setParameters(variables, isVararg);
      this.next();
      const { line } = this;
      if (this.eat('do')) {
        scope.node.body = { statements: this.#enclosed(() => this.block()), hasLabels: false };
        this.expectClosing('end', 'do', line);
      } else {
        const place = { start: this.token.start, line };
        const value = this.expression();
        const isMultiple = value.kind === 'call' || value.kind === 'method' || value.kind === 'vararg';
        const single: Expression = isMultiple ? { kind: 'single', start: value.start, line: value.line, expression: value } : value;
        scope.node.body = { statements: [{ kind: 'return', ...place, values: [single] }], hasLabels: false };
      }
      scope.node.endLine = this.lastLine;
      scope.node.end = this.lastEnd;
      scope.close();
    });
    this.leave();
    return node;
  }
}
