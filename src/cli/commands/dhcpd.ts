/**
 * `cdef dhcpd`: a DHCP server whose configuration and policy are a Lua file.
 * @module
 */
import { once } from 'node:events';
import { checkDhcpd, startDhcpd } from '../../dhcp/index.ts';
import { type EngineName, engineNames } from '../../host/node.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const dhcpdCommand: Command = async (args) => {
  const { values } = readArguments({
    args,
    options: { config: { type: 'string' }, check: { type: 'boolean', default: false }, engine: { type: 'string', default: 'fengari' } },
  });
  const file = values.config;
  if (file === undefined) throw new UsageError('dhcpd: expected --config FILE.lua');
  const engine = values.engine as EngineName;
  if (!engineNames.includes(engine)) throw new UsageError(`dhcpd: unknown engine '${engine}', expected ${engineNames.join(' or ')}`);
  if (values.check) {
    process.stdout.write(`${checkDhcpd(file, engine)}\n`);
    return 0;
  }
  const dhcpd = await startDhcpd({ file, engine });
  process.on('SIGHUP', () => dhcpd.reload());
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  await dhcpd.stop();
  return 0;
};
