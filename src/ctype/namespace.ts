/**
 * C text into a scope: declarations, all or none of a text, and names of types.
 * @module
 */
import { ensureStack, PARSER_KILOBYTES } from '../util/stack.ts';
import {
  type Dialect,
  type IsTypeName,
  type Macro,
  needsPreprocessing,
  DeclarationReader,
  joinLines,
  type Parameter,
  parameterName,
  parseTypeName,
  preprocess,
  type PreprocessOptions,
  tokenize,
  type Tokens,
  withParameters,
} from '../cparser/index.ts';
import { CdefError } from '../util/errors.ts';
import { Source } from '../util/source.ts';
import { nearest } from '../util/text.ts';
import { Declarer } from './declare.ts';
import { type Named, Scope } from './scope.ts';
import type { CType } from './types.ts';

/** What a `$` in a text stands for: an identifier, an `int`, or a type. */
export type TypeParameter = Exclude<Parameter, { kind: 'type' }> | { readonly kind: 'type'; readonly type: CType };

/** How a text of declarations is read. */
export interface DeclareOptions extends PreprocessOptions {
  /** Whose C it is; `'gcc'` by default. Text with directives, which LuaJIT has none of, is gcc's in any case. */
  readonly dialect?: Dialect;
}

const NO_MACROS: ReadonlyMap<string, Macro> = new Map();

function preprocessed(
  text: string,
  fileName: string,
  options: DeclareOptions,
): { source: Source; macros: ReadonlyMap<string, Macro>; dialect: Dialect } {
  const source = joinLines(new Source(fileName, text));
  if (needsPreprocessing(source.text)) return { ...preprocess(source, options), dialect: 'gcc' };
  return { source, macros: NO_MACROS, dialect: options.dialect ?? 'gcc' };
}

/** A scope that reads C text. */
export class Namespace extends Scope {
  readonly #typeNames: Map<string, CType> = new Map();
  readonly #parameters: Map<string, Named> = new Map();

  override lookup(name: string): Named | null {
    return super.lookup(name) ?? this.#parameters.get(name) ?? null;
  }

  override forgetTypeNames(): void {
    this.#typeNames.clear();
  }

  readonly isTypeName: IsTypeName = Object.assign((name: string): boolean => this.lookup(name)?.kind === 'typedef', {
    nearest: (name: string): string | null => nearest(name, this.#typedefNames()),
  });

  *#typedefNames(): Generator<string> {
    yield* this.predefined.keys();
    for (const [name, { kind }] of this.names) if (kind === 'typedef') yield name;
  }

  /**
   * Adds the declarations of `text`, and the macros in it that are constants. Text with directives is preprocessed.
   * Each `$` stands for the next of the parameters.
   * @throws {CdefError} at the first mistake; nothing is added then.
   */
  declare(text: string, fileName: string, options: DeclareOptions = {}, parameters: readonly TypeParameter[] = []): void {
    ensureStack(PARSER_KILOBYTES);
    const { source, macros, dialect } = preprocessed(text, fileName, options);
    const declarer = new Declarer(this, source, 'declarations', dialect);
    this.#allOrNothing(declarer, () => {
      const reader = new DeclarationReader(this.#tokens(source, parameters), this.isTypeName, dialect);
      for (let next = reader.next(); next !== null; next = reader.next()) declarer.declare(next);
      declarer.declareMacros(macros);
    });
  }

  /**
   * Adds every declaration of `text` that can be read; a declaration with a mistake is left out whole, and reading goes
   * on at the next one. For tools that look at whole headers.
   * @param most how many errors are collected; reading stops there
   * @returns the errors, in order
   */
  declareAll(text: string, fileName: string, options: PreprocessOptions = {}, most = 100): CdefError[] {
    const errors: CdefError[] = [];
    const collect = (work: () => void): boolean => {
      try {
        work();
        return true;
      } catch (error) {
        if (!(error instanceof CdefError)) throw error;
        errors.push(error);
        return false;
      }
    };
    collect(() => {
      const { source, macros } = preprocessed(text, fileName, options);
      const reader = new DeclarationReader(tokenize(source), this.isTypeName, 'gcc');
      for (let isMore = true; isMore && errors.length < most; ) {
        const declarer = new Declarer(this, source, 'declarations', 'gcc');
        const isRead = collect(() => {
          this.#allOrNothing(declarer, () => {
            const next = reader.next();
            if (next === null) isMore = false;
            else declarer.declare(next);
          });
        });
        if (!isRead) reader.recover();
      }
      new Declarer(this, source, 'declarations', 'gcc').declareMacros(macros);
    });
    return errors;
  }

  /**
   * The type that `text` names, such as `struct dhcp_msg *`. Each `$` stands for the next of the parameters.
   * @throws {CdefError} when it names none.
   */
  override typeNamed(text: string, parameters: readonly TypeParameter[] = [], dialect: Dialect = 'gcc'): CType {
    let type = parameters.length === 0 ? this.#typeNames.get(text) : undefined;
    if (type === undefined) {
      ensureStack(PARSER_KILOBYTES);
      const source = joinLines(new Source('<type>', text));
      const declarer = new Declarer(this, source, 'type name', dialect);
      type = this.#allOrNothing(declarer, () =>
        declarer.typeName(parseTypeName(this.#tokens(source, parameters), this.isTypeName, dialect)),
      );
      // Text that defined something would define it again; other answers do not change any more.
      if (!declarer.hasDeclared && parameters.length === 0 && this.#typeNames.size < 10_000) this.#typeNames.set(text, type);
    }
    return type;
  }

  /** What `typeNamed(text)` has answered and will answer again; undefined for text that defines something each time, or was not asked for. */
  knownType(text: string): CType | undefined {
    return this.#typeNames.get(text);
  }

  // The tokens of a text with its parameters in them; the types among these are known until the next text.
  #tokens(source: Source, parameters: readonly TypeParameter[]): Tokens {
    this.#parameters.clear();
    const plain = parameters.map((parameter, i): Parameter => {
      if (parameter.kind === 'type') this.#parameters.set(parameterName(i), { kind: 'typedef', type: parameter.type });
      return parameter;
    });
    return withParameters(tokenize(source), plain);
  }

  #allOrNothing<T>(declarer: Declarer, work: () => T): T {
    try {
      return work();
    } catch (error) {
      declarer.undo();
      // Type and expression depths are limited where they are built; what is left is the caller's own stack.
      if (error instanceof RangeError && !(error instanceof CdefError)) declarer.failAtLast(error.message);
      throw error;
    }
  }
}
