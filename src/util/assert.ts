/**
 * Checks of this library's own invariants. A failure here is a bug in cdef, never the user's mistake.
 * @module
 */

/** Raises when `condition` does not hold; `what` names the broken invariant. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`bug in cdef: ${what}`);
}

/** Marks a place no value reaches; the parameter type makes `switch` statements exhaustive. */
export function unreachable(value: never): never {
  throw new Error(`bug in cdef: unexpected ${String((value as { kind?: unknown } | null)?.kind ?? value)}`);
}
