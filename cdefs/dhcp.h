/*
 * DHCP messages.
 *
 * struct dhcp_msg is the fixed header up to the hardware address, as the article "Embedding LuaJIT in 30 minutes"
 * declares it: 44 bytes, integers in the byte order of the machine. lua/dhcp.lua declares the same.
 *
 * struct dhcp_packet is the whole message of RFC 2131, section 2, figure 1, in network byte order:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |     op        |   htype       |   hlen        |   hops        |
 *   +---------------+---------------+---------------+---------------+
 *   |                            xid                                |
 *   +-------------------------------+-------------------------------+
 *   |           secs                |           flags               |
 *   +-------------------------------+-------------------------------+
 *   |            ciaddr, yiaddr, siaddr, giaddr (4 bytes each)      |
 *   +---------------------------------------------------------------+
 *   |            chaddr (16), sname (64), file (128)                |
 *   +---------------------------------------------------------------+
 *   |            magic cookie, options (variable)                   |
 *   +---------------------------------------------------------------+
 */

enum bootp_op { BOOTREQUEST = 1, BOOTREPLY = 2 };

/* The two operations under the names of the article. */
struct dhcp_op {
  static const int DISCOVER = 1, OFFER = 2;
};

/* DHCP message types, RFC 2132 section 9.6. */
struct dhcp_type {
  static const int DISCOVER = 1, OFFER = 2, REQUEST = 3, DECLINE = 4, ACK = 5, NAK = 6, RELEASE = 7, INFORM = 8;
};

struct __attribute__((packed)) dhcp_msg {
  uint8_t op, htype, hlen, hops;
  uint32_t xid;
  uint16_t secs, flags;
  char _ciaddr[4], _yiaddr[4], _siaddr[4], _giaddr[4];
  char _chaddr[16];
};

/* The magic cookie, 99.130.83.99 (RFC 2131 section 3), and the broadcast flag (section 2, figure 2). */
static const uint32_t DHCP_COOKIE = 0x63825363;
static const uint16_t DHCP_BROADCAST = 0x8000;

struct __attribute__((packed, scalar_storage_order("big-endian"))) dhcp_packet {
  uint8_t op, htype, hlen, hops;
  uint32_t xid;
  uint16_t secs, flags;
  uint8_t ciaddr[4], yiaddr[4], siaddr[4], giaddr[4];
  uint8_t chaddr[16];
  char sname[64], file[128];
  uint32_t cookie;
  uint8_t options[];
};

/* Setters for addresses in text form, "192.0.2.1"; the host defines them. */
void ciaddr_set(struct dhcp_msg *msg, const char *address);
void yiaddr_set(struct dhcp_msg *msg, const char *address);
void siaddr_set(struct dhcp_msg *msg, const char *address);
void giaddr_set(struct dhcp_msg *msg, const char *address);

/* The DHCP message type (option 53) of the message in len bytes at msg; 0 for plain BOOTP and for what is no DHCP. */
int dhcp_message_type(const void *msg, size_t len);
