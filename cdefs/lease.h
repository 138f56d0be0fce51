/*
 * A lease as the embedded store keeps it: the key is the address, four bytes in network order; the value is this, with the texts behind it,
 * client, hardware, host name and relay one after the other, in UTF-8.
 */

enum lease_state { LEASE_ACTIVE = 1, LEASE_RELEASED = 2, LEASE_DECLINED = 3 };

static const uint8_t LEASE_VERSION = 1;

struct __attribute__((packed, scalar_storage_order("big-endian"))) lease_record {
  uint8_t version, state;
  uint16_t client_size;
  uint8_t hardware_size, host_name_size, relay_size;
  uint32_t subnet;
  /* Seconds since 1970. */
  uint32_t expires, seen;
};
