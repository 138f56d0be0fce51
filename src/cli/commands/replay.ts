/**
 * `cdef replay`: captured DHCP traffic through a Lua policy.
 * @module
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageCdef, replay } from '../../dhcp/index.ts';
import { luaFolder } from '../../host/scripts.ts';
import { createCommandLua } from '../lua.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

/** How long the callback is timed. */
const MEASURE_MS = 1000;

export const replayCommand: Command = async (args) => {
  const { values, positionals } = readArguments({
    args,
    options: { policy: { type: 'string', default: path.join(luaFolder, 'policy.lua') } },
    allowPositionals: true,
  });
  // `npm start -- other.pcap` comes behind the default capture; the last one counts.
  const file = positionals.at(-1);
  if (file === undefined) throw new UsageError('replay: expected a pcap file');
  const { failed } = replay({
    capture: readFileSync(file),
    lua: await createCommandLua({ engine: 'fengari' }),
    policy: values.policy as string,
    cdef: packageCdef('dhcp.h'),
    print: (line) => process.stdout.write(`${line}\n`),
    measureMs: MEASURE_MS,
  });
  return failed === 0 ? 0 : 1;
};
