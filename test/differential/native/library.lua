-- Calls of a library written for this, by luajit and by `cdef run --native`: both print the same.
local ffi=require'ffi'
ffi.cdef[[
typedef struct { int16_t x, y; } point;
typedef struct { double re, im; } zdouble;
typedef struct { float x, y, z; } vec3;
typedef struct { float f; int i; double d; } mixed;
typedef struct { int64_t a[5]; } big;
typedef struct { unsigned a : 3, b : 13; uint8_t c; } bits;
typedef union { int i; float f; } either;
typedef struct { either e; int kind; } variant;
typedef struct { double d; int64_t i; } di;
typedef struct { char c[3]; } three;
point point_add(point a, point b); zdouble z_mul(zdouble a, zdouble b); vec3 vec_scale(vec3 v, float k);
mixed mixed_next(mixed m); big big_next(big b, int n); bits bits_next(bits b); variant variant_next(variant v);
di di_next(di v); three three_rev(three t); double _Complex c_sq(double _Complex c); float _Complex cf_sq(float _Complex c);
int8_t neg8(int8_t v); uint8_t inc8(uint8_t v); uint16_t inc16(uint16_t v); uint32_t inc32(uint32_t v);
uint64_t inc64(uint64_t v); int64_t neg64(int64_t v); bool negate(bool v); float half(float v);
enum color { RED, GREEN, BLUE }; enum color next_color(enum color c);
extern int counter; extern const char *greeting; extern point origin; extern int table[4]; 
struct node { int value; struct node *next; };
struct node *list_push(struct node *l, int v); int list_sum(const struct node *l); void list_free(struct node *l);
typedef int (*binop)(int, int); binop get_op(char c); int apply(binop f, int a, int b); int add(int,int);
extern struct ops { binop add, mul; const char *name; } ops;
int each(int n, void (*f)(int, void *), void *data);
double map(double (*f)(double, float, int8_t, uint64_t, bool, const char *), double x);
void save(int (*f)(int)); int call_saved(int v);
int set_errno(int v); int sum(int n, ...); double dsum(int n, ...); int is_aligned(const void *p, int align);
void fill(char **out, int n); void free(void *);
typedef struct __attribute__((aligned(64))) { char c[64]; } line;
]]
local C=ffi.load((...))
local r=C.point_add({1,2},{3,-4}) print(r.x,r.y)
local r=C.z_mul({1,2},{3,4}) print(r.re,r.im)
local r=C.vec_scale({1,2,3},2) print(r.x,r.y,r.z)
local r=C.mixed_next({1,2,3}) print(r.f,r.i,r.d)
local r=C.big_next({{1,2,3,4,5}},10) print(r.a[0],r.a[4])
local r=C.bits_next({3,100,250}) print(r.a,r.b,r.c)
local r=C.variant_next({{i=21},0}) print(r.e.i)
local r=C.variant_next({{f=2.5},1}) print(r.e.f)
local r=C.di_next({1.5,41}) print(r.d,r.i)
local r=C.three_rev({'abc'}) print(ffi.string(r.c,3))
print(C.c_sq(ffi.new('complex',1,2)), C.cf_sq(ffi.new('complex float',1,2)))
print(C.neg8(-128),C.inc8(255),C.inc16(65535),C.inc32(-1),C.inc32(0xfffffffe),C.inc64(0xffffffffffffffffULL),C.neg64(5),C.negate(true),C.half(3))
print(C.inc8(300), C.neg8(1000), C.next_color('BLUE'), C.next_color(1)==C.BLUE)
print(C.counter) C.counter=7 print(C.counter, ffi.string(C.greeting), C.origin.x, C.origin.y, C.table[3])
C.origin.x=9 print(C.origin.x, ffi.sizeof(C.origin), ffi.sizeof(C.table))
print(pcall(function() C.table=1 end))
local l=nil for i=1,10 do l=C.list_push(l,i) end
print(C.list_sum(l), l.value, l.next.next.value, ffi.istype('struct node *', l)) l.next.value=100 print(C.list_sum(l)) C.list_free(l)
local own=ffi.new('struct node[3]') for i=0,2 do own[i].value=i+1 own[i].next=i<2 and own+i+1 or nil end
print(C.list_sum(own), own[0].next==own+1)
local op=C.get_op(43) print(op(2,3), C.get_op(42)(4,5), C.get_op(0)==nil, C.apply(op,7,8), C.apply(C.add,1,2), C.apply(nil,1,1))
print(C.ops.add(5,6), C.ops.mul(5,6), ffi.string(C.ops.name), C.apply(C.ops.mul,3,3))
print(C.apply(function(a,b) return a*10+b end, 4, 2))
local t={} print(C.each(4,function(i,d) t[#t+1]=i+ffi.cast('int*',d)[0] end, ffi.new('int[1]',100)), table.concat(t,','))
print(C.map(function(a,b,c,d,e,s) print(a,b,c,d,e,ffi.string(s)) return a*2 end, 21.5))
local cb=ffi.cast('int(*)(int)',function(x) return x+1 end) C.save(cb) print(C.call_saved(5)) cb:set(function(x) return x*x end) print(C.call_saved(5), cb(6))
cb:set(function(x) if x>0 then return C.call_saved(x-1)+x end return 0 end) print(C.call_saved(5))
cb:set(function(x) error({code=x}) end) local ok,e=pcall(C.call_saved,3) print(ok,type(e),e.code)
cb:set(function(x) return nil end) print((select(2, pcall(C.call_saved,3)):gsub('^.-: ','')))
cb:set(function(x) return 'str' end) print((select(2, pcall(C.call_saved,3)):gsub('^.-: ','')))
cb:free() print(pcall(function() cb:free() end))
print(ffi.errno(11), C.set_errno(22), ffi.errno(), C.set_errno(0), ffi.errno())
print(C.sum(3, ffi.new('int',1), ffi.cast('int8_t',-2), ffi.cast('enum color','BLUE')), C.dsum(2,1.5,ffi.new('float',2.25)), C.sum(2, ffi.new('bool',true), ffi.cast('uint16_t',65535)))
print(C.is_aligned(ffi.new('int[1]'),4), C.is_aligned(ffi.new('double[3]'),8), C.is_aligned(ffi.new('line'),16))
local out=ffi.new('char*[3]') C.fill(out,3) for i=0,2 do io.write(ffi.string(out[i]),' ') C.free(out[i]) end print()
print(pcall(function() return C.nosuch end)) ffi.cdef'int missing(void);' print(pcall(function() return C.missing end))
print(pcall(ffi.load,'nosuch')) print(pcall(ffi.load,'./nosuch.so')) print(pcall(ffi.load,arg[0]))
print(pcall(function() C.add=1 end)) print(pcall(function() return C[1] end)) print(type(C), type(ffi.load('m')), type(ffi.load('c')))
print(pcall(C.apply, function(a) error('deep') end, 1, 2))
print(C.add==C.add, ffi.cast('binop',C.add)==C.add, C.get_op(43)==C.add)
