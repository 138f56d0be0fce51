/**
 * Text to functions.
 * @module
 */
import { shortChunkName } from '../../lua/index.ts';
import { LuaSyntaxError } from '../../util/errors.ts';
import { ensureStack, PARSER_KILOBYTES } from '../../util/stack.ts';
import { Chunk } from './chunk.ts';
import { InterpretedChunk } from './interpreter/chunk.ts';
import { isStackOverflow } from './runtime/errors.ts';
import type { LuaFunction } from './runtime/functions.ts';
import type { LuaState } from './runtime/state.ts';

/**
 * The function of a chunk.
 * @param text bytes as latin1
 * @param name as Lua has it: `@file`, `=name`, or the text itself
 * @throws {LuaSyntaxError} when it is not Lua, or is nested too deeply
 */
export function compile(state: LuaState, text: string, name: string, environment: unknown): LuaFunction {
  ensureStack(PARSER_KILOBYTES);
  try {
    const Form = state.isInterpreted ? InterpretedChunk : Chunk;
    return new Form(state, text, name).main(environment);
  } catch (thrown) {
    // Of the compiler, or of V8, which reads what it makes.
    const error = isStackOverflow(thrown) ? new LuaSyntaxError(`${shortChunkName(name)}: chunk has too many syntax levels`) : thrown;
    if (error instanceof LuaSyntaxError) for (const observer of state.observers) observer.refused(name, error.message);
    throw error;
  }
}
