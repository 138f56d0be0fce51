/**
 * `cdef dhcpd`: a DHCP server whose configuration and policy are a Lua file.
 * @module
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { checkDhcpd, DEFAULT_ENGINE, isDhcpdWorker, serveAsWorker, startDhcpd } from '../../dhcp/index.ts';
import { type EngineName, engineNames } from '../../engines/engine.ts';
import { raiseInliningLimit } from '../../host/inlining.ts';
import { type Command, readArguments, UsageError } from '../usage.ts';

export const dhcpdCommand: Command = async (args) => {
  const { values } = readArguments({
    args,
    options: {
      config: { type: 'string' },
      check: { type: 'boolean', default: false },
      engine: { type: 'string', default: DEFAULT_ENGINE },
    },
  });
  const file = values.config;
  if (file === undefined) throw new UsageError('dhcpd: expected --config FILE.lua');
  const engine = values.engine as EngineName;
  if (!engineNames.includes(engine)) throw new UsageError(`dhcpd: unknown engine '${engine}', expected ${engineNames.join(' or ')}`);
  if (values.check) {
    process.stdout.write(`${checkDhcpd(file, engine)}\n`);
    return 0;
  }
  if (engine === 'jit') raiseInliningLimit();
  // Workers are started with the same arguments.
  if (isDhcpdWorker()) {
    await serveAsWorker(file, engine);
    return 0;
  }
  const dhcpd = await startDhcpd({ file, engine, fork: () => cluster.fork() });
  process.on('SIGHUP', () => void dhcpd.reload());
  const failure = await Promise.race([dhcpd.failure, once(process, 'SIGTERM').then(() => null), once(process, 'SIGINT').then(() => null)]);
  await dhcpd.stop();
  if (failure !== null) throw failure;
  return 0;
};
