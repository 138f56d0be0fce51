import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLua, type HostFiles } from '../../../src/host/node.ts';

let folder = '';
let name = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-'));
  name = path.join(folder, 'data.txt');
});
beforeEach(() => writeFileSync(name, 'some text'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('files of scripts', () => {
  const SCRIPT = `local ffi = require 'ffi'
    ffi.cdef 'void *fopen(const char *, const char *);'
    local file, message, number = io.open(..., 'r')
    local stream = ffi.C.fopen(..., 'r')
    return { file and file:read '*a' or message, number or 0, stream ~= nil, ffi.errno(), os.remove(...) or false, os.execute 'true' }`;
  const run = (options: Parameters<typeof createLua>[0]): unknown => createLua(options).engine.load(SCRIPT, '=t')(name);

  it("are the process's own", () => {
    expect(run({})).toEqual(['some text', 0, true, 0, true, 0]);
  });

  it.each([{ files: false }, { limits: { steps: 1e6 } }])('are refused with %o', (options) => {
    expect(run(options)).toEqual([`${name}: Permission denied`, 13, false, 13, false, -1]);
  });

  it("may be the embedder's", () => {
    const files: HostFiles = {
      open: (file) => {
        let left = Buffer.from(`contents of ${file}`);
        const read = (length: number): Uint8Array => {
          const part = left.subarray(0, length);
          left = left.subarray(length);
          return part;
        };
        return { read, write: () => {}, seek: () => 0, close: () => {} };
      },
      readFile: () => new Uint8Array(0),
      remove: () => {},
      rename: () => {},
      temporaryName: () => 'temporary',
    };
    expect(createLua({ files, limits: { steps: 1e6 } }).run("return io.open('x'):read '*a'")).toBe('contents of x');
  });

  it('that are closed, or none, raise in C, too', () => {
    const lua = createLua();
    lua.set('name', name);
    lua.run(`ffi = require 'ffi' ffi.cdef 'void *fopen(const char *, const char *); int fclose(void *); int fgetc(void *);'`);
    expect(() => lua.run("local f = ffi.C.fopen(name, 'r') ffi.C.fclose(f) ffi.C.fgetc(f)")).toThrow('fgetc: the FILE is closed already');
    expect(() => lua.run('ffi.C.fgetc(nil)')).toThrow('fgetc: NULL is no FILE that fopen returned');
    expect(() => lua.run("ffi.C.fgetc(ffi.new 'int[1]')")).toThrow('fgetc: the address is no FILE that fopen returned');
  });
});
