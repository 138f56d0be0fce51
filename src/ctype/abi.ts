/**
 * Application binary interfaces: the sizes and alignments that C leaves to the platform.
 * @module
 */
import type { BaseType } from '../cparser/index.ts';

/** Name of a supported ABI, spelled as the compiler's triplet. */
export type AbiName =
  | 'x86_64-linux-gnu'
  | 'i386-linux-gnu'
  | 'aarch64-linux-gnu'
  | 'arm-linux-gnueabihf'
  | 'x86_64-w64-mingw32'
  | 'x86_64-pc-windows-msvc';

/** How members are placed: by the System V ABIs, by Microsoft's rules as gcc reads them, or as Visual C++ does. */
export type LayoutRules = 'system-v' | 'gcc-ms' | 'msvc';

/** What C leaves to the platform. Sizes and alignments in bytes. All of these are little-endian. */
export interface Abi {
  readonly name: AbiName;
  readonly pointerSize: 4 | 8;
  readonly longSize: 4 | 8;
  readonly charIsSigned: boolean;
  readonly wcharType: BaseType;
  readonly wintType: BaseType;
  /** `int_fast16_t`, and `int_fast32_t`. */
  readonly fastTypes: readonly [BaseType, BaseType];
  /** What `ptrdiff_t` and `intptr_t` are, and `size_t` without its sign. */
  readonly wordType: BaseType;
  /** What `__attribute__((aligned))` without a number means. */
  readonly largestAlign: number;
  /** Size and alignment. */
  readonly longDouble: readonly [number, number];
  /** Integers and doubles in structs are aligned no more strictly than this, unless asked for. */
  readonly memberAlignCap: number | null;
  /** Whether unnamed bit-fields count for the alignment of their struct. */
  readonly unnamedBitFieldsAlign: boolean;
  /** The strictest alignment of a vector; null for its whole size. */
  readonly vectorAlignCap: number | null;
  /** Types that gcc does not have there. */
  readonly missing: readonly BaseType[];
  /** How the members of structs are placed where no attribute says otherwise. */
  readonly rules: LayoutRules;
  /** Whether `ms_struct` and `gcc_struct` have a meaning. */
  readonly hasMsStruct: boolean;
  /** Whether every enum is an `int`, whatever its values, and even before its body. */
  readonly enumsAreInt: boolean;
  /** Whether `struct tag;` and `type_name;` within a struct embed that struct's members (gcc's -fms-extensions, on by default there). */
  readonly embedsTagged: boolean;
  /** Size and alignment of `va_list`. */
  readonly vaList: readonly [number, number];
}

const INT128: readonly BaseType[] = ['__int128', 'unsigned __int128'];
const DECIMAL: readonly BaseType[] = ['_Decimal32', '_Decimal64', '_Decimal128'];
const FLOAT16: readonly BaseType[] = ['_Float16', '_Float16 _Complex'];

/** System V x86-64 psABI, section 3.1.2. */
const X86_64_LINUX: Abi = {
  name: 'x86_64-linux-gnu',
  pointerSize: 8,
  longSize: 8,
  charIsSigned: true,
  wcharType: 'int',
  wintType: 'unsigned int',
  fastTypes: ['long', 'long'],
  wordType: 'long',
  largestAlign: 16,
  longDouble: [16, 16],
  memberAlignCap: null,
  unnamedBitFieldsAlign: false,
  vectorAlignCap: null,
  missing: [],
  rules: 'system-v',
  hasMsStruct: true,
  enumsAreInt: false,
  embedsTagged: false,
  vaList: [24, 8],
};

/** System V i386 psABI, section 3.1; gcc caps the alignment of members as its first compilers did. */
const I386_LINUX: Abi = {
  ...X86_64_LINUX,
  name: 'i386-linux-gnu',
  pointerSize: 4,
  longSize: 4,
  wcharType: 'long',
  fastTypes: ['int', 'int'],
  wordType: 'int',
  longDouble: [12, 4],
  memberAlignCap: 4,
  missing: [...INT128, ...FLOAT16],
  vaList: [4, 4],
};

/** Procedure Call Standard for the Arm 64-bit Architecture (AAPCS64), sections 5 and 10.1. */
const AARCH64_LINUX: Abi = {
  ...X86_64_LINUX,
  name: 'aarch64-linux-gnu',
  charIsSigned: false,
  wcharType: 'unsigned int',
  unnamedBitFieldsAlign: true,
  vectorAlignCap: 16,
  missing: DECIMAL,
  hasMsStruct: false,
  vaList: [32, 8],
};

/** Procedure Call Standard for the Arm Architecture (AAPCS32), sections 5 and 8.1. */
const ARM_LINUX: Abi = {
  ...AARCH64_LINUX,
  name: 'arm-linux-gnueabihf',
  pointerSize: 4,
  longSize: 4,
  fastTypes: ['int', 'int'],
  wordType: 'int',
  largestAlign: 8,
  longDouble: [8, 8],
  vectorAlignCap: 8,
  missing: [...INT128, ...FLOAT16, ...DECIMAL, '_Float128', '_Float128 _Complex'],
  vaList: [4, 4],
};

/** 64-bit Windows as gcc (MinGW-w64) has it. */
const X86_64_MINGW: Abi = {
  ...X86_64_LINUX,
  name: 'x86_64-w64-mingw32',
  longSize: 4,
  wcharType: 'unsigned short',
  wintType: 'unsigned short',
  fastTypes: ['short', 'int'],
  wordType: 'long long',
  rules: 'gcc-ms',
  embedsTagged: true,
  vaList: [8, 8],
};

/** 64-bit Windows as Visual C++ has it (Microsoft, x64 ABI conventions: types and storage). */
const X86_64_MSVC: Abi = {
  ...X86_64_MINGW,
  name: 'x86_64-pc-windows-msvc',
  longDouble: [8, 8],
  fastTypes: ['int', 'int'],
  missing: DECIMAL,
  rules: 'msvc',
  hasMsStruct: false,
  enumsAreInt: true,
};

/** The ABIs that layouts can be computed for. */
export const ABIS: Readonly<Record<AbiName, Abi>> = {
  'x86_64-linux-gnu': X86_64_LINUX,
  'i386-linux-gnu': I386_LINUX,
  'aarch64-linux-gnu': AARCH64_LINUX,
  'arm-linux-gnueabihf': ARM_LINUX,
  'x86_64-w64-mingw32': X86_64_MINGW,
  'x86_64-pc-windows-msvc': X86_64_MSVC,
};

/** The ABI that is meant where none is named. */
export const DEFAULT_ABI: AbiName = 'x86_64-linux-gnu';
