/**
 * How much code V8 puts into one caller. A callback into Lua goes through some twenty short functions, each with checks, and by V8's own limit
 * half of them stay calls.
 * @module
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that are put into one function; V8's own limit is 920. More than this gained nothing more. */
const LIMIT = 3000;

/**
 * Lets V8 put more code into callers, which takes a sixth to a fourth off callbacks into Lua that the engine `jit` compiled. It holds for the
 * whole process, the host's own code as well, and for what V8 compiles from then on; so it is for programs to call, not for libraries. V8 takes longer
 * to compile so much at once, which a program that runs for a second only does not get back.
 */
export function raiseInliningLimit(): void {
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${LIMIT}`);
}
