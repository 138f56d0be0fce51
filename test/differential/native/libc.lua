-- The process's C library and zlib, by luajit and by `cdef run --native`: both print the same.
local ffi=require'ffi'
ffi.cdef[[
size_t strlen(const char *s); int printf(const char *fmt, ...); char *getenv(const char *);
int snprintf(char *, size_t, const char *, ...);
unsigned long compressBound(unsigned long sourceLen);
int compress2(uint8_t *dest, unsigned long *destLen, const uint8_t *source, unsigned long sourceLen, int level);
int uncompress(uint8_t *dest, unsigned long *destLen, const uint8_t *source, unsigned long sourceLen);
void qsort(void*,size_t,size_t,int(*)(const int*,const int*));
typedef struct { int quot, rem; } div_t; div_t div(int,int);
typedef struct { long quot, rem; } ldiv_t; ldiv_t ldiv(long,long);
int open(const char *, int, ...); char *strerror(int);
extern char **environ;
void *malloc(size_t); void free(void*);
struct tm { int sec,min,hour,mday,mon,year,wday,yday,isdst; long gmtoff; const char *zone; };
struct tm *gmtime_r(const long *, struct tm*);
long strtol(const char*, char**, int);
]]
local C=ffi.C
print('strlen', C.strlen('hello'))
C.printf('%d %s %g %5.2f %lld\n', ffi.new('int',5), 'str', 1.5, 2.25, 7LL)
print('after')
local buf=ffi.new('char[?]',50)
print(C.snprintf(buf,50,'<%s|%d>', 'x', ffi.cast('int',-3)), ffi.string(buf))
print(ffi.string(C.getenv('HOME')), C.getenv('NOSUCH_')==nil)
local zlib=ffi.load'z'
local function compress(txt)
  local n=zlib.compressBound(#txt)
  local buf=ffi.new('uint8_t[?]',n)
  local buflen=ffi.new('unsigned long[1]',n)
  local res=zlib.compress2(buf,buflen,txt,#txt,9)
  assert(res==0)
  return ffi.string(buf,buflen[0])
end
local function uncompress(comp,n)
  local buf=ffi.new('uint8_t[?]',n)
  local buflen=ffi.new('unsigned long[1]',n)
  local res=zlib.uncompress(buf,buflen,comp,#comp)
  assert(res==0)
  return ffi.string(buf,buflen[0])
end
local txt=string.rep('abcd',1000)
print('Uncompressed size: ',#txt)
local c=compress(txt)
print('Compressed size: ',#c)
local txt2=uncompress(c,#txt)
assert(txt2==txt)
local a=ffi.new('int[6]',4,3,2,1,9,0)
local n=0
local cb=ffi.cast('int(*)(const int*,const int*)',function(x,y) n=n+1 return x[0]-y[0] end)
C.qsort(a,6,4,cb) cb:free()
for i=0,5 do io.write(a[i],' ') end print(n)
print(pcall(C.qsort,a,6,4,function(x,y) error('in cmp') end))
local d=C.div(7,2) print(d.quot,d.rem)
local d=C.ldiv(-7,2) print(d.quot,d.rem)
print(C.open('/nosuch',0), ffi.errno(), ffi.string(C.strerror(ffi.errno())))
print(ffi.string(C.environ[0])~=nil)
local p=ffi.gc(C.malloc(100),C.free)
ffi.fill(p,100,65) print(ffi.string(p,5))
local t=ffi.new('long[1]',86400*365) local tm=ffi.new'struct tm'
print(C.gmtime_r(t,tm)==tm, tm.year, tm.yday, ffi.string(tm.zone))
local e=ffi.new'char*[1]' ffi.errno(0) print(C.strtol('99999999999999999999xx',e,10), ffi.errno(), ffi.string(e[0]))
print(pcall(function() return ffi.C.nosuch end))
print(ffi.typeof(C.strlen))
local fp=ffi.cast('size_t(*)(const char*)',C.strlen) print(fp('abc'))
print(pcall(function() C.strlen(5) end)) print(pcall(C.strlen)) print(pcall(C.strlen,'a','b'))

-- A block of malloc in a struct, strings in an array that C fills, a pointer as a number and back.
ffi.cdef'char *strdup(const char *); char *strtok_r(char *, const char *, char **); int sscanf(const char *, const char *, ...);'
local text = ffi.gc(C.strdup('a b,c'), C.free)
local rest, words = ffi.new('char *[1]'), {}
local word = C.strtok_r(text, ' ,', rest)
while word ~= nil do words[#words + 1] = ffi.string(word) word = C.strtok_r(nil, ' ,', rest) end
print(table.concat(words, '|'), ffi.cast('char *', ffi.cast('uintptr_t', text)) == text, text + 2 > text, (text + 4) - text)
local i, d, s = ffi.new('int[1]'), ffi.new('double[1]'), ffi.new('char[8]')
print(C.sscanf('42 1.5 word', '%d %lf %7s', i, d, s), i[0], d[0], ffi.string(s))
ffi.cdef'struct timeval { long tv_sec, tv_usec; }; int gettimeofday(struct timeval *, void *); extern int optind;'
local now = ffi.new'struct timeval'
print(C.gettimeofday(now, nil), now.tv_sec > 1700000000, now.tv_usec < 1000000)
print(C.optind) C.optind = 3 print(C.optind)
-- Memory that Lua made stays where it is while it is used, however much garbage there is.
local list = {}
for n = 1, 2000 do list[n] = ffi.new('char[?]', n % 90 + 8) C.snprintf(list[n], 8, '%d', ffi.new('int', n)) end
local sum = 0
for n = 1, 2000 do sum = sum + tonumber(ffi.string(list[n])) end
print(sum)
local big = ffi.new('int[?]', 5000)
for n = 0, 4999 do big[n] = (n * 7919) % 5000 end
local calls = 0
C.qsort(big, 5000, 4, function(x, y) calls = calls + 1 if calls % 1000 == 0 then collectgarbage() end return x[0] - y[0] end)
for n = 0, 4999 do assert(big[n] == n) end
