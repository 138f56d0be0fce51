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
import type { Dialect } from './dialect.ts';
import { appended, DeclaratorParser, NO_ATTRIBUTES } from './declarators.ts';
import { nearest } from '../util/text.ts';
import { baseType, FLOAT_N, type Keyword, type KeywordKind, KEYWORDS } from './keywords.ts';
import { IDENTIFIER, KEYWORD, type Tokens } from './lexer.ts';

/** Tells whether a name is a typedef declared before the text being parsed; it may know the one that a misspelt name is nearest to. */
export type IsTypeName = ((name: string) => boolean) & { readonly nearest?: (name: string) => string | null };

const UNQUALIFIED: Qualifiers = { isConst: false, isVolatile: false };
// Longest list of base words that is put together.
const MAX_WORDS = 60;
const TYPE_STARTS: ReadonlySet<KeywordKind> = new Set(['base', 'tagged', 'qualifier', 'typeof']);

function joined(words: string, word: string): string {
  return words === '' ? word : `${words} ${word}`;
}

// `restrict` and `_Atomic` change nothing that we know of.
function qualified(qualifiers: Qualifiers, name: string): Qualifiers {
  if (name === 'const') return { ...qualifiers, isConst: true };
  return name === 'volatile' ? { ...qualifiers, isVolatile: true } : qualifiers;
}

export abstract class SpecifierParser extends DeclaratorParser {
  readonly #isTypeName: IsTypeName;
  /** Typedef names declared in this text so far. */
  protected readonly typedefs: Set<string> = new Set();
  // An attribute without a comma before it, and the token behind its list.
  #unseparated = { index: -1, start: 0, end: 0 };

  constructor(tokens: Tokens, isTypeName: IsTypeName, dialect: Dialect) {
    super(tokens, dialect);
    this.#isTypeName = isTypeName;
  }

  protected isTypedefName(name: string): boolean {
    return this.typedefs.has(name) || this.#isTypeName(name);
  }

  protected startsType(ahead: number): boolean {
    const word = this.wordAt(ahead);
    if (this.kindAt(ahead) === IDENTIFIER) return FLOAT_N.has(word) || this.isTypedefName(word);
    const keyword = KEYWORDS.get(word);
    if (keyword === undefined) return false;
    // It may stand before an expression as well.
    if (keyword.name === '__extension__') return this.startsType(ahead + 1);
    return TYPE_STARTS.has(keyword.kind) || keyword.name === '__attribute__';
  }

  protected parseSpecifiers(): Specifiers {
    const { start } = this;
    let storage: Storage | null = null;
    let qualifiers = UNQUALIFIED;
    let type: TypeSpecifier | null = null;
    // Base words, separated by spaces.
    let words = '';
    let attributes = this.parseAttributes();
    while (true) {
      if (this.kind === IDENTIFIER) {
        const found: string | TypeSpecifier | null = type === null ? this.#nonKeyword(words) : null;
        if (found === null) break;
        if (typeof found === 'string') words = joined(words, found);
        else type = found;
        this.advance();
        continue;
      }
      if (this.kind !== KEYWORD) break;
      const { name, kind } = KEYWORDS.get(this.word) as Keyword;
      switch (kind) {
        case 'storage':
          if (storage !== null) this.failHere(`expected one storage class, '${storage}' came before`);
          storage = name as Storage;
          this.advance();
          continue;
        case 'qualifier':
          qualifiers = qualified(qualifiers, name);
          // _Atomic(type) is a type, _Atomic a qualifier (C11 6.7.2.4).
          if (name === '_Atomic' && this.isAhead(1, '(')) type = this.#typeof(type);
          else this.advance();
          continue;
        case 'typeof':
          type = this.#typeof(type);
          continue;
        case 'ignored':
        case 'convention':
          this.advance();
          continue;
        case 'attribute':
          attributes = this.parseAttributes(attributes);
          continue;
        case 'tagged':
          if (type !== null || words !== '') this.failHere('expected one type');
          this.enter();
          type = name === 'enum' ? this.#enum() : this.#record(name as 'struct' | 'union');
          this.leave();
          continue;
        case 'base':
          if (type !== null) this.failHere('expected one type');
          words = joined(words, name);
          // `long` four times over is refused below; a hostile million of them is refused here.
          if (words.length > MAX_WORDS) this.failHere('expected fewer type words');
          this.advance();
          continue;
      }
      break;
    }
    const end = Math.max(start, this.previousEnd);
    if (words !== '') {
      const base = baseType(words);
      if (base === undefined) this.fail({ start, end }, `'${words}' is not a type`);
      type = { kind: 'base', start, end, base };
    }
    if (type === null) this.#failNoType();
    return { start, end, storage, qualifiers, type, attributes };
  }

  // What a word that is no keyword adds to specifiers without a type: base words, a typedef's name, or nothing.
  #nonKeyword(words: string): string | TypeSpecifier | null {
    const { word } = this;
    const float = FLOAT_N.get(word);
    if (float !== undefined && (words === '' || words === '_Complex') && !this.typedefs.has(word)) return float;
    if (!this.isTypedefName(word)) return null;
    // LuaJIT, and <complex.h> where it is no macro: `complex float`, `float complex`.
    if (word === 'complex' && /^(?:float|double|long)\b/.test(words === '' ? this.wordAt(1) : words)) return '_Complex';
    return words !== '' ? null : { kind: 'name', start: this.start, end: this.end, name: word };
  }

  // typeof(type), typeof(expression), _Atomic(type)
  #typeof(before: TypeSpecifier | null): TypeSpecifier {
    if (before !== null) this.failHere('expected one type');
    this.enter();
    const { start, spelling } = this;
    this.advance();
    this.expect('(', `after '${spelling}'`);
    const operand = this.startsType(0) ? this.parseTypeName() : this.parseExpression();
    this.expect(')', `after the operand of '${spelling}'`);
    this.leave();
    return { kind: 'typeof', start, end: this.previousEnd, operand };
  }

  protected startsStaticAssertion(): boolean {
    let ahead = 0;
    let { word } = this;
    while (word === '__extension__') word = this.wordAt(++ahead);
    return word === '_Static_assert' || (word === 'static_assert' && this.isAhead(ahead + 1, '('));
  }

  // C11 6.7.10; the message may be missing (C23).
  protected parseStaticAssertion(): StaticAssertion {
    const { start } = this;
    while (this.eat('__extension__'));
    this.advance();
    this.expect('(', "after '_Static_assert'");
    const condition = this.parseExpression();
    const message = this.eat(',') ? this.parseExpression() : null;
    this.expect(')', "after '_Static_assert'");
    const end = this.previousEnd;
    // Behind the last member, gcc does without.
    if (!this.is('}')) this.expect(';', "after '_Static_assert'");
    return { kind: 'static-assertion', start, end, condition, message: message?.kind === 'string' ? message.value : null };
  }

  #failNoType(): never {
    if (this.kind === IDENTIFIER) {
      const near = nearest(this.word, this.typedefs) ?? this.#isTypeName.nearest?.(this.word) ?? null;
      const notes = near === null ? [] : [`did you mean '${near}'?`];
      this.fail({ start: this.start, end: this.end }, `unknown type '${this.word}'`, notes);
    }
    this.failHere('expected a type');
  }

  protected parseQualifiers(): Qualifiers {
    let qualifiers = UNQUALIFIED;
    while (this.kind === KEYWORD) {
      const { name, kind } = KEYWORDS.get(this.word) as Keyword;
      if (kind !== 'qualifier') break;
      qualifiers = qualified(qualifiers, name);
      this.advance();
    }
    return qualifiers;
  }

  // __attribute__((a, b(1))), __declspec(align(8)), _Alignas(n): any number of them, added to those from before.
  protected parseAttributes(before: readonly Attribute[] = NO_ATTRIBUTES): readonly Attribute[] {
    let attributes: Attribute[] | null = null;
    while (true) {
      if (this.is('[') && this.isAhead(1, '[')) {
        attributes ??= [...before];
        this.#standardAttributes(attributes);
        continue;
      }
      const keyword = this.kind === KEYWORD ? KEYWORDS.get(this.word) : undefined;
      if (keyword?.kind !== 'attribute') return attributes ?? before;
      attributes ??= [...before];
      switch (keyword.name) {
        case '__attribute__':
          this.advance();
          this.expect('(', "after '__attribute__'");
          this.expect('(', "after '__attribute__('");
          this.#separatedAttributes(attributes);
          break;
        case '__declspec':
          this.advance();
          this.expect('(', "after '__declspec'");
          this.#attributeList(attributes);
          this.expect(')', "after '__declspec'");
          break;
        default:
          this.#alignas(attributes);
      }
    }
  }

  // C23's `[[deprecated, gnu::packed]]`: its own change no layouts, gnu's are those of __attribute__.
  #standardAttributes(into: Attribute[]): void {
    this.expect('[', 'before attributes');
    this.expect('[', 'before attributes');
    while (!this.is(']')) {
      if (this.eat(',')) continue;
      const prefix = this.word;
      const hasPrefix = this.isAhead(1, ':') && this.isAhead(2, ':');
      const isGnu = hasPrefix && (prefix === 'gnu' || prefix === '__gnu__');
      for (let i = 0; hasPrefix && i < 3; i++) this.advance();
      this.#attribute(isGnu ? into : []);
    }
    this.expect(']', 'after attributes');
    this.expect(']', 'after attributes');
  }

  #alignas(into: Attribute[]): void {
    const { start } = this;
    this.advance();
    this.expect('(', "after '_Alignas'");
    const argument = this.startsType(0)
      ? { kind: 'alignof' as const, start: this.start, type: this.parseTypeName(), end: this.previousEnd, isPreferred: false }
      : this.parseExpression();
    this.expect(')', "after '_Alignas'");
    into.push({ start, end: this.previousEnd, name: '_Alignas', args: [argument] });
  }

  // As gcc reads `a, b))`: one without a comma before it is dropped, and what closes the list closes all of it.
  #separatedAttributes(into: Attribute[]): void {
    let isSeparated = true;
    while (!this.is(')')) {
      if (this.eat(',')) {
        isSeparated = true;
        continue;
      }
      const { start, end } = this;
      this.#attribute(isSeparated ? into : []);
      if (!isSeparated) {
        this.#unseparated = { index: this.index, start, end };
        this.expect(')', 'after attributes');
        this.#unseparated.index = this.index;
        return;
      }
      isSeparated = false;
    }
    this.expect(')', 'after attributes');
    this.expect(')', 'after attributes');
  }

  // What is wrong where such a list ends is most likely the comma.
  protected override failHere(expected: string, notes: readonly string[] = []): never {
    const { index, start, end } = this.#unseparated;
    if (index === this.index) this.fail({ start, end }, `expected ',' before '${this.text.slice(start, end)}'`);
    super.failHere(expected, notes);
  }

  // __declspec needs no commas (Visual C++, "__declspec").
  #attributeList(into: Attribute[]): void {
    while (!this.is(')')) {
      if (this.eat(',')) continue;
      this.#attribute(into);
    }
  }

  #attribute(into: Attribute[]): void {
    if (this.kind !== IDENTIFIER && this.kind !== KEYWORD) this.failHere('expected an attribute name');
    const { start } = this;
    const name = this.word.replace(/^__(.+)__$/, '$1');
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
    return this.kind === IDENTIFIER ? this.identifier() : null;
  }

  #record(kind: 'struct' | 'union'): TypeSpecifier {
    const { start } = this;
    this.advance();
    let attributes = this.parseAttributes();
    const tag = this.#tag();
    if (!this.is('{')) {
      if (tag === null) this.failHere(`expected a tag or '{' after '${kind}'`);
      return { kind, start, end: this.previousEnd, tag, members: null, attributes, pack: null, order: null };
    }
    this.advance();
    const members: (Member | StaticAssertion)[] = [];
    while (!this.is('}')) {
      if (this.atEnd) this.failHere(`expected '}' to close '${kind}${tag === null ? '' : ` ${tag.name}`}'`);
      if (this.dialect === 'gcc' && this.eat(';')) continue;
      members.push(this.startsStaticAssertion() ? this.parseStaticAssertion() : this.#member());
    }
    const { pack, order } = this;
    this.advance();
    attributes = this.parseAttributes(attributes);
    return { kind, start, end: this.previousEnd, tag, members, attributes, pack, order };
  }

  #member(): Member {
    const { start } = this;
    const specifiers = this.parseSpecifiers();
    const { storage } = specifiers;
    if (storage !== null && storage !== 'static') this.fail(specifiers, `storage class '${storage}' has no place in a struct`);
    let declarators: MemberDeclarator[] | null = null;
    while (!this.is(';') && !this.is('}')) {
      const declarator = this.is(':') ? this.#noDeclarator() : this.parseDeclarator('either');
      const width = this.eat(':') ? this.parseExpression() : null;
      const attributes = this.parseAttributes(declarator.attributes);
      const value = storage === 'static' && this.eat('=') ? this.parseExpression() : null;
      const isSame = attributes === declarator.attributes;
      declarators = appended(declarators, { declarator: isSame ? declarator : { ...declarator, attributes }, width, value });
      if (!this.eat(',')) break;
      if (this.is(';')) this.failHere('expected a member');
    }
    const end = this.previousEnd;
    // gcc does without the last one.
    if (!this.eat(';') && !(this.dialect === 'gcc' && this.is('}'))) this.failHere("expected ';' after a member");
    return { kind: 'member', start, end, specifiers, declarators: declarators ?? [] };
  }

  #noDeclarator(): MemberDeclarator['declarator'] {
    return { start: this.start, end: this.start, identifier: null, derivations: [], attributes: NO_ATTRIBUTES, symbol: null };
  }

  #enum(): TypeSpecifier {
    const { start } = this;
    this.advance();
    let attributes = this.parseAttributes();
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
    attributes = this.parseAttributes(attributes);
    return { kind: 'enum', start, end: this.previousEnd, tag, enumerators, underlying, attributes };
  }

  #enumerator(): Enumerator {
    const name = this.#tag();
    if (name === null) this.failHere('expected an enumerator');
    this.parseAttributes();
    const value = this.eat('=') ? this.parseExpression() : null;
    return { name: name.name, start: name.start, end: name.end, value };
  }
}
