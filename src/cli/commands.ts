/**
 * The subcommands: what the help says of them, and how each is loaded, as only the one that is asked for should cost time.
 * @module
 */
import type { Command } from './usage.ts';

/** A subcommand as the help knows it. */
export interface CommandEntry {
  readonly usage: string;
  readonly summary: string;
  load(): Promise<Command>;
}

// The options of every command that reads C files, as `headerOptions` has them.
const HEADERS = '[--abi NAME] [--ms-bitfields] [-I DIR] [-include FILE] [-D NAME[=BODY]]';

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    usage: 'cdef run [--engine fengari] [--native | --memory MB] [-e CHUNK] FILE.lua [ARGS...]',
    summary: "run a Lua script with LuaJIT's ffi; - is standard input",
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  layout: {
    usage: `cdef layout [--json | --svg [--row 4|8|16]] [-o FILE] [--cacheline N] [--color WHEN] ${HEADERS} FILE.h [TYPE...]`,
    summary: 'size, alignment, offsets and holes of C structs, and better orders for their members; --svg draws them',
    load: async () => (await import('./commands/layout.ts')).layoutCommand,
  },
  types: {
    usage: `cdef types [--standalone] [-o FILE.ts] ${HEADERS} FILE.h`,
    summary: 'TypeScript types of C declarations; with --standalone, classes that read and write the structs by themselves',
    load: async () => (await import('./commands/types.ts')).typesCommand,
  },
  dump: {
    usage: `cdef dump [--offset N] [--array COUNT] ${HEADERS} FILE.h TYPE FILE.bin`,
    summary: 'annotated hex dump of a file as a C type',
    load: async () => (await import('./commands/dump.ts')).dumpCommand,
  },
  dhcpd: {
    usage: 'cdef dhcpd --config FILE.lua [--check] [--engine fengari]',
    summary: 'a DHCP server with its configuration and policy in Lua; --check only reads the configuration',
    load: async () => (await import('./commands/dhcpd.ts')).dhcpdCommand,
  },
  leases: {
    usage:
      'cdef leases list|export|import|release (--config FILE.lua | --store FOLDER|URL [--prefix TEXT]) [--format text|json|kea] [-o FILE] [--state STATE] [--subnet N] [--replace] [--forget] [FILE | ADDRESS...]',
    summary: 'the leases of a DHCP server: list them, write and read them as JSON or as Kea does, end one',
    load: async () => (await import('./commands/leases.ts')).leasesCommand,
  },
  replay: {
    usage: 'cdef replay [--policy FILE.lua] FILE.pcap',
    summary: 'show what a Lua policy does to captured DHCP traffic',
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
};
