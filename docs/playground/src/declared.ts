/**
 * Where the members of structs stand in the C text, so that the page can point at them. Layouts do not keep that: the text is
 * parsed once more here, after it has been declared.
 * @module
 */
import {
  DeclarationReader,
  joinLines,
  type Member,
  needsPreprocessing,
  preprocess,
  type RecordSpecifier,
  type Specifiers,
  tokenize,
} from '../../../src/cparser/index.ts';
import { type Field, isTransparent, type RecordType } from '../../../src/ctype/index.ts';
import { Source } from '../../../src/util/source.ts';

/** Offsets in the C text, end exclusive. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A struct's body: where its members' names stand, and the bodies within. */
export interface DeclaredBody {
  readonly names: ReadonlyMap<string, TextRange>;
  readonly bodies: ReadonlyMap<string, DeclaredBody>;
  /** Bodies of unnamed members, in order. */
  readonly unnamed: readonly DeclaredBody[];
}

const NAME = 'text';

/** The bodies of a text, by `struct tag` or by typedef name. */
export class DeclaredNames {
  readonly #bodies: Map<string, DeclaredBody> = new Map();
  readonly #source: Source;

  /** @param isTypeName what the text's declarations know as a type; the text must have been declared without an error */
  constructor(text: string, isTypeName: (name: string) => boolean) {
    const joined = joinLines(new Source(NAME, text));
    this.#source = needsPreprocessing(joined.text) ? preprocess(joined, {}).source : joined;
    const reader = new DeclarationReader(tokenize(this.#source), isTypeName, 'gcc');
    for (let next = reader.next(); next !== null; next = reader.next()) {
      if (next.kind !== 'declaration') continue;
      const body = this.#bodyOf(next.specifiers);
      if (body === null || next.specifiers.storage !== 'typedef') continue;
      for (const { declarator } of next.declarators) if (declarator.identifier !== null) this.#bodies.set(declarator.identifier.name, body);
    }
  }

  /** The body of a struct that has a tag, or is known by a typedef's name. */
  body(type: RecordType, typedef: string | null): DeclaredBody | null {
    const { kind, tag } = type.definition;
    const name = tag === null ? typedef : `${kind} ${tag}`;
    return name === null ? null : (this.#bodies.get(name) ?? null);
  }

  /** The body of a member's type, and where the member's name stands. */
  member(outer: DeclaredBody | null, field: Field, unnamedIndex: number): { range: TextRange | null; own: DeclaredBody | null } {
    if (outer === null) return { range: null, own: null };
    if (isTransparent(field)) return { range: null, own: outer.unnamed[unnamedIndex] ?? null };
    return { range: outer.names.get(field.name) ?? null, own: outer.bodies.get(field.name) ?? null };
  }

  #bodyOf({ type }: Specifiers): DeclaredBody | null {
    if ((type.kind !== 'struct' && type.kind !== 'union') || type.members === null) return null;
    const body = this.#bodyOfMembers(type);
    if (type.tag !== null) this.#bodies.set(`${type.kind} ${type.tag.name}`, body);
    return body;
  }

  #bodyOfMembers({ members }: RecordSpecifier): DeclaredBody {
    const names = new Map<string, TextRange>();
    const bodies = new Map<string, DeclaredBody>();
    const unnamed: DeclaredBody[] = [];
    for (const member of members ?? []) {
      if (member.kind === 'member') this.#member(member, names, bodies, unnamed);
    }
    return { names, bodies, unnamed };
  }

  #member(member: Member, names: Map<string, TextRange>, bodies: Map<string, DeclaredBody>, unnamed: DeclaredBody[]): void {
    const body = this.#bodyOf(member.specifiers);
    if (member.declarators.length === 0 && body !== null) unnamed.push(body);
    for (const { declarator } of member.declarators) {
      const { identifier } = declarator;
      if (identifier === null) continue;
      if (body !== null) bodies.set(identifier.name, body);
      const located = this.#source.locate(identifier.start);
      // What a macro put there has no place in the text.
      if (located.source.name !== NAME || located.notes.length > 0) continue;
      names.set(identifier.name, { from: located.offset, to: located.offset + identifier.name.length });
    }
  }
}
