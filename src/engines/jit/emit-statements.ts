/**
 * Statements and whole functions. All variables of a function are declared at its top, where those of its blocks have names of
 * their own, so that jumps may go anywhere: a block with labels is a `switch` in a loop, and `goto` sets where it goes on.
 * @module
 */
import type { Block, Expression, Label, Statement, Target, Variable } from './ast.ts';
import { CLEAR_MARK, SELF_NAME } from './emit-base.ts';
import { ExpressionEmitter } from './emit-expressions.ts';
import type { Place } from './emit-indexing.ts';
import { helperOf } from './runtime/intrinsics.ts';
import { endsInReturn, factoryUpvalues, isBoxed } from './tree.ts';

/** How the rest of a function jumps to a label. */
interface LabelTarget {
  readonly state: string;
  readonly loop: string;
  readonly number: number;
}

/** Where `break` and `continue` go. */
interface LoopLabels {
  readonly loop: string;
  readonly body: string;
}

export class FunctionEmitter extends ExpressionEmitter {
  readonly #labels: Map<Label, LabelTarget> = new Map();
  readonly #loops: LoopLabels[] = [];

  /** The factory of the function. */
  factory(): string {
    const upvalues = this.#upvalues();
    const parameters = this.#parameters();
    if (parameters.length === 0) parameters.push('p');
    const first = parameters[0] === '...va' ? 'va[0]' : parameters[0];
    const question = `if(${first}===${this.use('TWIN')})return{chunk,id:${this.node.id},upvalues:[${upvalues.join(',')}]};`;
    const text = `function ${SELF_NAME}(${parameters.join(',')}){${this.line(this.node.line)}${question}${this.#body()}}`;
    return likelyCalled(`function(${upvalues.join(',')}){return ${text}}`);
  }

  /**
   * The twin, and the factory of what calls it. V8 makes a class of objects for each generator function, so all closures share one, which is
   * given the function and its upvalues in front of the arguments.
   */
  twin(): { readonly text: string; readonly factory: string } {
    const own = ['self', ...this.#upvalues()];
    const parameters = this.#parameters();
    const all = [...own, ...parameters].join(',');
    return {
      text: likelyCalled(`function* ${SELF_NAME}(${all}){${this.line(this.node.line)}${this.#body()}}`),
      factory: `(${own.join(',')})=>(${parameters.join(',')})=>twin(${all})`,
    };
  }

  #upvalues(): string[] {
    const upvalues = factoryUpvalues(this.node).map((one) => this.variableName(one));
    return this.node.usesGlobals ? ['E', ...upvalues] : upvalues;
  }

  #parameters(): string[] {
    const parameters = this.node.parameters.map((one) => this.variableName(one));
    return this.node.isVararg ? [...parameters, '...va'] : parameters;
  }

  #body(): string {
    const { node } = this;
    const body = this.#block(node.body).replaceAll(CLEAR_MARK, () => this.clearing());
    const parts: string[] = [];
    if (node.usesGlobals && !this.mode.isExact) {
      parts.push(`const V=X===null?E:${this.use('environmentOf')}(X,${this.isTwin ? 'self' : SELF_NAME},E);`);
    }
    parts.push(this.temporaryDeclarations());
    for (const one of node.parameters) if (isBoxed(one)) parts.push(`${this.variableName(one)}={v:${this.variableName(one)}};`);
    parts.push(this.counted(), ...this.#entered(body, endsInReturn(node.body) ? '' : `return ${this.use('NONE')};`));
    return parts.join('');
  }

  // The list of running functions is kept where functions are looked for there.
  #entered(...body: readonly string[]): readonly string[] {
    if (!this.mode.isExact) return body;
    return [`${this.use('enter')}(${this.isTwin ? 'self' : SELF_NAME});try{`, ...body, `}finally{${this.use('leave')}();}`];
  }

  #block(block: Block): string {
    const labels = block.statements.flatMap((one) => (one.kind === 'label' && one.label.isUsed ? [one.label] : []));
    if (labels.length === 0) return block.statements.map((one) => this.#statement(one)).join('');
    const state = this.hidden();
    const loop = this.newLabel('G');
    labels.forEach((label, i) => {
      this.#labels.set(label, { state, loop, number: i + 1 });
    });
    const body = block.statements.map((one) => this.#statement(one)).join('');
    return `${state}=0;${loop}:for(;;){switch(${state}){case 0:${body}}break;}`;
  }

  #statement(statement: Statement): string {
    this.releaseTemporaries();
    // Text goes in one direction: what a statement declares first may have to stand in front of its line.
    const text = this.#text(statement);
    return statement.kind === 'label' ? text : `${this.line(statement.start < 0 ? 0 : firstLine(statement))}${text}`;
  }

  #text(statement: Statement): string {
    switch (statement.kind) {
      case 'declare':
        return this.#declare(statement.variables, statement.values);
      case 'declareFunction':
        return this.#declareFunction(statement);
      case 'assign':
        return this.#assign(statement);
      case 'compound':
        return this.#compound(statement);
      case 'expression':
        return this.#effect(statement.expression);
      case 'do':
        return `{${this.#block(statement.body)}}`;
      case 'if':
        return this.#if(statement);
      case 'return':
        return this.#return(statement.values);
      case 'break':
        return `break ${(this.#loops.at(-1) as LoopLabels).loop};`;
      case 'continue':
        return `break ${(this.#loops.at(-1) as LoopLabels).body};`;
      case 'goto': {
        const { state, loop, number } = this.#labels.get(statement.label) as LabelTarget;
        return `${statement.label.isLoop ? this.counted() : ''}${state}=${number};continue ${loop};`;
      }
      case 'label': {
        const target = this.#labels.get(statement.label);
        return target === undefined ? '' : `case ${target.number}:`;
      }
      default:
        return this.#loop(statement);
    }
  }

  // ---- variables

  // A variable comes into being with a value.
  #begin(variable: Variable, value: string): string {
    const name = this.variableName(variable);
    this.declare(name);
    return isBoxed(variable) ? `${name}={v:${value}};` : `${name}=${value};`;
  }

  #declareFunction({ variable, value }: Statement & { kind: 'declareFunction' }): string {
    if (!isBoxed(variable)) return this.#begin(variable, this.closure(value));
    return `${this.#begin(variable, 'undefined')}${this.read(variable)}=${this.closure(value)};`;
  }

  #declare(variables: readonly Variable[], values: readonly Expression[]): string {
    if (variables.length === 1 && values.length === 1)
      return this.#begin(variables[0] as Variable, this.expression(values[0] as Expression));
    const parts: string[] = [];
    const names = this.#values(values, variables.length, parts);
    return parts.join('') + variables.map((variable, i) => this.#begin(variable, names[i] as string)).join('');
  }

  // Evaluates a list to `count` names.
  #values(nodes: readonly Expression[], count: number, parts: string[]): string[] {
    const names: string[] = [];
    for (const [i, node] of nodes.entries()) {
      const isRest = i === nodes.length - 1 && this.types.isMulti(node) && count > nodes.length;
      const before: string[] = [];
      if (isRest) {
        const all = this.temporary();
        parts.push(`${all}=${node.kind === 'vararg' ? 'va' : this.results(node)};`);
        for (let k = 0; names.length < count; k++) names.push(`${all}[${k}]`);
      } else if (i >= count) parts.push(this.#effect(node));
      else names.push(this.copied(node, before));
      if (before.length > 0) parts.push(`${before.join(',')};`);
    }
    while (names.length < count) names.push('undefined');
    return names;
  }

  #effect(node: Expression): string {
    const value = this.temporary();
    if (node.kind !== 'call' && node.kind !== 'method') return `${value}=${this.expression(node)};`;
    const callee = this.types.calleeOf(node);
    if (callee !== null && this.types.answerOf(callee) !== 'anything') return `${this.rawCall(node)};`;
    // What nothing but temporaries hold is to be collected, too.
    const start = node.kind === 'call' && node.callee.kind === 'global' && node.callee.name === 'collectgarbage' ? CLEAR_MARK : '';
    return `${start}${value}=${this.rawCall(node)};if(${value}===${this.use('mark')})${this.slow('first', value)};`;
  }

  #assign({ targets, values, line }: Statement & { kind: 'assign' }): string {
    const [target] = targets as [Target];
    const [value] = values as [Expression];
    if (targets.length === 1 && values.length === 1) {
      if (target.kind === 'local') return `${this.read(target.variable)}=${this.expression(value)};`;
      const skips = this.skips(target);
      const before: string[] = [];
      const place = this.place(target, before, true);
      const text = this.atom(value, before);
      return this.#unless(skips, this.#before(before) + this.line(line) + this.store(place, text, this.isNeverNil(value)));
    }
    const before: string[] = [];
    const places = targets.map((one) => this.#placeAmong(one, before));
    const parts: string[] = [];
    const names = this.#values(values, targets.length, parts);
    // Elements of a result are no atoms.
    const stores = places.map(({ place, skips }, i) => {
      const name = this.temporary();
      return `${name}=${names[i]};${this.#unless(skips, this.store(place, name, false))}`;
    });
    return this.#before(before) + parts.join('') + stores.toReversed().join('');
  }

  // A target among several: one whose safe step finds nil is left out, the others are assigned to.
  #placeAmong(target: Target, before: string[]): { readonly place: Place; readonly skips: string | null } {
    const test = this.skips(target);
    if (test === null) return { place: this.place(target, before, false), skips: null };
    const own: string[] = [];
    const place = this.place(target, own, false);
    const skips = this.temporary();
    before.push(`${skips}=${test}`, `${skips}||(${[...own, 'true'].join(',')})`);
    return { place, skips };
  }

  #unless(test: string | null, text: string): string {
    return test === null ? text : `if(!${test}){${text}}`;
  }

  #before(before: readonly string[]): string {
    return before.length === 0 ? '' : `${before.join(',')};`;
  }

  #compound({ target, operator, value, start, line }: Statement & { kind: 'compound' }): string {
    const skips = this.skips(target);
    const before: string[] = [];
    const place = this.place(target, before, true);
    const left = this.temporary();
    before.push(`${left}=${this.placeValue(place)}`);
    const right = this.atom(value, before);
    const result = this.temporary();
    before.push(`${result}=${this.operated({ kind: 'binary', operator, left: target, right: value, start, line }, left, right)}`);
    return this.#unless(skips, this.#before(before) + this.store(place, result, false));
  }

  // ---- blocks and loops

  #if({ clauses, otherwise }: Statement & { kind: 'if' }): string {
    const parts = clauses.map(({ condition, body }) => {
      const text = this.condition(condition);
      return `if(${text}){${this.#block(body)}}`;
    });
    if (otherwise !== null) parts.push(`{${this.#block(otherwise)}}`);
    return parts.join('else ');
  }

  #loop(statement: Statement): string {
    const labels = { loop: this.newLabel('B'), body: this.newLabel('D') };
    switch (statement.kind) {
      case 'while':
        return this.withArrays(
          statement,
          () => `${labels.loop}:while(${this.condition(statement.condition)}){${this.#loopBody(statement, labels)}}`,
        );
      case 'repeat':
        return this.withArrays(statement, () => {
          const body = this.#loopBody(statement, labels);
          this.releaseTemporaries();
          return `${labels.loop}:do{${body}}while(!${this.condition(statement.condition)});`;
        });
      case 'numericFor':
        return this.#numericFor(statement, labels);
      case 'genericFor':
        return this.#genericFor(statement, labels);
      default:
        throw new Error(`no statement: ${statement.kind}`);
    }
  }

  #loopBody({ body, hasContinue }: { readonly body: Block; readonly hasContinue: boolean }, labels: LoopLabels): string {
    this.#loops.push(labels);
    const text = this.counted() + this.#block(body);
    this.#loops.pop();
    return hasContinue ? `${labels.body}:{${text}}` : text;
  }

  #bound(node: Expression, what: string): string {
    const value = this.expression(node);
    return this.isNumber(node) ? value : `${this.use('bound')}(${value},'${what}')`;
  }

  #numericFor(statement: Statement & { kind: 'numericFor' }, labels: LoopLabels): string {
    const { variable, step } = statement;
    const limit = this.hidden();
    const counter = this.hidden();
    const from = `${counter}=${this.#bound(statement.from, 'initial value')};${limit}=${this.#bound(statement.to, 'limit')};`;
    const constant = step === null ? 1 : step.kind === 'number' && step.value.kind === 'double' ? step.value.value : null;
    let add = String(constant);
    let test = `${counter}<=${limit}`;
    let start = from;
    if (constant === null && step !== null) {
      add = this.hidden();
      start += `${add}=${this.#bound(step, 'step')};`;
      test = `(${add}<0?${counter}>=${limit}:${test})`;
    }
    const begin = this.#begin(variable, counter);
    const loop = (): string => `${labels.loop}:for(;${test};${counter}+=${add}){${begin}${this.#loopBody(statement, labels)}}`;
    return start + this.withArrays(statement, loop);
  }

  #genericFor(statement: Statement & { kind: 'genericFor' }, labels: LoopLabels): string {
    const [iterator, state, control, cursor, raw] = Array.from({ length: 5 }, () => this.hidden()) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const parts: string[] = [];
    // Tables are gone through without a call for each key. What the text calls `ipairs` most often is it.
    const isList = isCallOf(statement.iterators[0], 'ipairs');
    const list = isList && statement.iterators.length === 1 ? this.#listIn(statement.iterators[0] as Expression, parts) : null;
    if (list !== null) parts.push(`if(${list.test}){${cursor}=${list.value};${control}=0;}else{`);
    const names = this.#values(statement.iterators, 3, parts);
    [iterator, state, control].forEach((name, i) => {
      parts.push(`${name}=${names[i]};`);
    });
    parts.push(`${cursor}=${this.use(isList ? 'listOf' : 'cursorOf')}(${iterator},${state},${control});`);
    parts.push(`if(${cursor}===null&&typeof ${iterator}!=='function')${iterator}=${this.use('callable')}(${iterator});`);
    if (list !== null) parts.push('}');
    const { variables } = statement;
    const call = this.isTwin ? this.twinCall(iterator, [state, control], false) : `${iterator}(${state},${control})`;
    const values = (list: boolean): string =>
      variables.map((variable, i) => this.#begin(variable, i === 0 ? control : list ? `${raw}[${i}]` : 'undefined')).join('');
    const quick = variables
      .map((variable, i) => this.#begin(variable, i === 0 ? `${cursor}.key` : i === 1 ? `${cursor}.value` : 'undefined'))
      .join('');
    const several = `${raw}=${this.slow('results', raw)};if((${control}=${raw}[0])===undefined)break;${values(true)}`;
    const general = `if(Array.isArray(${raw}=${call})){${several}}else{if((${control}=${raw})===undefined)break;${values(false)}}`;
    const stepped = isList ? this.#listStep(cursor, raw, control, variables) : `if(!${cursor}.step())break;${quick}`;
    const head = `if(${cursor}!==null){${stepped}}else{${general}}`;
    const loop = (): string => `${labels.loop}:for(;;){${this.line(statement.line)}${head}${this.#loopBody(statement, labels)}}`;
    return parts.join('') + this.withArrays(statement, loop);
  }

  // `ipairs(list)`: whether it is the library's of a table, which needs no call, with the operands evaluated for that.
  #listIn(call: Expression, parts: string[]): { readonly test: string; readonly value: string } | null {
    if (call.kind !== 'call' || call.isSafe || call.args.length !== 1 || this.types.isMulti(call.args[0])) return null;
    const before: string[] = [];
    const [callee, list] = [call.callee, call.args[0] as Expression].map((node) => {
      const value = this.atom(node, before);
      this.held.set(node, value);
      return value;
    }) as [string, string];
    if (before.length > 0) parts.push(`${before.join(',')};`);
    return { test: `${callee}===${this.use(helperOf('ipairs'))}&&${list} instanceof ${this.use('LuaTable')}`, value: list };
  }

  // The next element of a list; `index` is how many there were, at first 0 as `ipairs` says.
  #listStep(list: string, value: string, index: string, variables: readonly Variable[]): string {
    const array = this.temporary();
    const quick = `${index}<(${array}=${list}.arr).length&&(${value}=${array}[${index}])!==undefined`;
    const names = [index, value];
    const results = variables.map((variable, i) => this.#begin(variable, names[i] ?? 'undefined')).join('');
    return `if(!(${quick})&&(${value}=${list}.get(${index}+1))===undefined)break;${index}++;${results}`;
  }

  // ---- return

  #return(values: readonly Expression[]): string {
    const [value] = values;
    if (value === undefined) return `return ${this.use('NONE')};`;
    if (values.length > 1) return `return ${this.answer(this.spread(values), values.length)};`;
    if (value.kind === 'call' || value.kind === 'method') return `return(${this.tailCall(value)});`;
    if (value.kind === 'vararg') return `return ${this.use('returned')}(va);`;
    return `return(${this.expression(value)});`;
  }
}

// Whether an expression calls what has a name.
function isCallOf(node: Expression | undefined, name: string): boolean {
  if (node?.kind !== 'call') return false;
  const { callee } = node;
  return callee.kind === 'global' ? callee.name === name : callee.kind === 'local' && callee.variable.name === name;
}

// The line a statement starts on: assignments and calls have that of their end.
function firstLine(statement: Statement): number {
  switch (statement.kind) {
    case 'assign':
      return firstLineOf(statement.targets[0] as Target);
    case 'compound':
      return firstLineOf(statement.target);
    case 'expression':
      return firstLineOf(statement.expression);
    default:
      return statement.line;
  }
}

// The line of what stands leftmost.
function firstLineOf(expression: Expression): number {
  let at = expression;
  for (;;) {
    if (at.kind === 'index' || at.kind === 'method') at = at.object;
    else if (at.kind === 'call') at = at.callee;
    else if (at.kind === 'chain' || at.kind === 'single') at = at.expression;
    else return at.line;
  }
}

// In parentheses V8 compiles a function together with the text around it: it does not read it first to find its end, and once more when it is called.
function likelyCalled(text: string): string {
  return `(${text})`;
}
