/**
 * Where a tool writes: a file, or one of the standard streams.
 * @module
 */
import { noFiles, outputFile, type HostFile } from '../../../util/files.ts';
import { bytesOfString } from '../ffi/bytes.ts';
import type { ScriptHost } from '../host.ts';
import { raising } from '../lib/failures.ts';
import { faultOf } from '../runtime/errors.ts';
import { latin1Of } from '../runtime/text.ts';

export interface Report {
  /** `text` is latin1. */
  write(text: string): void;
  close(): void;
}

/** Which place a tool has where none is named. */
export interface Place {
  /** The environment variable that may name a file. */
  readonly variable: string;
  readonly stream: 'output' | 'error';
}

/**
 * Opens a report: `path` is the file, `-` is standard output.
 * @throws {LuaFault} in C's words when the file does not open
 */
export function openReport({ files, environment, write, writeError }: ScriptHost, path: string | undefined, place: Place): Report {
  const named = environment(place.variable);
  const target = path ?? (named === undefined ? undefined : latin1Of(named));
  const stream = target === '-' || place.stream === 'output' ? write : writeError;
  const file: HostFile =
    target === undefined || target === '-' ? outputFile(stream) : raising(target, faultOf, () => (files ?? noFiles).open(target, 'w'));
  return { write: (text) => file.write(bytesOfString(text)), close: () => file.close() };
}
