/**
 * Lua compiled to JavaScript: the engine.
 * @module
 */
export { createJit } from './engine.ts';
export type { HostFile, HostFiles, ScriptHost } from './host.ts';
