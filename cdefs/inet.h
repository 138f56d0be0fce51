/*
 * Headers in front of a UDP payload: Ethernet II (IEEE 802.3), IPv4 (RFC 791, section 3.1), UDP (RFC 768).
 */

enum ether_type { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_VLAN = 0x8100 };
enum ip_protocol { IPPROTO_UDP = 17 };

struct ethernet {
  uint8_t destination[6], source[6];
  be16_t type;
};

/* Linux "cooked" capture, LINKTYPE_LINUX_SLL. */
struct linux_sll {
  be16_t packet_type, address_type, address_length;
  uint8_t address[8];
  be16_t type;
};

struct __attribute__((scalar_storage_order("big-endian"))) ipv4 {
  uint8_t version : 4, header_words : 4;
  uint8_t service;
  uint16_t total_length, id;
  uint16_t reserved : 1, dont_fragment : 1, more_fragments : 1, fragment_offset : 13;
  uint8_t ttl, protocol;
  uint16_t checksum;
  uint8_t source[4], destination[4];
};

struct udp {
  be16_t source, destination, length, checksum;
};
