/**
 * fengari's files, imported. In Node `modules.node.ts` takes the place of this file.
 * @module
 */
import fengari from 'fengari';
import ldo from 'fengari/src/ldo.js';
import lfunc from 'fengari/src/lfunc.js';
import lobject from 'fengari/src/lobject.js';
import lopcodes from 'fengari/src/lopcodes.js';
import lparser from 'fengari/src/lparser.js';
import lstate from 'fengari/src/lstate.js';
import lstring from 'fengari/src/lstring.js';
import ltable from 'fengari/src/ltable.js';
import ltm from 'fengari/src/ltm.js';
import lvm from 'fengari/src/lvm.js';
import lzio from 'fengari/src/lzio.js';

/**
 * What is used of fengari: its entry, and files of its inside. `vm.ts` and `internals.ts` type them.
 * @internal
 */
export interface FengariModules {
  readonly fengari: unknown;
  readonly ldo: unknown;
  readonly lfunc: unknown;
  readonly lobject: unknown;
  readonly lopcodes: unknown;
  readonly lparser: unknown;
  readonly lstate: unknown;
  readonly lstring: unknown;
  readonly ltable: unknown;
  readonly ltm: unknown;
  readonly lvm: unknown;
  readonly lzio: unknown;
}

export function fengariModules(): FengariModules {
  return { fengari, ldo, lfunc, lobject, lopcodes, lparser, lstate, lstring, ltable, ltm, lvm, lzio };
}
