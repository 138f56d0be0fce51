/**
 * V8's sampling profiler for scripts: `node:inspector`, which is loaded when the first profile is started.
 * @module
 */
import type { Profiler, Runtime, Session } from 'node:inspector';
import type { FunctionPlace, ProfileNode, RunningProfile, ScriptProfile } from '../engines/host.ts';

/** Where `functionsAt` puts functions for the inspector to see. */
const PLACE = Symbol.for('cdef.profiled');

/** The folder of this package's code. */
const OWN = new URL('..', import.meta.url).href;

/** Starts sampling this thread every so many microseconds. */
export function startProfile(microseconds: number): RunningProfile {
  const { Session: InspectorSession } = process.getBuiltinModule('node:inspector');
  const session = new InspectorSession();
  session.connect();
  post(session, 'Profiler.enable');
  post(session, 'Profiler.setSamplingInterval', { interval: microseconds });
  post(session, 'Profiler.start');
  const begin = performance.now();
  return {
    stop: (functions) => {
      const end = performance.now();
      const { profile } = post<{ profile: Profiler.Profile }>(session, 'Profiler.stop');
      const places = functionsAt(session, functions());
      session.disconnect();
      return plain(profile, begin, end, places);
    },
  };
}

// In the same thread answers come before `post` returns.
function post<T>(session: Session, method: string, parameters: object = {}): T {
  let answer: unknown;
  let failure: Error | null = null;
  session.post(method, parameters, (error, result) => {
    failure = error;
    answer = result;
  });
  if (failure !== null) throw failure;
  return answer as T;
}

// The scripts and places of functions are known to the inspector alone, which reaches them through the global object.
function functionsAt(session: Session, functions: readonly object[]): (FunctionPlace | null)[] {
  const global = globalThis as { [PLACE]?: readonly object[] };
  global[PLACE] = functions;
  try {
    const expression = `globalThis[Symbol.for('cdef.profiled')]`;
    const { result } = post<Runtime.EvaluateReturnType>(session, 'Runtime.evaluate', { expression, objectGroup: 'cdef' });
    const elements = propertiesOf(session, result.objectId).result ?? [];
    return functions.map((fn, i) => {
      const element = elements.find(({ name }) => name === String(i))?.value?.objectId;
      const { internalProperties = [] } = propertiesOf(session, element);
      const place = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
      if (place === undefined) return null;
      const { scriptId, lineNumber, columnNumber } = place as { scriptId: string; lineNumber: number; columnNumber: number };
      return { key: `${scriptId}:${lineNumber}:${columnNumber}`, line: lineNumber + 1, lines: String(fn).split('\n').length };
    });
  } finally {
    delete global[PLACE];
    post(session, 'Runtime.releaseObjectGroup', { objectGroup: 'cdef' });
  }
}

function propertiesOf(session: Session, objectId: string | undefined): Partial<Runtime.GetPropertiesReturnType> {
  return objectId === undefined ? {} : post(session, 'Runtime.getProperties', { objectId, ownProperties: true });
}

// V8 has a clock of its own. What it samples while it starts is its own work.
function plain(profile: Profiler.Profile, begin: number, end: number, places: readonly (FunctionPlace | null)[]): ScriptProfile {
  const parents = new Map<number, number>();
  for (const { id, children = [] } of profile.nodes) for (const child of children) parents.set(child, id);
  const nodes = new Map<number, ProfileNode>();
  // Parents come first.
  for (const { id, callFrame, positionTicks = [] } of profile.nodes) {
    const { functionName, url, scriptId, lineNumber, columnNumber } = callFrame;
    nodes.set(id, {
      parent: nodes.get(parents.get(id) ?? -1) ?? null,
      name: functionName,
      url,
      isOwn: url.startsWith(OWN),
      key: `${scriptId}:${lineNumber}:${columnNumber}`,
      line: lineNumber + 1,
      ticks: new Map(positionTicks.map(({ line, ticks }) => [line, ticks])),
    });
  }
  let time = profile.startTime;
  const samples = (profile.samples ?? []).flatMap((id, i) => {
    time += profile.timeDeltas?.[i] ?? 0;
    const node = nodes.get(id);
    const now = end - (profile.endTime - time) / 1000;
    return node === undefined || now < begin ? [] : [{ node, time: now }];
  });
  return { samples, places };
}
