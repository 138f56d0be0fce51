/**
 * DHCP: messages, options, captures, and their replay through a Lua policy.
 * @module
 */
export { formatAddress, formatHardware, formatIPv4, numberOfAddress, parseIPv4 } from './address.ts';
export { checkDhcpd, DEFAULT_ENGINE, type Dhcpd, type DhcpdOptions, startDhcpd } from './daemon.ts';
export { packageCdef } from './declarations.ts';
export { defineDhcpClass, dhcpFunctions } from './functions.ts';
export { jsonForm, timeText } from './leases/json.ts';
export { keaForm } from './leases/kea.ts';
export { openStore, type StoreSettings } from './leases/open.ts';
export { type Lease, type LeaseStore, StoreUnavailable } from './leases/store.ts';
export { type LeaseForm, type LeaseReader, LeaseTextError } from './leases/text.ts';
export { loadPolicy } from './lua-policy.ts';
export { type DhcpMsg, type DhcpPacket, type Message, MessageDecoder } from './message.ts';
export { formatOption, MESSAGE_TYPE, messageTypes, optionList } from './options.ts';
export { type Datagram, type Frame, PcapError, PcapFile, UdpReader } from './pcap.ts';
export { isDhcpdWorker, serveAsWorker } from './serve.ts';
export { replay, type ReplayOptions, type ReplayResult } from './replay.ts';
