/**
 * The compilers that layouts are compared with, and what a program's variables are to them. Nothing is run: values are
 * read out of the object file, so that the compilers of other machines do.
 * @module
 */
import { spawnSync } from 'node:child_process';
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
}

function compiler(abi: AbiName, command: string, flags: readonly string[] = []): Compiler {
  return { name: abi, abi, msBitFields: false, command, flags };
}

function withMsBitFields(gcc: Compiler): Compiler {
  return { ...gcc, name: `${gcc.name} with Microsoft's bit-fields`, msBitFields: true, flags: [...gcc.flags, '-mms-bitfields'] };
}

const X86_64 = compiler('x86_64-linux-gnu', 'gcc');
const I386 = compiler('i386-linux-gnu', 'gcc', ['-m32']);

export const COMPILERS: readonly Compiler[] = [
  X86_64,
  I386,
  compiler('aarch64-linux-gnu', 'aarch64-linux-gnu-gcc'),
  compiler('arm-linux-gnueabihf', 'arm-linux-gnueabihf-gcc'),
  withMsBitFields(X86_64),
  withMsBitFields(I386),
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

const OPTIONS = ['-std=gnu11', '-ffreestanding', '-w', '-O0', '-fno-common', '-fno-lto', '-fno-diagnostics-show-caret', '-x', 'c'];

export function compile({ command, flags }: Compiler, text: string): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'cdef-object-'));
  try {
    const file = join(folder, 'program.o');
    const { status, stderr, error } = spawnSync(command, [...flags, ...OPTIONS, '-c', '-o', file, '-'], {
      input: PRELUDE + text,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (error !== undefined) throw error;
    return status === 0 ? { variables: variablesOf(readFileSync(file)) } : { errors: stderr };
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
