/**
 * Source maps of compiled Lua, as a debugger uses them: through the inspector, from a thread beside the one that runs Lua.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCommand, buildCommand } from '../../helpers/command.ts';

let folder = '';
let command: BuiltCommand | undefined;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'cdef-debugger-'));
  writeFileSync(path.join(folder, 'app.lua'), LUA);
  writeFileSync(path.join(folder, 'debugger.mjs'), DEBUGGER);
  writeFileSync(path.join(folder, 'main.mjs'), MAIN);
  command = buildCommand();
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  command?.remove();
});

const LUA = `-- counts
local function count(n)
  local sum = 0
  for i = 1, n do
    sum = sum + i
  end
  return sum
end
local function double(n)
  local twice = n * 2
  coroutine.yield(twice)
end
function again() return coroutine.wrap(double)(5) end
return count(3) + again()
`;

// Pauses on the lines of Lua that it is given, and says where that is by the map. A function's own arguments come last.
const DEBUGGER = `
import { Session } from 'node:inspector';
import { SourceMap } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
const session = new Session();
session.connectToMainThread();
const scripts = new Map();
const post = (method, params) => new Promise((resolve, reject) => session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))));
const pauses = [];
session.on('Debugger.scriptParsed', async ({ params: { scriptId, url, sourceMapURL, endLine } }) => {
  if (!url.startsWith('lua:') || !sourceMapURL) return;
  const payload = JSON.parse(Buffer.from(sourceMapURL.split('base64,')[1], 'base64').toString());
  const map = new SourceMap(payload);
  scripts.set(scriptId, map);
  if (!payload.sources[0].endsWith('/app.lua')) return;
  pauses.push({ sources: payload.sources, content: payload.sourcesContent[0] });
  for (let line = 0; line <= endLine; line++) {
    const { originalLine, generatedLine } = map.findEntry(line, 0);
    if (generatedLine === line && workerData.includes(originalLine + 1)) await post('Debugger.setBreakpointByUrl', { url, lineNumber: line });
  }
});
session.on('Debugger.paused', async ({ params: { callFrames } }) => {
  const [{ location, callFrameId }] = callFrames;
  const { originalLine, originalSource } = scripts.get(location.scriptId).findEntry(location.lineNumber, location.columnNumber);
  const { result } = await post('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'arguments[arguments.length - 1]' });
  pauses.push({ line: originalLine + 1, file: originalSource.split('/').at(-1), argument: result.value });
  await post('Debugger.resume');
});
parentPort.on('message', (what) => parentPort.postMessage(what === 'end' ? pauses : 'ready'));
await post('Debugger.enable');
parentPort.postMessage('ready');
`;

const MAIN = `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
const { createLua } = await import(process.argv[2]);
const worker = new Worker(new URL('debugger.mjs', import.meta.url), { workerData: [5, 10] });
await once(worker, 'message');
const lua = createLua({ engine: 'jit', sourceMaps: true });
const load = lua.engine.load("return loadfile((...))", '=load')('app.lua');
const step = async (what) => {
  worker.postMessage(what);
  return (await once(worker, 'message'))[0];
};
await step('set');
await step('set');
const value = load();
// The twin for coroutines has been made; now it can be stopped.
await step('set');
await step('set');
lua.callback('again')();
console.log(JSON.stringify({ value, pauses: await step('end') }));
await worker.terminate();
`;

describe('a debugger', () => {
  it('stops at lines of Lua', () => {
    const library = pathToFileURL(path.join((command as BuiltCommand).bundle, 'lua.js')).href;
    const { stdout, stderr } = spawnSync(process.execPath, ['main.mjs', library], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    expect(stderr).toBe('');
    const { value, pauses } = JSON.parse(stdout);
    expect(value).toBe(16);
    const source = { sources: [pathToFileURL(path.join(folder, 'app.lua')).href], content: LUA };
    const inLoop = { line: 5, file: 'app.lua', argument: 3 };
    expect(pauses.slice(0, 4)).toEqual([source, inLoop, inLoop, inLoop]);
    expect(pauses.at(-1)).toEqual({ line: 10, file: 'app.lua', argument: 5 });
  });
});

describe('errors', () => {
  it('are the same with source maps, and with --enable-source-maps', () => {
    const library = pathToFileURL(path.join((command as BuiltCommand).bundle, 'lua.js')).href;
    const script = `const { createLua } = await import('${library}');
try { createLua({ engine: 'jit', sourceMaps: true }).run('local function f()\\n error "x"\\nend\\nf()', '=e'); } catch (error) { console.log(error.message, error.traceback); }`;
    const run = (...options: string[]): string =>
      spawnSync(process.execPath, [...options, '--input-type=module', '-e', script], { encoding: 'utf8' }).stdout;
    const expected = "e:2: x stack traceback:\n\te:2: in function 'f'\n\te:4: in main chunk\n";
    expect(run()).toBe(expected);
    expect(run('--enable-source-maps')).toBe(expected);
  });
});
