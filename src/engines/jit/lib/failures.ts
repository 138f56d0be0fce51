/**
 * Failures of the system as `io` and `os` answer them: nil, what happened, and C's number for it.
 * @module
 */
import { errnoOf } from '../../../util/files.ts';
import { failureText, isSystemError } from '../../files.ts';
import type { LuaFault } from '../runtime/errors.ts';

/** What `work` answers, true for nothing; nil, a message and a number where the system refuses. `path` is what it was about. */
export function answer(path: string | null, work: () => unknown): unknown {
  try {
    return work() ?? true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return [undefined, failureText(error, path), errnoOf(error)];
  }
}

/** The same for functions that raise instead what others answer. */
export function raising<T>(path: string | null, faultOf: (message: string) => LuaFault, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSystemError(error) ? faultOf(failureText(error, path)) : error;
  }
}
