/**
 * The tree of a Lua chunk, with its names resolved: every use of a local variable refers to the `Variable` itself, every function
 * knows which variables it has of its own and which it takes from the functions around it. The parser writes it, the compiler
 * and the interpreter read it; nothing changes it later.
 * @module
 */
import type { LuaNumber } from '../../lua/index.ts';

/**
 * A place in the text: the offset of its first character and the line that error messages name. For operators and assignments that is
 * where their last operand ends, for fields where they are read, for calls where their arguments begin, for blocks where they start.
 */
export interface Place {
  readonly start: number;
  readonly line: number;
}

/** A local variable, parameter, loop variable or implicit `self`. */
export interface Variable {
  readonly name: string;
  /** Unique in the chunk, from 0. */
  readonly id: number;
  readonly owner: FunctionNode;
  /** The line of its declaration. */
  readonly line: number;
  readonly role: 'local' | 'parameter' | 'loop' | 'function';
  /** Declared with `const`: assignments are syntax errors. */
  readonly isConst: boolean;
  /** A function inside `owner` uses it. */
  isCaptured: boolean;
  /** Assignments besides its declaration; a captured variable with none may be handed to closures by value. */
  assignments: number;
  /** Declared inside a loop (or behind a label that is jumped back to) of its function: each round has a variable of its own. */
  isInLoop: boolean;
  /** Values that are assigned to it, declaration included; null where one is not an expression of the tree (a further result of a call, a parameter, ...). */
  readonly values: (Expression | null)[];
  /** Names of fields that are assigned to, `v.x = ...`; null where there are none. */
  fields: Set<string> | null;
}

/** A function's body; a chunk is one, with varargs and no parameters. */
export interface FunctionNode extends Place {
  readonly kind: 'function';
  /** Unique in the chunk; 0 is the chunk itself. */
  readonly id: number;
  readonly parent: FunctionNode | null;
  /** As it is declared, `a.b:c` or a variable's name, for listings; null where it has no name. */
  readonly name: string | null;
  /** `self` first, for methods. */
  readonly parameters: readonly Variable[];
  readonly isVararg: boolean;
  readonly body: Block;
  readonly endLine: number;
  /** The offset behind its `end`. */
  readonly end: number;
  /** Variables of functions around it that it, or a function inside it, uses; in order of first use. */
  readonly upvalues: readonly Variable[];
  /** It reads or writes globals itself, or a function inside it does. */
  readonly usesGlobals: boolean;
  /** It, or a function inside it, mentions a name, global or local, that may change environments: `setfenv`, `getfenv`, `module`. */
  readonly changesEnvironment: boolean;
  /** Functions directly inside it. */
  readonly functions: readonly FunctionNode[];
}

export interface Block {
  readonly statements: readonly Statement[];
  /** A label in this block is the target of a `goto`. */
  readonly hasLabels: boolean;
}

// ---- expressions

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '^' | '..' | '==' | '~=' | '<' | '<=' | '>' | '>=';
/** LuaJIT's newer operators: on 32 bits, on 64 where an operand is a cdata. */
export type BitOperator = '&' | '|' | '~' | '<<' | '>>' | '~>>';
export type LogicalOperator = 'and' | 'or' | '??';
export type UnaryOperator = '-' | 'not' | '#' | '~';

export type Expression =
  | (Place & { readonly kind: 'nil' | 'true' | 'false' })
  | (Place & { readonly kind: 'vararg' })
  | (Place & { readonly kind: 'number'; readonly value: LuaNumber })
  /** Bytes as latin1. */
  | (Place & { readonly kind: 'string'; readonly value: string })
  | (Place & { readonly kind: 'local'; readonly variable: Variable })
  | (Place & { readonly kind: 'global'; readonly name: string })
  | FunctionNode
  | (Place & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator | BitOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Place & { readonly kind: 'logical'; readonly operator: LogicalOperator; readonly left: Expression; readonly right: Expression })
  | (Place & { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression })
  /** `condition ? then : otherwise` */
  | (Place & { readonly kind: 'conditional'; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression })
  | IndexExpression
  | CallExpression
  | MethodCallExpression
  /** `(e)` where `e` may have several results: it has one. Parentheses around anything else leave no trace. */
  | (Place & {
      readonly kind: 'single';
      readonly expression: CallExpression | MethodCallExpression | (Place & { readonly kind: 'vararg' });
    })
  | TableExpression
  /**
   * The extent of `?.`: what stands inside a link and finds nil at a safe step ends the whole chain with nil. It has one value. A target
   * with safe steps stands there without it: the assignment is its extent.
   */
  | (Place & { readonly kind: 'chain'; readonly expression: IndexExpression | CallExpression | MethodCallExpression });

/** `object.name` has a key of kind `string`, as `object['name']` has. */
export interface IndexExpression extends Place {
  readonly kind: 'index';
  readonly object: Expression;
  readonly key: Expression;
  /** `?.` */
  readonly isSafe: boolean;
}

export interface CallExpression extends Place {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  readonly isSafe: boolean;
}

export interface MethodCallExpression extends Place {
  readonly kind: 'method';
  readonly object: Expression;
  readonly name: string;
  readonly args: readonly Expression[];
  /** `object?:name()` or `object:name?.()`. */
  readonly isSafe: boolean;
  readonly isSafeCall: boolean;
}

export interface TableExpression extends Place {
  readonly kind: 'table';
  /** In order; `positional` ones count from 1. The last positional one may have several values. */
  readonly fields: readonly TableField[];
  /** The variable that it becomes the value of, by itself or with a metatable. */
  holder: Variable | null;
  /** It gets a metatable, so it is likely to be an object. */
  isObject: boolean;
}

export type TableField =
  | { readonly kind: 'positional'; readonly value: Expression }
  | { readonly kind: 'keyed'; readonly key: Expression; readonly value: Expression };

// ---- statements

export type Target =
  | (Place & { readonly kind: 'local'; readonly variable: Variable })
  | (Place & { readonly kind: 'global'; readonly name: string })
  | IndexExpression;

export type Statement =
  | (Place & { readonly kind: 'declare'; readonly variables: readonly Variable[]; readonly values: readonly Expression[] })
  /** `local function`; the function may use the variable. */
  | (Place & { readonly kind: 'declareFunction'; readonly variable: Variable; readonly value: FunctionNode })
  /** Also `function a.b:c()`. */
  | (Place & { readonly kind: 'assign'; readonly targets: readonly Target[]; readonly values: readonly Expression[] })
  | (Place & {
      readonly kind: 'compound';
      readonly target: Target;
      readonly operator: BinaryOperator | BitOperator;
      readonly value: Expression;
    })
  | (Place & { readonly kind: 'expression'; readonly expression: Expression })
  | (Place & { readonly kind: 'do'; readonly body: Block })
  | (Place & { readonly kind: 'while'; readonly condition: Expression; readonly body: Block; readonly hasContinue: boolean })
  /** The condition sees the body's variables. */
  | (Place & { readonly kind: 'repeat'; readonly body: Block; readonly condition: Expression; readonly hasContinue: boolean })
  | (Place & {
      readonly kind: 'if';
      readonly clauses: readonly { readonly condition: Expression; readonly body: Block }[];
      readonly otherwise: Block | null;
    })
  | (Place & {
      readonly kind: 'numericFor';
      readonly variable: Variable;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression | null;
      readonly body: Block;
      readonly hasContinue: boolean;
    })
  | (Place & {
      readonly kind: 'genericFor';
      readonly variables: readonly Variable[];
      readonly iterators: readonly Expression[];
      readonly body: Block;
      readonly hasContinue: boolean;
    })
  | (Place & { readonly kind: 'return'; readonly values: readonly Expression[] })
  | (Place & { readonly kind: 'break' | 'continue' })
  /** Names are unique where they can be confused: the parser has checked that the label is visible, and gives its identity. */
  | (Place & { readonly kind: 'goto'; readonly label: Label })
  | (Place & { readonly kind: 'label'; readonly label: Label });

export interface Label {
  readonly name: string;
  readonly id: number;
  /** A `goto` behind it, or inside a block behind it, jumps back to it. */
  isLoop: boolean;
  isUsed: boolean;
}
