/**
 * Texts within messages.
 * @module
 */

/** `text`, or its front and dots where it has more than `most` characters. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}
