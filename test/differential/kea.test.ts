import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keaForm, type Lease } from '../../src/dhcp/index.ts';
import { END_OF_TIME } from '../../src/dhcp/leases/store.ts';

// Reads a file of leases and writes it anew.
const KEA = 'kea-lfc';
const hasKea = spawnSync(KEA, ['-V']).error === undefined;

function lease(i: number): Lease {
  const hex = i.toString(16).padStart(12, '0');
  const state = (['active', 'released', 'declined'] as const)[i % 3] as Lease['state'];
  const isDeclined = state === 'declined';
  const names = ['', 'pc', 'a,b', '&', '&#x2c', 'a&#x26;b', '&#x', 'ü-1', '"quoted"', "it's", ' '];
  return {
    address: 0x0a000001 + i,
    subnet: 1 + (i % 5),
    client: isDeclined ? '' : i % 2 === 0 ? `id:01${hex}` : `hw:1:${hex}`,
    hardware: isDeclined ? '' : hex,
    state,
    expires: i % 7 === 0 ? END_OF_TIME : 4_000_000_000 + i,
    seen: 3_999_990_000 - i,
    hostName: isDeclined ? '' : (names[i % names.length] as string),
    relay: '',
  };
}

describe.skipIf(!hasKea)(`Kea${hasKea ? '' : ' (skipped: no kea-lfc, apt-get install kea-dhcp4-server)'}`, () => {
  it('reads the leases that are exported, and writes them as they are', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cdef-kea-'));
    const at = (name: string): string => path.join(folder, name);
    const leases = Array.from({ length: 300 }, (_, i) => lease(i));
    const text = `${[keaForm.header, ...leases.map(keaForm.write)].join('\n')}\n`;
    writeFileSync(at('copy.csv'), text);
    writeFileSync(at('none.conf'), '');
    const names = ['-p', at('pid'), '-x', at('result.csv'), '-i', at('copy.csv'), '-o', at('output.csv'), '-f', at('done.csv')];
    const run = spawnSync(KEA, ['-4', ...names, '-c', at('none.conf')], {
      encoding: 'utf8',
      env: { ...process.env, KEA_LOGGER_DESTINATION: 'stderr', KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: 'none' },
    });
    expect(run.stderr).not.toContain('ERROR');
    expect(run.status).toBe(0);
    const result = readFileSync(at('result.csv'), 'utf8');
    // By address, as Kea keeps them.
    expect(result.split('\n').sort()).toEqual(text.split('\n').sort());
    const reader = keaForm.reader('result.csv');
    const back = result.split('\n').map((line) => reader.read(line));
    expect(back.filter((lease) => lease !== null).sort((a, b) => a.address - b.address)).toEqual(leases);
    rmSync(folder, { recursive: true });
  });
});
