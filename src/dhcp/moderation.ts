/**
 * Fewer turns of the event loop while messages come thick and fast, as network cards moderate their interrupts: the thread sleeps for a moment after
 * a turn, and the next one takes what has come meanwhile. Waking up for each was up to a fifth of its cost. Whoever asks while nobody else
 * does is answered at once.
 * @module
 */

/** Milliseconds that a message may wait to be read. */
const PAUSE_MS = 3;
/** Turns of which each comes within this of the one before are frequent. */
const FREQUENT_MS = 4;
/** After so many of them there are pauses. */
const FREQUENT_TURNS = 8;
/** A turn with so many messages needs no pause: all that comes while they are answered is the next one's. */
const FULL_TURN = 16;

/** What `Moderation` needs of the world. */
export interface ModerationParts {
  /** Milliseconds, from any moment on. */
  readonly now: () => number;
  /** Calls back once all messages of this turn of the event loop have been read. */
  readonly afterTurn: (work: () => void) => void;
  /** Blocks the thread. */
  readonly sleep: (milliseconds: number) => void;
}

/** See the module. */
export class Moderation {
  readonly #parts: ModerationParts;
  #messages = 0;
  #frequentTurns = 0;
  // When the last turn, and the pause behind it, ended.
  #ended = Number.NEGATIVE_INFINITY;

  constructor(parts: ModerationParts = threadParts()) {
    this.#parts = parts;
  }

  /** Told of each message that is read. */
  heard(): void {
    if (this.#messages++ === 0) this.#parts.afterTurn(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    const { now, sleep } = this.#parts;
    const messages = this.#messages;
    this.#messages = 0;
    this.#frequentTurns = now() - this.#ended <= FREQUENT_MS ? this.#frequentTurns + 1 : 0;
    if (this.#frequentTurns >= FREQUENT_TURNS && messages < FULL_TURN) sleep(PAUSE_MS);
    this.#ended = now();
  };
}

function threadParts(): ModerationParts {
  const nobodyNotifies = new Int32Array(new SharedArrayBuffer(4));
  return {
    now: () => performance.now(),
    afterTurn: (work) => void setImmediate(work),
    sleep: (milliseconds) => void Atomics.wait(nobodyNotifies, 0, 0, milliseconds),
  };
}
