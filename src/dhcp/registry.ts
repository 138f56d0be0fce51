/**
 * The DHCP options that IANA has registered ("BOOTP Vendor Extensions and DHCP Options"), with a name for programs and the form
 * of their values. The forms are in `values.ts`.
 * @module
 */

/**
 * What an option's value is:
 *
 *     address, addresses   one IPv4 address, or one and more, as text '192.0.2.1'
 *     pairs                pairs of addresses, one after the other in a list
 *     uint8 ... int32      an integer in network order
 *     uint16s              one and more of them
 *     codes                one and more bytes, as numbers
 *     flag                 true or false, as a byte 1 or 0
 *     empty                present, or not
 *     text                 UTF-8
 *     domains              domain names as in RFC 1035, compressed when read (RFC 3397)
 *     routes               { destination = '10.0.0.0/8', router = '192.0.2.1' } (RFC 3442)
 *     suboptions           by code: bytes of each (RFC 3046)
 *     bytes                anything
 */
export type OptionForm =
  | 'address'
  | 'addresses'
  | 'pairs'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'int32'
  | 'uint16s'
  | 'codes'
  | 'flag'
  | 'empty'
  | 'text'
  | 'domains'
  | 'routes'
  | 'suboptions'
  | 'bytes';

/** One kind of option. */
export interface OptionDefinition {
  /** 1 to 254; 0 and 255 are padding and the end of the list. */
  readonly code: number;
  readonly name: string;
  readonly form: OptionForm;
}

/** Codes that the server itself has to do with. */
export const OPTION = {
  subnetMask: 1,
  router: 3,
  hostName: 12,
  broadcastAddress: 28,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverId: 54,
  parameterList: 55,
  message: 56,
  maxMessageSize: 57,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientId: 61,
  userClass: 77,
  rapidCommit: 80,
  relayAgent: 82,
  subnetSelection: 118,
} as const;

/** Codes of options that follow from what the server decides: no configuration sets them. */
export const SERVERS_OPTIONS: ReadonlySet<number> = new Set([
  OPTION.overload,
  OPTION.messageType,
  OPTION.serverId,
  OPTION.leaseTime,
  OPTION.renewalTime,
  OPTION.rebindingTime,
  OPTION.clientId,
  OPTION.relayAgent,
  OPTION.rapidCommit,
]);

// By form: codes with names. RFC 2132 unless another is named.
const TABLE: Readonly<Record<OptionForm, string>> = {
  address: `1 subnet_mask, 16 swap_server, 28 broadcast_address, 32 router_solicitation_address, 50 requested_address, 54 server_id,
    118 subnet_selection`, // RFC 3011 (118)
  addresses: `3 router, 4 time_server, 5 name_server, 6 dns_server, 7 log_server, 8 cookie_server, 9 lpr_server, 10 impress_server,
    11 resource_location_server, 41 nis_server, 42 ntp_server, 44 netbios_name_server, 45 netbios_dd_server, 48 x_font_server,
    49 x_display_manager, 65 nis_plus_server, 68 mobile_ip_home_agent, 69 smtp_server, 70 pop3_server, 71 nntp_server, 72 www_server,
    73 finger_server, 74 irc_server, 75 street_talk_server, 76 stda_server, 85 nds_server, 89 bcms_addresses, 92 associated_ip,
    136 pana_agent, 138 capwap_ac, 150 tftp_server_address`, // RFCs 2241 (85), 4280 (89), 4388 (92), 5192, 5417, 5859 (150)
  pairs: '21 policy_filter, 33 static_routes',
  uint8: `23 default_ttl, 37 default_tcp_ttl, 46 netbios_node_type, 52 overload, 53 message_type, 116 auto_configure, 151 status_code,
    156 dhcp_state, 157 data_source`, // RFCs 2563 (116), 6926 (151 to 157)
  uint16: '13 boot_file_size, 22 max_datagram_reassembly, 26 interface_mtu, 57 max_message_size',
  uint32: `24 path_mtu_aging_timeout, 35 arp_cache_timeout, 38 tcp_keepalive_interval, 51 lease_time, 58 renewal_time, 59 rebinding_time,
    91 client_last_transaction_time, 108 ipv6_only_preferred, 152 base_time, 153 start_time_of_state, 154 query_start_time,
    155 query_end_time, 211 reboot_time`, // RFCs 4388 (91), 8925 (108), 5071 (211)
  int32: '2 time_offset',
  uint16s: '25 path_mtu_plateau_table, 93 client_architecture, 117 name_service_search', // RFCs 4578 (93), 2937 (117)
  codes: '55 parameter_list',
  flag: `19 ip_forwarding, 20 non_local_source_routing, 27 all_subnets_local, 29 perform_mask_discovery, 30 mask_supplier,
    31 router_discovery, 34 trailer_encapsulation, 36 ethernet_encapsulation, 39 tcp_keepalive_garbage`,
  empty: '80 rapid_commit', // RFC 4039
  text: `12 host_name, 14 merit_dump_file, 15 domain_name, 17 root_path, 18 extensions_path, 40 nis_domain, 47 netbios_scope, 56 message,
    60 vendor_class, 62 netware_domain, 64 nis_plus_domain, 66 tftp_server_name, 67 boot_file_name, 86 nds_tree_name, 87 nds_context,
    95 ldap, 98 user_authentication, 100 posix_timezone, 101 tzdb_timezone, 114 captive_portal, 147 dots_reference_identifier,
    161 mud_url, 209 config_file, 210 path_prefix, 252 web_proxy_auto_discovery`, // RFCs 4833 (100, 101), 8910 (114), 8520, 5071
  domains: '88 bcms_domains, 119 domain_search, 137 lost_server, 213 access_network_domain', // RFCs 4280, 3397, 5223, 5986
  routes: '121 classless_routes, 249 microsoft_classless_routes', // RFC 3442
  suboptions: '43 vendor_specific, 82 relay_agent', // RFC 3046 (82)
  bytes: `61 client_id, 63 netware_options, 77 user_class, 78 directory_agent, 79 service_scope, 81 fqdn, 83 isns, 90 authentication,
    94 client_interface, 97 client_machine_id, 99 civic_location, 120 sip_servers, 122 cable_labs, 123 location, 124 vendor_identifying_class,
    125 vendor_identifying_options, 139 mobility_addresses, 140 mobility_domains, 141 sip_user_agent_domains, 142 andsf,
    143 sztp_redirect, 144 geolocation, 145 forcerenew_nonce, 146 rdnss_selection, 148 dots_addresses, 158 pcp_server, 159 port_parameters,
    162 encrypted_dns, 208 pxelinux_magic, 212 sixrd, 220 subnet_allocation, 221 virtual_subnet_selection`,
};

const DEFINITIONS: readonly OptionDefinition[] = Object.entries(TABLE).flatMap(([form, list]) =>
  list.split(',').map((entry) => {
    const [code, name] = entry.trim().split(' ') as [string, string];
    return { code: Number(code), name, form: form as OptionForm };
  }),
);

const BY_NAME: ReadonlyMap<string, OptionDefinition> = new Map(DEFINITIONS.map((one) => [one.name, one]));
const BY_CODE: readonly OptionDefinition[] = Array.from({ length: 256 }, (_, code) => {
  const known = DEFINITIONS.find((one) => one.code === code);
  return known ?? { code, name: `option_${code}`, form: 'bytes' };
});

/** The option of a code; those without a registered meaning are bytes under the name `option_N`. */
export function optionOf(code: number): OptionDefinition {
  const found = BY_CODE[code];
  if (found === undefined || code === 0 || code === 255) throw new RangeError(`no DHCP option has the code ${code}`);
  return found;
}

/** The option of a name, or of a code as text: `router`, `option_224`; null where there is none. */
export function optionNamed(name: string): OptionDefinition | null {
  const found = BY_NAME.get(name);
  if (found !== undefined) return found;
  const code = Number(/^option_([1-9]\d{0,2})$/.exec(name)?.[1]);
  return code < 255 ? optionOf(code) : null;
}

/** All options with a name of their own, by code. */
export function registeredOptions(): readonly OptionDefinition[] {
  return [...DEFINITIONS].sort((a, b) => a.code - b.code);
}
