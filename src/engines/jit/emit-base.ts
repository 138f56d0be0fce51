/**
 * What all parts of the compiler stand on: one function of Lua on its way to text of JavaScript, with its temporaries, the names of its
 * variables and its lines.
 *
 * Each function of Lua becomes a factory of its upvalues at the top of the chunk's text, so nothing nests:
 *
 *     const F3=(function(E,a$1,b$2){return function name(x$3){...}})
 *
 * An upvalue that is never assigned to is handed over as a value, any other in a box `{v}`. The environment `E` comes first, where the
 * function or one inside it uses globals. The same emitter makes twins for coroutines: generator functions whose calls are `yield*`.
 * @module
 */
import { compiled } from '../../util/stack.ts';
import type { Expression, FunctionNode, Variable } from './ast.ts';
import type { ConstantPool } from './emit-constants.ts';
import { isBoxed, nameOf, selfVariable } from './tree.ts';
import type { SureType, Types } from './types.ts';

/** Marks of the final text: a line of Lua, and the function's own name, which depends on where it ends up. */
const LINE_START = '\u0001';
const LINE_END = '\u0002';
export const SELF_NAME = '\u0003';
/** Where temporaries are cleared; how many there are is known at the end. */
export const CLEAR_MARK = '\u0004';
export const LINE_MARK: RegExp = new RegExp(`${LINE_START}(\\d+)${LINE_END}`, 'g');

const NO_WORD = compiled(/\W/g);

/** What kind of functions are made. */
export interface EmitMode {
  /** Generator functions. */
  readonly isTwin: boolean;
  /** Environments may change while functions run, and functions are reached by their level. */
  readonly isExact: boolean;
  /** Rounds of loops and calls are counted. */
  readonly isCounting: boolean;
}

export abstract class BaseEmitter {
  readonly node: FunctionNode;
  readonly types: Types;
  readonly constants: ConstantPool;
  readonly mode: EmitMode;
  /** The variable of `local function` that holds this very function. */
  readonly #self: Variable | null;
  #temporaries = 0;
  #mostTemporaries = 0;
  #labels = 0;
  #hidden = 0;
  readonly #declared: string[] = [];
  /** Expressions that are evaluated already, and where their values are. */
  protected readonly held: Map<Expression, string> = new Map();

  constructor(node: FunctionNode, types: Types, constants: ConstantPool, mode: EmitMode) {
    this.node = node;
    this.types = types;
    this.constants = constants;
    this.mode = mode;
    this.#self = selfVariable(node);
  }

  /** An expression's one value. */
  abstract expression(node: Expression): string;
  /** Whether an expression counts as true, as a boolean. */
  abstract condition(node: Expression): string;
  /** What a call answers: a value or an array of them. */
  abstract rawCall(node: Expression): string;

  get isTwin(): boolean {
    return this.mode.isTwin;
  }

  /** A statement that counts a step. */
  protected counted(): string {
    return this.mode.isCounting ? `if(--${this.use('watch')}.left<0)watch.look();` : '';
  }

  // ---- temporaries, labels, lines

  temporary(): string {
    const name = `t${this.#temporaries++}`;
    this.#mostTemporaries = Math.max(this.#mostTemporaries, this.#temporaries);
    return name;
  }

  /** At the start of a statement: no value of the one before is needed any more. */
  protected releaseTemporaries(): void {
    this.#temporaries = 0;
  }

  protected temporaryDeclarations(): string {
    const names = [...new Set(this.#declared), ...Array.from({ length: this.#mostTemporaries }, (_, i) => `t${i}`)];
    return names.length === 0 ? '' : `let ${names.join(',')};`;
  }

  /** A statement that drops what temporaries hold. */
  protected clearing(): string {
    return Array.from({ length: this.#mostTemporaries }, (_, i) => `t${i}=`).join('') + (this.#mostTemporaries > 0 ? 'undefined;' : '');
  }

  /** A variable of the generated function that lives longer than a statement. */
  protected hidden(): string {
    const name = `h${this.#hidden++}`;
    this.declare(name);
    return name;
  }

  protected declare(name: string): void {
    this.#declared.push(name);
  }

  newLabel(letter: string): string {
    return `${letter}${this.#labels++}`;
  }

  line(line: number): string {
    return `${LINE_START}${line}${LINE_END}`;
  }

  // ---- names

  /** A helper of the runtime. */
  use(name: string): string {
    return this.constants.use(name);
  }

  /** A slow path: in twins its twin, which may yield. */
  slow(name: string, ...args: readonly string[]): string {
    while (args.length > 0 && args.at(-1) === "''") args = args.slice(0, -1);
    const text = args.join(',');
    return this.isTwin ? this.#slowTwin(name, text) : `${this.use(name)}(${text})`;
  }

  // What happens often makes a generator only where there is something to call.
  #slowTwin(name: string, text: string): string {
    const value = this.temporary();
    switch (name) {
      case 'index':
        return this.foundTwin(`${this.use('find')}(${text})`);
      case 'setIndex':
        return `(${this.use('store')}(${text})||(yield* ${this.use('storedTwin')}()))`;
      case 'setField':
        return `(${this.use('storeField')}(${text})||(yield* ${this.use('storedTwin')}()))`;
      case 'first':
        return `(${text}===${this.use('mark')}?(yield* ${this.use('firstTwin')}(${text})):${text}[0])`;
      case 'results':
        return `(Array.isArray(${value}=${text})?${value}===${this.use('mark')}?(yield* ${this.use('resultsTwin')}(${value})):${value}:[${value}])`;
      default:
        return `(yield* ${this.use(`${name}Twin`)}(${text}))`;
    }
  }

  /** The value of what `find` answers in a coroutine. */
  protected foundTwin(found: string): string {
    const value = this.temporary();
    return `((${value}=${found})===${this.use('PENDING')}?(yield* ${this.use('foundTwin')}()):${value})`;
  }

  variableName(variable: Variable): string {
    return `${variable.name.replace(NO_WORD, '_')}$${variable.id}`;
  }

  /** A variable's value. */
  read(variable: Variable): string {
    if (variable === this.#self) return this.isTwin ? 'self' : SELF_NAME;
    return isBoxed(variable) ? `${this.variableName(variable)}.v` : this.variableName(variable);
  }

  /** What a closure is given of a variable: its box or its value. */
  captured(variable: Variable): string {
    return isBoxed(variable) ? this.variableName(variable) : this.read(variable);
  }

  /** The environment, where globals are. */
  environment(): string {
    if (this.mode.isExact) return `(X===null?E:${this.use('environmentOf')}(X,${this.isTwin ? 'self' : SELF_NAME},E))`;
    return 'V';
  }

  /** How messages call an expression, as text of JavaScript. */
  nameOf(node: Expression): string {
    const name = nameOf(node, this.node);
    return name === '' ? "''" : JSON.stringify(name);
  }

  typeOf(node: Expression): SureType {
    return this.types.of(node);
  }

  isNumber(node: Expression): boolean {
    return this.types.of(node) === 'number';
  }

  /**
   * An expression as a name or literal that may be repeated; what has to run first is added to `before`. The value is that of now: a
   * box may change by what runs later.
   */
  atom(node: Expression, before: string[]): string {
    const held = this.held.get(node);
    if (held !== undefined) return held;
    if (node.kind === 'local' && !isBoxed(node.variable)) return this.read(node.variable);
    if (isLiteral(node)) return this.expression(node);
    const name = this.temporary();
    before.push(`${name}=${this.expression(node)}`);
    return name;
  }

  /** An atom that properties are read of, which literals cannot be. */
  object(node: Expression, before: string[]): string {
    if (!isLiteral(node)) return this.atom(node, before);
    const name = this.temporary();
    before.push(`${name}=${this.expression(node)}`);
    return name;
  }

  /** An expression's value of now, whatever is assigned later. */
  copied(node: Expression, before: string[]): string {
    const held = this.held.get(node);
    if (held !== undefined) return held;
    if (isLiteral(node)) return this.expression(node);
    const name = this.temporary();
    before.push(`${name}=${this.expression(node)}`);
    return name;
  }

  sequence(before: readonly string[], value: string): string {
    return before.length === 0 ? value : `(${before.join(',')},${value})`;
  }

  /** All values of an expression list as elements of an array or as arguments, `...` included. */
  spread(nodes: readonly Expression[]): string {
    return nodes
      .map((node, i) => {
        if (i < nodes.length - 1 || !this.types.isMulti(node)) return this.expression(node);
        return node.kind === 'vararg' ? '...va' : `...${this.results(node)}`;
      })
      .join(',');
  }

  /** A list of values as a function answers it; `count` of them, of which the last may stand for any number. */
  answer(values: string, count: number): string {
    if (count === 0) return this.use('NONE');
    return count > 1 && !values.includes('...') ? `[${values}]` : `${this.use('returned')}([${values}])`;
  }

  /** All results of a call, as an array. */
  results(node: Expression): string {
    return this.slow('results', this.rawCall(node));
  }
}

/** Literals whose text may stand anywhere, any number of times. */
export function isLiteral(node: Expression): boolean {
  return node.kind === 'nil' || node.kind === 'true' || node.kind === 'false' || node.kind === 'string' || isNumberLiteral(node);
}

export function isNumberLiteral(node: Expression): node is Expression & { kind: 'number' } {
  return node.kind === 'number' && node.value.kind === 'double';
}
