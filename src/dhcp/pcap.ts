/**
 * Capture files: the classic pcap format, and the way from a captured frame to a UDP payload.
 * @module
 */
import type { Cdef, TypeObject } from '../view/index.ts';
import { packageCdef } from './declarations.ts';

/** One captured frame; `bytes` share the file's. */
export interface Frame {
  /** Seconds since 1970. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Number of the frame in the file, from 1. */
  readonly number: number;
}

/** A capture file that is none, or is damaged; the message says where. */
export class PcapError extends Error {
  override readonly name = 'PcapError';
}

/** A UDP datagram of a frame. */
export interface Datagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/**
 * The frames of a pcap file, in either byte order, with micro- or nanoseconds.
 * @throws {PcapError} when the text is no pcap file or ends within a frame
 */
export class PcapFile {
  readonly linkType: number;
  readonly #bytes: Uint8Array;
  readonly #record: TypeObject;
  readonly #headerSize: number;
  readonly #fractions: number;

  constructor(bytes: Uint8Array) {
    const c = packageCdef('pcap.h');
    const { PCAP_MAGIC, PCAP_MAGIC_NANOSECONDS } = c.C;
    const headerSize = c.sizeof('struct pcap_file') as number;
    if (bytes.length < headerSize) throw new PcapError(`no pcap file: needs ${headerSize} bytes, have ${bytes.length}`);
    for (const order of ['', '_be']) {
      const header = c.typeof(`struct pcap_file${order}`).view(bytes);
      if (header.magic !== PCAP_MAGIC && header.magic !== PCAP_MAGIC_NANOSECONDS) continue;
      this.#bytes = bytes;
      this.#record = c.typeof(`struct pcap_record${order}`);
      this.#headerSize = headerSize;
      this.#fractions = header.magic === PCAP_MAGIC ? 1e6 : 1e9;
      // The upper bits hold a frame check sequence length.
      this.linkType = header.linktype & 0x0fffffff;
      return;
    }
    throw new PcapError('no pcap file: unknown magic number (pcapng files are converted with `editcap -F pcap`)');
  }

  *[Symbol.iterator](): IterableIterator<Frame> {
    const size = this.#record.size as number;
    let number = 1;
    for (let at = this.#headerSize; at < this.#bytes.length; number++) {
      if (at + size > this.#bytes.length) throw new PcapError(`frame ${number}: header cut off at byte ${at}`);
      const record = this.#record.view(this.#bytes, at);
      const start = at + size;
      const end = start + record.captured;
      if (end > this.#bytes.length)
        throw new PcapError(`frame ${number}: needs ${record.captured} bytes at offset ${start}, have ${this.#bytes.length - start}`);
      yield { number, time: record.seconds + record.fraction / this.#fractions, bytes: this.#bytes.subarray(start, end) };
      at = end;
    }
  }
}

/** Finds UDP datagrams in frames of one link type. */
export class UdpReader {
  readonly #inet: Cdef;
  readonly #linkType: number;
  readonly #linkTypes: Cdef;

  /** @throws {PcapError} when the link type is none of Ethernet, raw IP, Linux "cooked" */
  constructor(linkType: number) {
    this.#inet = packageCdef('inet.h');
    this.#linkTypes = packageCdef('pcap.h');
    this.#linkType = linkType;
    const { LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL } = this.#linkTypes.C;
    if (![LINKTYPE_ETHERNET, LINKTYPE_RAW, LINKTYPE_LINUX_SLL].includes(linkType)) {
      throw new PcapError(`link type ${linkType} is not supported, expected Ethernet, raw IP or Linux cooked`);
    }
  }

  /** The datagram in a frame; null where there is none, or only part of one. */
  read(frame: Uint8Array): Datagram | null {
    const start = this.#networkHeader(frame);
    return start === null ? null : this.#udp(frame.subarray(start));
  }

  // Where the IPv4 header starts.
  #networkHeader(frame: Uint8Array): number | null {
    const { LINKTYPE_RAW, LINKTYPE_ETHERNET } = this.#linkTypes.C;
    if (this.#linkType === LINKTYPE_RAW) return 0;
    const header = this.#inet.typeof(this.#linkType === LINKTYPE_ETHERNET ? 'struct ethernet' : 'struct linux_sll');
    const size = header.size as number;
    if (frame.length < size) return null;
    let { type } = header.view(frame);
    let at = size;
    // IEEE 802.1Q: a tag of four bytes in front of the type proper, possibly several.
    while (type === this.#inet.C['ETHERTYPE_VLAN'] && frame.length >= at + 4) {
      type = ((frame[at + 2] as number) << 8) | (frame[at + 3] as number);
      at += 4;
    }
    return type === this.#inet.C['ETHERTYPE_IPV4'] ? at : null;
  }

  #udp(packet: Uint8Array): Datagram | null {
    const ipv4 = this.#inet.typeof('struct ipv4');
    const udp = this.#inet.typeof('struct udp');
    if (packet.length < (ipv4.size as number)) return null;
    const ip = ipv4.view(packet);
    const headerSize = ip.header_words * 4;
    const isWhole = ip.more_fragments === 0 && ip.fragment_offset === 0;
    if (ip.version !== 4 || ip.protocol !== this.#inet.C['IPPROTO_UDP'] || !isWhole || headerSize < (ipv4.size as number)) return null;
    const udpSize = udp.size as number;
    if (packet.length < headerSize + udpSize) return null;
    const { source, destination, length } = udp.view(packet, headerSize);
    const end = headerSize + length;
    if (length < udpSize || end > packet.length) return null;
    return { sourcePort: source, destinationPort: destination, payload: packet.subarray(headerSize + udpSize, end) };
  }
}
