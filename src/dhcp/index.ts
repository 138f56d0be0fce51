/**
 * DHCP: messages, options, captures, and their replay through a Lua policy.
 * @module
 */
export { formatHardware, formatIPv4, parseIPv4 } from './address.ts';
export { checkDhcpd, type Dhcpd, type DhcpdOptions, startDhcpd } from './daemon.ts';
export { packageCdef } from './declarations.ts';
export { type DhcpMsg, defineDhcpClass, dhcpFunctions } from './functions.ts';
export { type Message, MessageDecoder } from './message.ts';
export { formatOption, MESSAGE_TYPE, messageTypes, optionList } from './options.ts';
export { type Datagram, type Frame, PcapError, PcapFile, UdpReader } from './pcap.ts';
export { replay, type ReplayOptions, type ReplayResult } from './replay.ts';
