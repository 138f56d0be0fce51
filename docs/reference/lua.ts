/**
 * Lua in a program: `import { createLua } from 'cdef/lua'`. In browsers the same without files, `runFile` and threads.
 * @module cdef/lua
 */
export * from '../../src/host/node.ts';
