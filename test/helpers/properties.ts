/**
 * fast-check, with a fixed seed in CI. A failure prints its seed.
 * @module
 */
import fc from 'fast-check';

if (process.env['CI'] !== undefined) fc.configureGlobal({ seed: 1 });

export { fc };
