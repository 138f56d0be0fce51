/**
 * Native libraries: scripts print the same under luajit and `cdef run --native`. They call the C library, zlib, and a library
 * that is compiled for this.
 * @module
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand } from '../helpers/command.ts';
import { whyNoGcc } from './gcc.ts';

const folder = fileURLToPath(new URL('native/', import.meta.url));
const noLuajit = spawnSync('luajit', ['-v']).status === 0 ? null : 'luajit is not installed';
if (noLuajit !== null && process.env['CI'] !== undefined) throw new Error(noLuajit);
const reason = whyNoGcc() ?? noLuajit;

describe.skipIf(reason !== null)(`native libraries${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let temporary = '';
  let command: BuiltCommand | null = null;
  beforeAll(() => {
    temporary = mkdtempSync(path.join(tmpdir(), 'cdef-native-'));
    command = buildCommand();
  });
  afterAll(() => {
    command?.remove();
    rmSync(temporary, { recursive: true });
  });

  function luajit(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('luajit', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`luajit: ${stderr}`);
    return stdout;
  }

  it('of a library of every sort of function', () => {
    const library = path.join(temporary, 'libprobe.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-w', '-o', library, path.join(folder, 'probe.c')]);
    const script = path.join(folder, 'library.lua');
    const { stdout, stderr, status } = (command as BuiltCommand).run(['run', '--native', script, library]);
    expect({ lines: stdout.split('\n'), stderr, status }).toEqual({ lines: luajit(script, library).split('\n'), stderr: '', status: 0 });
  });

  it('of the C library and zlib, their output in order', () => {
    const script = path.join(folder, 'libc.lua');
    const { stdout, stderr, status } = (command as BuiltCommand).run(['run', '--native', script]);
    expect({ lines: stdout.split('\n'), stderr, status }).toEqual({ lines: luajit(script).split('\n'), stderr: '', status: 0 });
  });
});
