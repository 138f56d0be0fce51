/**
 * The subcommands: what the help and the shells' completion say of them, and how each is loaded, as only the one that is asked for
 * should cost time.
 * @module
 */
import type { EngineName } from '../engines/engine.ts';
import type { CommandEntry } from './usage.ts';

// By name, without loading them.
const ENGINES = { fengari: true, jit: true } as const satisfies Record<EngineName, true>;

const ENGINE = ['--engine NAME', `what runs Lua: ${Object.keys(ENGINES).join(' or ')}`] as const;

const COLOR = ['--color WHEN', 'auto (on a terminal), always or never'] as const;

// The options of every command that reads C files, as `headerOptions` has them.
const HEADERS = [
  ['--abi NAME', 'whose layouts: x86_64-linux-gnu, or of another compiler'],
  ['--ms-bitfields', "bit-fields as Microsoft's compiler lays them out"],
  ['-I, --include-directory DIR', 'where #include looks, before the system’s folders'],
  ['-include, --include FILE', 'read this file first'],
  ['-D, --define NAME[=BODY]', 'define a macro'],
] as const;

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  repl: {
    usage: '...',
    summary: 'a prompt for Lua with ffi, also as cdef alone; where standard input is no terminal it is a script',
    options: [ENGINE, COLOR],
    load: async () => (await import('./commands/repl.ts')).replCommand,
  },
  run: {
    usage: '... FILE.lua [ARGS...]',
    summary: "run a Lua script with LuaJIT's ffi; - is standard input",
    options: [
      ENGINE,
      ['--native', 'ffi.load and ffi.C reach native libraries'],
      ['--memory MB', 'run in a worker with a limit on its memory'],
      ['--stack MB', "the worker's stack, for deep recursion; 4 by default"],
      ['-e, --execute CHUNK', 'run this first'],
      ['-j, --jit TOOL[=ARGS]', "LuaJIT's tools, on the engine jit: -jv, -jdump[=OPTIONS[,FILE]], -jp[=OPTIONS[,FILE]], -joff"],
    ],
    hasScript: true,
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  layout: {
    usage: '... FILE.h [TYPE...]',
    summary: 'size, alignment, offsets and holes of C structs, and better orders for their members',
    options: [
      ['--json', 'as data'],
      ['--svg', 'as a picture'],
      ['--row BYTES', 'bytes in a row of the picture: 4, 8 or 16'],
      ['-o, --output FILE', 'write to a file'],
      ['--cacheline N', 'bytes of a cache line, 64 by default'],
      COLOR,
      ...HEADERS,
    ],
    load: async () => (await import('./commands/layout.ts')).layoutCommand,
  },
  types: {
    usage: '... FILE.h',
    summary: 'TypeScript types of C declarations',
    options: [
      ['--standalone', 'classes that read and write the structs by themselves'],
      ['-o, --output FILE', 'write to a file'],
      ...HEADERS,
    ],
    load: async () => (await import('./commands/types.ts')).typesCommand,
  },
  dump: {
    usage: '... FILE.h TYPE FILE.bin',
    summary: 'annotated hex dump of a file as a C type',
    options: [['--offset N', 'where in the file it starts'], ['--array COUNT', 'how many there are, one after the other'], ...HEADERS],
    load: async () => (await import('./commands/dump.ts')).dumpCommand,
  },
  dhcpd: {
    usage: '--config FILE.lua ...',
    summary: 'a DHCP server with its configuration and policy in Lua',
    options: [['--config FILE', 'the configuration'], ['--check', 'only read the configuration'], ENGINE],
    load: async () => (await import('./commands/dhcpd.ts')).dhcpdCommand,
  },
  leases: {
    usage: 'list|export|import|release (--config FILE.lua | --store PLACE) ... [FILE | ADDRESS...]',
    summary: 'the leases of a DHCP server: list them, write them, read them, end one',
    options: [
      ['--config FILE', "the server's configuration, which says where they are"],
      ['--store PLACE', "a folder, or the URL of Redis or Valkey, in the configuration's place"],
      ['--prefix TEXT', 'in front of all keys in Redis, cdef:dhcp: by default'],
      ['--format NAME', "kea (Kea's CSV), json (an object a line), for list also text"],
      ['--json', 'is --format json'],
      ['-o, --output FILE', 'write to a file'],
      ['--state STATE', 'only these: active, ended, released or declined'],
      ['--subnet N', 'only those of a subnet'],
      ['--replace', "import also in the place of other clients' leases"],
      ['--forget', 'keep nothing of what is released'],
    ],
    words: ['list', 'export', 'import', 'release'],
    load: async () => (await import('./commands/leases.ts')).leasesCommand,
  },
  replay: {
    usage: '... FILE.pcap',
    summary: 'show what a Lua policy does to captured DHCP traffic',
    options: [['--policy FILE', "the policy, the package's own by default"]],
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  completion: {
    usage: 'bash|zsh|fish',
    summary: 'a script that makes a shell complete this command; see its --help',
    options: [],
    words: ['bash', 'zsh', 'fish'],
    load: async () => (await import('./commands/completion.ts')).completionCommand(COMMANDS),
  },
};
