/**
 * What the page and the thread of its scripts tell each other.
 * @module
 */

export interface Job {
  readonly c: string;
  readonly abi: string;
  readonly engine: string;
  readonly lua: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Outcome {
  /** What the script printed. */
  readonly output: string;
  /** Its error, with Lua's traceback; null when it came to its end. */
  readonly error: string | null;
  /** The bytes as it left them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly milliseconds: number;
  /** Whether the engine compiled it; null where it did not come to that. */
  readonly isCompiled: boolean | null;
}

/** What the thread says of itself once it runs. */
export interface Greeting {
  /** Each compiles here, or interprets. */
  readonly engines: readonly { readonly name: string; readonly isCompiled: boolean }[];
}
