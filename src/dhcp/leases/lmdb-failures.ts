/**
 * Commits of lmdb that fail, because the disk is full, say.
 *
 * What was to be written is rejected, and lmdb prints the reason. Beside it lmdb rejects promises of its own that nobody can reach: they
 * would end the process although everybody who waits for a record has been told.
 * @module
 */

// The reason itself has LMDB's or the system's number; the others point to a promise of it.
function isOfCommit(reason: unknown): boolean {
  if (!(reason instanceof Error)) return false;
  return 'commitError' in reason || ('code' in reason && typeof reason.code === 'number' && /[/\\]lmdb[/\\]/.test(reason.stack ?? ''));
}

let tables = 0;

/** Keeps the process alive when a commit fails, until the answer is called. Other rejections end it as ever, if nobody else handles them. */
export function handleCommitFailures(): () => void {
  if (tables++ === 0) process.on('unhandledRejection', passOver);
  return () => {
    if (--tables === 0) process.off('unhandledRejection', passOver);
  };
}

function passOver(reason: unknown): void {
  if (isOfCommit(reason) || process.listenerCount('unhandledRejection') > 1) return;
  throw reason;
}
