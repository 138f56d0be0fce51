import { createLua } from '../../src/host/lua.ts';
import { runLuaFile } from '../helpers/lua-run.ts';
import { ffiContract } from './ffi.ts';
import { hostileContract } from './hostile.ts';
import { luaFilesContract } from './lua-files.ts';

ffiContract('jit', () => createLua({ engine: 'jit' }));
luaFilesContract('jit', (file) => runLuaFile(file, 'jit'));
luaFilesContract('jit', (file) => runLuaFile(file, 'jit'), 'lua51');
hostileContract('jit', (options) => createLua({ ...options, engine: 'jit' }));
