/**
 * Brings descriptions (`declare.ts`) into a namespace: as C text, whose mistakes are those of whoever described it.
 * @module
 */
import type { CType, Namespace } from '../ctype/index.ts';
import { CdefError } from '../util/errors.ts';
import { Description, NODE } from './declare.ts';
import { type DeclarationText, declarationsFor, declarationsOf, isTypeNode, type Line, pathOf, typeText } from './declare-text.ts';

/** The descriptions that one namespace has seen. */
export class Descriptions {
  readonly #space: Namespace;
  readonly #types: WeakMap<Description, CType> = new WeakMap();
  /** What has been declared, as text, by its name. */
  readonly #texts: Map<string, string> = new Map();

  constructor(space: Namespace) {
    this.#space = space;
  }

  /** See `Cdef.declare`. */
  declare(descriptions: readonly Description[]): void {
    const nodes = descriptions.map((description: unknown) => {
      if (!(description instanceof Description)) throw new TypeError(`declare: expected a description, got ${typeof description}`);
      const node = description[NODE];
      const isNamed = 'tag' in node ? node.tag !== null || node.kind === 'enum' : 'name' in node && node.kind !== 'name';
      if (!isNamed) throw new TypeError(`declare: ${pathOf(node)} has no name to be declared under`);
      return node;
    });
    this.#add(declarationsOf(nodes));
  }

  /**
   * The type of a description, declared where it is not yet.
   * @throws {TypeError} @throws {RangeError} as `Cdef.declare`
   */
  typeOf(description: Description): CType {
    let type = this.#types.get(description);
    if (type === undefined) {
      const node = description[NODE];
      if (!isTypeNode(node)) throw new TypeError(`expected a C type, got the ${node.kind} ${node.name}`);
      this.#add(declarationsFor(node));
      type = checked(typeText(node, pathOf(node)), (text) => this.#space.typeNamed(text));
      this.#types.set(description, type);
    }
    return type;
  }

  #add(declarations: readonly DeclarationText[]): void {
    const fresh = declarations.filter(({ key, lines }) => {
      if (key === null) return true;
      if (this.#texts.get(key) === textOf(lines)) return false;
      if (this.#isKnown(key)) throw new TypeError(`${key}: declared already, and differently`);
      return true;
    });
    if (fresh.length === 0) return;
    const lines = fresh.flatMap((declaration) => declaration.lines);
    checked(lines, (text) => this.#space.declare(text, '<description>'));
    for (const { key, lines: own } of fresh) if (key !== null) this.#texts.set(key, textOf(own));
  }

  // C lets the first declaration of a name win; a description that would not count is a mistake.
  #isKnown(key: string): boolean {
    const [name, tag] = key.split(' ') as [string, string?];
    if (tag === undefined) return this.#space.lookup(name) !== null;
    return (this.#space.tags.get(tag)?.definition.layout ?? null) !== null;
  }
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('\n');
}

// Has a description's text read.
function checked<T>(lines: readonly Line[], read: (text: string) => T): T {
  try {
    return read(textOf(lines));
  } catch (error) {
    if (!(error instanceof CdefError)) throw error;
    const { position, source, reason } = error;
    const message = `${lines[position.line - 1]?.path ?? ''}: ${reason}`;
    // What is wrong with a number is its value.
    if (/^-?\d/.test(source.text.slice(position.offset))) throw new RangeError(message, { cause: error });
    throw new TypeError(message, { cause: error });
  }
}
