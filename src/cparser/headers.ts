/**
 * Standard headers that need no file: what they declare is predefined (`size_t`, `uint32_t` ...), so that only their
 * macros are left. Used where the caller's resolver finds no such file.
 * @module
 */
import type { IncludedFile } from './preprocessor.ts';

// C11 7.20.2: the limits of the sized integers.
function limits(): string {
  const lines: string[] = [];
  for (const bits of [8, 16, 32, 64]) {
    const suffix = bits === 64 ? 'L' : '';
    const top = (1n << BigInt(bits - 1)) - 1n;
    for (const name of ['INT', 'INT_LEAST']) {
      lines.push(`#define ${name}${bits}_MAX ${top}${suffix}`, `#define ${name}${bits}_MIN (-${top}${suffix} - 1)`);
      lines.push(`#define U${name}${bits}_MAX ${top * 2n + 1n}${bits >= 32 ? `U${suffix}` : ''}`);
    }
    lines.push(`#define INT${bits}_C(c) c${suffix === '' ? '' : ' ## L'}`, `#define UINT${bits}_C(c) c ## U${suffix}`);
  }
  return lines.join('\n');
}

const HEADERS: Readonly<Record<string, () => string>> = {
  'stdint.h': limits,
  'inttypes.h': limits,
  'stddef.h': () => '#define NULL ((void *)0)\n#define offsetof(type, member) __builtin_offsetof(type, member)',
  'stdbool.h': () => '#define true 1\n#define false 0',
  'stdarg.h': () => '',
  'stdalign.h': () => '#define alignas _Alignas\n#define alignof _Alignof',
  'stdnoreturn.h': () => '#define noreturn _Noreturn',
};

/** A standard header that is known without a file; null for others. */
export function builtinHeader(name: string): IncludedFile | null {
  const text = Object.hasOwn(HEADERS, name) ? HEADERS[name] : undefined;
  return text === undefined ? null : { name: `<${name}>`, text: `#pragma once\n${text()}\n` };
}
