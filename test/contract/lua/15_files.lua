local check = dofile(arg[0]:match '^.*/' .. 'check.lua')
local case, eq, prints, raises = check.case, check.eq, check.prints, check.raises
local ffi = require 'ffi'

local name = os.tmpname()

case('io writes and reads a file', function()
  local f = assert(io.open(name, 'w'))
  prints('file  true  22  2  true  true  closed file', io.type(f), f:write('line1\nline2\n', 3, ' ', 2.5, '\n\nend'), f:seek(), f:seek('set', 2), f:write('X'), f:close(), io.type(f))
  eq(tostring(f), 'file (closed)')
  raises('attempt to use a closed file', f.write, f, 'x')
  local lines = {}
  for line in io.lines(name) do lines[#lines + 1] = line end
  eq(table.concat(lines, '|'), 'liXe1|line2|3 2.5||end')
end)

case('read formats', function()
  local f = assert(io.open(name))
  prints('liXe1', f:read())
  prints('line2  3   2.5', f:read('*l', '*n', '*l'))
  prints('nil', f:read('*n'))
  prints('end  nil', f:read('*l', '*L', '*a'))
  prints('0', f:seek 'set')
  prints('liX  ', f:read(3, 0))
  prints('e1\nline2\n3 2.5\n\nend', f:read '*a')
  prints('  nil', f:read '*a', f:read(0))
  prints('22  19  end', f:seek 'end', f:seek('cur', -3), f:read '*a')
  prints('nil  Bad file descriptor  9', f:write 'x')
  prints('true  true', f:setvbuf('full', 1024), f:flush())
  f:close()
end)

case('modes', function()
  local f = assert(io.open(name, 'a+'))
  f:write 'more'
  f:seek 'set'
  eq(f:read '*a', 'liXe1\nline2\n3 2.5\n\nendmore')
  f:close()
  f = assert(io.open(name, 'r+b'))
  eq(f:read(2), 'li')
  f:seek('cur', 0)
  f:write 'ZZ'
  f:seek('cur', 0)
  eq(f:read(1), '1')
  f:close()
  prints('nil  ' .. name .. ': Invalid argument  22', io.open(name, 'q'))
end)

case('what fails says why', function()
  prints('nil  /nope/x: No such file or directory  2', io.open '/nope/x')
  prints('nil  /: Is a directory  21', io.open('/', 'w'))
  raises("bad argument #1 to '?' (/nope: No such file or directory)", io.lines, '/nope')
  prints('nil  /nope: No such file or directory  2', os.remove '/nope')
  raises("bad argument #1 to '?' (invalid format)", io.read, '*x')
  raises("bad argument #1 to '?' (string expected, got nil)", io.write, nil)
end)

case('default files', function()
  local f = assert(io.open(name, 'w'))
  io.output(f)
  eq(io.write('via ', 'output'), true)
  io.close()
  io.output(io.stdout)
  io.input(name)
  prints('via', io.read(3))
  io.close(io.input())
  io.input(io.stdin)
  prints('nil  file  true', io.type(1), io.type(io.stdout), io.output() == io.stdout)
end)

case('commands', function()
  local p = assert(io.popen 'echo hi; echo there')
  eq(p:read '*a', 'hi\nthere\n')
  p:close()
  prints('768  0', os.execute 'exit 3', os.execute 'true')
end)

case('temporary files', function()
  local t = assert(io.tmpfile())
  t:write 'abc'
  t:seek('set', 1)
  eq(t:read '*a', 'bc')
  t:close()
end)

ffi.cdef [[
  typedef struct cdef_file FILE;
  FILE *fopen(const char *, const char *);
  int fclose(FILE *);
  size_t fread(void *, size_t, size_t, FILE *);
  size_t fwrite(const void *, size_t, size_t, FILE *);
  char *fgets(char *, int, FILE *);
  int fputs(const char *, FILE *);
  int fgetc(FILE *);
  int ungetc(int, FILE *);
  int feof(FILE *);
  int ferror(FILE *);
  int fseek(FILE *, long, int);
  long ftell(FILE *);
  void rewind(FILE *);
  int fprintf(FILE *, const char *, ...);
  int fflush(FILE *);
  int remove(const char *);
  extern FILE *stdout;
]]
local C = ffi.C

case('FILE', function()
  local f = C.fopen(name, 'w+')
  eq(f ~= nil, true)
  eq(C.fputs('hello\nworld\n', f) >= 0, true)
  eq(C.fprintf(f, '%d %s\n', ffi.new('int', 5), 'x'), 4)
  eq(tonumber(C.ftell(f)), 16)
  eq(C.fseek(f, 0, 0), 0)
  local b = ffi.new 'char[32]'
  eq(C.fgets(b, 32, f) ~= nil, true)
  eq(ffi.string(b), 'hello\n')
  prints('6LL  119  119  119', C.ftell(f), C.fgetc(f), C.ungetc(119, f), C.fgetc(f))
  prints('9ULL  1  -1  0', C.fread(b, 1, 30, f), C.feof(f), C.fgetc(f), C.ferror(f))
  C.rewind(f)
  prints('0  104', C.feof(f), C.fgetc(f))
  C.fseek(f, 0, 2)
  eq(tonumber(C.fwrite('zz', 1, 2, f)), 2)
  eq(C.fclose(f), 0)
  eq(assert(io.open(name)):read '*a', 'hello\nworld\n5 x\nzz')
end)

case('FILE: what fails sets errno', function()
  eq(C.fopen('/nope/x', 'r') == nil, true)
  eq(ffi.errno(), 2)
  eq(C.fopen(name, 'zz') == nil, true)
  eq(ffi.errno(), 22)
end)

case('files of io are FILE for C', function()
  local f = assert(io.open(name, 'w'))
  eq(C.fprintf(f, '%d', ffi.new('int', 42)), 2)
  f:close()
  eq(assert(io.open(name)):read '*a', '42')
  eq(C.stdout ~= nil, true)
  eq(C.fflush(C.stdout), 0)
  eq(C.fflush(nil), 0)
end)

os.remove(name)
check.finish()
