/**
 * What the parser makes of C text: a plain tree with source ranges. No sizes, no resolved names.
 * The words are those of C11 6.7: a declaration has specifiers and declarators.
 * @module
 */

/** Offsets into the source text, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A name and where it stands. */
export interface Identifier extends Range {
  readonly name: string;
}

/** The arithmetic types and `void`, one canonical spelling each. */
export type BaseType =
  | 'void'
  | '_Bool'
  | 'char'
  | 'signed char'
  | 'unsigned char'
  | 'short'
  | 'unsigned short'
  | 'int'
  | 'unsigned int'
  | 'long'
  | 'unsigned long'
  | 'long long'
  | 'unsigned long long'
  | '__int128'
  | 'unsigned __int128'
  | 'float'
  | 'double'
  | 'long double'
  | '_Float16'
  | '_Float128'
  | '_Decimal32'
  | '_Decimal64'
  | '_Decimal128'
  | '_Float16 _Complex'
  | '_Float128 _Complex'
  | 'float _Complex'
  | 'double _Complex'
  | 'long double _Complex';

export type Storage = 'typedef' | 'extern' | 'static' | 'auto' | 'register';

export interface Qualifiers {
  readonly isConst: boolean;
  readonly isVolatile: boolean;
}

/** `__attribute__((name(args)))`, the underscores around the name removed. */
export interface Attribute extends Range {
  readonly name: string;
  readonly args: readonly Expression[];
}

export type TypeSpecifier = BaseSpecifier | NameSpecifier | RecordSpecifier | EnumSpecifier | TypeofSpecifier;

export interface BaseSpecifier extends Range {
  readonly kind: 'base';
  readonly base: BaseType;
}

/** `typeof(type)` or `typeof(expression)`; `_Atomic(type)` is the former. */
export interface TypeofSpecifier extends Range {
  readonly kind: 'typeof';
  readonly operand: TypeName | Expression;
}

/** A typedef name. */
export interface NameSpecifier extends Range {
  readonly kind: 'name';
  readonly name: string;
}

export interface RecordSpecifier extends Range {
  readonly kind: 'struct' | 'union';
  readonly tag: Identifier | null;
  /** `null` where there is no body. */
  readonly members: readonly (Member | StaticAssertion)[] | null;
  readonly attributes: readonly Attribute[];
  /** `#pragma pack` in force at the closing brace, in bytes. */
  readonly pack: number | null;
  /** `#pragma scalar_storage_order` in force there; null for the machine's own. */
  readonly order: 'big' | 'little' | null;
}

export interface EnumSpecifier extends Range {
  readonly kind: 'enum';
  readonly tag: Identifier | null;
  readonly enumerators: readonly Enumerator[] | null;
  /** `: type` behind the tag (C23). */
  readonly underlying: TypeName | null;
  readonly attributes: readonly Attribute[];
}

export interface Enumerator extends Identifier {
  readonly value: Expression | null;
}

/** One declaration in a struct body: `int a : 3, *b;` */
export interface Member extends Range {
  readonly kind: 'member';
  readonly specifiers: Specifiers;
  readonly declarators: readonly MemberDeclarator[];
}

export interface MemberDeclarator {
  readonly declarator: Declarator;
  readonly width: Expression | null;
  /** `= value` of a `static const` member. */
  readonly value: Expression | null;
}

export interface Specifiers extends Range {
  readonly storage: Storage | null;
  readonly qualifiers: Qualifiers;
  readonly type: TypeSpecifier;
  readonly attributes: readonly Attribute[];
}

/** One step from the declared name outwards: `*p[3]` is array, then pointer. */
export type Derivation = PointerDerivation | ArrayDerivation | FunctionDerivation | AttributedDerivation;

/** GNU attributes within a declarator, `int * __attribute__((aligned(8))) p`: of the type made so far, not of `p`. */
export interface AttributedDerivation extends Range {
  readonly kind: 'attributed';
  readonly attributes: readonly Attribute[];
}

export interface PointerDerivation extends Range {
  readonly kind: 'pointer' | 'reference';
  readonly qualifiers: Qualifiers;
}

export interface ArrayDerivation extends Range {
  readonly kind: 'array';
  /** `null` is `[]`, `'?'` is LuaJIT's `[?]`. */
  readonly length: Expression | '?' | null;
}

export interface FunctionDerivation extends Range {
  readonly kind: 'function';
  readonly parameters: readonly Parameter[];
  readonly variadic: boolean;
}

export interface Parameter extends Range {
  readonly specifiers: Specifiers;
  readonly declarator: Declarator;
}

export interface Declarator extends Range {
  /** `null` in an abstract declarator. */
  readonly identifier: Identifier | null;
  readonly derivations: readonly Derivation[];
  readonly attributes: readonly Attribute[];
  /** What the linker knows it by, of `asm("symbol")`; null where that is its name. */
  readonly symbol: string | null;
}

export interface Declaration extends Range {
  readonly kind: 'declaration';
  readonly specifiers: Specifiers;
  readonly declarators: readonly InitDeclarator[];
}

export interface InitDeclarator {
  readonly declarator: Declarator;
  readonly initializer: Initializer | null;
}

/** What stands behind `=`. Only as much is kept as constants and array lengths need. */
export type Initializer =
  | { readonly kind: 'expression'; readonly expression: Expression }
  | ({ readonly kind: 'list'; readonly items: readonly InitializerItem[] } & Range);

export interface InitializerItem {
  /** Indices and member names in front of the item: `[3].x =`. Of gcc's `[1 ... 3]` the last index. */
  readonly designators: readonly (Expression | string)[];
  readonly value: Initializer;
}

/** `_Static_assert(condition, "message");` */
export interface StaticAssertion extends Range {
  readonly kind: 'static-assertion';
  readonly condition: Expression;
  readonly message: string | null;
}

/** `int (*)[3]`: what stands in a cast, in `sizeof`, and in `c.typeof`. */
export interface TypeName extends Range {
  readonly specifiers: Specifiers;
  readonly declarator: Declarator;
}

export type UnaryOperator = '-' | '+' | '~' | '!' | '*' | '&';
export type BinaryOperator =
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '>'
  | '<='
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||';

/** What the elements of a string literal are, by its prefix (C11 6.4.5p6). */
export type StringElement = 'char' | 'wchar_t' | 'char16_t' | 'char32_t';

export type Expression = Range &
  (
    | {
        readonly kind: 'integer';
        readonly value: bigint;
        readonly isUnsigned: boolean;
        readonly longs: 0 | 1 | 2;
        readonly isDecimal: boolean;
      }
    | { readonly kind: 'float'; readonly value: number; readonly type: BaseType }
    | { readonly kind: 'character'; readonly value: number }
    /** `element` is the type of its elements, `length` how many there are, the last one zero. */
    | { readonly kind: 'string'; readonly value: string; readonly element: StringElement; readonly length: number }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
    | { readonly kind: 'cast'; readonly type: TypeName; readonly operand: Expression }
    | { readonly kind: 'sizeof'; readonly type: TypeName }
    /** Of gcc's `__alignof__`, the alignment that is preferred; of `_Alignof`, the one that is needed. */
    | { readonly kind: 'alignof'; readonly type: TypeName; readonly isPreferred: boolean }
    | { readonly kind: 'sizeof-expression'; readonly operand: Expression }
    | { readonly kind: 'alignof-expression'; readonly operand: Expression; readonly isPreferred: boolean }
    | { readonly kind: 'member'; readonly object: Expression; readonly name: string; readonly isArrow: boolean }
    | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
    | { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'compound-literal'; readonly type: TypeName }
    | { readonly kind: 'types-compatible'; readonly left: TypeName; readonly right: TypeName }
    | { readonly kind: 'generic'; readonly control: Expression; readonly cases: readonly GenericCase[] }
    /** What has no value at compile time: assignments, statement expressions. */
    | { readonly kind: 'opaque'; readonly what: string }
    | { readonly kind: 'offsetof'; readonly type: TypeName; readonly path: readonly (string | Expression)[] }
  );

/** An association of `_Generic`; the type is null for `default`. */
export interface GenericCase {
  readonly type: TypeName | null;
  readonly value: Expression;
}
