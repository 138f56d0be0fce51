/**
 * The errors this library raises. Wrong arguments to the JavaScript API are built-in `TypeError`s (kind) and
 * `RangeError`s (value); everything that has to do with C text, cdata, Lua and memory is one of these.
 * @module
 */
import { type Diagnostic, type Position, renderDiagnostic, type Source } from './source.ts';

/** C text that cannot be accepted. `message` is the whole rendering; `reason` the bare sentence. */
export class CdefError extends Error {
  override readonly name: string = 'CdefError';
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Where the offending text starts. */
  readonly position: Position;
  /** How many characters it has. */
  readonly length: number;
  /** The text that has the mistake: of the file or macro it is in, before preprocessing. */
  readonly source: Source;
  /** Further explanations, a line each. */
  readonly notes: readonly string[];

  constructor(diagnostic: Diagnostic) {
    super(renderDiagnostic(diagnostic));
    this.reason = diagnostic.reason;
    const { source, offset } = diagnostic.source.locate(diagnostic.offset);
    this.position = source.position(offset);
    this.length = diagnostic.length;
    this.source = source;
    this.notes = diagnostic.notes;
  }
}

/** A wrong use of cdata: conversion, call, index, arithmetic. The text is LuaJIT's wording. */
export class FfiError extends Error {
  override readonly name: string = 'FfiError';
}

/** The same about an argument of a function, from 1. */
export class ArgumentError extends FfiError {
  readonly index: number;
  readonly functionName: string;
  readonly reason: string;

  constructor(index: number, functionName: string, reason: string) {
    super(`bad argument #${index} to '${functionName}' (${reason})`);
    this.index = index;
    this.functionName = functionName;
    this.reason = reason;
  }
}

/** An access outside live memory. `have` bytes are there from the start of the region. */
export class MemoryAccessError extends RangeError {
  override readonly name: string = 'MemoryAccessError';
  /** Byte offset of the access from the start of the region; the address itself where there is no region. */
  readonly offset: number;
  /** Bytes the access needs. */
  readonly size: number;
  /** Bytes the region has; 0 where the address is in no region. */
  readonly have: number;

  constructor(message: string, access: { offset: number; size: number; have: number }) {
    super(message);
    this.offset = access.offset;
    this.size = access.size;
    this.have = access.have;
  }
}

/** Bytes of a message that end too early. */
export class ShortageError extends RangeError {
  override readonly name: string = 'ShortageError';
  /** What was to be decoded, such as `struct dhcp_packet.options[3]`. */
  readonly path: string;
  /** Byte at which it starts. */
  readonly offset: number;
  /** Bytes it needs from there, as far as can be known yet. */
  readonly size: number;
  /** Bytes that are there. */
  readonly have: number;

  constructor(path: string, access: { offset: number; size: number; have: number }) {
    super(`${path}: needs ${access.size} bytes at offset ${access.offset}, have ${access.have}`);
    this.path = path;
    this.offset = access.offset;
    this.size = access.size;
    this.have = access.have;
  }
}

/** A value raised by a Lua script. */
export class LuaError extends Error {
  override readonly name: string = 'LuaError';
  /** The raised Lua value, converted to JavaScript. */
  readonly value: unknown;
  /** Lua's own stack traceback. */
  readonly traceback: string;

  constructor(message: string, details: { value: unknown; traceback: string; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.value = details.value;
    this.traceback = details.traceback;
  }
}

/** Lua text that does not compile. */
export class LuaSyntaxError extends Error {
  override readonly name: string = 'LuaSyntaxError';
}
