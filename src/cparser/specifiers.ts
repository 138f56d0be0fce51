/**
 * Declaration specifiers (C11 6.7): storage class, qualifiers, and the type, with struct, union and enum bodies
 * and GNU attributes.
 * @module
 */
import type {
  Attribute,
  Enumerator,
  Identifier,
  Member,
  MemberDeclarator,
  Qualifiers,
  Specifiers,
  StaticAssertion,
  Storage,
  TypeName,
  TypeSpecifier,
} from './ast.ts';
import { DeclaratorParser } from './declarators.ts';
import { BASE_TYPES, BASE_WORDS, FLOAT_N, IGNORED, KEYWORDS, QUALIFIERS, RECORDS, SIZED, STORAGE } from './keywords.ts';
import { IDENTIFIER } from './lexer.ts';

/** Tells whether a name is a typedef declared before the text being parsed. */
export type IsTypeName = (name: string) => boolean;

export abstract class SpecifierParser extends DeclaratorParser {
  readonly #isTypeName: IsTypeName;
  /** Typedef names declared in this text so far. */
  protected readonly typedefs: Set<string> = new Set();

  constructor(tokens: ConstructorParameters<typeof DeclaratorParser>[0], isTypeName: IsTypeName) {
    super(tokens);
    this.#isTypeName = isTypeName;
  }

  protected isKeyword(name: string): boolean {
    return KEYWORDS.has(name);
  }

  protected isTypedefName(name: string): boolean {
    return this.typedefs.has(name) || this.#isTypeName(name);
  }

  protected startsType(ahead: number): boolean {
    const word = this.identifierAt(ahead);
    if (word === null) return false;
    const keyword = KEYWORDS.get(word);
    if (keyword === undefined) return FLOAT_N.has(word) || this.isTypedefName(word);
    // It may stand before an expression as well.
    if (keyword === '__extension__') return this.startsType(ahead + 1);
    return (
      BASE_WORDS.has(keyword) || RECORDS.has(keyword) || QUALIFIERS.has(keyword) || keyword === 'typeof' || keyword === '__attribute__'
    );
  }

  protected parseSpecifiers(): Specifiers {
    const start = this.start;
    let storage: Storage | null = null;
    let isConst = false;
    let isVolatile = false;
    let type: TypeSpecifier | null = null;
    const words: string[] = [];
    const attributes: Attribute[] = [];
    this.parseAttributes(attributes);
    while (this.kind === IDENTIFIER) {
      const word = this.spelling;
      const keyword = KEYWORDS.get(word);
      if (keyword === undefined) {
        const float = FLOAT_N.get(word);
        if (float !== undefined && type === null && !words.some((one) => one !== '_Complex') && !this.typedefs.has(word)) {
          words.push(...float.split(' '));
          this.advance();
          continue;
        }
        // LuaJIT, and <complex.h> where it is no macro: `complex float`, `float complex`.
        const isComplex = word === 'complex' && type === null && this.isTypedefName(word);
        if (isComplex && /^(?:float|double|long)$/.test(words[0] ?? this.identifierAt(1) ?? '')) {
          words.push('_Complex');
          this.advance();
          continue;
        }
        if (type !== null || words.length > 0 || !this.isTypedefName(word)) break;
        type = { kind: 'name', start: this.start, end: this.tokens.ends[this.index] as number, name: word };
        this.advance();
      } else if (STORAGE.has(keyword)) {
        if (storage !== null) this.failHere(`expected one storage class, '${storage}' came before`);
        storage = keyword as Storage;
        this.advance();
      } else if (QUALIFIERS.has(keyword)) {
        if (keyword === 'const') isConst = true;
        if (keyword === 'volatile') isVolatile = true;
        // _Atomic(type) is a type, _Atomic a qualifier (C11 6.7.2.4).
        if (keyword === '_Atomic' && this.is('(', 1)) type = this.#typeof(type);
        else this.advance();
      } else if (keyword === 'typeof') {
        type = this.#typeof(type);
      } else if (IGNORED.has(keyword)) {
        this.advance();
      } else if (keyword === '__attribute__' || keyword === '_Alignas' || keyword === '__declspec') {
        this.parseAttributes(attributes);
      } else if (RECORDS.has(keyword)) {
        if (type !== null || words.length > 0) this.failHere('expected one type');
        type = this.nested(() => (keyword === 'enum' ? this.#enum() : this.#record(keyword as 'struct' | 'union')));
      } else if (BASE_WORDS.has(keyword)) {
        if (type !== null) this.failHere('expected one type');
        // `long` four times over is refused below; a hostile million of them is refused here.
        if (words.push(...(SIZED.get(keyword) ?? keyword).split(' ')) > 8) this.failHere('expected fewer type words');
        this.advance();
      } else {
        break;
      }
    }
    const end = Math.max(start, this.previousEnd);
    if (words.length > 0) {
      const named = BASE_TYPES.get([...words].sort().join(' '));
      if (named === undefined) this.fail({ start, end }, `'${words.join(' ')}' is not a type`);
      type = { kind: 'base', start, end, base: named };
    }
    if (type === null) this.#failNoType();
    return { start, end, storage, qualifiers: { isConst, isVolatile }, type, attributes };
  }

  // typeof(type), typeof(expression), _Atomic(type)
  #typeof(before: TypeSpecifier | null): TypeSpecifier {
    if (before !== null) this.failHere('expected one type');
    return this.nested(() => {
      const start = this.start;
      const word = this.spelling;
      this.advance();
      this.expect('(', `after '${word}'`);
      const operand = this.startsType(0) ? this.parseTypeName() : this.parseExpression();
      this.expect(')', `after the operand of '${word}'`);
      return { kind: 'typeof', start, end: this.previousEnd, operand };
    });
  }

  protected startsStaticAssertion(): boolean {
    let ahead = 0;
    while (this.identifierAt(ahead) === '__extension__') ahead++;
    const word = this.identifierAt(ahead);
    return word === '_Static_assert' || (word === 'static_assert' && this.is('(', ahead + 1));
  }

  // C11 6.7.10; the message may be missing (C23).
  protected parseStaticAssertion(): StaticAssertion {
    const start = this.start;
    while (this.identifierAt(0) === '__extension__') this.advance();
    this.advance();
    this.expect('(', "after '_Static_assert'");
    const condition = this.parseExpression();
    const message = this.eat(',') ? this.parseExpression() : null;
    this.expect(')', "after '_Static_assert'");
    const end = this.previousEnd;
    this.expect(';', "after '_Static_assert'");
    return { kind: 'static-assertion', start, end, condition, message: message?.kind === 'string' ? message.value : null };
  }

  #failNoType(): never {
    if (this.kind === IDENTIFIER && !this.isKeyword(this.spelling)) {
      const range = { start: this.start, end: this.tokens.ends[this.index] as number };
      this.fail(range, `unknown type '${this.spelling}'`);
    }
    this.failHere('expected a type');
  }

  protected parseQualifiers(): Qualifiers {
    let isConst = false;
    let isVolatile = false;
    while (this.kind === IDENTIFIER) {
      const keyword = KEYWORDS.get(this.spelling);
      if (keyword === undefined || !QUALIFIERS.has(keyword)) break;
      if (keyword === 'const') isConst = true;
      if (keyword === 'volatile') isVolatile = true;
      this.advance();
    }
    return { isConst, isVolatile };
  }

  // __attribute__((a, b(1))), __declspec(align(8)), _Alignas(n): any number of them.
  protected parseAttributes(into: Attribute[]): void {
    while (true) {
      if (this.is('[') && this.is('[', 1)) {
        this.#standardAttributes(into);
        continue;
      }
      if (this.kind !== IDENTIFIER) return;
      const keyword = KEYWORDS.get(this.spelling);
      if (keyword === '__attribute__') {
        this.advance();
        this.expect('(', "after '__attribute__'");
        this.expect('(', "after '__attribute__('");
        this.#attributeList(into);
        this.expect(')', 'after attributes');
        this.expect(')', 'after attributes');
      } else if (keyword === '__declspec') {
        this.advance();
        this.expect('(', "after '__declspec'");
        this.#attributeList(into);
        this.expect(')', "after '__declspec'");
      } else if (keyword === '_Alignas') {
        this.#alignas(into);
      } else {
        return;
      }
    }
  }

  // C23's `[[deprecated, gnu::packed]]`: its own change no layouts, gnu's are those of __attribute__.
  #standardAttributes(into: Attribute[]): void {
    this.expect('[', 'before attributes');
    this.expect('[', 'before attributes');
    while (!this.is(']')) {
      if (this.eat(',')) continue;
      const prefix = this.identifierAt(0);
      const isGnu = (prefix === 'gnu' || prefix === '__gnu__') && this.is(':', 1) && this.is(':', 2);
      const isOther = !isGnu && this.is(':', 1) && this.is(':', 2);
      for (let i = 0; (isGnu || isOther) && i < 3; i++) this.advance();
      this.#attribute(isGnu ? into : []);
    }
    this.expect(']', 'after attributes');
    this.expect(']', 'after attributes');
  }

  #alignas(into: Attribute[]): void {
    const start = this.start;
    this.advance();
    this.expect('(', "after '_Alignas'");
    const argument = this.startsType(0)
      ? { kind: 'alignof' as const, start: this.start, type: this.parseTypeName(), end: this.previousEnd, isPreferred: false }
      : this.parseExpression();
    this.expect(')', "after '_Alignas'");
    into.push({ start, end: this.previousEnd, name: '_Alignas', args: [argument] });
  }

  #attributeList(into: Attribute[]): void {
    while (!this.is(')')) {
      if (this.eat(',')) continue;
      this.#attribute(into);
    }
  }

  #attribute(into: Attribute[]): void {
    if (this.kind !== IDENTIFIER) this.failHere('expected an attribute name');
    const start = this.start;
    const name = this.spelling.replace(/^__(.+)__$/, '$1');
    this.advance();
    const args = this.is('(') ? this.#attributeArguments(name) : [];
    into.push({ start, end: this.previousEnd, name, args });
  }

  // Attributes we know have expressions for arguments; of others only the parentheses must match.
  #attributeArguments(name: string): Attribute['args'] {
    const args: Attribute['args'][number][] = [];
    if (!['aligned', 'align', 'scalar_storage_order', 'vector_size', 'packed', 'mode'].includes(name)) {
      this.#skipParenthesised();
      return args;
    }
    this.expect('(', 'before attribute arguments');
    while (!this.is(')')) {
      args.push(this.parseExpression());
      if (!this.eat(',')) break;
    }
    this.expect(')', 'after attribute arguments');
    return args;
  }

  #skipParenthesised(): void {
    let open = 0;
    do {
      if (this.atEnd) this.failHere("expected ')'");
      if (this.is('(')) open++;
      if (this.is(')')) open--;
      this.advance();
    } while (open > 0);
  }

  #tag(): Identifier | null {
    if (this.kind !== IDENTIFIER || this.isKeyword(this.spelling)) return null;
    const tag = { name: this.spelling, start: this.start, end: this.tokens.ends[this.index] as number };
    this.advance();
    return tag;
  }

  #record(kind: 'struct' | 'union'): TypeSpecifier {
    const start = this.start;
    const attributes: Attribute[] = [];
    this.advance();
    this.parseAttributes(attributes);
    const tag = this.#tag();
    if (!this.is('{')) {
      if (tag === null) this.failHere(`expected a tag or '{' after '${kind}'`);
      return { kind, start, end: this.previousEnd, tag, members: null, attributes, pack: null };
    }
    this.advance();
    const members: (Member | StaticAssertion)[] = [];
    while (!this.is('}')) {
      if (this.atEnd) this.failHere(`expected '}' to close '${kind}${tag === null ? '' : ` ${tag.name}`}'`);
      if (this.eat(';')) continue;
      members.push(this.startsStaticAssertion() ? this.parseStaticAssertion() : this.#member());
    }
    const pack = this.pack;
    this.advance();
    this.parseAttributes(attributes);
    return { kind, start, end: this.previousEnd, tag, members, attributes, pack };
  }

  #member(): Member {
    const start = this.start;
    const specifiers = this.parseSpecifiers();
    const { storage } = specifiers;
    if (storage !== null && storage !== 'static') this.fail(specifiers, `storage class '${storage}' has no place in a struct`);
    const declarators: MemberDeclarator[] = [];
    while (!this.is(';') && !this.is('}')) {
      const declarator = this.is(':') ? this.#noDeclarator() : this.parseDeclarator('either');
      const width = this.eat(':') ? this.parseExpression() : null;
      const attributes = [...declarator.attributes];
      this.parseAttributes(attributes);
      const value = storage === 'static' && this.eat('=') ? this.parseExpression() : null;
      declarators.push({ declarator: { ...declarator, attributes }, width, value });
      if (!this.eat(',')) break;
      if (this.is(';')) this.failHere('expected a member');
    }
    const end = this.previousEnd;
    if (!this.eat(';') && !this.is('}')) this.failHere("expected ';' after a member");
    return { kind: 'member', start, end, specifiers, declarators };
  }

  #noDeclarator(): MemberDeclarator['declarator'] {
    return { start: this.start, end: this.start, identifier: null, derivations: [], attributes: [] };
  }

  #enum(): TypeSpecifier {
    const start = this.start;
    const attributes: Attribute[] = [];
    this.advance();
    this.parseAttributes(attributes);
    const tag = this.#tag();
    // A bit-field of an enum type has its width there instead.
    let underlying: TypeName | null = null;
    if (this.is(':') && this.startsType(1)) {
      this.advance();
      underlying = this.parseTypeName();
    }
    if (!this.eat('{')) {
      if (tag === null) this.failHere("expected a tag or '{' after 'enum'");
      return { kind: 'enum', start, end: this.previousEnd, tag, enumerators: null, underlying, attributes };
    }
    const enumerators: Enumerator[] = [];
    do {
      if (this.is('}') && enumerators.length > 0) break;
      enumerators.push(this.#enumerator());
    } while (this.eat(','));
    this.expect('}', 'after the enumerators');
    this.parseAttributes(attributes);
    return { kind: 'enum', start, end: this.previousEnd, tag, enumerators, underlying, attributes };
  }

  #enumerator(): Enumerator {
    const name = this.#tag();
    if (name === null) this.failHere('expected an enumerator');
    this.parseAttributes([]);
    const value = this.eat('=') ? this.parseExpression() : null;
    return { ...name, value };
  }
}
