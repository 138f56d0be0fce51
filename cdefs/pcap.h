/*
 * Capture files in the classic pcap format (libpcap's pcap-savefile(5), version 2.4). A file is in the byte order
 * of the machine that wrote it; its magic number tells which.
 */

static const uint32_t PCAP_MAGIC = 0xa1b2c3d4, PCAP_MAGIC_NANOSECONDS = 0xa1b23c4d;

/* Link types, https://www.tcpdump.org/linktypes.html */
enum pcap_linktype { LINKTYPE_ETHERNET = 1, LINKTYPE_RAW = 101, LINKTYPE_LINUX_SLL = 113 };

struct pcap_file {
  le32_t magic;
  le16_t version_major, version_minor;
  int32_t thiszone;
  le32_t sigfigs, snaplen, linktype;
};

struct pcap_record {
  le32_t seconds, fraction, captured, length;
};

struct pcap_file_be {
  be32_t magic;
  be16_t version_major, version_minor;
  sbe32_t thiszone;
  be32_t sigfigs, snaplen, linktype;
};

struct pcap_record_be {
  be32_t seconds, fraction, captured, length;
};
