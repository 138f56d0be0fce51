/**
 * Runs scripts in a thread, and ends the thread of one that does not end.
 * @module
 */
import type { Greeting, Job, Outcome } from './protocol.ts';
import ScriptThread from './worker.ts?worker&inline';

/** Milliseconds after which a thread is ended; its own limits come first. */
const PATIENCE = 4000;

export class Runner {
  readonly #onGreeting: (greeting: Greeting) => void;
  readonly #onOutcome: (outcome: Outcome) => void;
  #thread: Worker | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #current: Job | null = null;
  #next: Job | null = null;

  constructor(events: { onGreeting(greeting: Greeting): void; onOutcome(outcome: Outcome): void }) {
    this.#onGreeting = (greeting) => events.onGreeting(greeting);
    this.#onOutcome = (outcome) => events.onOutcome(outcome);
    this.#start();
  }

  /** Runs a script once the one before has ended; of several that wait only the last one runs. */
  run(job: Job): void {
    if (this.#current === null) this.#begin(job);
    else this.#next = job;
  }

  #start(): Worker {
    const thread = new ScriptThread();
    this.#thread = thread;
    thread.addEventListener('message', (event: MessageEvent<Greeting | Outcome>) => {
      if ('engines' in event.data) this.#onGreeting(event.data);
      else this.#end(event.data);
    });
    thread.addEventListener('error', (event) => this.#stop(event.message || 'the thread of the script could not be started'));
    return thread;
  }

  #begin(job: Job): void {
    this.#current = job;
    (this.#thread ?? this.#start()).postMessage(job);
    this.#timer = setTimeout(() => this.#stop(`ended after ${PATIENCE / 1000} seconds`), PATIENCE);
  }

  // The thread is of no use any more; the next script gets a new one.
  #stop(error: string): void {
    this.#thread?.terminate();
    this.#thread = null;
    const bytes = this.#current?.bytes;
    if (bytes !== undefined) this.#end({ output: '', error, bytes, milliseconds: PATIENCE, isCompiled: null });
  }

  #end(outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.#current = null;
    this.#onOutcome(outcome);
    const next = this.#next;
    this.#next = null;
    if (next !== null) this.#begin(next);
  }
}
