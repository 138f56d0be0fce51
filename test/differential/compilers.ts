/**
 * The compilers that layouts are compared with, and what a program's variables are to them. Nothing is run: values are
 * read out of the object file, so that the compilers of other machines do.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AbiName } from '../../src/ctype/index.ts';
import { variablesOf } from './elf.ts';

export interface Compiler {
  readonly name: string;
  readonly abi: AbiName;
  readonly msBitFields: boolean;
  readonly command: string;
  readonly flags: readonly string[];
  /** Whether it writes COFF, which is changed into ELF then; that loses the sizes of variables. */
  readonly writesCoff: boolean;
  /** C, and refusals of ours, in which it is not to be compared: it passes over some attributes, and takes some texts too easily. */
  readonly unlike: RegExp | null;
}

function compiler(abi: AbiName, command: string, flags: readonly string[] = []): Compiler {
  return { name: abi, abi, msBitFields: false, command, flags, writesCoff: false, unlike: null };
}

function withMsBitFields(gcc: Compiler): Compiler {
  return { ...gcc, name: `${gcc.name} with Microsoft's bit-fields`, msBitFields: true, flags: [...gcc.flags, '-mms-bitfields'] };
}

const X86_64 = compiler('x86_64-linux-gnu', 'gcc');
const I386 = compiler('i386-linux-gnu', 'gcc', ['-m32']);

// Of several alignments clang takes the strictest; within declarators and type names it passes over attributes; a pragma
// counts for the structs that begin after it. Its <stdint.h> is not Microsoft's.
const CLANGS_OWN = new RegExp(
  [
    'scalar_storage_order',
    'aligned[^;]*aligned',
    '_Alignof\\([^)]*__attribute__',
    '[*(]\\s*(?:const\\s*)?__attribute',
    '#pragma pack[^\\n]*\\n\\s',
    'int_fast',
    'whose alignment \\d+ does not divide its size',
  ].join('|'),
);

export const COMPILERS: readonly Compiler[] = [
  X86_64,
  I386,
  compiler('aarch64-linux-gnu', 'aarch64-linux-gnu-gcc'),
  compiler('arm-linux-gnueabihf', 'arm-linux-gnueabihf-gcc'),
  withMsBitFields(X86_64),
  withMsBitFields(I386),
  { ...compiler('x86_64-w64-mingw32', 'x86_64-w64-mingw32-gcc'), writesCoff: true },
  // There is no Visual C++ to ask; clang lays out as it does, and can write ELF nevertheless.
  {
    ...compiler('x86_64-pc-windows-msvc', 'clang', ['--target=x86_64-pc-windows-msvc-elf', '-ferror-limit=0']),
    unlike: CLANGS_OWN,
  },
];

/** Why a compiler cannot be asked here, or null. In CI a missing one is a failure, not a reason to skip. */
export function whyNot({ command, flags }: Compiler): string | null {
  const { status } = spawnSync(command, [...flags, '-S', '-x', 'c', '-o', '/dev/null', '-'], { input: 'int x;' });
  if (status === 0) return null;
  const reason = `${[command, ...flags].join(' ')} does not work`;
  if (process.env['CI'] !== undefined) throw new Error(reason);
  return reason;
}

/** The variables of a program, or what the compiler has against it. */
export type Compiled = { readonly variables: Map<string, Uint8Array> } | { readonly errors: string };

// The compilers' own headers, as the cross compilers have no C library here.
const PRELUDE = `#include <stdint.h>
#include <stddef.h>
#include <stdbool.h>
typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
typedef __PTRDIFF_TYPE__ ssize_t;
`;

const OPTIONS = ['-std=gnu11', '-ffreestanding', '-w', '-O0', '-fno-common', '-fno-lto', '-x', 'c'];

export function compile({ command, flags, writesCoff }: Compiler, text: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'cdef-object-'));
  try {
    const file = join(folder, 'program.o');
    const { status, stderr, error } = spawnSync(command, [...flags, ...OPTIONS, '-c', '-o', file, '-'], {
      input: PRELUDE + text,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    if (status !== 0) return { errors: stderr };
    if (writesCoff) execFileSync('objcopy', ['-O', 'elf64-x86-64', file]);
    return { variables: variablesOf(readFileSync(file)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a compiler takes a text as it stands. */
export function accepts({ command, flags }: Compiler, text: string): boolean {
  const { status, error } = spawnSync(command, [...flags, ...OPTIONS, '-fsyntax-only', '-'], {
    input: PRELUDE + text,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  if (error !== undefined) throw error;
  return status === 0;
}
