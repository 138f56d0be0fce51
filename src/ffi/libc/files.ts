/**
 * Files: the part of `<stdio.h>` that has a `FILE *` (C11 7.21). A stream is an object of JavaScript with an address; there is nothing to
 * read there. What the host refuses or does not have fails with `errno` as the system's functions do.
 * @module
 */
import { ensureStack } from '../../util/stack.ts';
import type { Place } from '../../memory/index.ts';
import { FfiError } from '../../util/errors.ts';
import { errnoOf, type HostFile, type HostFiles, outputFile, Stream, systemError } from '../../util/files.ts';
import type { CData } from '../cdata.ts';
import type { CFunctions, Machine } from '../clibrary.ts';
import { type Integer, isNull, latin1Text, span, stringAt } from './bytes.ts';
import { EINVAL, errorText } from './errors.ts';

const EOF = -1;
const SEEK = ['set', 'cur', 'end'] as const;
const NEWLINE = 0x0a;

/** What the functions get of the world outside. */
export interface FileHost {
  readonly files: HostFiles;
  /** Standard input; null where there is none. */
  readonly input: HostFile | null;
  write(bytes: Uint8Array): void;
  writeError(bytes: Uint8Array): void;
}

/** Formats for `fprintf`: hands what `printf` would write to `write`, and answers how much. */
export type Print = (write: (bytes: Uint8Array) => void, format: Place, args: readonly CData[], name: string) => number;

export function fileFunctions({ errno, placeOfObject, objectAt }: Machine, host: FileHost, print: Print): CFunctions {
  const failed = new WeakSet<Stream>();
  const empty: HostFile = { ...outputFile(() => {}), read: () => new Uint8Array(0) };
  const standard = {
    stdin: new Stream(host.input ?? empty, 'r'),
    stdout: new Stream(outputFile(host.write), 'w'),
    stderr: new Stream(outputFile(host.writeError), 'w'),
  };

  function streamAt(place: Place, name: string): Stream {
    const stream = objectAt(place);
    if (!(stream instanceof Stream))
      throw new FfiError(`${name}: ${isNull(place) ? 'NULL' : 'the address'} is no FILE that fopen returned`);
    if (stream.isClosed) throw new FfiError(`${name}: the FILE is closed already`);
    return stream;
  }

  // `fallback` is what C's function answers where the system refuses.
  function attempt<T, F>(stream: Stream | null, fallback: F, work: () => T): T | F {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Error && 'errno' in error)) throw error;
      if (stream !== null) failed.add(stream);
      errno.value = errnoOf(error);
      return fallback;
    }
  }

  function open(path: Place, mode: Place): Place | null {
    const how = latin1Text(stringAt(mode, 'fopen'));
    const name = latin1Text(stringAt(path, 'fopen'));
    ensureStack();
    return attempt(null, null, () => {
      if (!/^[rwa](?:\+?b?|b\+)$/.test(how)) throw systemError('EINVAL', EINVAL);
      return placeOfObject(new Stream(host.files.open(name, how), how));
    });
  }

  const written = (stream: Stream, bytes: Uint8Array): boolean =>
    attempt(stream, false, () => {
      stream.write(bytes.slice());
      return true;
    });

  const readByte = (file: Place, name: string): number => {
    const stream = streamAt(file, name);
    return attempt(stream, EOF, () => stream.next());
  };
  const writeByte = (c: number, file: Place, name: string): number =>
    written(streamAt(file, name), Uint8Array.of(c & 0xff)) ? c & 0xff : EOF;

  return {
    'void *stdin': () => placeOfObject(standard.stdin),
    'void *stdout': () => placeOfObject(standard.stdout),
    'void *stderr': () => placeOfObject(standard.stderr),
    'void *fopen(const char *, const char *)': open,
    'void *tmpfile(void)': () =>
      attempt(null, null, () => {
        const name = host.files.temporaryName();
        const stream = new Stream(host.files.open(name, 'w+'), 'w+');
        host.files.remove(name);
        return placeOfObject(stream);
      }),
    'int fclose(void *)': (file: Place) => {
      const stream = streamAt(file, 'fclose');
      return attempt(stream, EOF, () => {
        stream.close();
        return 0;
      });
    },
    'size_t fread(void *, size_t, size_t, void *)': (to: Place, size: Integer, count: Integer, file: Place) => {
      const stream = streamAt(file, 'fread');
      const length = Number(size) * Number(count);
      if (length === 0) return 0;
      const room = span(to, length, 'fread');
      return attempt(stream, 0, () => {
        const bytes = stream.read(length);
        room.set(bytes);
        return Math.floor(bytes.length / Number(size));
      });
    },
    'size_t fwrite(const void *, size_t, size_t, void *)': (from: Place, size: Integer, count: Integer, file: Place) => {
      const bytes = span(from, Number(size) * Number(count), 'fwrite');
      return written(streamAt(file, 'fwrite'), bytes) ? Number(count) : 0;
    },
    'char *fgets(char *, int, void *)': (to: Place, size: number, file: Place) => {
      const stream = streamAt(file, 'fgets');
      if (size < 1) return null;
      const room = span(to, size, 'fgets');
      const line = attempt(stream, null, () => (size === 1 ? new Uint8Array(0) : stream.readLine(size - 1)));
      if (line === null) return null;
      room.set(line);
      room[line.length] = 0;
      return to;
    },
    'int fputs(const char *, void *)': (s: Place, file: Place) => (written(streamAt(file, 'fputs'), stringAt(s, 'fputs')) ? 1 : EOF),
    'int fgetc(void *)': (file: Place) => readByte(file, 'fgetc'),
    'int getc(void *)': (file: Place) => readByte(file, 'getc'),
    'int getchar(void)': () => attempt(standard.stdin, EOF, () => standard.stdin.next()),
    'int fputc(int, void *)': (c: number, file: Place) => writeByte(c, file, 'fputc'),
    'int putc(int, void *)': (c: number, file: Place) => writeByte(c, file, 'putc'),
    'int ungetc(int, void *)': (c: number, file: Place) => {
      if (c === EOF) return EOF;
      streamAt(file, 'ungetc').unread(c & 0xff);
      return c & 0xff;
    },
    'int fprintf(void *, const char *, ...)': (file: Place, format: Place, args: readonly CData[]) => {
      const stream = streamAt(file, 'fprintf');
      return attempt(stream, -1, () => print((bytes) => stream.write(bytes), format, args, 'fprintf'));
    },
    'int fseek(void *, long, int)': (file: Place, offset: Integer, whence: number) => {
      const stream = streamAt(file, 'fseek');
      return attempt(stream, -1, () => {
        const from = SEEK[whence];
        if (from === undefined) throw systemError('EINVAL', EINVAL);
        stream.seek(from, Number(offset));
        return 0;
      });
    },
    'long ftell(void *)': (file: Place) => {
      const stream = streamAt(file, 'ftell');
      return attempt(stream, -1, () => stream.tell());
    },
    'void rewind(void *)': (file: Place): undefined => {
      const stream = streamAt(file, 'rewind');
      failed.delete(stream);
      attempt(stream, 0, () => stream.seek('set', 0));
    },
    'int feof(void *)': (file: Place) => (streamAt(file, 'feof').isAtEnd ? 1 : 0),
    'int ferror(void *)': (file: Place) => (failed.has(streamAt(file, 'ferror')) ? 1 : 0),
    'void clearerr(void *)': (file: Place): undefined => {
      const stream = streamAt(file, 'clearerr');
      failed.delete(stream);
      stream.isAtEnd = false;
    },
    // Nothing is held back; NULL means all streams.
    'int fflush(void *)': (file: Place) => {
      if (!isNull(file)) streamAt(file, 'fflush');
      return 0;
    },
    'int remove(const char *)': (path: Place) => {
      const name = latin1Text(stringAt(path, 'remove'));
      return attempt(null, -1, () => {
        host.files.remove(name);
        return 0;
      });
    },
    'int rename(const char *, const char *)': (from: Place, to: Place) => {
      const [old, name] = [latin1Text(stringAt(from, 'rename')), latin1Text(stringAt(to, 'rename'))];
      return attempt(null, -1, () => {
        host.files.rename(old, name);
        return 0;
      });
    },
    'void perror(const char *)': (s: Place): undefined => {
      const bytes = errorText(errno.value);
      const prefix = isNull(s) ? new Uint8Array(0) : stringAt(s, 'perror');
      const line = [...prefix, ...(prefix.length > 0 ? [0x3a, 0x20] : []), ...bytes, NEWLINE];
      host.writeError(Uint8Array.from(line));
    },
  };
}
