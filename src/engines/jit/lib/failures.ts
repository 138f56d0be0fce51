/**
 * Failures of the system as `io` and `os` answer them: nil, what happened, and C's number for it.
 * @module
 */
import { errorText } from '../../../ffi/index.ts';
import { errnoOf } from '../../../util/files.ts';
import { stringOf } from '../ffi/bytes.ts';
import type { LuaFault } from '../runtime/errors.ts';

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'errno' in error;
}

function messageOf(error: Error, path: string | null): string {
  const text = errorText(errnoOf(error));
  const message = stringOf(text, 0, text.length);
  return path === null ? message : `${path}: ${message}`;
}

/** What `work` answers, true for nothing; nil, a message and a number where the system refuses. `path` is what it was about. */
export function answer(path: string | null, work: () => unknown): unknown {
  try {
    return work() ?? true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [undefined, messageOf(error, path), errnoOf(error)];
  }
}

/** The same for functions that raise instead what others answer. */
export function raising<T>(path: string | null, faultOf: (message: string) => LuaFault, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSystemError(error) ? faultOf(messageOf(error, path)) : error;
  }
}
