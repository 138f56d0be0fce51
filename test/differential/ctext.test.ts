/**
 * The C text that `toC` writes, as compilers read it; and of the headers of a system.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toC } from '../../src/report/index.ts';
import { Cdef } from '../../src/view/index.ts';
import { fc } from '../helpers/properties.ts';
import { compare, takenByBoth } from './compare.ts';
import { COMPILERS, whyNot } from './compilers.ts';
import { whyNoGcc } from './gcc.ts';
import { unit, unitText } from './random.ts';

const UNITS = 60;

describe.each(COMPILERS.filter((compiler) => compiler.unlike === null))('C text of types, read by $name', (compiler) => {
  const reason = whyNot(compiler);
  it.skipIf(reason !== null)(`has our layouts${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
    const { abi, msBitFields } = compiler;
    const texts = fc.sample(unit, UNITS).map((writer, i) => unitText(writer, abi, i));
    const written = takenByBoth(compiler, texts).map((text) => `${toC(new Cdef({ abi, msBitFields }).cdef(text))}#pragma pack()`);
    expect(written.length).toBeGreaterThan(UNITS / 2);
    // One by one: the names that untagged structs get are the same everywhere.
    const found = written.map((text) => compare(compiler, [text]));
    expect(found.flatMap(({ differences }) => differences).slice(0, 3)).toEqual([]);
    expect(written.filter((_, i) => found[i]?.refused !== 0)).toEqual([]);
    expect(found.reduce((sum, { types }) => sum + types, 0)).toBeGreaterThan(UNITS);
  });
});

const HEADERS = [
  ...[
    'stdio',
    'stdlib',
    'sys/socket',
    'netinet/in',
    'netinet/tcp',
    'pthread',
    'signal',
    'sys/stat',
    'time',
    'elf',
    'dirent',
    'math',
    'wchar',
  ],
  ...['ucontext', 'link', 'sys/user', 'sys/epoll', 'linux/if_packet', 'linux/netlink', 'linux/bpf', 'linux/tcp', 'linux/fuse', 'linux/kvm'],
  ...['linux/perf_event', 'linux/nl80211', 'linux/io_uring', 'linux/videodev2', 'linux/usb/ch9', 'zlib', 'pcap', 'sqlite3', 'openssl/ssl'],
].map((name) => `${name}.h`);

const noGcc = whyNoGcc();

describe.skipIf(noGcc !== null)(`C text of headers${noGcc === null ? '' : ` (skipped: ${noGcc})`}`, () => {
  it('gives sizes, alignments and constants again, and is C to gcc', () => {
    let headers = 0;
    for (const header of HEADERS) {
      const { stdout, status } = spawnSync('gcc', ['-E', '-x', 'c', '-'], {
        input: `#include <${header}>\n`,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (status !== 0) continue;
      headers++;
      const before: Cdef = new Cdef().cdef(stdout);
      const text = toC(before);
      const after: Cdef = new Cdef().cdef(text);
      for (const [name, type] of before.namespace.tags) {
        const spelling = `${type.kind} ${name}`;
        expect([spelling, after.sizeof(spelling), after.alignof(spelling)]).toEqual([
          spelling,
          before.sizeof(spelling),
          before.alignof(spelling),
        ]);
        expect(new Cdef().cdef(toC(before.typeof(spelling))).sizeof(spelling), spelling).toBe(before.sizeof(spelling));
      }
      for (const [name, entry] of before.namespace.names) {
        const again = after.namespace.names.get(name);
        expect([name, again?.kind, again?.type.size, again?.type.align]).toEqual([name, entry.kind, entry.type.size, entry.type.align]);
        if (entry.kind === 'constant') expect(again).toMatchObject({ value: entry.value });
      }
      expect(toC(after)).toBe(text);
      // Linux's names for byte orders are known to us without being declared.
      const known = [...new Set(text.match(/\b(?:__)?be(?:16|32|64)(?:_t)?\b/g))].map(
        (name) => `typedef __UINT${/\d+/.exec(name)?.[0]}_TYPE__ ${name};\n`,
      );
      const gcc = spawnSync('gcc', ['-fsyntax-only', '-w', '-x', 'c', '-'], { input: known.join('') + text, encoding: 'utf8' });
      expect([header, gcc.stderr.slice(0, 1000)]).toEqual([header, '']);
    }
    expect(headers).toBeGreaterThan(10);
  });
});
