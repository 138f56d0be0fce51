/**
 * Brings descriptions (`declare.ts`) into a scope.
 * @module
 */
import { build, type Builder, type CType, isTypeNode, type Scope } from '../ctype/index.ts';
import { Description, NODE } from './declare.ts';
import { type DeclarationText, declarationsFor, declarationsOf, pathOf } from './declare-text.ts';

/** The descriptions that one scope has seen. */
export class Descriptions {
  readonly #space: Scope;
  readonly #types: WeakMap<Description, CType> = new WeakMap();
  /** What has been declared, as text, by its name. */
  readonly #texts: Map<string, string> = new Map();

  constructor(space: Scope) {
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
    this.#add(declarationsOf(nodes), () => {});
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
      type = this.#add(declarationsFor(node), (builder) => builder.typeOf(node, pathOf(node)));
      this.#types.set(description, type);
    }
    return type;
  }

  // All of them and what `then` makes, or none.
  #add<T>(declarations: readonly DeclarationText[], then: (builder: Builder) => T): T {
    const fresh = declarations.filter(({ key, lines }) => {
      if (key === null) return true;
      if (this.#texts.get(key) === textOf(lines)) return false;
      if (this.#isKnown(key)) throw new TypeError(`${key}: declared already, and differently`);
      return true;
    });
    const made = build(this.#space, (builder) => {
      for (const { node } of fresh) builder.declare(node, pathOf(node));
      return then(builder);
    });
    for (const { key, lines } of fresh) if (key !== null) this.#texts.set(key, textOf(lines));
    return made;
  }

  // C lets the first declaration of a name win; a description that would not count is a mistake.
  #isKnown(key: string): boolean {
    const [name, tag] = key.split(' ') as [string, string?];
    if (tag === undefined) return this.#space.lookup(name) !== null;
    return (this.#space.tags.get(tag)?.definition.layout ?? null) !== null;
  }
}

function textOf(lines: readonly string[]): string {
  return lines.join('\n');
}
