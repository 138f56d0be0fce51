/**
 * What a Lua state of this engine needs of the world outside.
 * @module
 */
export type { HostFile, HostFiles, ProfileNode, RunningProfile, ScriptHost, ScriptProfile } from '../host.ts';
