#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsctl query asks knts: what it shows of a good service, and what it says of each
# thing that can be wrong with one.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"
# shellcheck source=selftests/interop/query.sh
. "$here/query.sh"

# With kntsd, and without the chronyd that it gets the time from.
set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_kntsd_conf &&
		sed -i 's/^keyset {/& stale-key-count = 0/' "$lab/kntsd.conf" &&
		modprobe knts && lab_namespace client || return
	"$lab_bin/kntsd" -c "$lab/kntsd.conf" >>"$lab/kntsd.log" 2>&1 &
	lab_kntsd_pid=$!
	lab_wait 20 lab_listens 4460
}

synchronise()
{
	lab_feed && lab_wait 20 lab_serving
}

good_tests()
{
	local aead

	ok "all is well" good "$LAB_NAME" "o['nts-ke']['aead'] == 15 and \
o['nts-ke']['cookies'] == 8 and o['nts-ke']['cookie-len'] == 104 and \
o['tls']['version'] == 'TLSv1.3' and o['tls']['alpn'] == 'ntske/1' and \
o['name-matches'] and o['trusted'] and len(o['ntp']['exchanges']) == 4 and \
all(e['authentic'] and e['cookies'] == 1 and e['request-len'] == e['reply-len'] == 232 \
and e['service-s'] > 0 and e['stratum'] == 1 for e in o['ntp']['exchanges'])"
	ok "all is well over IPv6" good "v6.$LAB_NAME" \
		"o['ntp']['address'] == o['addresses'][0]['address'] == '$LAB_IPV6'"
	ok "all is well by address" good "[$LAB_IPV6]" "o['name-matches']" --count 1
	for aead in 16 17 30 31; do
		ok "R24 R26 AEAD $aead" good "$LAB_NAME" "o['nts-ke']['aead'] == $aead" \
			--aead "$aead" --count 2
	done
	ok "I7 interleaved mode" good "$LAB_NAME" \
		"[e['interleaved'] for e in o['ntp']['exchanges']] == [False, False, True, True]" \
		--interleaved
	ok "without NTS" good "$LAB_NAME" \
		"'tls' not in o and not o['ntp']['exchanges'][0]['authentic']" --plain
	ok "the text ends in the verdict" ends 0 \
		"good: 2 of 2 replies came, all of them authentic" "$LAB_NAME" --count 2
}

certificate_tests()
{
	echo "$LAB_IPV4 feed.$LAB_NAME" >>/etc/hosts
	ok "a name that the certificate has not" wrong certificate \
		"feed.$LAB_NAME is not among the certificate's names ($LAB_NAME, v4.$LAB_NAME, \
v6.$LAB_NAME, $LAB_IPV4, $LAB_IPV6): use one of those" "feed.$LAB_NAME"
	"$lab_tree/scripts/knts-ca" init --dir "$lab/other" --no-password >/dev/null
	ok "another CA" wrong certificate \
		"the certificate was not issued by a CA in $lab/other/ca.pem (" \
		"$LAB_NAME" --ca "$lab/other/ca.pem"
	ok "with another CA it goes on all the same" json_of \
		"o['trusted'] is False and o['ntp']['exchanges'][3]['result'] == 'good'"
	ok "no CA" wrong tls "the CAs to trust cannot be read from $lab/none (No such file" \
		"$LAB_NAME" --ca "$lab/none"
}

# A server gives the first octet a second, say; the system's CAs may take longer to read.
slow_ca()
{
	local pid

	python3 -c "import socket
s = socket.create_server(('$LAB_IPV4', 4462))
c = s.accept()[0]
c.settimeout(1.5)
c.recv(1)" &
	pid=$!
	lab_wait 5 grep -q ":$(printf %04X 4462) " /proc/net/tcp || return
	ask_query 1 "$LAB_NAME" --port 4462 --ca <(sleep 3 && cat "$lab/ca/ca.pem")
	wait "$pid"
}

reach_tests()
{
	ok "the CAs are read before it connects" slow_ca
	ok "a name without address" wrong resolve "'none.$LAB_NAME' has no address (" \
		"none.$LAB_NAME"
	ok "a closed TCP port" wrong tcp "TCP port 4999 of $LAB_IPV4 refuses: is kntsd" \
		"$LAB_NAME" --port 4999
	ok "the kernel's server stops" lab_ctl server stop 0.0.0.0:123
	ok "a closed UDP port" wrong ntp \
		"NTS-KE answers but UDP port 123 of $LAB_IPV4 refuses (Connection refused): is" \
		"$LAB_NAME"
	ok "the kernel's server starts" lab_ctl server start 0.0.0.0:123
	ok "the server ignores who asks without NTS" \
		lab_ctl server set 0.0.0.0:123 --require-nts ignore
	ok "silence without NTS" wrong ntp "UDP port 123 of $LAB_IPV4 does not answer: is" \
		"$LAB_NAME" --plain --count 2 --timeout 1
	ok "the server denies who asks without NTS" \
		lab_ctl server set 0.0.0.0:123 --require-nts deny
	ok "DENY without NTS" wrong ntp \
		"the server denies its service (DENY): it serves with NTS only" "$LAB_NAME" --plain
	ok "all is well with NTS" good "$LAB_NAME" True --count 1
}

# The cookie's key is flushed between the first exchange and the second.
lost_key()
{
	local query

	wrong ntp "NTSN: $LAB_IPV4 port 123 has not the key of the cookie" \
		"$LAB_NAME" --count 2 --interval 8 &
	query=$!
	lab_wait 10 one_answer && lab_ctl keys rotate && wait "$query"
}

one_answer()
{
	[ "$(lab_ctl stats --json | grep -o '"answer-nts": [0-9]*')" != "$answers" ]
}

# NTS-KE sends clients to a port where somebody listens, but does not answer.
silent_ntp()
{
	sed -i 's/^nts-ke-server {/& ntp-port = 10124/' "$lab/kntsd.conf" &&
		lab_ctl reload || return
	python3 -c "import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('$LAB_IPV4', 10124))
signal.pause()" &
	echo $! >"$lab/feed/sink.pid"
	# The workers of before may still answer.
	lab_wait 20 wrong ntp \
		"NTS-KE answers but UDP port 10124 of $LAB_IPV4 does not: is a firewall" \
		"$LAB_NAME" --count 1
}

usage()
{
	local rc=0

	"$lab_bin/kntsctl" query "$@" || rc=$?
	equal "$rc" 2
}

chmod 755 "$tmp"
ok "the service starts, without a clock" set_up
ok "P6 an unsynchronised server" wrong clock "the server says that it is unsynchronised: its" \
	"$LAB_NAME"
ok "the clock is set" synchronise
good_tests
certificate_tests
reach_tests
answers=$(lab_ctl stats --json | grep -o '"answer-nts": [0-9]*')
ok "N40 a key that is lost" lost_key
ok "an NTP server that does not answer" silent_ntp
ok "usage: no host" usage
ok "usage: both families" usage "$LAB_NAME" --ipv4 --ipv6
ok "usage: an AEAD that is none" usage "$LAB_NAME" --aead 18
ok "usage: a CA without NTS" usage "$LAB_NAME" --plain --ca "$lab/ca/ca.pem"
ok "usage: no exchange" usage "$LAB_NAME" --count 0

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
