/**
 * Lua snippets that call the C library and print the same under LuaJIT, with glibc, and under cdef: `[title, code]`. They run
 * behind `LUA_PRELUDE` and `LIBC_PRELUDE`, which declares the functions and gives
 *
 *     int(n) long(n) ulong(n)   boxed integers, for arguments behind `...`
 *     fmt(format, ...)          what `snprintf` writes, and its result
 *     str(pointer)              the string there, between brackets; nil for NULL
 *     show(...)                 prints values: numbers by `snprintf`, without the sign of NaN; control characters as numbers
 *
 * Out of bounds: the order of calls of a comparison function, last digits of transcendental functions.
 * @module
 */

export const LIBC_PRELUDE = `
ffi.cdef [[
  typedef struct { int quot, rem; } div_t;
  typedef struct { long quot, rem; } ldiv_t;
  struct in_addr { uint32_t s_addr; };
  struct timeval { long tv_sec, tv_usec; };
  typedef int (*comparison)(const void *, const void *);
  size_t strlen(const char *s); size_t strnlen(const char *s, size_t n);
  int strcmp(const char *a, const char *b); int strncmp(const char *a, const char *b, size_t n);
  int strcasecmp(const char *a, const char *b); int strncasecmp(const char *a, const char *b, size_t n); int strcoll(const char *a, const char *b);
  char *strcpy(char *to, const char *from); char *strncpy(char *to, const char *from, size_t n); char *stpcpy(char *to, const char *from);
  char *strcat(char *to, const char *from); char *strncat(char *to, const char *from, size_t n);
  char *strchr(const char *s, int c); char *strrchr(const char *s, int c); char *strstr(const char *s, const char *t);
  size_t strspn(const char *s, const char *t); size_t strcspn(const char *s, const char *t); char *strpbrk(const char *s, const char *t);
  char *strtok(char *s, const char *t); char *strerror(int n); char *strdup(const char *s); char *strndup(const char *s, size_t n);
  void *memcpy(void *to, const void *from, size_t n); void *memmove(void *to, const void *from, size_t n);
  void *memset(void *s, int c, size_t n); int memcmp(const void *a, const void *b, size_t n); void *memchr(const void *s, int c, size_t n);
  void *malloc(size_t n); void *calloc(size_t n, size_t size); void *realloc(void *p, size_t n); void free(void *p);
  long strtol(const char *s, char **end, int base); unsigned long strtoul(const char *s, char **end, int base);
  long long strtoll(const char *s, char **end, int base); unsigned long long strtoull(const char *s, char **end, int base);
  double strtod(const char *s, char **end); int atoi(const char *s); long atol(const char *s); long long atoll(const char *s); double atof(const char *s);
  int abs(int n); long labs(long n); long long llabs(long long n); div_t div(int a, int b); ldiv_t ldiv(long a, long b);
  int rand(void); void srand(unsigned seed); long random(void); void srandom(unsigned seed);
  void qsort(void *base, size_t n, size_t size, comparison compare);
  void *bsearch(const void *key, const void *base, size_t n, size_t size, comparison compare);
  int isalpha(int c); int isdigit(int c); int isspace(int c); int isalnum(int c); int isupper(int c); int islower(int c); int ispunct(int c);
  int isprint(int c); int isxdigit(int c); int isgraph(int c); int iscntrl(int c); int isblank(int c); int toupper(int c); int tolower(int c);
  int sprintf(char *to, const char *format, ...); int snprintf(char *to, size_t n, const char *format, ...);
  char *getenv(const char *name); long time(long *to); long clock(void); int gettimeofday(struct timeval *to, void *zone);
  uint32_t htonl(uint32_t n); uint32_t ntohl(uint32_t n); uint16_t htons(uint16_t n); uint16_t ntohs(uint16_t n);
  int inet_pton(int family, const char *text, void *to); const char *inet_ntop(int family, const void *from, char *to, unsigned size);
  uint32_t inet_addr(const char *text); int inet_aton(const char *text, struct in_addr *to); char *inet_ntoa(struct in_addr address);
  double sqrt(double); double cbrt(double); double pow(double, double); double exp(double); double exp2(double); double expm1(double);
  double log(double); double log2(double); double log10(double); double log1p(double); double sin(double); double cos(double); double tan(double);
  double asin(double); double acos(double); double atan(double); double atan2(double, double); double sinh(double); double cosh(double);
  double tanh(double); double asinh(double); double acosh(double); double atanh(double); double floor(double); double ceil(double);
  double trunc(double); double round(double); double rint(double); double nearbyint(double); double fabs(double); double fmod(double, double);
  double remainder(double, double); double hypot(double, double); double fmin(double, double); double fmax(double, double);
  double fdim(double, double); double copysign(double, double); double ldexp(double, int); double scalbn(double, int);
  double frexp(double, int *); double modf(double, double *); long lround(double); long lrint(double); long long llround(double);
  float sqrtf(float); float powf(float, float); float fabsf(float); float floorf(float); float fmodf(float, float); float roundf(float);
]]
local function int(n) return ffi.new('int', n) end
local function long(n) return ffi.new('int64_t', n) end
local function ulong(n) return ffi.new('uint64_t', n) end
local room = ffi.new 'char[2048]'
local function fmt(format, ...)
  local n = C.snprintf(room, 2048, format, ...)
  return '[' .. ffi.string(room) .. '] ' .. n
end
local NULL = ffi.new 'void *'
local function str(p)
  if p == nil or p == NULL then return nil end
  return '[' .. ffi.string(p) .. ']'
end
local function text(value)
  if type(value) == 'number' then
    if value ~= value then return 'nan' end
    C.snprintf(room, 2048, '%.14g', value)
    return ffi.string(room)
  end
  return (tostring(value):gsub('%c', function(c) return ('<%d>'):format(c:byte()) end))
end
local function show(...)
  local out = {}
  for i = 1, select('#', ...) do out[i] = text((select(i, ...))) end
  print(table.concat(out, '  '))
end
-- A walk through all kinds of bits, the same everywhere.
local seed = 12345
local function bits()
  seed = (seed * 1103515 + 12345) % 2147483648
  return seed
end
local double = ffi.new 'union { double value; uint32_t half[2]; }'
local function anyDouble()
  repeat
    double.half[0] = bits() * 2 + bits() % 2
    double.half[1] = bits() * 2 + bits() % 2
  until double.value == double.value and double.value - double.value == 0
  return double.value
end
`;

export const libcSnippets: readonly (readonly [string, string])[] = [
  // ---- strings
  ['lengths', `show(C.strlen 'hello', C.strlen '', C.strnlen('hello', 3), C.strnlen('hello', 9), C.strnlen('hello', 0))`],
  [
    'comparisons have the sign of the first difference',
    `local function sign(n) return n < 0 and -1 or n > 0 and 1 or 0 end
    local words = { '', 'a', 'A', 'ab', 'abc', 'abd', 'aBc', 'b', '\\255', 'a\\255', '_', 'Z' }
    for _, a in ipairs(words) do
      local line = {}
      for _, b in ipairs(words) do
        line[#line + 1] = ('%d%d%d%d%d'):format(sign(C.strcmp(a, b)), sign(C.strncmp(a, b, 2)), sign(C.strcasecmp(a, b)),
          sign(C.strncasecmp(a, b, 2)), sign(C.strcoll(a, b)))
      end
      show((table.unpack or unpack)(line))
    end
    show(sign(C.memcmp('abc', 'abd', 3)), sign(C.memcmp('abc', 'abd', 2)), sign(C.memcmp('\\255', '\\1', 1)), C.strncmp('x', 'y', 0))`,
  ],
  [
    'copies',
    `local b = ffi.new('char[32]', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
    show(str(C.strcpy(b, 'hello')), str(C.strcat(b, ' world')), str(C.strncat(b, '!!!!!', 2)), str(C.strncpy(b, 'HE', 2)))
    C.strncpy(b, 'ab', 5)
    show(b[0], b[1], b[2], b[3], b[4], b[5])
    show(C.stpcpy(b, 'four') - b, str(b))
    show(str(C.strdup 'twice'), str(C.strndup('twice', 3)), str(C.strndup('twice', 30)), str(C.strdup ''))`,
  ],
  [
    'memory',
    `local b = ffi.new('char[16]', '0123456789abcde')
    show(str(C.memmove(b + 2, b, 8)), str(C.memcpy(b, 'XYZ', 3)), str(C.memset(b, 0x21, 4)), str(C.memset(b, 0x141, 2)))
    show(str(C.memchr(b, 0x33, 15)), C.memchr('abc', 0x64, 3) == NULL, C.memchr('abc', 0x61, 0) == NULL)`,
  ],
  [
    'searches',
    `show(str(C.strchr('hello', 0x6c)), str(C.strrchr('hello', 0x6c)), str(C.strchr('hello', 0)), str(C.strrchr('hello', 0)), str(C.strchr('hello', 0x7a)))
    show(str(C.strchr('hello', 0x16c)), str(C.strrchr('', 1)))
    for _, t in ipairs { 'll', '', 'lo', 'hello', 'hellox', 'o', 'h', 'lll', 'elo' } do show(t, str(C.strstr('hello', t))) end
    show(str(C.strstr('aaaaabaaab', 'aaab')), str(C.strstr('abababac', 'ababac')), str(C.strstr('', '')), str(C.strstr('', 'a')))
    show(C.strspn('hello', 'leh'), C.strcspn('hello', 'lo'), C.strspn('hello', ''), C.strcspn('hello', ''), str(C.strpbrk('hello', 'ol')), str(C.strpbrk('hello', 'xyz')))`,
  ],
  [
    'strtok cuts a string at separators',
    `local b = ffi.new('char[32]', ',,one,,two;three,')
    local p = C.strtok(b, ',;')
    while p ~= NULL do show(str(p)); p = C.strtok(nil, ',;') end
    show(C.strtok(nil, ',') == NULL, C.strtok(ffi.new('char[4]', ',,,'), ',') == NULL)`,
  ],
  ['all texts of strerror', `for n = -1, 140 do show(n, str(C.strerror(n))) end`],

  // ---- characters
  [
    'classes of all characters',
    `for c = -1, 255 do
      show(c, C.isalpha(c), C.isdigit(c), C.isspace(c), C.isalnum(c), C.isupper(c), C.islower(c), C.ispunct(c), C.isprint(c), C.isxdigit(c),
        C.isgraph(c), C.iscntrl(c), C.isblank(c), C.toupper(c), C.tolower(c))
    end`,
  ],

  // ---- text to numbers
  [
    'strtol and those like it, in all bases, with their ends and errors',
    `local end_ = ffi.new 'char *[1]'
    local texts = { '', ' ', '0', '42', '-42', '+42', ' \\t\\n42', '- 42', '--42', '42abc', '0x1F', '0X1f', '0x', '0xg', '017', '08', '0b11', 'zz', 'ZZ', '+', '-',
      '2147483647', '2147483648', '-2147483648', '-2147483649', '4294967295', '4294967296', '9223372036854775807', '9223372036854775808',
      '-9223372036854775808', '-9223372036854775809', '18446744073709551615', '18446744073709551616', '-18446744073709551615',
      '-18446744073709551616', '99999999999999999999999999', '-99999999999999999999999999', '1e5', '1.5', '0x7fffffffffffffff', '0x-1', '7fffffffffffffff' }
    for _, name in ipairs { 'strtol', 'strtoul', 'strtoll', 'strtoull' } do
      for _, text in ipairs(texts) do
        for _, base in ipairs { 0, 10, 16, 8, 2, 36, 3 } do
          local s = ffi.new('char[40]', text)
          ffi.errno(0)
          local n = C[name](s, end_, base)
          show(name, text, base, n, end_[0] - s, ffi.errno())
        end
      end
    end`,
  ],
  [
    'bases that are none',
    `for _, base in ipairs { 1, -1, 37, 100 } do
      ffi.errno(0)
      show(C.strtol('10', nil, base), ffi.errno(), C.strtoull('10', nil, base))
    end
    ffi.errno(5)
    show(C.strtol('12', nil, 10), ffi.errno())`,
  ],
  [
    'atoi, atol, atof',
    `for _, text in ipairs { '', '12', ' -12x', '2147483648', '9223372036854775808', '-9223372036854775809', '4294967297', 'x', '0x10', '1e3', '  +7.5e-1z' } do
      ffi.errno(0)
      show(text, C.atoi(text), C.atol(text), C.atoll(text), C.atof(text))
    end`,
  ],
  [
    'strtod, with its ends and errors',
    `local end_ = ffi.new 'char *[1]'
    for _, text in ipairs { '', ' ', '0', '-0', '1', '1.', '.1', '.', '-.5e1', '1e', '1e+', '1e5', '1E-5x', '1e400', '-1e400', '1e-400', '4.9e-324', '2e-324', '2.5e-324', '1e-310', '0e999',
      '2.2250738585072014e-308', '2.2250738585072011e-308', '1.7976931348623157e308', '1.7976931348623159e308', '0x1', '0x', '0x.8', '0x1.8p1', '0x1p', '0xp1', '0x1p-1074',
      '0x1p-1075', '0x1.8p-1075', '0x1p1023', '0x1p1024', '0x1.fffffffffffff7p1023', '0x1.fffffffffffff8p1023', '0x1.00000000000008p0', '0x1.00000000000018p0', '0x1.000000000000080000000000000000000000000001p0',
      '0x123456789abcdef0123', '-0x1p4z', 'inf', 'INFINITY', '-infinit', 'infinityx', 'in', '1.5.5', '1,5', '+1', '+-1', '  \\n12', '9007199254740993', '9007199254740992.9999',
      '123456789012345678901234567890', '0.1e1e1', '1_000', '0.000000000000000000000000000000000001', '1e00000000000000000000005', '1e-99999999999999999999', '0x0p99999', '0x1p99999', '0x1p-99999' } do
      local s = ffi.new('char[80]', text)
      ffi.errno(0)
      local n = C.strtod(s, end_)
      show(text, fmt('%a %.17g', n, n), end_[0] - s, ffi.errno())
    end
    show(C.strtod('nan', nil) ~= C.strtod('nan', nil), C.strtod('NaN(abc_1)x', end_) ~= 0, str(end_[0]))`,
  ],
  [
    'doubles to text and back',
    `for i = 1, 300 do
      local n = anyDouble()
      local text = fmt('%.17g', n):match '%[(.*)%]'
      show(text, C.strtod(text, nil) == n, C.atof(text) == n, C.strtod(fmt('%a', n):match '%[(.*)%]', nil) == n)
    end`,
  ],

  // ---- printf
  [
    'printf: integers in all flags, widths and precisions',
    `for _, conversion in ipairs { 'd', 'i', 'u', 'o', 'x', 'X' } do
      for _, flags in ipairs { '', '-', '+', ' ', '#', '0', '-0', '+ ', '#0', '+0', '- ', '#-' } do
        for _, width in ipairs { '', '1', '8' } do
          for _, precision in ipairs { '', '.', '.0', '.5' } do
            local format = '%' .. flags .. width .. precision .. conversion
            show(format, fmt(format .. '|' .. format .. '|' .. format .. '|' .. format, int(0), int(1), int(-42), int(12345)))
          end
        end
      end
    end`,
  ],
  [
    'printf: lengths cut integers',
    `for _, length in ipairs { 'hh', 'h', '', 'l', 'll', 'j', 'z', 't', 'q' } do
      for _, conversion in ipairs { 'd', 'u', 'x', '#o' } do
        local format = '%' .. conversion:sub(1, -2) .. length .. conversion:sub(-1)
        for _, n in ipairs { 0, 1, -1, 127, 128, 255, 32768, 65535, 2147483647, -2147483648 } do show(format, fmt(format, long(n))) end
        show(fmt(format, ffi.cast('int64_t', -2 ^ 63)), fmt(format, ulong(2 ^ 53)), fmt(format, ffi.cast('uint64_t', ffi.cast('int64_t', -1))))
      end
    end
    show(fmt('%hhd %hd %d %ld', ffi.new('int8_t', -1), ffi.new('int16_t', -2), ffi.new('int32_t', -3), ffi.new('int64_t', -4)))
    show(fmt('%u %u %u', ffi.new('uint8_t', 255), ffi.new('uint16_t', 65535), ffi.new('uint32_t', 4294967295)), fmt('%d', true), fmt('%d %d', ffi.new('bool', true), false))`,
  ],
  [
    'printf: floating point in all flags, widths and precisions',
    `local values = { 0, -0.0, 1, -1, 0.5, 1.5, 2.5, 0.1, 9.995, 99999.95, 1e5, 1e6, 123456789, 1e-4, 1e-5, 1.25e-5, 1 / 3, 1e100, 5e-324, 1.7976931348623157e308, 1 / 0, -1 / 0 }
    for _, conversion in ipairs { 'f', 'e', 'g', 'G', 'E', 'a', 'A', 'F' } do
      for _, flags in ipairs { '', '-', '+', ' ', '#', '0', '#0' } do
        for _, size in ipairs { '', '14', '.0', '.1', '.3', '14.4', '.17' } do
          local format = '%' .. flags .. size .. conversion
          for _, value in ipairs(values) do show(format, fmt(format, value)) end
        end
      end
    end`,
  ],
  [
    'printf: every digit of a double',
    `for _, value in ipairs { 0.1, 1 / 3, 2 ^ -1074, 2 ^ 1023, 1e23, 4.35, 0.3, 123456.789e3, 2 ^ 53 + 1 } do
      show(fmt('%.60f', value)); show(fmt('%.60e', value)); show(fmt('%.60g', value)); show(fmt('%.1100f', value)); show(fmt('%.20a', value))
    end`,
  ],
  [
    'printf: doubles of all sizes',
    `for i = 1, 400 do
      local value = anyDouble()
      show(fmt('%a %.3a %.0a %e %.0e %.16e %g %.3g %.17g', value, value, value, value, value, value, value, value, value))
      local small = C.fmod(value, 1000)
      show(fmt('%f %.0f %.1f %.2f %.15f %g', small, small, small, small, small, small))
    end
    for i = -20, 20 do show(fmt('%.0f %.0f %.1f %.2f %.0e', i / 2, i / 4, i / 8 + 0.05, i / 200, i * 5)) end`,
  ],
  [
    'printf: strings and characters',
    `for _, format in ipairs { '%s', '%10s|', '%-10s|', '%.2s', '%.0s', '%.s', '%10.3s|', '%-10.3s|', '%.100s', '%010s' } do show(format, fmt(format, 'hello'), fmt(format, '')) end
    show(fmt('%s %s', ffi.new('char[6]', 'array'), ffi.cast('const char *', 'pointer')), fmt('%.3s', ffi.new('char[3]', { 97, 98, 99 })))
    show(fmt('%c%c%c', int(65), int(0x141), int(0x7e)), fmt('%5c|%-5c|', int(65), int(66)))
    show(fmt('%s %10s %.3s %.6s', nil, nil, nil, nil), fmt('%d%%', int(5)), fmt('%%'), fmt('%5%|'), fmt(''))
    show(fmt('%p %20p|%-8p|', nil, nil, nil), fmt('%p', ffi.cast('void *', 4096)), fmt('%16p|%-16p|', ffi.cast('char *', 255), ffi.cast('int *', 1)))`,
  ],
  [
    'printf: widths and precisions as arguments',
    `show(fmt('%*d|%-*d|%*d|', int(5), int(42), int(5), int(42), int(-5), int(42)), fmt('%.*f|%.*f', int(2), 1.5, int(-1), 1.5))
    show(fmt('%*.*f|', int(10), int(3), 2.5), fmt('%.*s|%*s|', int(3), 'hello', int(8), 'x'), fmt('%0*d', int(6), int(-42)), fmt('%.*d|', int(0), int(0)))`,
  ],
  [
    'snprintf keeps to its room, and says what it would have written',
    `local b = ffi.new('char[16]', 'xxxxxxxxxxxxxxx')
    for _, n in ipairs { 0, 1, 2, 5, 6, 16 } do
      C.memset(b, 0x78, 15)
      show(n, C.snprintf(b, n, 'hello'), str(b))
    end
    show(C.snprintf(nil, 0, '%d %s', int(12345), 'text'), C.sprintf(b, '%d-%s', int(7), 'x'), str(b))
    ffi.errno(2)
    show(fmt '%m')`,
  ],
  [
    'printf: what Lua passes behind the dots',
    `ffi.cdef 'enum colour { RED, GREEN = 7 }; struct pair { int a; };'
    local pair = ffi.new('struct pair', 5)
    show(fmt('%d %g %g', ffi.new('enum colour', 'GREEN'), ffi.new('float', 0.1), ffi.new('double', 0.1)))
    show(fmt('%s|%s', ffi.new('int8_t[4]', 'abc'), ffi.new('const char *', 'def')))
    local values = ffi.new('struct { int32_t i; uint8_t b; double d; int64_t q; }', { -7, 200, 2.5, 99 })
    show(fmt('%g %g %g %ld', values.i, values.b, values.d, values.q))`,
  ],

  // ---- the heap
  [
    'blocks of the heap',
    `local p = ffi.cast('int *', C.malloc(16))
    p[0], p[3] = 1, 4
    p = ffi.cast('int *', C.realloc(p, 32))
    show(p[0], p[3])
    p[7] = 8
    p = ffi.cast('int *', C.realloc(p, 8))
    show(p[0])
    C.free(p)
    local z = ffi.cast('char *', C.calloc(3, 5))
    local sum = 0
    for i = 0, 14 do sum = sum + z[i] end
    show(sum)
    C.free(z) C.free(nil)
    local q = C.realloc(nil, 4)
    show(q ~= NULL, C.malloc(0) ~= NULL, C.realloc(q, 0) == NULL)
    ffi.errno(0)
    show(C.malloc(ffi.cast('size_t', ffi.cast('int64_t', -1))) == NULL, ffi.errno(), C.calloc(2 ^ 40, 2 ^ 40) == NULL, ffi.errno())
    q = ffi.cast('char *', C.malloc(4)) C.strcpy(q, 'abc')
    ffi.errno(0)
    show(C.realloc(q, 2 ^ 62) == NULL, ffi.errno(), str(q))
    local held = ffi.gc(C.malloc(8), C.free)
    C.free(ffi.gc(held, nil))`,
  ],

  // ---- sorting
  [
    'qsort and bsearch',
    `local compare = ffi.cast('int (*)(const int *, const int *)', function(a, b) return a[0] - b[0] end)
    local values = ffi.new('int[10]', { 5, 3, 9, -1, 7, 3, 0, 8, 2, 6 })
    C.qsort(values, 10, 4, compare)
    local line = {}
    for i = 0, 9 do line[#line + 1] = values[i] end
    show((table.unpack or unpack)(line))
    for _, n in ipairs { -1, 9, 6, 4, 100, -100 } do
      local found = ffi.cast('int *', C.bsearch(ffi.new('int[1]', n), values, 10, 4, compare))
      show(n, found ~= NULL and found - values)
    end
    show(C.bsearch(ffi.new('int[1]', 1), values, 0, 4, compare) == NULL)
    C.qsort(values, 0, 4, compare)
    -- Equal elements stay in order.
    local pairs = ffi.new 'struct { int16_t key; int16_t value; }[40]'
    for i = 0, 39 do pairs[i].key, pairs[i].value = i * 7 % 5, i end
    local byKey = ffi.cast('int (*)(const int16_t *, const int16_t *)', function(a, b) return a[0] - b[0] end)
    C.qsort(pairs, 40, 4, byKey)
    line = {}
    for i = 0, 39 do line[#line + 1] = pairs[i].key * 100 + pairs[i].value end
    show((table.unpack or unpack)(line))
    -- Pointers to strings.
    local words = ffi.new('const char *[5]', { 'pear', 'apple', 'fig', 'kiwi', 'banana' })
    local byWord = ffi.cast('int (*)(const char **, const char **)', function(a, b) return C.strcmp(a[0], b[0]) end)
    C.qsort(words, 5, 8, byWord)
    show(str(words[0]), str(words[1]), str(words[2]), str(words[3]), str(words[4]))
    compare:free() byKey:free() byWord:free()`,
  ],
  [
    'functions of the library are values',
    `local length = ffi.cast('size_t (*)(const char *)', C.strlen)
    show(length 'four', C.strlen == C.strlen, ffi.typeof(C.abs))
    -- qsort with a function of the library: pairs of letters in order.
    local pairs = ffi.new('char[4][3]', { 'zb', 'aa', 'za', 'ab' })
    C.qsort(pairs, 4, 3, ffi.cast('comparison', C.strcmp))
    show(str(pairs[0]), str(pairs[1]), str(pairs[2]), str(pairs[3]))`,
  ],

  // ---- arithmetic
  [
    'absolute values and quotients',
    `show(C.abs(-5), C.abs(5), C.abs(-2147483648), C.labs(-5), C.llabs(ffi.cast('int64_t', -2 ^ 63)), C.llabs(-7))
    for _, pair in ipairs { { 17, 5 }, { -17, 5 }, { 17, -5 }, { -17, -5 }, { 3, 10 }, { 0, 1 } } do
      local d, l = C.div(pair[1], pair[2]), C.ldiv(pair[1], pair[2])
      show(d.quot, d.rem, l.quot, l.rem)
    end`,
  ],
  [
    'pseudo-random numbers',
    `for _, seed in ipairs { 1, 0, 2, 42, 123456789, 2147483647, 4294967295, 2147483648 } do
      C.srand(seed)
      show(seed, C.rand(), C.rand(), C.rand(), C.rand(), C.rand())
      for i = 1, 500 do C.rand() end
      show(C.rand(), C.random(), C.rand())
    end
    C.srandom(7)
    show(C.random(), C.rand())`,
  ],

  // ---- mathematics
  [
    'mathematics',
    `local values = { 0, 0.5, 1, -1, 1.5, 2, -2.5, 2.5, 3.7, -3.7, 10, 100, 0.1, 1e-10, 1e10, 1e300, 1 / 0, -1 / 0, 0.49999999999999994, 4503599627370497.5 }
    for _, name in ipairs { 'sqrt', 'cbrt', 'exp', 'exp2', 'expm1', 'log', 'log2', 'log10', 'log1p', 'atan', 'sinh', 'cosh', 'tanh', 'asin', 'acos', 'asinh',
      'acosh', 'atanh', 'floor', 'ceil', 'trunc', 'round', 'rint', 'nearbyint', 'fabs' } do
      for _, value in ipairs(values) do
        ffi.errno(0)
        show(name, value, C[name](value), ffi.errno())
      end
    end
    for _, name in ipairs { 'sin', 'cos', 'tan' } do
      for _, value in ipairs(values) do
        ffi.errno(0)
        if value < 1e300 then show(name, value, C[name](value), ffi.errno()) end
      end
    end`,
  ],
  [
    'mathematics of two numbers',
    `local values = { 0, -0.0, 0.5, 1, -1, 2, -2, 3, -3, 5.25, 1e308, 5e-324, 1 / 0, -1 / 0, 0 / 0 }
    for _, name in ipairs { 'pow', 'atan2', 'fmod', 'remainder', 'hypot', 'fdim', 'copysign', 'fmin', 'fmax' } do
      for _, a in ipairs(values) do
        for _, b in ipairs(values) do
          ffi.errno(0)
          -- Which of two zeros is the lesser is not said; the sign of NaN is not of interest.
          if not (name == 'fmin' or name == 'fmax') or a ~= b then
            if name ~= 'copysign' or b == b then show(name, a, b, C[name](a, b), ffi.errno()) end
          end
        end
      end
    end
    show(C.pow(0, -1), C.pow(-8, 1 / 3) ~= C.pow(-8, 1 / 3), C.pow(2, 0.5))`,
  ],
  [
    'parts of doubles',
    `local exponent, whole = ffi.new 'int[1]', ffi.new 'double[1]'
    for _, n in ipairs { 0, 1, -1, 0.1, 8, -0.75, 5e-324, 1e308, 1 / 0, 123.456, -2.5 } do
      show(n, C.frexp(n, exponent), n ~= 1 / 0 and exponent[0], C.modf(n, whole), whole[0], fmt('%a', C.frexp(n, exponent)))
    end
    for _, n in ipairs { 1, -1.5, 0.1, 5e-324, 1e308 } do
      for _, power in ipairs { 0, 1, -1, 10, 1023, 1024, -1022, -1023, -1074, -1075, 2000, -2000, 2147483647, -2147483648 } do
        ffi.errno(0)
        show(n, power, fmt('%a %a', C.ldexp(n, power), C.scalbn(n, power)), ffi.errno())
      end
    end
    for i = -12, 12 do show(i / 4, C.lround(i / 4), C.lrint(i / 4), C.llround(i / 4)) end
    for i = 1, 100 do local n = anyDouble() show(fmt('%a %a', C.ldexp(n, -500), C.frexp(n, exponent)), exponent[0]) end
    show(C.sqrtf(2), C.powf(2, 0.5), C.fabsf(-0.1), C.floorf(-1.5), C.fmodf(5.5, 2), C.roundf(2.5))
    for _, n in ipairs { 1, 20, 38, 39, -46, -60 } do
      ffi.errno(0)
      show(C.powf(10, n), ffi.errno())
    end`,
  ],
  [
    'remainders of all kinds of doubles',
    `for i = 1, 300 do
      local a, b = anyDouble(), anyDouble()
      local c, d = i + C.fmod(a, 1000), C.fmod(b, 10)
      show(fmt('%a %a', C.fmod(a, b), C.remainder(a, b)), d ~= 0 and fmt('%a %a', C.remainder(c, d), C.fmod(c, d)))
    end`,
  ],

  // ---- the network
  ['byte order', `show(C.htonl(0x01020304), C.ntohl(0xfffefdfc), C.htons(0x0102), C.ntohs(0xff01), C.htonl(1), C.htons(1))`],
  [
    'IPv4 addresses from text and to text',
    `local to, address = ffi.new 'uint8_t[4]', ffi.new 'struct in_addr'
    for _, text in ipairs { '1.2.3.4', '255.255.255.255', '0.0.0.0', '256.1.1.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.4 ', ' 1.2.3.4', '1.2.3.', '', '1', '0x7f.1', '0x7f000001',
      '1.2', '1.2.772', '1.2.65536', '1.16777215', '1.16777216', '4294967295', '4294967296', '017.0.0.1', '08.0.0.1', '0x', '1..2', 'a.b.c.d', '1.2.3.4x', '-1.2.3.4', '127.1\\n', '00.1.2.3' } do
      show(text, C.inet_pton(2, text, to), to[0], to[1], to[2], to[3], C.inet_addr(text), C.inet_aton(text, address), address.s_addr)
    end
    address.s_addr = 0x04030201
    show(str(C.inet_ntoa(address)))`,
  ],
  [
    'IPv6 addresses from text and to text',
    `local to, text = ffi.new 'uint8_t[16]', ffi.new 'char[64]'
    for _, address in ipairs { '::', '::1', '1::', '2001:db8::1', '2001:db8:0:0:1:0:0:1', '1:2:3:4:5:6:7:8', '1:0:0:4:5:0:0:0', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6::8', '::ffff:1.2.3.4', '::1.2.3.4',
      '::ffff:0:0', '1:2:3:4:5:6:1.2.3.4', '1::2::3', ':::', ':1', '1:', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'g::', 'ABCD::ef01', '::1.2.3', '::1.2.3.256', '1.2.3.4::', '::1.2.3.4:5', '1:2:3:4:5:6:7:1.2.3.4',
      'fe80::1%eth0', '', '::0:0', '0:0:0:0:0:0:0:0', '0:0:0:0:0:0:0:2', '0:0:0:0:0:0:1:0', '0:0:0:0:1:0:0:0', '::ffff:ffff:1.2.3.4', '64:ff9b::192.0.2.33', '1:2:3:4::1.2.3.4', '1:2:3:4:5:6:7::8', ' ::1', '::1 ', '0001::', '00001::' } do
      local result = C.inet_pton(10, address, to)
      show(address, result, result == 1 and str(C.inet_ntop(10, to, text, 64)))
    end
    for i = 1, 200 do
      for k = 0, 15 do to[k] = bits() % 3 == 0 and bits() % 256 or 0 end
      if i % 2 == 0 then for k = 0, 9 do to[k] = 0 end end
      if i % 4 == 0 then to[10], to[11] = 255, 255 end
      show(str(C.inet_ntop(10, to, text, 64)), C.inet_pton(10, text, to))
    end`,
  ],
  [
    'errors of the network functions',
    `local to, text = ffi.new 'uint8_t[16]', ffi.new 'char[64]'
    ffi.errno(0)
    show(C.inet_pton(1, '1.2.3.4', to), ffi.errno())
    ffi.errno(0)
    show(C.inet_ntop(99, to, text, 64) == NULL, ffi.errno())
    ffi.errno(0)
    show(C.inet_ntop(2, to, text, 7) == NULL, ffi.errno(), str(C.inet_ntop(2, to, text, 8)))
    ffi.errno(0)
    show(C.inet_ntop(10, to, text, 2) == NULL, ffi.errno(), str(C.inet_ntop(10, to, text, 3)))`,
  ],

  // ---- time and environment
  [
    'time and environment',
    `local t, tv = ffi.new 'long[1]', ffi.new 'struct timeval'
    local now = C.time(t)
    show(now == t[0], now > 1600000000, C.gettimeofday(tv, nil), tv.tv_sec - now < 5, tv.tv_usec >= 0, tv.tv_usec < 1000000, C.clock() > 0)
    show(C.getenv 'NO_SUCH_VARIABLE_HERE' == NULL, C.getenv 'PATH' ~= NULL, str(C.getenv 'PATH') == '[' .. os.getenv 'PATH' .. ']', C.getenv 'toString' == NULL)`,
  ],

  // ---- conversions of arguments
  [
    'arguments and results convert by the declared prototype',
    `try(function() C.strlen() end) try(function() C.strlen('a', 'b') end) try(function() C.strlen(5) end) try(function() C.strlen {} end)
    try(function() C.strcpy('literal', 'x') end) try(function() C.abs 'x' end) try(function() show(C.abs(true)) end) try(function() C.abs(nil) end)
    try(function() C.snprintf(room, 8, '%s', {}) end) try(function() C.snprintf(room, 8, '%s %s', 'a', print) end) try(function() C.snprintf(room, 8) end)
    show(C.abs(-2.9), C.toupper(97.9), C.strlen(ffi.new('uint8_t[4]', 'abc')), C.sqrt(long(16)), C.sqrt(true))
    show(ffi.typeof(C.strchr('a', 97)), ffi.typeof(C.strtoul('1', nil, 10)), type(C.abs(1)), select('#', C.free(nil)))`,
  ],
];
