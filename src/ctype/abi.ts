/**
 * Application binary interfaces: the sizes and alignments that C leaves to the platform.
 * @module
 */
import type { BaseType } from '../cparser/index.ts';

/** Name of a supported ABI, spelled as the GNU triplet. */
export type AbiName = 'x86_64-linux-gnu';

/** What C leaves to the platform. Sizes and alignments in bytes. */
export interface Abi {
  readonly name: AbiName;
  readonly pointerSize: 4 | 8;
  readonly longSize: 4 | 8;
  readonly charIsSigned: boolean;
  /** `wchar_t`, and what `size_t`, `ptrdiff_t` and `intptr_t` are. */
  readonly wcharType: BaseType;
  readonly wordType: BaseType;
  /** What `__attribute__((aligned))` without a number means. */
  readonly largestAlign: number;
  /** `[size, alignment]` of the types whose sizes differ between ABIs. */
  readonly longDouble: readonly [number, number];
}

/** System V x86-64 psABI, section 3.1.2. */
export const X86_64_LINUX: Abi = {
  name: 'x86_64-linux-gnu',
  pointerSize: 8,
  longSize: 8,
  charIsSigned: true,
  wcharType: 'int',
  wordType: 'long',
  largestAlign: 16,
  longDouble: [16, 16],
};
