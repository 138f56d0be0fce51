import { createLua } from '../../src/host/lua.ts';
import { runLuaFile } from '../helpers/lua-run.ts';
import { ffiContract } from './ffi.ts';
import { hostileContract } from './hostile.ts';
import { luaFilesContract } from './lua-files.ts';

ffiContract('fengari', () => createLua({ engine: 'fengari' }));
luaFilesContract('fengari', (file) => runLuaFile(file, 'fengari'));
hostileContract('fengari', (options) => createLua({ ...options, engine: 'fengari' }));
