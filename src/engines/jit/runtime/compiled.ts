/**
 * Text of JavaScript that is made where it pays, and where the host allows it: content security policies do not.
 * @module
 */

// Asked once, as browsers report each time.
let isAllowed: boolean | null = null;

/** Whether the host compiles text. */
export function compilesText(): boolean {
  isAllowed ??= isTextAllowed();
  return isAllowed;
}

function isTextAllowed(): boolean {
  try {
    new Function('');
    return true;
  } catch (error) {
    if (error instanceof EvalError) return false;
    throw error;
  }
}

/** What the text answers, as a function's body; null where the host compiles no text. */
export function compiled<T>(text: string): T | null {
  return compilesText() ? (new Function(text)() as T) : null;
}
