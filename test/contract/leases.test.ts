import { describe } from 'vitest';
import { LocalStore } from '../../src/dhcp/leases/local.ts';
import { MemoryTable } from '../../src/dhcp/leases/memory.ts';
import { leaseContract } from './leases.ts';

describe('leases in memory', () => {
  leaseContract(async (work) => {
    const store = new LocalStore(new MemoryTable());
    await work(store);
    await store.close();
  });
});
