import { expect, it, vi } from 'vitest';
import { openStore, StoreUnavailable } from '../../../src/dhcp/index.ts';

vi.mock('redis', () => {
  throw new Error("Cannot find package 'redis'");
});
vi.mock('lmdb', () => {
  throw new Error("Cannot find package 'lmdb'");
});

it.each([
  [{ kind: 'redis', url: 'redis://127.0.0.1', prefix: '' } as const, /'redis', which is not installed: npm install redis$/],
  [{ kind: 'lmdb', path: '/nowhere' } as const, /'lmdb', which is not installed: npm install lmdb$/],
])('a store whose package is missing says how to install it: %j', async (settings, message) => {
  const opened = openStore(settings);
  await expect(opened).rejects.toThrow(StoreUnavailable);
  await expect(opened).rejects.toThrow(message);
});
