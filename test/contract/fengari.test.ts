import { createLua } from '../../src/host/lua.ts';
import { runLuaFile } from '../helpers/lua-run.ts';
import { ffiContract } from './ffi.ts';
import { hostileContract } from './hostile.ts';
import { luaFilesContract } from './lua-files.ts';

ffiContract('fengari', () => createLua({ engine: 'fengari' }));
luaFilesContract('fengari', (file) => runLuaFile(file, 'fengari'));
// What of Lua 5.1 differs from Lua 5.3 by nothing that docs/differences.md lists.
const LIKE_LUA51 = ['02_variables.lua', '04_tables.lua', '16_io.lua', '17_bit.lua', '20_replaced.lua'];
luaFilesContract('fengari', (file) => runLuaFile(file, 'fengari'), 'lua51', LIKE_LUA51);
hostileContract('fengari', (options) => createLua({ ...options, engine: 'fengari' }));
