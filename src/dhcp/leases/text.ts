/**
 * Leases as lines of text: what every form has to do, and errors that say where.
 * @module
 */
import { renderDiagnostic, Source } from '../../util/source.ts';
import type { Lease } from './store.ts';

/** A form in which leases are written and read, a line each. */
export interface LeaseForm {
  /** The first line, where the form has one. */
  readonly header: string | null;
  write(lease: Lease): string;
  /** Reads a file. */
  reader(file: string): LeaseReader;
}

/** Reads lines in their order. */
export interface LeaseReader {
  /**
   * The lease in a line; null where it has none.
   * @throws {LeaseTextError}
   */
  read(line: string): Lease | null;
}

/** A line that is no lease; `message` has the place, the line and a caret. */
export class LeaseTextError extends Error {
  override readonly name = 'LeaseTextError';
}

/** A line of a file; it makes errors. */
export class Line {
  readonly text: string;
  readonly #file: string;
  readonly #number: number;

  constructor(file: string, number: number, text: string) {
    this.#file = file;
    this.#number = number;
    this.text = text;
  }

  /** @throws {LeaseTextError} about `length` characters from `offset` on */
  fail(reason: string, offset = 0, length = this.text.length - offset): never {
    const source = new Source(this.#file, `\n${this.text}`);
    source.addMarker({ offset: 0, line: this.#number, file: null });
    throw new LeaseTextError(renderDiagnostic({ source, offset: offset + 1, length, reason, notes: [] }));
  }
}
