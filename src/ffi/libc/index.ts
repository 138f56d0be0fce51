/**
 * The C library of `ffi.C` in JavaScript: functions of C11 and POSIX, but for processes. All
 * memory that they touch is bounds-checked; the outside world is what the host gives them.
 * @module
 */
import type { CLibrary } from '../clibrary.ts';
import { type HostFile, type HostFiles, noFiles } from '../../util/files.ts';
import { arithmeticFunctions } from './arithmetic.ts';
import { characterFunctions } from './character.ts';
import { fileFunctions } from './files.ts';
import { heapFunctions } from './heap.ts';
import { mathFunctions } from './math.ts';
import { networkFunctions } from './network.ts';
import { numberTextFunctions } from './number-text.ts';
import { sortFunctions } from './sort.ts';
import { stdioFunctions } from './stdio.ts';
import { stringFunctions } from './string.ts';
import { environmentFunctions, type HostClocks, timeFunctions } from './time.ts';

/** What the C library needs of its host. */
export interface LibcHost extends HostClocks {
  /** Writes to standard output; the bytes are the writer's to keep. */
  write(bytes: Uint8Array): void;
  /** Writes to standard error; to standard output where it is missing. */
  writeError?(bytes: Uint8Array): void;
  /** Standard input; none where it is missing. */
  readonly input?: HostFile | null;
  /** Files for `fopen`; without them it fails with `EACCES`. */
  readonly files?: HostFiles | null;
  /** The value of an environment variable; undefined for one that is not set. */
  environment(name: string): string | undefined;
  /** Bytes that `malloc` gives out at most, all blocks together. */
  readonly heapLimit: number;
}

/** Makes the C library for one host. */
export function createLibc(host: LibcHost): CLibrary {
  const { files, input = null } = host;
  const write = (bytes: Uint8Array): void => host.write(bytes);
  const writeError = (bytes: Uint8Array): void => (host.writeError === undefined ? write : host.writeError)(bytes);
  return (machine) => {
    const stdio = stdioFunctions(machine, write);
    return {
      ...arithmeticFunctions(machine),
      ...characterFunctions,
      ...environmentFunctions(machine, (name) => host.environment(name)),
      ...heapFunctions(machine, host.heapLimit),
      ...mathFunctions(machine),
      ...networkFunctions(machine),
      ...numberTextFunctions(machine),
      ...sortFunctions(machine),
      ...stdio.functions,
      ...fileFunctions(machine, { files: files ?? noFiles, input, write, writeError }, stdio.print),
      ...stringFunctions(machine),
      ...timeFunctions(machine, host),
    };
  };
}
