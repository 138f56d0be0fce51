/**
 * Expressions as text of JavaScript: operators on numbers and strings in line, everything else by the runtime. Operands run in
 * the order of Lua's text; what is used twice is a name.
 * @module
 */
import type {
  BinaryOperator,
  BitOperator,
  CallExpression,
  Expression,
  FunctionNode,
  IndexExpression,
  MethodCallExpression,
  TableExpression,
  Target,
} from './ast.ts';
import { isLiteral } from './emit-base.ts';
import { IndexingEmitter } from './emit-indexing.ts';
import { inLine } from './emit-intrinsics.ts';
import { roomOf } from './rooms.ts';
import { factoryUpvalues, ffiLiteralOf } from './tree.ts';

const EVENTS: Readonly<Record<string, string>> = {
  '+': '"__add"',
  '-': '"__sub"',
  '*': '"__mul"',
  '/': '"__div"',
  '%': '"__mod"',
  '^': '"__pow"',
};

/** On 32 bits; JavaScript takes the low five of a count too. */
const BITS: Readonly<Record<BitOperator, (a: string, b: string) => string>> = {
  '&': (a, b) => `${a}&${b}`,
  '|': (a, b) => `${a}|${b}`,
  '~': (a, b) => `${a}^${b}`,
  '<<': (a, b) => `${a}<<${b}`,
  '>>': (a, b) => `${a}>>>${b}|0`,
  '~>>': (a, b) => `${a}>>${b}`,
};

/** Tables of more values than this are made of an array. */
const MOST_LISTED = 8;
/** Calls with more arguments than this are given an array. */
const MOST_ARGUMENTS = 200;

/** One in so many tail calls is put off, so that the stack stays short: the bits of a random number that have to be zero. */
const TAIL_SHIFT = 25;

/** The object of a method call, and the method. */
interface FoundMethod {
  readonly object: string;
  readonly callee: string;
}

/** A call whose operands are evaluated: what to run first, the function, its name in messages, the arguments, and its line. */
interface PreparedCall {
  readonly before: string[];
  readonly callee: string;
  readonly name: string;
  readonly args: readonly string[];
  /** What a call that is the last argument has answered; null where there is none, or `args` have its results. */
  readonly rest: string | null;
  readonly line: number;
  /** The function itself, where that is sure. */
  readonly known: FunctionNode | null;
}

export abstract class ExpressionEmitter extends IndexingEmitter {
  /** Methods that are found already. */
  readonly #methods: Map<MethodCallExpression, FoundMethod> = new Map();

  override expression(node: Expression): string {
    switch (node.kind) {
      case 'nil':
        return 'undefined';
      case 'true':
      case 'false':
        return node.kind;
      case 'number':
        return node.value.kind === 'double' ? numberText(node.value.value) : this.constants.literal(node.value);
      case 'string':
        return JSON.stringify(node.value);
      case 'vararg':
        return 'va[0]';
      case 'local':
        return this.read(node.variable);
      case 'global':
        return this.global(node.name);
      case 'function':
        return this.closure(node);
      case 'index':
        return this.line(node.line) + this.indexed(node.object, node.key);
      case 'call':
      case 'method':
        return this.#single(node);
      case 'single':
        return this.expression(node.expression);
      case 'table':
        return this.#table(node);
      default:
        return this.#operation(node);
    }
  }

  #operation(node: Expression): string {
    switch (node.kind) {
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
      case 'logical':
        return this.#logical(node);
      case 'conditional':
        return `(${this.condition(node.condition)}?${this.expression(node.then)}:${this.expression(node.otherwise)})`;
      case 'chain':
        return `(${this.#endsEarly(node.expression)}?undefined:${this.expression(node.expression)})`;
      default:
        throw new Error(`no expression: ${node.kind}`);
    }
  }

  override condition(node: Expression): string {
    switch (node.kind) {
      case 'nil':
      case 'false':
        return 'false';
      case 'true':
      case 'number':
      case 'string':
        return 'true';
      case 'logical':
        if (node.operator === '??') break;
        return `(${this.condition(node.left)}${node.operator === 'and' ? '&&' : '||'}${this.condition(node.right)})`;
      case 'unary':
        if (node.operator === 'not') return `!${this.condition(node.operand)}`;
        break;
    }
    if (this.typeOf(node) === 'boolean') return this.expression(node);
    const before: string[] = [];
    const value = this.atom(node, before);
    return this.sequence(before, `(${value}!==undefined&&${value}!==false)`);
  }

  // ---- safe steps

  /** Whether a safe step of the target of an assignment finds nil, which also evaluates what stands in front of such steps; null where there are none. */
  protected skips(target: Target): string | null {
    return target.kind === 'index' && linksOf(target).some(isSafeLink) ? this.#endsEarly(target) : null;
  }

  // The innermost step runs first. What it has seen is held for what follows.
  #endsEarly(chain: Link): string {
    const tests: string[] = [];
    for (const link of linksOf(chain)) {
      if (link.isSafe) {
        const object = link.kind === 'call' ? link.callee : link.object;
        const value = this.temporary();
        tests.push(`(${value}=${this.expression(object)})===undefined`);
        this.held.set(object, value);
      }
      if (link.kind !== 'method' || !link.isSafeCall) continue;
      const before: string[] = [];
      const method = this.#method(link, before);
      tests.push(this.sequence(before, `${method.callee}===undefined`));
      this.#methods.set(link, method);
    }
    return `(${tests.join('||')})`;
  }

  // ---- operators

  #logical(node: Expression & { kind: 'logical' }): string {
    const value = this.temporary();
    const left = `(${value}=${this.expression(node.left)})`;
    const right = this.expression(node.right);
    if (node.operator === '??') return `(${left}!==undefined?${value}:${right})`;
    if (node.operator === 'and') return `(${left}===undefined||${value}===false?${value}:${right})`;
    return `(${left}!==undefined&&${value}!==false?${value}:${right})`;
  }

  #unary(node: Expression & { kind: 'unary' }): string {
    const { operator, operand } = node;
    if (operator === 'not') return `!${this.condition(operand)}`;
    const literal = ffiLiteralOf(node);
    if (literal !== null) return this.constants.literal(literal);
    const before: string[] = [];
    const value = operator === '#' ? this.object(operand, before) : this.atom(operand, before);
    const name = this.nameOf(operand);
    const place = this.line(node.line);
    if (operator === '~') return this.sequence(before, `(${place}(${value}|0)===${value}?~${value}:${this.use('bitNot')}(${value}))`);
    if (operator === '#') {
      const array = this.temporary();
      const table = `${value}!==undefined&&(${array}=${value}.arr)!==undefined?${array}.length`;
      return this.sequence(before, `(${place}${table}:${this.slow('length', value, name)})`);
    }
    if (this.isNumber(operand)) return this.sequence(before, `(-${value})`);
    const slow = this.slow('arithmetic', '"__unm"', value, value, name, name);
    return this.sequence(before, `(${place}typeof ${value}==='number'?-${value}:${slow})`);
  }

  #binary(node: Expression & { kind: 'binary' }): string {
    const before: string[] = [];
    const left = this.atom(node.left, before);
    const right = this.atom(node.right, before);
    return this.sequence(before, `(${this.line(node.line)}${this.operated(node, left, right)})`);
  }

  /** An operator on operands that are names or literals. */
  protected operated(node: Expression & { kind: 'binary' }, left: string, right: string): string {
    const { operator } = node;
    switch (operator) {
      case '==':
        return this.#equality(node, left, right);
      case '~=':
        return `!(${this.#equality(node, left, right)})`;
      case '<':
      case '<=':
        return this.#order(node, left, right, operator, false);
      case '>':
        return this.#order(node, left, right, '<', true);
      case '>=':
        return this.#order(node, left, right, '<=', true);
      case '..': {
        const slow = this.slow('concat', left, right, this.nameOf(node.left), this.nameOf(node.right));
        return `typeof ${left}==='string'&&typeof ${right}==='string'?${left}+${right}:${slow}`;
      }
      default:
        return operator in EVENTS ? this.#arithmetic(node, left, right) : this.#bits(operator as BitOperator, left, right);
    }
  }

  #bits(operator: BitOperator, left: string, right: string): string {
    const slow = `${this.use('bitOperation')}(${JSON.stringify(operator)},${left},${right})`;
    return `(${left}|0)===${left}&&(${right}|0)===${right}?${BITS[operator](left, right)}:${slow}`;
  }

  #arithmetic(node: Expression & { kind: 'binary' }, left: string, right: string): string {
    const quick = this.#quick(node.operator, left, right);
    const tests = this.#typeTests(node, left, right, 'number');
    if (tests === '') return quick;
    const event = EVENTS[node.operator] as string;
    return `${tests}?${quick}:${this.slow('arithmetic', event, left, right, this.nameOf(node.left), this.nameOf(node.right))}`;
  }

  #quick(operator: BinaryOperator | BitOperator, left: string, right: string): string {
    if (operator === '%') {
      const modulo = `${this.use('modulo')}(${left},${right})`;
      return isSmallPositive(right) ? `((${left}|0)===${left}&&${left}>=0?(${left}|0)%${right}:${modulo})` : modulo;
    }
    if (operator === '^') return right === '2' ? `${left}*${left}` : `${this.use('power')}(${left},${right})`;
    return `${left} ${operator} ${right}`;
  }

  // What is still to be asked for both operands to be of a type.
  #typeTests(node: Expression & { kind: 'binary' }, left: string, right: string, type: string): string {
    const tests: string[] = [];
    if (this.typeOf(node.left) !== type) tests.push(`typeof ${left}==='${type}'`);
    if (this.typeOf(node.right) !== type && right !== left) tests.push(`typeof ${right}==='${type}'`);
    return tests.join('&&');
  }

  #equality(node: Expression & { kind: 'binary' }, left: string, right: string): string {
    const objects: string[] = [];
    if (mayBeObject(this.typeOf(node.left), node.left)) objects.push(left);
    if (mayBeObject(this.typeOf(node.right), node.right)) objects.push(right);
    const [object] = objects;
    if (object === undefined) return `${left}===${right}`;
    // No table is equal to anything else.
    const test = objects.length === 1 ? `${isObject(object)}&&${object}.arr===undefined` : `(${objects.map(isObject).join('||')})`;
    return `${left}===${right}||${test}&&${this.slow('equals', left, right)}`;
  }

  #order(node: Expression & { kind: 'binary' }, left: string, right: string, operator: '<' | '<=', isSwapped: boolean): string {
    const [a, b] = isSwapped ? [right, left] : [left, right];
    const tests = this.#typeTests(node, left, right, 'number');
    if (tests === '') return `${a}${operator}${b}`;
    return `${tests}?${a}${operator}${b}:${this.slow(operator === '<' ? 'less' : 'lessOrEqual', a, b)}`;
  }

  // ---- functions and calls

  closure(node: FunctionNode): string {
    const upvalues = factoryUpvalues(node).map((one) => this.captured(one));
    if (node.usesGlobals) upvalues.unshift(this.environment());
    return `${this.constants.factory(node.id)}(${upvalues.join(',')})`;
  }

  #single(node: CallExpression | MethodCallExpression): string {
    if (this.types.hasOneResult(node)) return this.rawCall(node);
    const call = this.#prepared(node);
    const raw = this.temporary();
    const general = `Array.isArray(${raw}=${this.#called(call)})?${this.slow('first', raw)}:${raw}`;
    return this.sequence(call.before, `(${this.#inLine(node, call)}${general})`);
  }

  override rawCall(node: Expression): string {
    if (node.kind !== 'call' && node.kind !== 'method') throw new Error(`no call: ${node.kind}`);
    const call = this.#prepared(node);
    const quick = this.#inLine(node, call);
    return this.sequence(call.before, quick === '' ? this.#called(call) : `(${quick}${this.#called(call)})`);
  }

  // The start of an expression that does a function of the library in line: `test?value:`.
  #inLine(node: CallExpression | MethodCallExpression, { callee, args, rest }: PreparedCall): string {
    const quick = inLine(node, callee, rest === null ? args : [...args, rest], (helper) => this.use(helper));
    return quick === null ? '' : `${quick.test}?${quick.value}:`;
  }

  /** A call in tail position, as the whole value that a function answers. */
  protected tailCall(node: CallExpression | MethodCallExpression): string {
    const call = this.#prepared(node);
    if (call.known !== null && this.types.answerOf(call.known) !== 'anything') return this.sequence(call.before, this.#called(call));
    const put = `${this.use('tail')}(${[this.#callable(call), ...this.#withRest(call)].join(',')})`;
    if (this.isTwin) return this.sequence(call.before, put);
    const isPut = `(S=Math.imul(S,1664525)+1013904223|0)>>>${TAIL_SHIFT}===0`;
    return this.sequence(call.before, `${isPut}?${put}:${this.#called(call)}`);
  }

  #callable({ callee, name, line, known }: PreparedCall): string {
    if (known !== null) return callee;
    const args = name === "''" ? callee : `${callee},${name}`;
    return `(typeof ${callee}==='function'?${callee}:${this.line(line)}${this.use('callable')}(${args}))`;
  }

  #called(call: PreparedCall): string {
    const { args, rest, known, line } = call;
    const start = this.line(line);
    if (this.isTwin) return `${start}${this.twinCall(this.#callable(call), args, known !== null)}`;
    const callee = this.#callable(call);
    const several = `${callee}(${this.#withRest(call).join(',')})`;
    // Most calls answer one value.
    return rest === null ? `${start}${several}` : `${start}(Array.isArray(${rest})?${several}:${callee}(${[...args, rest].join(',')}))`;
  }

  #withRest({ args, rest }: PreparedCall): readonly string[] {
    return rest === null ? args : [...args, `...${this.slow('results', rest)}`];
  }

  /** A call in a coroutine. Functions without a twin are called as they are, and a yield is made here. */
  protected twinCall(callee: string, list: readonly string[], isCompiled: boolean): string {
    const args = list.join(',');
    if (isCompiled) return `(yield* (${callee}.g??${this.use('twinOf')}(${callee}))(${args}))`;
    const fn = this.temporary();
    const twin = this.temporary();
    const yielded = list.length === 1 && !args.startsWith('...') ? args : this.answer(args, list.length);
    const waited = `((${fn}=yield ${yielded})===${this.use('LOOK')}?yield* ${this.use('looked')}():${fn})`;
    const called = `${twin}===${this.use('yieldTwin')}?${waited}:yield* (${twin}===undefined?${this.use('twinOf')}(${fn}):${twin})(${args})`;
    return `((${twin}=(${fn}=${callee}).g)===null?${fn}(${args}):${called})`;
  }

  #prepared(node: CallExpression | MethodCallExpression): PreparedCall {
    const before: string[] = [];
    const args: string[] = [];
    let callee: string;
    if (node.kind === 'method') {
      const method = this.#methods.get(node) ?? this.#method(node, before);
      args.push(method.object);
      ({ callee } = method);
    } else callee = this.atom(node.callee, before);
    const rest = this.#arguments(node.args, args, before);
    return {
      before,
      callee,
      name: node.kind === 'method' ? JSON.stringify(`method '${node.name}'`) : this.nameOf(node.callee),
      args,
      rest,
      line: node.line,
      known: this.types.calleeOf(node),
    };
  }

  #method(node: MethodCallExpression, before: string[]): FoundMethod {
    const object = this.object(node.object, before);
    const callee = this.temporary();
    const method = this.method(object, node.name, this.typeOf(node.object) === 'table', this.nameOf(node.object));
    before.push(`${callee}=${this.line(node.line)}${method}`);
    return { object, callee };
  }

  // Arguments run before the callee is looked at. Answers the raw result of the last one, if that is left to the call.
  #arguments(nodes: readonly Expression[], args: string[], before: string[]): string | null {
    const last = nodes.at(-1);
    const rest = this.types.isMulti(last) ? (last as Expression) : null;
    const plain = rest === null ? nodes : nodes.slice(0, -1);
    if (plain.length > MOST_ARGUMENTS) {
      const all = this.temporary();
      before.push(`${all}=[${this.spread(nodes)}]`);
      args.push(`...${all}`);
      return null;
    }
    for (const node of plain) args.push(this.atom(node, before));
    if (rest === null) return null;
    if (rest.kind === 'vararg') {
      args.push('...va');
      return null;
    }
    const values = this.temporary();
    before.push(`${values}=${this.isTwin ? this.results(rest) : this.rawCall(rest)}`);
    if (!this.isTwin) return values;
    args.push(`...${values}`);
    return null;
  }

  // ---- tables

  #table(node: TableExpression): string {
    const { fields } = node;
    const create = `new ${this.constants.tableClass(roomOf(node))}()`;
    if (fields.length === 0) return create;
    if (fields.every((field) => field.kind === 'positional')) return this.#list(fields.map((field) => field.value));
    const table = this.temporary();
    const list = this.temporary();
    const parts = [`${table}=${create}`];
    let isPlain = true;
    const hasList = fields.some((field) => field.kind === 'positional');
    if (hasList) parts.push(`${list}=[]`);
    fields.forEach((field, i) => {
      const isLast = i === fields.length - 1;
      if (field.kind === 'positional') parts.push(`${list}.push(${isLast ? this.spread([field.value]) : this.expression(field.value)})`);
      else {
        // As long as all keys are named, each is a property.
        isPlain &&= field.key.kind === 'string';
        parts.push(isPlain ? this.#named(table, field.key, field.value) : this.#keyed(table, field.key, field.value));
      }
    });
    if (hasList) parts.push(`${this.use('fill')}(${table},${list})`);
    return `(${parts.join(',')},${table})`;
  }

  // Literals only where V8 has to know that all are numbers, and for what is the same each time: else it may come to make their arrays in
  // the old generation, where they keep alive what they lead to.
  #list(values: readonly Expression[]): string {
    const [first] = values as readonly [Expression];
    const type = this.typeOf(first);
    const isLong = values.length > MOST_LISTED || this.types.isMulti(values.at(-1));
    if (isLong || type === 'number' || values.every(isLiteral)) return `${this.use('tableOf')}([${this.spread(values)}])`;
    const list = type === 'any' ? this.constants.list(values.length) : this.use('listTable');
    return `${list}(${values.map((value) => this.expression(value)).join(',')})`;
  }

  #named(table: string, key: Expression, value: Expression): string {
    return `${table}${this.constants.property((key as Expression & { kind: 'string' }).value)}=${this.expression(value)}`;
  }

  #keyed(table: string, key: Expression, value: Expression): string {
    if (key.kind === 'string') return `${table}.setField(${JSON.stringify(key.value)},${this.expression(value)})`;
    const before: string[] = [];
    const keyText = this.atom(key, before);
    return this.sequence(before, this.slow('setIndex', table, keyText, this.expression(value)));
  }
}

type Link = IndexExpression | CallExpression | MethodCallExpression;

// The fields and calls of a chain, the innermost first.
function linksOf(chain: Link): readonly Link[] {
  const links: Link[] = [];
  let node: Expression = chain;
  while (node.kind === 'index' || node.kind === 'call' || node.kind === 'method') {
    links.push(node);
    node = node.kind === 'call' ? node.callee : node.object;
  }
  return links.reverse();
}

function isSafeLink(link: Link): boolean {
  return link.isSafe || (link.kind === 'method' && link.isSafeCall);
}

function isObject(value: string): string {
  return `typeof ${value}==='object'`;
}

// A literal that is an integer from 1 on, of 31 bits.
function isSmallPositive(text: string): boolean {
  return /^[1-9]\d{0,8}$/.test(text);
}

function mayBeObject(type: string, node: Expression): boolean {
  return (type === 'any' || type === 'table') && !(isLiteral(node) || node.kind === 'nil');
}

function numberText(value: number): string {
  if (Object.is(value, -0) || value < 0) return `(${Object.is(value, -0) ? '-0' : value})`;
  return Number.isFinite(value) ? String(value) : 'Infinity';
}
