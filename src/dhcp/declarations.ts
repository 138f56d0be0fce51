/**
 * What the DHCP programs read from the package: C declarations from `cdefs`, a script from `lua`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { type Cdef, cdef } from '../view/index.ts';

/**
 * A file of the package's `cdefs` folder, parsed.
 * @throws {Error} when there is no such file
 */
export function packageCdef(name: 'dhcp.h' | 'inet.h' | 'lease.h' | 'pcap.h'): Cdef {
  const text = readFileSync(new URL(`../../cdefs/${name}`, import.meta.url), 'utf8');
  return cdef(text, { fileName: `cdefs/${name}` });
}

/**
 * A file of the package's `lua` folder, as text.
 * @throws {Error} when there is no such file
 */
export function packageScript(name: 'redis/leases.lua'): string {
  return readFileSync(new URL(`../../lua/${name}`, import.meta.url), 'utf8');
}
