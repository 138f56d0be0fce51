/*
 * The host of the article "Embedding LuaJIT in 30 minutes (or so)", with the variants of variants.mjs:
 *
 *     host VARIANT PACKETS on|off LUA_FOLDER BENCH_FOLDER     prints "VARIANT PACKETS SECONDS"
 *     host                                                    prints LuaJIT's version
 *
 * on and off are the state of the JIT compiler. Exits with 1 and a message when the scripts did something wrong.
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <lauxlib.h>
#include <lua.h>
#include <luajit.h>
#include <lualib.h>

enum { RING = 1024, PACKET_SIZE = 300, WARM_UP = 20000 };

struct __attribute__((packed)) dhcp_msg {
  uint8_t op, htype, hlen, hops;
  uint32_t xid;
  uint16_t secs, flags;
  char ciaddr[4], yiaddr[4], siaddr[4], giaddr[4];
  char chaddr[16];
};

static unsigned char ring[RING][PACKET_SIZE];
static int callback = LUA_NOREF;

static void fail(const char *what, const char *why) {
  fprintf(stderr, "host: %s: %s\n", what, why);
  exit(1);
}

/* The same bytes as makeRing() in variants.mjs. */
static void make_ring(void) {
  for (int i = 0; i < RING; i++) {
    unsigned char head[44] = {1, 1, 6, 0, i & 255, i >> 8, [28] = 2, 0, 0, 0, i >> 5, i & 31};
    memcpy(ring[i], head, sizeof head);
    for (int at = sizeof head; at < PACKET_SIZE; at++) ring[i][at] = (i * 7 + at * 13) & 255;
  }
}

/* ---- for ffi.lua: found through ffi.C, as the program is linked with -rdynamic */

void ciaddr_set(struct dhcp_msg *msg, const char *address) { inet_pton(AF_INET, address, msg->ciaddr); }
void yiaddr_set(struct dhcp_msg *msg, const char *address) { inet_pton(AF_INET, address, msg->yiaddr); }
void siaddr_set(struct dhcp_msg *msg, const char *address) { inet_pton(AF_INET, address, msg->siaddr); }
void giaddr_set(struct dhcp_msg *msg, const char *address) { inet_pton(AF_INET, address, msg->giaddr); }

/* ---- for loop.lua; sent as "send", which is another function in the sockets' header */

static int next_packet, end_packet, sent;

int receive(char *buf, size_t size) {
  if (next_packet == end_packet || size < PACKET_SIZE) return -1;
  memcpy(buf, ring[next_packet++ % RING], PACKET_SIZE);
  return PACKET_SIZE;
}

int send_packet(const char *buf, size_t len) __asm__("send");
int send_packet(const char *buf, size_t len) {
  struct dhcp_msg *msg = (struct dhcp_msg *)buf;
  if (len == PACKET_SIZE && msg->op == 2 && memcmp(msg->yiaddr, "\xc0\xa8\x01\x01", 4) == 0) sent++;
  return 0;
}

/* ---- for userdata.lua and functions.lua: a userdata that holds a pointer, or the pointer itself */

static struct dhcp_msg *header(lua_State *L) {
  if (lua_islightuserdata(L, 1)) return lua_touserdata(L, 1);
  return *(struct dhcp_msg **)luaL_checkudata(L, 1, "dhcp");
}

static int dhcp_op(lua_State *L) {
  struct dhcp_msg *msg = header(L);
  if (lua_isnoneornil(L, 2)) {
    lua_pushinteger(L, msg->op);
    return 1;
  }
  msg->op = luaL_checkint(L, 2);
  return 0;
}

static int dhcp_chaddr(lua_State *L) {
  struct dhcp_msg *msg = header(L);
  lua_pushlstring(L, msg->chaddr, sizeof msg->chaddr);
  return 1;
}

static int dhcp_yiaddr(lua_State *L) {
  struct dhcp_msg *msg = header(L);
  if (lua_isnoneornil(L, 2)) {
    char text[INET_ADDRSTRLEN];
    lua_pushstring(L, inet_ntop(AF_INET, msg->yiaddr, text, sizeof text));
    return 1;
  }
  inet_pton(AF_INET, luaL_checkstring(L, 2), msg->yiaddr);
  return 0;
}

static void define_class(lua_State *L) {
  static const luaL_Reg methods[] = {{"op", dhcp_op}, {"chaddr", dhcp_chaddr}, {"yiaddr", dhcp_yiaddr}, {NULL, NULL}};
  luaL_newmetatable(L, "dhcp");
  lua_newtable(L);
  luaL_register(L, NULL, methods);
  lua_pushvalue(L, -1);
  lua_setglobal(L, "dhcp");
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
}

/* ---- the variants: each pushes the callback and its arguments, and returns their number */

static int by_name(lua_State *L, unsigned char *packet) {
  lua_getglobal(L, "callback");
  lua_pushlightuserdata(L, packet);
  lua_pushinteger(L, PACKET_SIZE);
  return 2;
}

static int by_reference(lua_State *L, unsigned char *packet) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, callback);
  lua_pushlightuserdata(L, packet);
  lua_pushinteger(L, PACKET_SIZE);
  return 2;
}

static int as_string(lua_State *L, unsigned char *packet) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, callback);
  lua_pushlstring(L, (char *)packet, PACKET_SIZE);
  return 1;
}

static int as_userdata(lua_State *L, unsigned char *packet) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, callback);
  *(unsigned char **)lua_newuserdata(L, sizeof packet) = packet;
  luaL_getmetatable(L, "dhcp");
  lua_setmetatable(L, -2);
  return 1;
}

static int as_pointer(lua_State *L, unsigned char *packet) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, callback);
  lua_pushlightuserdata(L, packet);
  return 1;
}

enum check { NOTHING, COUNTED, OFFERED, LOOPED };

static const struct variant {
  const char *name, *script;
  int (*push)(lua_State *L, unsigned char *packet);
  enum check check;
} variants[] = {
    {"name", "empty", by_name, NOTHING},
    {"reference", "empty", by_reference, NOTHING},
    {"string", "article/callback", as_string, COUNTED},
    {"userdata", "article/userdata", as_userdata, OFFERED},
    {"functions", "article/functions", as_pointer, OFFERED},
    {"ffi", "article/ffi", by_reference, OFFERED},
    {"address", "article/address", by_reference, OFFERED},
    {"loop", "article/loop", NULL, LOOPED},
};

/* ---- running them */

static void run_file(lua_State *L, const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.lua", folder, name);
  if (luaL_loadfile(L, path) != 0 || lua_pcall(L, 0, 1, 0) != 0) fail(name, lua_tostring(L, -1));
}

/* Runs the callback on `count` packets; returns how many it answered with true. */
static int call_each(lua_State *L, const struct variant *variant, int count) {
  int answered = 0;
  for (int i = 0; i < count; i++) {
    unsigned char *packet = ring[i % RING];
    packet[0] = 1;
    if (lua_pcall(L, variant->push(L, packet), 1, 0) != 0) fail(variant->name, lua_tostring(L, -1));
    if (lua_isboolean(L, -1) && lua_toboolean(L, -1)) answered++;
    lua_pop(L, 1);
  }
  return answered;
}

static int loop_in_lua(lua_State *L, int count) {
  next_packet = sent = 0;
  end_packet = count;
  lua_rawgeti(L, LUA_REGISTRYINDEX, callback);
  if (lua_pcall(L, 0, 2, 0) != 0) fail("loop", lua_tostring(L, -1));
  if (lua_tointeger(L, -2) != count || lua_tointeger(L, -1) != count) fail("loop", "wrong numbers of packets");
  lua_pop(L, 2);
  return sent;
}

static int run(lua_State *L, const struct variant *variant, int count) {
  return variant->push == NULL ? loop_in_lua(L, count) : call_each(L, variant, count);
}

static void expect_global(lua_State *L, const char *name, double expected) {
  lua_getglobal(L, name);
  if (lua_tonumber(L, -1) != expected) fail(name, "wrong number");
}

static void check(lua_State *L, const struct variant *variant, int calls, int used, const char *bench) {
  if (variant->check == COUNTED) {
    expect_global(L, "packets", calls);
    expect_global(L, "bytes", (double)calls * PACKET_SIZE);
  }
  for (int i = 0; i < used && variant->check == OFFERED; i++) {
    struct dhcp_msg *msg = (struct dhcp_msg *)ring[i];
    if (msg->op != 2 || memcmp(msg->yiaddr, "\xc0\xa8\x01\x01", 4) != 0) fail(variant->name, "a packet is no offer");
  }
  if (variant->check >= OFFERED) {
    run_file(L, bench, "leases");
    if (lua_tointeger(L, -1) != used) fail(variant->name, "wrong number of leases");
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 6) return puts(LUAJIT_VERSION) < 0;
  const char *lua_folder = argv[4], *bench = argv[5];
  int count = atoi(argv[2]), used = count < RING ? count : RING, warm_up = count < WARM_UP ? count : WARM_UP;
  const struct variant *variant = NULL;
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
    if (strcmp(argv[1], variants[i].name) == 0) variant = &variants[i];
  if (variant == NULL) fail(argv[1], "no such variant");

  make_ring();
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | (strcmp(argv[3], "on") == 0 ? LUAJIT_MODE_ON : LUAJIT_MODE_OFF));
  define_class(L);
  lua_getglobal(L, "package");
  lua_pushfstring(L, "%s/?.lua", lua_folder);
  lua_setfield(L, -2, "path");
  run_file(L, variant->check == NOTHING ? bench : lua_folder, variant->script);
  if (variant->push != NULL) lua_getglobal(L, "callback");
  callback = luaL_ref(L, LUA_REGISTRYINDEX);

  run(L, variant, warm_up);
  double begin = now();
  int answered = run(L, variant, count);
  double seconds = now() - begin;
  if (answered != (variant->check >= OFFERED ? count : 0)) fail(variant->name, "wrong number of answers");
  check(L, variant, warm_up + count, used, bench);
  printf("%s %d %.9f\n", variant->name, count, seconds);
  lua_close(L);
  return 0;
}
