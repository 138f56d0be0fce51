#!/usr/bin/env bash
#
# make-capture.sh OUT.pcap - record real DHCP traffic, for the tests.
#
# Must run as root on Debian. It builds a small network out of network
# namespaces, starts dnsmasq as the DHCP server, lets real DHCP clients
# (busybox udhcpc, ISC dhclient, dhcpcd) get, renew, refuse and give back
# addresses, and records what the server sees with tcpdump.
#
#      namespace "server"                     one namespace per client
#   +----------------------------+
#   |  br0 192.168.77.1/24       |         +-----------------------------+
#   |  dnsmasq   v-laptop -------+--veth---+-- laptop   (udhcpc)         |
#   |  tcpdump   v-printer ------+--veth---+-- printer  (udhcpc -B)      |
#   |            ...             |         +-----------------------------+
#   +----------------------------+
#
# Nothing of the machine is touched or told. The script starts itself again
# (--inside) with its own mount, network, process and host name namespaces:
#  - /run and the clients' state directories are empty tmpfs mounts there;
#  - the "ip netns" names and all interfaces exist only there;
#  - the host name there is "capture", and every client gets a name to send;
#  - when its first process ends or is killed, the kernel ends all the others
#    and drops all those namespaces, whatever went wrong.
# Everything else is in one temporary directory, removed at the end.

set -euo pipefail

readonly TIME_LIMIT=240           # seconds for the whole recording
readonly STEP_LIMIT=40            # seconds for each single wait or client
readonly SERVER_ADDRESS=192.168.77.1
readonly SERVER_MAC=02:00:00:00:00:01
readonly TAKEN_ADDRESS=192.168.77.60   # promised to camera, used by squatter

# The clients: name (also of the namespace and the interface) and hardware
# address. The addresses of laptop and printer look the same once their bytes
# are written in hexadecimal without leading zeros and joined ("2000123"),
# which is how fengari computes the hash of a Lua string.
readonly CLIENTS='
  laptop    02:00:00:00:01:23
  printer   02:00:00:00:12:03
  desktop   02:00:00:00:04:44
  roamer    02:00:00:00:05:55
  tablet    02:00:00:00:06:66
  camera    02:00:00:00:07:77
  static    02:00:00:00:08:88
  squatter  02:00:00:00:09:99
'

# tool:package, for the message about missing ones.
readonly TOOLS='
  unshare:util-linux ip:iproute2 tcpdump:tcpdump dnsmasq:dnsmasq-base
  udhcpc:udhcpc dhclient:isc-dhcp-client dhcpcd:dhcpcd5 perl:perl-base
'

# The message types which the capture must contain in the end.
readonly WANTED='Discover Offer Request ACK NACK Decline Release Inform'

say() { echo "make-capture: $*" >&2; }
die() { say "$*"; exit 1; }


# --- Outside: checks, the temporary directory, cleaning up -------------------

check_tools() {
  local entry missing=
  for entry in $TOOLS; do
    command -v "${entry%%:*}" >/dev/null || missing+=" ${entry##*:}"
  done
  [ -z "$missing" ] || die "tools are missing, try: apt-get install$missing"
}

# Killing unshare is enough: --kill-child then kills process 1 of the
# process namespace, and with it everything that was started there. (With
# --pdeathsig, see main, that even happens when this script itself is killed.)
clean_up() {
  local status=$?
  trap - EXIT
  if [ -n "${child:-}" ]; then
    kill -KILL "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -n "${work:-}" ]; then
    say "failed; the ends of the logs:"
    tail -n 15 "$work"/*.log >&2 2>/dev/null || true
  fi
  [ -z "${work:-}" ] || rm -rf "$work"
  exit "$status"
}

# One word per packet: Discover, Offer, ...
message_types() {
  tcpdump -vvnr "$1" 2>/dev/null |
    sed -n 's/.*DHCP-Message.*: \([A-Za-z]*\)$/\1/p'
}

# All wanted types are there, and nothing that tells about this machine:
# its kernel, the temporary directory, or the host name (inside: "capture").
check_capture() {
  local type
  for type in $WANTED; do
    message_types "$1" | grep -x "$type" >/dev/null ||
      die "the capture has no $type"
  done
  ! grep -aqF -e capture -e "$(uname -r)" -e "$work" "$1" ||
    die "the capture tells something about this machine"
  say "recorded:" $(message_types "$1" | sort | uniq -c)
}

main() {
  if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then
    echo "usage: $0 OUT.pcap" >&2
    exit 2
  fi
  [ "$(id -u)" -eq 0 ] || die "must be run as root"
  PATH=$PATH:/usr/sbin:/sbin
  check_tools

  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  work=$(mktemp -d)
  setpriv --pdeathsig KILL \
    unshare --mount --net --uts --pid --fork --kill-child --mount-proc \
    timeout --kill-after=5 "$TIME_LIMIT" \
    bash "$(readlink -f "$0")" --inside "$work" </dev/null &
  child=$!
  wait "$child" || die "the recording failed"
  child=
  check_capture "$work/out.pcap"
  cp "$work/out.pcap" "$1"
}


# --- Inside: the network ------------------------------------------------------

# on NAMESPACE COMMAND...: run a command in a network namespace.
on() { ip netns exec "$@"; }

# wait_for FILE PATTERN: wait until a line of the file matches.
wait_for() {
  local tries=$((STEP_LIMIT * 10))
  until grep -qs -- "$2" "$1"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "gave up waiting for '$2' in ${1##*/}"
    sleep 0.1
  done
}

# Own host name and empty state directories, in this mount namespace only.
hide_the_machine() {
  local directory
  hostname capture
  for directory in /run /var/lib/dhcp /var/lib/dhcpcd; do
    [ ! -d "$directory" ] || mount -t tmpfs -o mode=755 tmpfs "$directory"
  done
}

# no_offload NAMESPACE INTERFACE: have the kernel compute UDP checksums at
# once. On virtual interfaces it otherwise leaves them out, and tcpdump would
# record packets with wrong ones. Same as "ethtool -K INTERFACE tx off"; the
# arguments of socket are AF_INET and SOCK_DGRAM, pack makes a struct ifreq.
no_offload() {
  on "$1" perl -e '
    my ($SIOCETHTOOL, $ETHTOOL_STXCSUM) = (0x8946, 0x17);
    socket(my $socket, 2, 2, 0) or die "socket: $!\n";
    my $value = pack("LL", $ETHTOOL_STXCSUM, 0);
    my $request = pack("a16 P8 x16", $ARGV[0], $value);
    ioctl($socket, $SIOCETHTOOL, $request) or die "ioctl: $!\n";
  ' "$2" || say "$2: checksum offload stays on"
}

make_server_namespace() {
  ip netns add server
  ip -n server link set lo up
  ip -n server link add br0 address "$SERVER_MAC" type bridge
  ip -n server link set br0 addrgenmode none up
  ip -n server address add "$SERVER_ADDRESS/24" dev br0
}

# make_client_namespace NAME HARDWARE-ADDRESS
make_client_namespace() {
  ip netns add "$1"
  ip -n "$1" link set lo up
  ip -n server link add "v-$1" type veth \
    peer name "$1" address "$2" netns "$1"
  ip -n server link set "v-$1" addrgenmode none master br0 up
  ip -n "$1" link set "$1" addrgenmode none up
  no_offload "$1" "$1"
}

make_network() {
  local name mac
  make_server_namespace
  while read -r name mac; do
    [ -z "$name" ] || make_client_namespace "$name" "$mac"
  done <<<"$CLIENTS"
  no_offload server br0
}


# --- Inside: the server and the recorder -------------------------------------

# desktop is told to renew early (T1, option 58), so that nobody has to wait;
# camera is given an address which another host already uses. --no-ping:
# offer at once, and leave noticing that to the client.
start_server() {
  on server dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
    --port=0 --no-hosts --no-resolv --no-ping \
    --interface=br0 --pid-file="$work/dnsmasq.pid" \
    --dhcp-leasefile="$work/dnsmasq.leases" \
    --log-facility="$work/dnsmasq.log" --log-dhcp \
    --dhcp-authoritative \
    --dhcp-range=192.168.77.100,192.168.77.150,255.255.255.0,1h \
    --domain=example.test \
    --dhcp-option=option:router,"$SERVER_ADDRESS" \
    --dhcp-option=option:dns-server,192.168.77.2,192.168.77.3 \
    --dhcp-option=option:ntp-server,192.168.77.4 \
    --dhcp-host=02:00:00:00:04:44,set:early \
    --dhcp-option=tag:early,option:T1,6 \
    --dhcp-host=02:00:00:00:07:77,"$TAKEN_ADDRESS" &
  wait_for "$work/dnsmasq.log" 'sockets bound\|DHCP, '
}

# Not with "on": $! must be tcpdump itself, which is stopped by its id.
start_recorder() {
  ip netns exec server tcpdump -i br0 -n -U --immediate-mode -s 65535 -Z root \
    -w "$work/out.pcap" 'udp port 67 or udp port 68' 2>"$work/tcpdump.log" &
  recorder=$!
  wait_for "$work/tcpdump.log" 'listening on'
}

stop_recorder() {
  sleep 1                         # let the last packet arrive
  kill -TERM "$recorder"
  wait "$recorder"
}


# --- Inside: the clients ------------------------------------------------------

# What the clients run when something happens, in place of their usual
# scripts which set up the system. Both write the event to NAME.log; one also
# sets the address, as udhcpc and dhclient leave that to their script, and
# need it for the unicast renewal. (dhcpcd sets the address itself.)
write_hooks() {
  cat >"$work/log-hook" <<END
#!/bin/sh
# udhcpc: event in \$1, address in \$ip; the others: \$reason, \$new_ip_address
echo "event \${reason:-\$1} \${new_ip_address:-\$ip}" >>"$work/\$interface.log"
END
  cat >"$work/address-hook" <<END
#!/bin/sh
address=\${new_ip_address:-\$ip}
case \${reason:-\$1} in
  bound|renew|BOUND|RENEW|REBIND|REBOOT)
    ip address replace "\$address/24" dev "\$interface" ;;
  deconfig|RELEASE|EXPIRE|FAIL)
    ip address flush dev "\$interface" ;;
esac
exec "$work/log-hook" "\$@"
END
  chmod +x "$work/log-hook" "$work/address-hook"
}

# run_udhcpc NAME OPTION...: get an address, renew it, and leave with it (with
# -R among the options udhcpc gives it back when it is told to quit).
run_udhcpc() {
  local name=$1
  shift
  on "$name" timeout "$STEP_LIMIT" udhcpc -f -i "$name" \
    -s "$work/address-hook" -p "$work/$name.pid" -x "hostname:$name" "$@" \
    >>"$work/$name.log" 2>&1 &
  local job=$!
  wait_for "$work/$name.log" '^event bound'
  kill -USR1 "$(cat "$work/$name.pid")"
  wait_for "$work/$name.log" '^event renew'
  kill -TERM "$(cat "$work/$name.pid")"
  wait "$job" || true
}

write_dhclient_config() {
  cat >"$work/$1.conf" <<END
send host-name "$1";
request subnet-mask, broadcast-address, routers, domain-name-servers,
        domain-name, ntp-servers, host-name;
timeout 20;
END
}

# What roamer remembers: an address in another network, valid for ever.
write_foreign_lease() {
  cat >"$work/$1.leases" <<END
lease {
  interface "$1";
  fixed-address 10.9.8.7;
  option subnet-mask 255.255.255.0;
  option dhcp-lease-time 86400;
  option dhcp-message-type 5;
  option dhcp-server-identifier 10.9.8.1;
  renew never;
  rebind never;
  expire never;
}
END
}

# dhclient_on NAME OPTION...: dhclient with all of its files in $work.
dhclient_on() {
  local name=$1
  shift
  on "$name" timeout "$STEP_LIMIT" dhclient -4 -d -cf "$work/$name.conf" \
    -sf "$work/address-hook" -lf "$work/$name.leases" -pf "$work/$name.pid" \
    "$@" "$name" >>"$work/$name.log" 2>&1
}

# run_dhclient NAME EVENT: run dhclient until the event, then release.
run_dhclient() {
  write_dhclient_config "$1"
  touch "$work/$1.leases"
  dhclient_on "$1" -1 &
  local job=$!
  wait_for "$work/$1.log" "^event $2"
  dhclient_on "$1" -r             # also ends the first dhclient
  wait "$job" || true
}

# Fixed identity for dhcpcd, which otherwise derives one from the machine; and
# no hostname, kernel version or processor in its vendor class.
write_dhcpcd_config() {
  echo 00:01:00:01:2c:00:00:00:02:00:00:00:00:66 >/var/lib/dhcpcd/duid
  cat >"$work/dhcpcd.conf" <<END
duid
vendorclassid dhcpcd
option domain_name_servers, domain_name, ntp_servers, interface_mtu
require dhcp_server_identifier
noipv4ll
nodev
END
}

# dhcpcd_on NAME OPTION...
dhcpcd_on() {
  local name=$1
  shift
  on "$name" timeout "$STEP_LIMIT" dhcpcd -4 -f "$work/dhcpcd.conf" \
    -c "$work/log-hook" -h "$name" "$@" "$name" >>"$work/$name.log" 2>&1
}

# run_dhcpcd NAME EVENT OPTION...: run dhcpcd until the event, then release.
run_dhcpcd() {
  local name=$1 event=$2
  shift 2
  dhcpcd_on "$name" -B "$@" &
  local job=$!
  wait_for "$work/$name.log" "^event $event"
  sleep 0.5
  dhcpcd_on "$name" -k
  wait "$job" || true
}

# One after another, so that the capture is easy to read.
run_clients() {
  run_udhcpc laptop
  run_udhcpc printer -B
  run_dhclient desktop RENEW
  write_foreign_lease roamer      # its REQUEST is answered with a NAK
  run_dhclient roamer BOUND
  run_dhcpcd tablet BOUND
  ip -n squatter address add "$TAKEN_ADDRESS/24" dev squatter
  run_dhcpcd camera BOUND         # sends a DECLINE, then asks again
  run_dhcpcd static INFORM --inform=192.168.77.20/24
}

inside() {
  work=$1
  hide_the_machine
  make_network
  write_hooks
  write_dhcpcd_config
  start_server
  start_recorder
  run_clients
  stop_recorder
}


if [ "${1:-}" = --inside ]; then
  inside "$2"
else
  main "$@"
fi
