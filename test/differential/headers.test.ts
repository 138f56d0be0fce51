/**
 * The headers of Linux, glibc and widely used libraries, and those that Linux's own modules are built with, read as gcc's
 * preprocessor leaves them and as they are: every declaration is accepted, both readings agree, and sizes, alignments,
 * offsets, bit-fields and constants are those that gcc computes.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoGcc } from './gcc.ts';
import { addCounts, Compiler, each, type Findings, noCounts, PLAIN, type Surroundings } from './headers.ts';

/** Headers that are compared in batches, each batch in one translation unit. */
interface Group {
  readonly title: string;
  /** What has to be installed: a folder or a file of each package. */
  readonly needs: readonly string[];
  readonly surroundings: Partial<Surroundings>;
  readonly headers: () => readonly string[];
  readonly batch: number;
  /** Some headers refuse to be compiled on their own; at least so many do not. */
  readonly atLeast: { readonly headers: number; readonly questions: number };
}

const INCLUDE = '/usr/include';

/** The headers in a folder of `root`, and in the folders in it. */
function headersIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.h'))
    .sort()
    .map((name) => join(folder, name));
}

const GLIBC = [
  ...['stdio', 'stdlib', 'string', 'unistd', 'sys/types', 'sys/stat', 'sys/socket', 'netinet/in', 'netinet/ip', 'netinet/tcp'],
  ...['arpa/inet', 'signal', 'pthread', 'time', 'math', 'complex', 'fenv', 'wchar', 'locale', 'dirent', 'fcntl', 'poll', 'sys/epoll'],
  ...['termios', 'elf', 'link', 'dlfcn', 'netdb', 'net/if', 'sys/mman', 'semaphore', 'regex', 'search', 'ucontext', 'sys/user', 'aio'],
].map((name) => `${name}.h`);

const LIBRARIES: readonly Group[] = [
  {
    ...{ title: 'zlib, libpcap and SQLite', surroundings: {}, batch: 100, atLeast: { headers: 15, questions: 3000 } },
    needs: ['zlib.h', 'pcap.h', 'sqlite3.h'].map((name) => join(INCLUDE, name)),
    headers: () => ['zlib.h', 'pcap.h', ...headersIn(INCLUDE, 'pcap'), 'sqlite3.h', 'sqlite3ext.h'],
  },
  {
    ...{ title: 'OpenSSL', surroundings: {}, batch: 200, atLeast: { headers: 100, questions: 10_000 } },
    needs: [join(INCLUDE, 'openssl')],
    headers: () => headersIn(INCLUDE, 'openssl'),
  },
  {
    ...{ title: 'SDL', batch: 200, atLeast: { headers: 60, questions: 8000 } },
    surroundings: { folders: [join(INCLUDE, 'SDL2')], macros: ['_REENTRANT'] },
    needs: [join(INCLUDE, 'SDL2')],
    headers: () => headersIn(join(INCLUDE, 'SDL2'), ''),
  },
  {
    ...{ title: 'GLib', batch: 200, atLeast: { headers: 7, questions: 10_000 } },
    surroundings: { folders: [join(INCLUDE, 'gio-unix-2.0'), join(INCLUDE, 'glib-2.0'), '/usr/lib/x86_64-linux-gnu/glib-2.0/include'] },
    needs: [join(INCLUDE, 'glib-2.0')],
    headers: () => [
      ...['glib.h', 'glib-object.h', 'glib-unix.h', 'gmodule.h', 'glib/gstdio.h', 'glib/gi18n.h', 'glib/gprintf.h', 'gio/gio.h'],
      ...headersIn(join(INCLUDE, 'gio-unix-2.0'), 'gio'),
    ],
  },
];

/** Debian's headers for modules of its newest kernel, which are in two folders; as the kernel's Makefile searches them. */
function kernel(): Group {
  const sources = '/usr/src';
  const folders = existsSync(sources) ? readdirSync(sources).sort() : [];
  const common = join(sources, folders.findLast((name) => /^linux-headers-.*-common$/.test(name)) ?? 'linux-headers-common');
  const own = common.replace(/common$/, 'amd64');
  const x86 = 'arch/x86/include';
  return {
    title: "Linux's modules",
    needs: [common, own],
    surroundings: {
      folders: [
        ...[`${common}/${x86}`, `${own}/${x86}/generated`, `${common}/include`, `${own}/include`],
        ...[`${common}/${x86}/uapi`, `${own}/${x86}/generated/uapi`, `${common}/include/uapi`, `${own}/include/generated/uapi`],
      ],
      macros: ['__KERNEL__', 'MODULE', 'CC_USING_FENTRY', 'KBUILD_MODNAME="module"', 'KBUILD_BASENAME="module"', 'KBUILD_MODFILE="module"'],
      before: ['linux/compiler-version.h', 'linux/kconfig.h', 'linux/compiler_types.h'],
      hasSystem: false,
    },
    // One in a few; KERNEL_HEADERS_STEP=1 for all of them, which takes an hour.
    headers: () => {
      const all = ['linux', 'net', 'crypto', 'scsi', 'sound', 'media', 'drm', 'rdma'].flatMap((folder) =>
        headersIn(`${common}/include`, folder),
      );
      const step = Number(process.env['KERNEL_HEADERS_STEP'] ?? 20);
      return all.filter((_, i) => i % step === 0);
    },
    batch: 60,
    atLeast: { headers: 150, questions: 100_000 },
  };
}

const GROUPS: readonly Group[] = [
  {
    ...{ title: 'Linux and glibc', surroundings: {}, batch: 1, atLeast: { headers: 500, questions: 80_000 } },
    needs: [`${INCLUDE}/linux`],
    headers: () => [...GLIBC, ...headersIn(INCLUDE, 'linux').filter((name) => name.split('/').length === 2)],
  },
  ...LIBRARIES,
  kernel(),
];

function whyNot(group: Group): string | null {
  const missing = group.needs.find((path) => !existsSync(path));
  const reason = whyNoGcc() ?? (missing === undefined ? null : `${missing} is not there`);
  if (reason !== null && process.env['CI'] !== undefined) throw new Error(reason);
  return reason;
}

describe.each(GROUPS)('headers of $title', (group) => {
  const reason = whyNot(group);
  const counts = noCounts();
  const found: Findings[] = [];
  let folder = '';

  beforeAll(async () => {
    if (reason !== null) return;
    folder = mkdtempSync(join(tmpdir(), 'cdef-headers-'));
    const compiler = new Compiler(folder);
    const headers = group.headers();
    const batches = Array.from({ length: Math.ceil(headers.length / group.batch) }, (_, i) =>
      headers.slice(i * group.batch, (i + 1) * group.batch),
    );
    await each(batches, async (batch) => {
      const { units, refusals } = await compiler.units(batch, { ...PLAIN, ...group.surroundings });
      for (const refusal of refusals)
        console.log(`left out, as gcc does not compile it on its own: <${refusal.header}>: ${refusal.reason}`);
      for (const unit of units) {
        const findings = await compiler.compare(unit);
        found.push(findings);
        addCounts(counts, findings.counts);
      }
    });
  }, 3_600_000);

  afterAll(() => {
    if (reason !== null) return;
    console.log(`headers of ${group.title}: ${JSON.stringify(counts)}`);
    rmSync(folder, { recursive: true, force: true });
  });

  const title = (text: string): string => `${text}${reason === null ? '' : ` (skipped: ${reason})`}`;

  it.skipIf(reason !== null)(title('are nearly all that are there'), () => {
    expect(counts.headers).toBeGreaterThanOrEqual(group.atLeast.headers);
  });

  it.skipIf(reason !== null)(title('are accepted to the last declaration, preprocessed and raw'), () => {
    expect(found.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it.skipIf(reason !== null)(title('give the same types, enums, typedefs and functions, preprocessed and raw'), () => {
    expect(found.flatMap(({ disagreements }) => disagreements)).toEqual([]);
  });

  it.skipIf(reason !== null)(title('have the sizes, alignments, offsets, bit-fields and constants that gcc gives them'), () => {
    expect(found.flatMap(({ differences }) => differences)).toEqual([]);
    expect(counts.questions).toBeGreaterThanOrEqual(group.atLeast.questions);
  });
});
