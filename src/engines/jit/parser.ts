/**
 * Lua text to its tree, with names resolved: LuaJIT's grammar (Lua 5.1 manual, section 2, with `goto`), limits and messages; see
 * `expressions.ts` for the other half and `scope.ts` for names and labels. Nothing is folded or otherwise improved.
 * @module
 */
import { shortChunkName } from '../../lua/index.ts';
import type { Block, Expression, FunctionNode, IndexExpression, Label, Place, Statement, Target, Variable } from './ast.ts';
import { ExpressionParser } from './expressions.ts';
import type { ParseOptions } from './reader.ts';
import { noteTarget, noteValue } from './rooms.ts';
import type { Building } from './scope.ts';

export type { ParseOptions } from './reader.ts';

const BLOCK_ENDS: ReadonlySet<string> = new Set(['end', 'else', 'elseif', 'until', '<eof>']);
const COMPOUND: ReadonlySet<string> = new Set(['+=', '-=', '*=', '/=', '%=', '&=', '|=', '~=', '<<=', '>>=', '~>>=', '..=']);
const MAX_TARGETS = 200;
/** The hidden variables of a loop: limits and the state of iterators. */
const HIDDEN_VARIABLES = 3;

/**
 * Parses a chunk: a function without parameters, with varargs.
 *
 * Nesting is limited as in LuaJIT (200 levels), so what reads the tree may be recursive; chains that lean to the left
 * (`a + b + c`, `a.b.c`, `f()()`) are not nested for LuaJIT and may be of any length.
 * @param text bytes as latin1
 * @param chunk its name as Lua has it: `@file`, `=name`, or the text itself
 * @throws {LuaSyntaxError} with LuaJIT's message: `file:1: '=' expected near 'x'`
 */
export function parse(text: string, chunk: string, options: ParseOptions = {}): FunctionNode {
  return new Parser(text, shortChunkName(chunk), options).chunkFunction();
}

class Parser extends ExpressionParser {
  chunkFunction(): FunctionNode {
    const { node } = this.scope;
    node.isVararg = true;
    node.body = { statements: this.block(), hasLabels: false };
    if (this.symbol !== '<eof>') throw this.errorHere("'<eof>' expected");
    node.endLine = this.line;
    node.end = this.token.end;
    this.scope.close();
    return node;
  }

  protected override statements(): Statement[] {
    const statements: Statement[] = [];
    let isLast = false;
    while (!isLast && !BLOCK_ENDS.has(this.symbol)) {
      isLast = this.#statement(statements);
      this.eat(';');
    }
    return statements;
  }

  // Adds the next statement, which may be several labels; true where it has to be the last one.
  #statement(statements: Statement[]): boolean {
    const place = { start: this.token.start, line: this.line };
    switch (this.symbol) {
      case 'return':
        statements.push(this.#return(place));
        return true;
      case 'break':
        this.next();
        this.scope.break(this.lastLine);
        statements.push({ kind: 'break', ...place });
        return true;
      case '::':
        this.#labels(statements);
        return false;
      case '<name>':
        if (this.hasExtensions && this.token.value === 'continue' && this.#isContinue()) {
          statements.push(this.#continue(place));
          return true;
        }
        break;
    }
    statements.push(this.#simpleStatement(place));
    return false;
  }

  #simpleStatement(place: Place): Statement {
    switch (this.symbol) {
      case 'if':
        return this.#if(place);
      case 'while':
        return this.#while(place);
      case 'do': {
        this.next();
        const body = this.#block();
        this.expectClosing('end', 'do', place.line);
        return { kind: 'do', ...place, body };
      }
      case 'for':
        return this.#for(place);
      case 'repeat':
        return this.#repeat(place);
      case 'function':
        return this.#functionStatement(place);
      case 'local':
        this.next();
        return this.eat('function') ? this.#localFunction(place, false) : this.#declaration(place, false);
      case 'goto':
        return this.peek() === '<name>' ? this.#goto(place) : this.#callOrAssignment(place);
      case '<name>':
        if (this.hasExtensions && this.token.value === 'const' && /^(?:<name>|function)$/.test(this.peek())) {
          this.next();
          return this.eat('function') ? this.#localFunction(place, true) : this.#declaration(place, true);
        }
        return this.#callOrAssignment(place);
      default:
        return this.#callOrAssignment(place);
    }
  }

  #block(): Block {
    this.scope.openBlock('block');
    const statements = this.block();
    return { statements, hasLabels: this.scope.closeBlock().hasLabels };
  }

  // ---- blocks and loops

  #if(place: Place): Statement {
    const clauses: { condition: Expression; body: Block }[] = [];
    do {
      this.next();
      const condition = this.expression();
      this.expect('then');
      clauses.push({ condition, body: this.#block() });
    } while (this.symbol === 'elseif');
    const otherwise = this.eat('else') ? this.#block() : null;
    this.expectClosing('end', 'if', place.line);
    return { kind: 'if', ...place, clauses, otherwise };
  }

  #while(place: Place): Statement {
    this.next();
    const condition = this.expression();
    this.scope.openBlock('loop');
    this.expect('do');
    const body = this.#block();
    this.expectClosing('end', 'while', place.line);
    const { hasContinue } = this.scope.closeBlock();
    return { kind: 'while', ...place, condition, body, hasContinue };
  }

  #repeat(place: Place): Statement {
    this.scope.openBlock('loop');
    this.scope.openBlock('block');
    this.next();
    const statements = this.block();
    this.expectClosing('until', 'repeat', place.line);
    const condition = this.expression();
    const { hasLabels } = this.scope.closeBlock();
    const { hasContinue } = this.scope.closeBlock();
    return { kind: 'repeat', ...place, body: { statements, hasLabels }, condition, hasContinue };
  }

  #for(place: Place): Statement {
    this.scope.openBlock('loop');
    this.next();
    const { line } = this;
    const name = this.name();
    if (this.symbol === '=') return this.#numericFor(place, name, line);
    if (this.symbol === ',' || this.symbol === 'in') return this.#genericFor(place, name, line);
    throw this.errorHere("'=' or 'in' expected");
  }

  #numericFor(place: Place, name: string, line: number): Statement {
    this.scope.reserve(HIDDEN_VARIABLES);
    this.next();
    const from = this.expression();
    this.expect(',');
    const to = this.expression();
    const step = this.eat(',') ? this.expression() : null;
    const variable = this.scope.create(name, 'loop', line);
    return { kind: 'numericFor', ...place, variable, from, to, step, ...this.#loopBody(place, [variable]) };
  }

  #genericFor(place: Place, first: string, line: number): Statement {
    this.scope.reserve(HIDDEN_VARIABLES);
    const variables = [this.scope.create(first, 'loop', line)];
    while (this.eat(',')) {
      const { line } = this;
      const name = this.name();
      this.scope.reserve(HIDDEN_VARIABLES + variables.length);
      variables.push(this.scope.create(name, 'loop', line));
    }
    this.expect('in');
    // The line on which calls of the iterator are.
    const iteration = { start: place.start, line: this.line };
    const iterators = this.expressions();
    return { kind: 'genericFor', ...iteration, variables, iterators, ...this.#loopBody(place, variables) };
  }

  // From `do` to the end of the loop, whose scope is open.
  #loopBody(place: Place, variables: readonly Variable[]): { body: Block; hasContinue: boolean } {
    this.scope.activateHidden(HIDDEN_VARIABLES);
    this.expect('do');
    this.scope.openBlock('block');
    this.scope.activate(variables);
    const body = this.#block();
    this.scope.closeBlock();
    this.expectClosing('end', 'for', place.line);
    return { body, hasContinue: this.scope.closeBlock().hasContinue };
  }

  // ---- declarations

  #functionStatement(place: Place): Statement {
    this.next();
    let target: Target = this.#functionName();
    let name = this.#nameText(target);
    while (this.symbol === '.') {
      target = this.#functionField(target);
      name += `.${this.#nameText(target)}`;
    }
    this.#checkConst(target);
    const isMethod = this.symbol === ':';
    if (isMethod) {
      target = this.#functionField(target);
      name += `:${this.#nameText(target)}`;
    }
    const value = this.functionBody({ ...place, name }, isMethod ? ['self'] : []);
    if (target.kind === 'local') this.#assignTo(target.variable, value);
    else noteTarget(target);
    return { kind: 'assign', start: place.start, line: place.line, targets: [target], values: [value] };
  }

  #functionName(): Target {
    const place = { start: this.token.start, line: this.line };
    return this.named(this.name(), place);
  }

  #functionField(object: Target): IndexExpression {
    const { start } = object;
    this.next();
    const place = { start: this.token.start, line: this.line };
    const key: Expression = { kind: 'string', ...place, value: this.name() };
    return { kind: 'index', start, line: this.lastLine, object, key, isSafe: false };
  }

  // The last name of a target.
  #nameText(target: Target): string {
    if (target.kind === 'index') return (target.key as Expression & { kind: 'string' }).value;
    return target.kind === 'local' ? target.variable.name : target.name;
  }

  #localFunction(place: Place, isConst: boolean): Statement {
    const { line } = this;
    const name = this.name();
    this.scope.reserve(0);
    const variable = this.scope.create(name, 'function', line, isConst);
    this.scope.activate([variable]);
    const value = this.functionBody({ start: place.start, line: this.line, name }, []);
    // In place of the null that a declaration without an expression has left.
    (variable.values as (Expression | null)[])[0] = value;
    return { kind: 'declareFunction', ...place, variable, value };
  }

  #declaration(place: Place, isConst: boolean): Statement {
    const variables: Variable[] = [];
    do {
      const { line } = this;
      const name = this.name();
      this.scope.reserve(variables.length);
      variables.push(this.scope.create(name, 'local', line, isConst));
    } while (this.eat(','));
    const values = this.eat('=') ? this.expressions() : [];
    this.scope.activate(variables, values);
    for (const [index, { name }] of variables.entries()) nameFunction(values[index], name);
    return { kind: 'declare', ...place, variables, values };
  }

  // ---- assignments and calls

  #callOrAssignment(place: Place): Statement {
    const { start } = place;
    const first = this.suffixed();
    const called = first.kind === 'chain' ? first.expression : first;
    if (first.start === start && (called.kind === 'call' || called.kind === 'method')) {
      return { kind: 'expression', start, line: first.line, expression: first };
    }
    const targets = [this.#target(first, start)];
    if (this.hasExtensions && COMPOUND.has(this.symbol)) return this.#compound(targets[0] as Target, start);
    while (this.eat(',')) {
      const { start } = this.token;
      const target = this.suffixed();
      if (this.isTooDeep(targets.length)) throw this.scope.limit(MAX_TARGETS, 'variable names');
      targets.push(this.#target(target, start));
    }
    this.expect('=');
    const values = this.expressions();
    for (const [index, target] of targets.entries()) {
      if (target.kind === 'local') this.#assignTo(target.variable, values[index] ?? null);
      else noteTarget(target);
      if (target.kind !== 'index') nameFunction(values[index], this.#nameText(target));
    }
    return { kind: 'assign', start, line: this.lastLine, targets, values };
  }

  // What can be assigned to: not what is in parentheses, which starts elsewhere.
  #target(expression: Expression, start: number): Target {
    const target = expression.kind === 'chain' ? expression.expression : expression;
    const isTarget = target.kind === 'local' || target.kind === 'global' || target.kind === 'index';
    if (!isTarget || expression.start !== start) throw this.errorHere('syntax error');
    this.#checkConst(target);
    return target;
  }

  #checkConst(target: Target): void {
    if (target.kind !== 'local' || !target.variable.isConst) return;
    throw this.error(`attempt to assign to const variable '${target.variable.name}'`);
  }

  #compound(target: Target, start: number): Statement {
    const operator = this.symbol.slice(0, -1) as (Statement & { kind: 'compound' })['operator'];
    this.next();
    const value = this.expression();
    if (target.kind === 'local') this.#assignTo(target.variable, null);
    return { kind: 'compound', start, line: this.lastLine, target, operator, value };
  }

  #assignTo(variable: Variable, value: Expression | null): void {
    variable.assignments++;
    (variable.values as (Expression | null)[]).push(value);
    noteValue(variable, value);
  }

  // ---- jumps

  #return(place: Place): Statement {
    this.next();
    const values = BLOCK_ENDS.has(this.symbol) || this.symbol === ';' ? [] : this.expressions();
    return { kind: 'return', ...place, values };
  }

  #isContinue(): boolean {
    const follows = this.peek();
    return BLOCK_ENDS.has(follows) || follows === ';';
  }

  #continue(place: Place): Statement {
    this.next();
    if (!this.scope.continue()) throw this.error('no loop to continue', place.line);
    return { kind: 'continue', ...place };
  }

  #goto(place: Place): Statement {
    this.next();
    const name = this.name();
    const statement = { kind: 'goto', ...place } as Building<Statement & { kind: 'goto' }>;
    this.scope.goto(statement, name, this.lastLine);
    return statement;
  }

  // Labels that follow each other stand at the same place; at the end of a block its variables are out of scope for them.
  #labels(statements: Statement[]): void {
    const labels: Label[] = [];
    do {
      const place = { start: this.token.start, line: this.line };
      if (labels.length > 0) this.enter();
      this.next();
      const label = this.scope.createLabel(this.name());
      this.expect('::');
      labels.push(label);
      statements.push({ kind: 'label', ...place, label });
    } while (this.symbol === '::');
    const isLast = BLOCK_ENDS.has(this.symbol) && this.symbol !== 'until';
    for (const label of labels.toReversed()) this.scope.placeLabel(label, isLast);
    for (let i = 1; i < labels.length; i++) this.leave();
  }
}

// A function without a name is called by that of its variable.
function nameFunction(value: Expression | undefined, name: string): void {
  if (value?.kind === 'function' && value.name === null) (value as Building<FunctionNode>).name = name;
}
