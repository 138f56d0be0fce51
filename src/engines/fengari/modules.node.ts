/**
 * fengari's files, required when they are needed: that takes half the time of importing them, for which Node compiles each twice
 * to see what it exports.
 * @module
 */
import { createRequire } from 'node:module';
import type { FengariModules } from './modules.ts';

export function fengariModules(): FengariModules {
  const require = createRequire(import.meta.url);
  const inside = (name: string): unknown => require(`fengari/src/${name}.js`);
  return {
    fengari: require('fengari'),
    ldo: inside('ldo'),
    lfunc: inside('lfunc'),
    lobject: inside('lobject'),
    lopcodes: inside('lopcodes'),
    lparser: inside('lparser'),
    lstate: inside('lstate'),
    lstring: inside('lstring'),
    ltable: inside('ltable'),
    ltm: inside('ltm'),
    lvm: inside('lvm'),
    lzio: inside('lzio'),
  };
}
