/* What native.test.ts loads: every way to pass a value, variables, function pointers. */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <stdio.h>
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
point point_add(point a, point b) { return (point){a.x + b.x, a.y + b.y}; }
zdouble z_mul(zdouble a, zdouble b) { return (zdouble){a.re*b.re-a.im*b.im, a.re*b.im+a.im*b.re}; }
vec3 vec_scale(vec3 v, float k) { return (vec3){v.x*k, v.y*k, v.z*k}; }
mixed mixed_next(mixed m) { m.f += 1; m.i += 2; m.d += 3; return m; }
big big_next(big b, int n) { for (int i = 0; i < 5; i++) b.a[i] += n; return b; }
bits bits_next(bits b) { b.a++; b.b--; b.c += 5; return b; }
variant variant_next(variant v) { if (v.kind) v.e.f *= 2; else v.e.i *= 2; return v; }
di di_next(di v) { v.d *= 2; v.i += 1; return v; }
three three_rev(three t) { return (three){{t.c[2], t.c[1], t.c[0]}}; }
double _Complex c_sq(double _Complex c) { return c * c; }
float _Complex cf_sq(float _Complex c) { return c * c; }
int8_t neg8(int8_t v) { return -v; } uint8_t inc8(uint8_t v) { return v + 1; }
uint16_t inc16(uint16_t v) { return v + 1; } uint32_t inc32(uint32_t v) { return v + 1; }
uint64_t inc64(uint64_t v) { return v + 1; } int64_t neg64(int64_t v) { return -v; }
_Bool negate(_Bool v) { return !v; } float half(float v) { return v / 2; }
enum color { RED, GREEN, BLUE }; enum color next_color(enum color c) { return (c + 1) % 3; }
int counter = 5; const char *greeting = "hello"; point origin = {1, 2}; int table[4] = {1,2,3,4};
struct node { int value; struct node *next; };
struct node *list_push(struct node *l, int v) { struct node *n = malloc(sizeof *n); n->value = v; n->next = l; return n; }
int list_sum(const struct node *l) { int s = 0; for (; l; l = l->next) s += l->value; return s; }
void list_free(struct node *l) { while (l) { struct node *n = l->next; free(l); l = n; } }
typedef int (*binop)(int, int);
int add(int a, int b) { return a + b; } int mul(int a, int b) { return a * b; }
binop get_op(char c) { return c == '+' ? add : c == '*' ? mul : NULL; }
struct ops { binop add, mul; const char *name; } ops = {add, mul, "ops"};
int apply(binop f, int a, int b) { return f ? f(a, b) : -1; }
int each(int n, void (*f)(int, void *), void *data) { for (int i = 0; i < n; i++) f(i, data); return n; }
double map(double (*f)(double, float, int8_t, uint64_t, _Bool, const char *), double x) { return f(x, 1.5f, -3, 1ull << 60, 1, "text"); }
static int (*saved)(int); void save(int (*f)(int)) { saved = f; } int call_saved(int v) { return saved(v); }
int set_errno(int v) { int old = errno; errno = v; return old; }
int sum(int n, ...) { va_list ap; va_start(ap, n); int s = 0; while (n--) s += va_arg(ap, int); va_end(ap); return s; }
double dsum(int n, ...) { va_list ap; va_start(ap, n); double s = 0; while (n--) s += va_arg(ap, double); va_end(ap); return s; }
int is_aligned(const void *p, int align) { return (uintptr_t)p % align == 0; }
void fill(char **out, int n) { for (int i = 0; i < n; i++) { out[i] = malloc(8); snprintf(out[i], 8, "s%d", i); } }
