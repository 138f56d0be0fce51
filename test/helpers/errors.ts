/**
 * Errors as text, so that tests can compare kind and whole message.
 * @module
 */

/** `Kind: message` of what `f` throws; fails when it throws nothing. */
export function failure(f: () => unknown): string {
  try {
    f();
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
    throw error;
  }
  throw new Error('expected an error');
}
