/**
 * DHCP messages, options, captures and replay.
 * @module cdef/dhcp
 */
export * from '../../src/dhcp/index.ts';
