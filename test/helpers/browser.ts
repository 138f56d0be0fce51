/**
 * Debian's Chromium, for tests of pages.
 * @module
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { expect } from 'vitest';

/** Where Chromium is; null where it is not installed. */
export const CHROMIUM: string | null =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file)) ?? null;

/** Why browser tests are skipped; empty where they are not. */
export const WHY_NOT: string = CHROMIUM === null ? ' (skipped: chromium is not installed)' : '';

/** Starts Chromium without a window. Its sandbox is not there for root, as whom containers run. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Expects of what a page shows, before long: a busy machine is slow, not wrong. */
export function eventually<T>(read: () => T | Promise<T>): ReturnType<typeof expect.poll<T | Promise<T>>> {
  return expect.poll(read, { timeout: 20_000 });
}
