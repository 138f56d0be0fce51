import type { EngineName } from '../../src/host/node.ts';
import { createLua } from '../../src/host/node.ts';
import { capturePrint } from '../helpers/lua-run.ts';
import { programsContract } from './programs.ts';

for (const engine of ['jit', 'fengari'] satisfies EngineName[]) {
  programsContract(engine, (file, size) => {
    const lua = createLua({ engine });
    const lines = capturePrint(lua);
    lua.engine.load('arg = { [0] = (...), select(2, ...) }', '=arg')(file, size);
    lua.runFile(file, size);
    lua.close();
    return lines;
  });
}
