/**
 * What the compiler tells the tools of `jit.*`: each text of JavaScript that it makes, and each chunk that it refuses.
 * @module
 */
import type { FunctionNode } from '../ast.ts';
import type { EmitMode } from '../emit-base.ts';
import type { Script } from './callsites.ts';
import type { FunctionDescription } from './functions.ts';

/** The chunk that a unit is of. */
export interface UnitChunk {
  /** As Lua has it: `@file`, `=name`, or its text; and as messages show it. */
  readonly name: string;
  readonly display: string;
  /** Its text, as latin1. */
  readonly text: string;
}

/** A text of JavaScript: a chunk's functions, or the twin of one of them. */
export interface Unit {
  readonly chunk: UnitChunk;
  readonly mode: EmitMode;
  /** In the order of the script. */
  readonly nodes: readonly FunctionNode[];
  readonly script: Script;
}

/** A tool that is told. */
export interface CompilerObserver {
  compiled(unit: Unit): void;
  /** A chunk whose functions are interpreted: the host does not allow another way. */
  interpreted(chunk: KnownChunk): void;
  /** `message` is the syntax error's, with its place. */
  refused(name: string, message: string): void;
}

/** A chunk as `debug` and tools see it. */
export interface KnownChunk extends UnitChunk {
  /** Its functions by their ids; there may be gaps. */
  readonly nodes: readonly FunctionNode[];
  /** What it has been compiled to so far; nothing where it is interpreted. */
  readonly units: readonly Unit[];
  /** What is known of the function that is defined at a line; 0 for the chunk itself. */
  describeAt(line: number): FunctionDescription | undefined;
  /** The name with which it is declared. */
  nameAt(line: number): string | undefined;
}

/** The last chunk of each name, as messages show it, for as long as any of its functions is there. */
export class KnownChunks {
  readonly #chunks: Map<string, WeakRef<KnownChunk>> = new Map();
  readonly #ended: FinalizationRegistry<string> = new FinalizationRegistry((display) => {
    if (this.#chunks.get(display)?.deref() === undefined) this.#chunks.delete(display);
  });

  add(chunk: KnownChunk): void {
    this.#chunks.set(chunk.display, new WeakRef(chunk));
    this.#ended.register(chunk, chunk.display);
  }

  get(display: string): KnownChunk | undefined {
    return this.#chunks.get(display)?.deref();
  }

  all(): KnownChunk[] {
    return [...this.#chunks.values()].flatMap((one) => one.deref() ?? []);
  }
}
