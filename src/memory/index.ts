/**
 * Regions of bytes, and the address space they get numbers in.
 * @module
 */
export { Memory, type Place } from './memory.ts';
export { formatAddress, Region } from './region.ts';
export type { RealMemory } from './windows.ts';
