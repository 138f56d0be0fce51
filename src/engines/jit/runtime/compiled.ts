/**
 * Text of JavaScript that is made where it pays.
 * @module
 */

/** What the text answers, as a function's body; null where the host compiles no text. */
export function compiled<T>(text: string): T | null {
  try {
    return new Function(text)() as T;
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}
