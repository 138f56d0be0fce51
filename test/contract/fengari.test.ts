import { createLua } from '../../src/host/lua.ts';
import { ffiContract } from './ffi.ts';

ffiContract('fengari', () => createLua({ engine: 'fengari' }));
