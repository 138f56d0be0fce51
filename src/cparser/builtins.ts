/**
 * What gcc has: the functions and attributes that `__has_builtin` and `__has_attribute` say yes to. Headers declare
 * other things where the answer is no. As gcc 12 answers for C on x86-64, without its functions for machine instructions
 * and for its own run time.
 * Followed here: https://gcc.gnu.org/onlinedocs/gcc/Other-Builtins.html and the sections around it.
 * @module
 */

// Made when it is asked for, which few texts do, and not while the module is loaded.
function once<T>(make: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const suffixed = (names: string, suffixes: readonly string[]): string[] =>
  words(names).flatMap((name) => suffixes.map((suffix) => `${name}${suffix}`));

const REAL = ['', 'f', 'l'];
const SIZED_REAL = [...REAL, 'f16', 'f32', 'f64', 'f128', 'f32x', 'f64x'];
const DECIMAL = ['d32', 'd64', 'd128'];

// The C library's functions, known with and without `__builtin_`.
const library = (): string[] => [
  ...words(`
    _Exit _exit abort abs aligned_alloc alloca bcmp bcopy bzero calloc dcgettext dgettext execl execle execlp execv execve
    execvp exit feclearexcept fegetenv fegetexceptflag fegetround feholdexcept feraiseexcept fesetenv fesetexceptflag
    fesetround fetestexcept feupdateenv ffs ffsl ffsll fork fprintf fprintf_unlocked fputc fputc_unlocked fputs
    fputs_unlocked free fscanf fwrite fwrite_unlocked gamma_r gammaf_r gammal_r gettext imaxabs index isalnum isalpha
    isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper iswalnum iswalpha iswblank iswcntrl
    iswdigit iswgraph iswlower iswprint iswpunct iswspace iswupper iswxdigit isxdigit labs lgamma_r lgammaf_r lgammal_r
    llabs malloc memchr memcmp memcpy memmove mempcpy memset posix_memalign printf printf_unlocked putc putc_unlocked
    putchar putchar_unlocked puts puts_unlocked realloc rindex scanf snprintf sprintf sscanf stpcpy stpncpy strcasecmp
    strcat strchr strcmp strcpy strcspn strdup strfmon strftime strlen strncasecmp strncat strncmp strncpy strndup strnlen
    strpbrk strrchr strspn strstr toascii tolower toupper towlower towupper vfprintf vfscanf vprintf vscanf vsnprintf
    vsprintf vsscanf __clear_cache __fprintf_chk __memcpy_chk __memmove_chk __mempcpy_chk __memset_chk __printf_chk
    __snprintf_chk __sprintf_chk __stpcpy_chk __stpncpy_chk __strcat_chk __strcpy_chk __strncat_chk __strncpy_chk
    __vfprintf_chk __vprintf_chk __vsnprintf_chk __vsprintf_chk`),
  ...suffixed(
    `acos acosh asin asinh atan atan2 atanh cabs cacos cacosh carg casin casinh catan catanh cbrt ccos ccosh cexp cimag clog
     clog10 conj cos cosh cpow cproj creal csin csinh csqrt ctan ctanh drem erf erfc exp exp10 exp2 expm1 fdim fmod frexp
     gamma hypot ilogb j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nextafter
     nexttoward pow pow10 remainder remquo scalb scalbln scalbn significand sin sincos sinh tan tanh tgamma y0 y1 yn`,
    REAL,
  ),
  ...suffixed('ceil copysign floor fma fmax fmin nearbyint rint round roundeven sqrt trunc', SIZED_REAL),
  ...suffixed('fabs nan', [...SIZED_REAL, ...DECIMAL]),
  ...suffixed('finite isinf isnan signbit', [...REAL, ...DECIMAL]),
];

// Known with `__builtin_` only.
const own = (): string[] => [
  ...words(`
    FILE FUNCTION LINE acc_on_device add_overflow add_overflow_p alloca_with_align alloca_with_align_and_max apply
    apply_args assoc_barrier assume_aligned bswap16 bswap32 bswap64 bswap128 choose_expr classify_type clear_padding
    constant_p convertvector copysignq cpu_init cpu_is cpu_supports dynamic_object_size expect expect_with_probability
    extend_pointer extract_return_addr fabsq fpclassify frame_address frob_return_addr has_attribute huge_valq infq
    isfinite isinf_sign isnormal longjmp ms_va_copy ms_va_end ms_va_start mul_overflow mul_overflow_p nanq nansq
    object_size offsetof prefetch return return_address setjmp shuffle shufflevector speculation_safe_value stack_restore
    stack_save sub_overflow sub_overflow_p sysv_va_copy sysv_va_end sysv_va_start thread_pointer trap types_compatible_p
    unreachable va_arg_pack va_arg_pack_len va_copy va_end va_start`),
  ...['sadd', 'ssub', 'smul', 'uadd', 'usub', 'umul'].flatMap((name) => ['', 'l', 'll'].map((size) => `${name}${size}_overflow`)),
  ...suffixed('clrsb clz ctz parity popcount', ['', 'l', 'll', 'imax']),
  ...suffixed('cexpi iceil ifloor irint iround lceil lfloor llceil llfloor powi', REAL),
  ...suffixed('huge_val', SIZED_REAL),
  ...suffixed('inf nans', [...SIZED_REAL, ...DECIMAL]),
  'ffsimax',
];

const OPERATIONS = ['add', 'sub', 'and', 'or', 'xor', 'nand'];
const SIZES = ['', '_1', '_2', '_4', '_8', '_16'];

const atomic = (): string[] => [
  ...words(`
    __atomic_always_lock_free __atomic_clear __atomic_compare_exchange_n __atomic_exchange_n __atomic_feraiseexcept
    __atomic_is_lock_free __atomic_load_n __atomic_signal_fence __atomic_store_n __atomic_test_and_set
    __atomic_thread_fence __sync_synchronize`),
  ...suffixed(
    `__atomic_compare_exchange __atomic_exchange __atomic_load __atomic_store __sync_bool_compare_and_swap
     __sync_val_compare_and_swap __sync_lock_release __sync_lock_test_and_set`,
    SIZES,
  ),
  ...OPERATIONS.flatMap((name) =>
    suffixed(`__atomic_fetch_${name} __atomic_${name}_fetch __sync_fetch_and_${name} __sync_${name}_and_fetch`, SIZES),
  ),
];

const builtins = once(() => new Set([...library(), ...[...library(), ...own()].map((name) => `__builtin_${name}`), ...atomic()]));

/** Whether gcc has a function of this name built in. */
export function isBuiltin(name: string): boolean {
  return builtins().has(name);
}

const attributes = once(
  () =>
    new Set(
      words(`
    access alias aligned alloc_align alloc_size always_inline artificial assume_aligned
    callee_pop_aggregate_return cdecl cleanup cold common const constructor copy deprecated designated_init
    destructor error externally_visible fallthrough fastcall fentry_name fentry_section flatten
    force_align_arg_pointer format format_arg function_return gcc_struct gnu_inline hot ifunc indirect_branch
    indirect_return interrupt leaf malloc may_alias maybe_unused mode ms_abi ms_hook_prologue ms_struct naked
    no_address_safety_analysis no_caller_saved_registers no_icf no_instrument_function
    no_profile_instrument_function no_reorder no_sanitize no_sanitize_address no_sanitize_coverage
    no_sanitize_thread no_sanitize_undefined no_split_stack no_stack_limit no_stack_protector nocf_check noclone
    nocommon nodirect_extern_access nodiscard noinit noinline noipa nonnull nonstring noplt noreturn nothrow
    objc_nullability objc_root_class optimize packed patchable_function_entry persistent pure regparm retain
    returns_nonnull returns_twice scalar_storage_order section sentinel signed_bool_precision simd sseregparm
    stack_protect stdcall symver sysv_abi tainted_args target target_clones thiscall tls_model
    transaction_callable transaction_may_cancel_outer transaction_pure transaction_safe transaction_safe_dynamic
    transaction_unsafe transaction_wrap transparent_union unavailable uninitialized unused used vector_mask
    vector_size visibility volatile warn_if_not_aligned warn_unused warn_unused_result warning weak weakref
    zero_call_used_regs`),
    ),
);

// C2x 6.7.12: standard attributes have the date of their paper.
const STANDARD_ATTRIBUTES: ReadonlyMap<string, number> = new Map([
  ['deprecated', 201904],
  ['fallthrough', 201904],
  ['maybe_unused', 201904],
  ['nodiscard', 202003],
]);

/** What `__has_attribute(name)` is, and `__has_c_attribute(name)` for `isStandard`: 0 for what gcc does not know. */
export function attributeVersion(name: string, { isStandard }: { isStandard: boolean }): number {
  const [, scope, spelled] = /^(?:(\w+)\s*::\s*)?(\w*)$/.exec(name) ?? [];
  const plain = spelled?.replace(/^__(.*)__$/, '$1') ?? '';
  const isGnu = scope === 'gnu' || scope === '__gnu__';
  const version = scope === undefined ? STANDARD_ATTRIBUTES.get(plain) : undefined;
  if (version !== undefined) return version;
  return attributes().has(plain) && (isGnu || (scope === undefined && !isStandard)) ? 1 : 0;
}
