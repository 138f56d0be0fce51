import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Progress } from '../../../src/cli/progress.ts';
import { openStore } from '../../../src/dhcp/index.ts';
import { type BuiltCommand, buildCommand, type CommandResult } from '../../helpers/command.ts';
import { ip } from '../../helpers/dhcp.ts';
import { hasRedis, RedisServer } from '../../helpers/redis.ts';

let command: BuiltCommand;
const folder = mkdtempSync(path.join(tmpdir(), 'cdef-leases-'));
beforeAll(() => {
  command = buildCommand();
});
afterAll(() => {
  command.remove();
  rmSync(folder, { recursive: true });
});
// What others write is seen from the next turn of the event loop on.
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const leases = (...args: string[]): CommandResult => command.run(['leases', ...args]);
const at = (name: string): string => path.join(folder, name);

const HEADER = 'address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context';
const CSV = `${HEADER}
192.0.2.10,02:00:00:00:00:01,01:02:00:00:00:00:01,3600,4000000000,1,0,0,pc&#x2c old,0,
192.0.2.11,02:00:00:00:00:02,,3600,1700000000,1,0,0,,0,
192.0.2.12,,,3600,4000000000,2,0,0,,1,
192.0.2.13,02:00:00:00:00:03,,3600,1700000000,1,0,0,,2,
`;

describe('cdef leases', () => {
  it('imports, lists and exports', () => {
    writeFileSync(at('in.csv'), CSV);
    const store = ['--store', at('one')];
    expect(leases('import', ...store, at('in.csv'))).toEqual({ status: 0, stdout: '4 leases written\n', stderr: '' });
    expect(leases('list', ...store).stdout).toMatchInlineSnapshot(`
      "ADDRESS          STATE     ENDS                  SUBNET  HARDWARE           CLIENT                            HOST NAME
      192.0.2.10       active    2096-10-02T07:06:40Z  1       02:00:00:00:00:01  id:01020000000001                 pc, old
      192.0.2.11       ended     2023-11-14T22:13:20Z  1       02:00:00:00:00:02  hw:1:020000000002
      192.0.2.12       declined  2096-10-02T07:06:40Z  2
      192.0.2.13       released  2023-11-14T22:13:20Z  1       02:00:00:00:00:03  hw:1:020000000003
      "
    `);
    expect(leases('export', ...store).stdout).toBe(CSV);
    expect(leases('export', ...store, '-o', at('out.csv')).status).toBe(0);
    expect(readFileSync(at('out.csv'), 'utf8')).toBe(CSV);
    expect(
      leases('list', ...store, '--state', 'ended', '--format', 'kea')
        .stdout.split('\n')
        .slice(1),
    ).toEqual([CSV.split('\n')[2], '']);
    expect(leases('list', ...store, '--subnet', '2', '--json').stdout).toMatch(/^\{"address":"192\.0\.2\.12",.*\}\n$/);
    // JSON takes the same way.
    const json = leases('export', ...store, '--json').stdout;
    const piped = command.run(['leases', 'import', '--store', at('two'), '--json', '-'], json);
    expect(piped).toEqual({ status: 0, stdout: '4 leases written\n', stderr: '' });
    expect(leases('export', '--store', at('two')).stdout).toBe(CSV);
  });

  it('imports all of a file or nothing', () => {
    writeFileSync(
      at('bad.csv'),
      `${HEADER}\n192.0.2.10,02:00,,1,4000000000,1,0,0,,0,\n192.0.2.11,02:00,,x,1,1,0,0,,0,\n192.0.2,02:00,,1,1,1,0,0,,0,\n`,
    );
    const { status, stdout, stderr } = leases('import', '--store', at('three'), at('bad.csv'));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.replaceAll(folder, '')).toMatchInlineSnapshot(`
      "/bad.csv:3:19: error: valid_lifetime: expected a whole number up to 4294967295
          3 | 192.0.2.11,02:00,,x,1,1,0,0,,0,
            |                   ^
      /bad.csv:4:1: error: address: expected an IPv4 address
          4 | 192.0.2,02:00,,1,1,1,0,0,,0,
            | ^~~~~~~
      cdef: leases: 2 faulty lines, nothing was imported
      "
    `);
    expect(leases('list', '--store', at('three'))).toMatchObject({ status: 1, stderr: `cdef: there are no leases in '${at('three')}'\n` });
    expect(leases('import', '--store', at('three'), at('none.csv'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ENOENT'),
    });
  });

  it('works beside the server, which it takes no lease from', async () => {
    const server = await openStore({ kind: 'lmdb', path: at('four') });
    const first = ip('192.0.2.10');
    const where = { id: 1, pools: [{ first, last: first + 9 }], reserved: new Set<number>() };
    const client = { key: 'id:aa', hardware: '', hostName: 'x', relay: '' };
    const now = Math.floor(Date.now() / 1000);
    await server.grant({ territory: where, client, address: first, now, leaseSeconds: 1000 });
    writeFileSync(at('in.csv'), CSV);
    const config = at('server.lua');
    writeFileSync(config, `network = '192.0.2.0/24'\nstore = { path = '${at('four')}' }\n`);
    expect(leases('import', '--config', config, at('in.csv'))).toEqual({
      status: 1,
      stdout: '3 leases written, 1 refused\n',
      stderr: "cdef: leases: 192.0.2.10 is another client's, or held back; --replace takes it\n",
    });
    await nextTurn();
    expect((await server.ofAddress(first))?.client).toBe('id:aa');
    expect((await server.ofClient(1, 'hw:1:020000000002'))?.address).toBe(first + 1);
    expect(leases('release', '--config', config, '192.0.2.10', '192.0.2.12', '192.0.2.13')).toEqual({
      status: 1,
      stdout: "192.0.2.10 released, was id:aa's\n192.0.2.12 released, was held back\n",
      stderr: 'cdef: leases: 192.0.2.13 has no lease\n',
    });
    await nextTurn();
    expect((await server.ofAddress(first))?.state).toBe('released');
    expect(await server.ofAddress(first + 2)).toBe(null);
    expect(leases('import', '--config', config, '--replace', at('in.csv')).stdout).toBe('4 leases written\n');
    await nextTurn();
    expect((await server.ofAddress(first))?.client).toBe('id:01020000000001');
    expect(leases('release', '--config', config, '--forget', '192.0.2.10').stdout).toBe('192.0.2.10 released, was on record\n');
    await nextTurn();
    expect(await server.ofAddress(first)).toBe(null);
    await server.close();
  });

  it.skipIf(!hasRedis)('works on Redis (skipped where there is none: apt-get install redis-server)', async () => {
    const server = new RedisServer();
    await server.start();
    writeFileSync(at('in.csv'), CSV);
    const store = ['--store', server.url, '--prefix', 'x:'];
    expect(leases('import', ...store, at('in.csv'))).toEqual({ status: 0, stdout: '4 leases written\n', stderr: '' });
    expect(leases('export', ...store).stdout).toBe(CSV);
    expect(leases('release', ...store, '192.0.2.10').stdout).toBe("192.0.2.10 released, was id:01020000000001's\n");
    expect(leases('list', ...store, '--state', 'active').stdout.split('\n').length).toBe(2);
    await server.end('SIGTERM');
    expect(leases('list', ...store)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^cdef: Redis at 127\.0\.0\.1:\d+: .*ECONNREFUSED/),
    });
    await server.remove();
  });

  it.each([
    [['frob'], "leases: expected list, export, import, release, got 'frob'"],
    [['list'], 'leases: expected --config FILE.lua or --store PLACE'],
    [['list', '--store', 'a', '--config', 'b'], 'leases: expected --config FILE.lua or --store PLACE'],
    [['list', '--store', 'a', '--format', 'xml'], 'leases: --format xml: expected kea, json, or for list also text'],
    [['list', '--store', 'a', '--state', 'x'], 'leases: --state x: expected active, ended, released, declined'],
    [['list', '--store', 'a', '--subnet', 'x'], "leases: --subnet x: expected a subnet's number"],
    [['list', '--store', 'a', 'b'], "leases: unexpected 'b'; -o FILE writes to a file"],
    [['import', '--store', 'a'], 'leases: import: expected a file of leases'],
    [['release', '--store', 'a'], 'leases: release: expected an address'],
    [['release', '--store', 'a', '1.2.3'], "leases: release: '1.2.3' is no IPv4 address"],
  ])('%j is wrong usage', (args, message) => {
    const { status, stderr } = leases(...args);
    expect(status).toBe(2);
    expect(stderr.split('\n')[0]).toBe(`cdef: ${message}`);
  });
});

describe('progress', () => {
  it('is shown on a terminal, when it takes a while, and goes', () => {
    let now = 0;
    let text = '';
    const progress = new Progress('leases', { isTTY: true, write: (some) => (text += some) }, () => now);
    progress.update(1);
    now = 600;
    progress.update(12_000);
    now = 650;
    progress.update(13_000);
    now = 800;
    progress.update(20, 80);
    progress.done();
    expect(text).toBe('\r12,000 leases\x1b[K\r20 leases (25 %)\x1b[K\r\x1b[K');
    text = '';
    const silent = new Progress('leases', { write: (some) => (text += some) }, () => now);
    now = 10_000;
    silent.update(5);
    silent.done();
    expect(text).toBe('');
  });
});
