#!/bin/bash
# shellcheck disable=SC2086 # options and process lists are several words each
# Makes the captures and transcripts of fixtures/*/evidence in network namespaces.
#
# Each run has three of them: the two instances, with the addresses and MACs of the fixture,
# and a router between that stands for the VPCs: it forwards or silently drops what the
# scenario demands, and translates public addresses. tcpdump runs on both instances. What is
# recorded is real; finish_evidence.py then moves it to the fixture's time line and writes the
# flow logs that go with it. A router that is a router leaves its mark: ttl=63.
#
# A run begins and ends with an SSH connection from 49.36.112.9 to instance 2, so that its
# capture covers the whole time even where no request arrives.
#
# Needs root, iproute2, nftables, tcpdump, iputils-ping, busybox, netcat-openbsd, nmap.
# Takes 9 minutes, all of it the incident's 458 lost requests at one a second.
#
# Usage: make_evidence.sh [RUN...]      raw files go to build/evidence, all runs by default
# shellcheck disable=SC2086 # lists of process ids and of options are split where they are used
set -u
cd "$(dirname "$0")/../.." || exit 1
raw=$PWD/build/evidence
admin=49.36.112.9
mac_1=02:5e:1a:7c:43:9d
v6_1=2406:da1a:5b2:7a0a:8d31:4f60:2b9e:c714
v6_2=2406:da1a:8c4:1f07:3be5:c09a:7f12:6d48

# Of ICMPv6 the echoes, not neighbour discovery.
filter='icmp or tcp or (icmp6 and (ip6[40] == 128 or ip6[40] == 129))'

at() { # END COMMAND...: in the namespace of one end (a, r, b) of this run
    local end=$1
    shift
    ip netns exec "$ns$end" "$@"
}

link_host() { # END MAC ADDRESS GATEWAY: an instance on its subnet
    local end=$1
    ip link add "${ns}$end" type veth peer name "${ns}r$end"
    ip link set "${ns}$end" netns "$ns$end" name eth0 address "$2"
    ip link set "${ns}r$end" netns "${ns}r" name "$end"
    at "$end" ip link set dev lo up
    at "$end" ip link set dev eth0 up
    at r ip link set dev "$end" up
    at "$end" ip address add "$3/24" dev eth0
    at r ip address add "$4/24" dev "$end"
    at "$end" ip route add default via "$4"
}

link_v6() { # END ADDRESS GATEWAY
    at "$1" ip -6 address add "$2/64" dev eth0 nodad
    at r ip -6 address add "$3/64" dev "$1" nodad
    at "$1" ip -6 route add default via "$3"
}

setup() { # HOST_2 MAC_2
    local end
    for end in a r b; do ip netns add "$ns$end" || return 1; done
    at r sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    link_host a "$mac_1" 10.1.10.14 10.1.10.1
    link_host b "$2" "$1" "${1%.*}.1"
    link_v6 a "$v6_1" "${v6_1%:*:*:*:*}::1"
    link_v6 b "$v6_2" "${v6_2%:*:*:*:*}::1"
    at r ip address add "$admin/32" dev lo
    at r ip link set dev lo up
    services=""
    local port
    for port in 22 443; do # not through at: $! must be the server itself
        ip netns exec "${ns}b" nc -lk "$port" </dev/null >/dev/null 2>&1 &
        services="$services $!"
    done
}

teardown() {
    local end
    kill $services 2>/dev/null
    wait $services 2>/dev/null
    for end in a r b; do ip netns delete "$ns$end"; done
}

fault() { # RULE...: what the router drops of what it forwards
    at r nft add table inet vpc
    at r nft 'add chain inet vpc forward { type filter hook forward priority 0; }'
    local rule
    for rule; do at r nft "add rule inet vpc forward $rule drop"; done
}

translate() { # PRIVATE PUBLIC of both instances, as two internet gateways do
    at r nft add table ip nat
    at r nft 'add chain ip nat pre { type nat hook prerouting priority -100; }'
    at r nft 'add chain ip nat post { type nat hook postrouting priority 100; }'
    at r nft "add rule ip nat pre ip daddr $4 dnat to $3"
    at r nft "add rule ip nat post ip saddr $1 snat to $2"
}

capture() { # END FILE [TCPDUMP OPTIONS]
    local end=$1 file=$2
    shift 2
    ip netns exec "$ns$end" tcpdump -Z root -U --immediate-mode "$@" -w "$file" "$filter" 2>"$file.log" &
    captures="$captures $!"
    until grep -qs 'listening on' "$file.log"; do sleep 0.1; done
}

ssh_session() { # HOST_2
    printf 'SSH-2.0-OpenSSH_9.6\r\n' | at r nc -N -w 3 -s "$admin" "$1" 22
    sleep 0.4
}

record() { # HOST_2 OPTIONS_1 OPTIONS_2 COMMAND...: the command on instance 1, recorded
    local host=$1 options_1=$2 options_2=$3
    shift 3
    captures=""
    capture a "$out/instance-1.pcap" $options_1
    capture b "$out/instance-2.pcap" $options_2
    ssh_session "$host"
    "$@"
    ssh_session "$host"
    kill $captures
    wait $captures
}

ping_of() { # FILE OPTIONS...: ping's output as it is printed
    local file=$1
    shift
    at a ping "$@" >"$file" 2>&1
}

# ---- the runs -----------------------------------------------------------------------

mac_first=02:b4:36:e8:0f:71
mac_second=02:c9:7d:12:a6:5b

# NAME HOST_2 RULE...: ten pings from instance 1, both ends recorded
ten_pings() {
    local host=$1
    shift
    setup "$host" "$([ "$host" = 10.2.2.61 ] && echo $mac_first || echo $mac_second)"
    fault "$@"
    record "$host" "-i eth0" "-i eth0" ping_of "$out/ping.txt" -c 10 "$host"
    teardown
}

forth='icmp type echo-request'
back='icmp type echo-reply'

run_ping-before-peering() { ten_pings 10.2.2.61 "$forth"; }
run_ping-before-peering.contradicting() { ten_pings 10.2.2.61; }
run_ping-route-one-way() { ten_pings 10.2.7.89 "$back"; }
run_ping-route-one-way.contradicting() { ten_pings 10.2.7.89; }
run_ping-after-peering.contradicting() { ten_pings 10.2.7.89 "$forth"; }
run_route-blackhole() { ten_pings 10.2.7.89 "$forth"; }
run_route-wrong-main-table() { ten_pings 10.2.7.89 "$back"; }

public_pings() { # RULE...
    setup 10.2.2.61 "$mac_first"
    translate 10.1.10.14 13.233.84.197 10.2.2.61 65.0.181.42
    fault "$@"
    record 10.2.2.61 "-i eth0" "-i any" ping_of "$out/ping.txt" -c 10 65.0.181.42
    teardown
}

run_ping-public-address() { public_pings; }
run_ping-public-address.contradicting() { public_pings "$forth"; }

# 480 requests at one a second, the first 458 lost. A short snapshot keeps the file small.
run_ping-after-peering() {
    setup 10.2.7.89 "$mac_second"
    fault "$forth icmp sequence < 459"
    record 10.2.7.89 "-i eth0 -s 64" "-i eth0" ping_of "$out/ping.txt" -c 480 10.2.7.89
    teardown
}

busybox_ping() { at a busybox ping "$@" >"$out/ping.txt" 2>&1; }

busybox_pings() { # lost ones; like BSD's ping it counts from 0
    setup 10.2.7.89 "$mac_second"
    fault "$forth"
    record 10.2.7.89 "-i eth0" "-i eth0" busybox_ping -c 10 10.2.7.89
    teardown
}

run_group-icmp-8-8() { busybox_pings; }
run_group-without-icmp() { busybox_pings; }

run_network-acl-echo-only() {
    setup 10.2.7.89 "$mac_second"
    fault "$back"
    record 10.2.7.89 "-i eth0" "-i eth0" ping_of "$out/ping.txt" -D -O -c 10 10.2.7.89
    teardown
}

pings_into_the_void() { # TARGET: nothing of instance 2 takes part
    setup 10.2.7.89 "$mac_second"
    fault "$forth"
    record 10.2.7.89 "-i eth0" "-i eth0" ping_of "$out/ping.txt" -c 8 "$1"
    teardown
}

run_instance-stopped() { pings_into_the_void 10.2.7.89; }
run_no-such-host() { pings_into_the_void 10.2.7.90; }

run_ipv6-peering() {
    setup 10.2.7.89 "$mac_second"
    sleep 2 # addresses settle
    record 10.2.7.89 "-i eth0" "-i eth0" ping_of "$out/ping.txt" -6 -c 10 "$v6_2"
    teardown
}

connect() { # SOURCE_PORT SECONDS
    at a nc -N -w "$2" -p "$1" 10.2.7.89 443 </dev/null >/dev/null 2>&1
}

https_and_nmap() {
    connect 41822 7
    at a nmap -Pn -n -p 443 10.2.7.89 >"$out/nmap.txt" 2>&1
}

run_network-acl-no-ephemeral-ports() {
    setup 10.2.7.89 "$mac_second"
    fault 'tcp sport 443'
    record 10.2.7.89 "-i eth0" "-i eth0" https_and_nmap
    teardown
}

low_and_high_port() {
    connect 40001 7
    connect 50001 7
}

run_network-acl-half-ephemeral() {
    setup 10.2.7.89 "$mac_second"
    fault 'tcp sport 443 tcp dport < 49152'
    record 10.2.7.89 "-i eth0" "-i eth0" low_and_high_port
    teardown
}

# ---- all of them, side by side ------------------------------------------------------

[ "$(id -u)" = 0 ] || { echo "make_evidence.sh: needs root" >&2; exit 1; }
for tool in ip nft tcpdump ping busybox nc nmap; do
    command -v "$tool" >/dev/null || { echo "make_evidence.sh: needs $tool" >&2; exit 1; }
done
# shellcheck disable=SC2046 # names of functions hold no blanks
[ $# -gt 0 ] || set -- $(declare -F | sed -n 's/^declare -f run_//p')
number=0
pids=""
for run; do
    number=$((number + 1))
    (
        ns=vw$number
        out=$raw/$run
        rm -rf "$out"
        mkdir -p "$out"
        "run_$run" && echo "recorded $run"
    ) &
    pids="$pids $!"
done
wait $pids
