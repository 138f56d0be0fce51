/**
 * gcc as the reference: compiles one C program, runs it, and answers what it printed.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why comparisons with gcc cannot run here, or null. In CI a missing gcc is a failure, not a reason to skip. */
export function whyNoGcc(): string | null {
  const { status, stdout } = spawnSync('gcc', ['-dumpmachine'], { encoding: 'utf8' });
  const reason = status !== 0 ? 'gcc is not installed' : stdout.startsWith('x86_64-') ? null : `gcc compiles for ${stdout.trim()}`;
  if (reason !== null && process.env['CI'] !== undefined) throw new Error(reason);
  return reason;
}

/** The standard output of a C program. */
export function runC(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdef-gcc-'));
  try {
    const source = join(folder, 'program.c');
    writeFileSync(source, program);
    execFileSync('gcc', ['-std=gnu11', '-w', '-O0', '-o', join(folder, 'program'), source], { stdio: ['ignore', 'ignore', 'pipe'] });
    return execFileSync(join(folder, 'program'), { encoding: 'utf8', maxBuffer: 1 << 28 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
