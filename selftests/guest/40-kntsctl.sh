#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsctl against the module alone: what it shows, what it changes, and what it
# says when the kernel refuses.
#
# shellcheck disable=SC2317 # most functions are called through "ok"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"
# shellcheck source=selftests/guest/ctl.sh
. "$here/ctl.sh"

# ctl NAMESPACE WORD...: without kntsd, which this test does not start.
ctl()
{
	local namespace=$1

	shift
	ip netns exec "$namespace" "$kntsctl" "$@"
}

# nobody WORD...: as a user without capabilities, in the server's namespace. It
# may not be able to reach the tree.
nobody()
{
	chmod 711 "$tmp"
	install -m 755 "$kntsctl" "$tmp/kntsctl"
	ip netns exec server setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$tmp/kntsctl" "$@"
}

# owner COMMAND...: as root of a user namespace and a network namespace in it.
owner()
{
	unshare --user --map-root-user --net "$@"
}

not_loaded="kntsctl: kernel module knts is not loaded: run 'modprobe knts'"

# The kernel would load the module by itself when asked for the family.
not_loaded_tests()
{
	local helper=/proc/sys/kernel/modprobe path

	path=$(cat "$helper")
	echo /bin/false >"$helper"
	ok "without the module stats says so" says 1 "$not_loaded" "$kntsctl" stats
	ok "without the module status says so" \
		has "^problem: kernel module knts is not loaded: run 'modprobe knts'$" \
		"$kntsctl" status
	echo "$path" >"$helper"
}

server_tests()
{
	ok "no server at first" says 0 "" ctl server server
	ok "a server is opened" says 0 "" ctl server server start 10.77.1.1
	ok "another, with everything" says 0 "" ctl server server start '[::]:1123' \
		--device eth1 --require-nts deny --serve-own-port true
	ok "both are listed" says 0 \
"10.77.1.1:123                             require-nts false   serve-own-port false
[::]:1123%eth1                            require-nts deny    serve-own-port true" \
		ctl server server list
	ok "both are listed as JSON" json \
		"o == [{'address': '10.77.1.1', 'port': 123, 'require-nts': 'false', \
'serve-own-port': False}, {'address': '::', 'port': 1123, 'device': 'eth1', \
'require-nts': 'deny', 'serve-own-port': True}]" \
		ctl server server --json
	ok "a policy is set, the rest stays" says 0 "" ctl server server set \
		'[::]:1123%eth1' --require-nts ignore
	ok "and is listed" has "^\[::\]:1123%eth1 *require-nts ignore *serve-own-port true$" \
		ctl server server
	ok "the other namespace has none" says 0 "" ctl client server
	ok "a server is closed" says 0 "" ctl server server stop '[::]:1123%eth1'
	ok "and is gone" json "len(o) == 1" ctl server server --json
}

refusal_tests()
{
	ok "the same server twice" refused "10.77.1.1:123" ctl server server start 10.77.1.1
	ok "an address that is not ours" refused "192.0.2.77" \
		ctl server server start 192.0.2.77
	ok "a multicast address" refused "224.0.1.1" ctl server server start 224.0.1.1
	ok "a device that is not there" refused "nodev0" \
		ctl server server start '[::]:124' --device nodev0
	ok "closing what is not open" refused "no server is open" \
		ctl server server stop 10.77.1.1:124
	ok "setting what is not open" refused "no server is open" \
		ctl server server set 10.77.1.1:124 --require-nts deny
	ok "the clock before it was set" refused "has not been set" \
		ctl server clock
	ok "without CAP_NET_ADMIN" says 1 \
		"kntsctl: server-add needs CAP_NET_ADMIN in this network namespace" \
		nobody server start 10.77.1.1:125
	ok "reading, too" says 1 \
		"kntsctl: stats-get needs CAP_NET_ADMIN in this network namespace" \
		nobody stats
	ok "the owner of a namespace may" says 0 "" owner "$kntsctl" server start 0.0.0.0:123
	ok "nothing was opened by a refusal" json "len(o) == 1" \
		ctl server server --json
}

usage_tests()
{
	ok "usage: no command" fails_usage
	ok "usage: a command that is none" fails_usage frobnicate
	ok "usage: an option that is none" fails_usage status --frobnicate
	ok "usage: an option that another command has" fails_usage clock --all
	ok "usage: an address that is none" fails_usage server start 10.77.1
	ok "usage: a port that is none" fails_usage server start 10.77.1.1:65536
	ok "usage: a policy that is none" fails_usage server start :: --require-nts maybe
	ok "usage: one word too many" fails_usage stats now
}

fails_usage()
{
	local said rc=0

	said=$("$kntsctl" "$@" 2>&1 >/dev/null </dev/null) || rc=$?
	[ "$rc" = 2 ] && [ "$(wc -l <<<"$said")" = 1 ] && echo "$said" && return
	printf 'exit code %s: %s\n' "$rc" "$said"
	return 1
}

# One request of 48 octets, version 4, mode 3.
ask()
{
	ip netns exec client python3 - <<-'ASK'
		import socket
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(10)
		s.sendto(b"\x23" + bytes(39) + b"\x01" * 8, ("10.77.1.1", 123))
		assert len(s.recv(100)) == 48
	ASK
}

stats_tests()
{
	ok "a request is answered" ask
	ok "stats counts it" json "o['answers'] == 1 and o['kisses'] == 0 and \
o['drops'] == 0 and o['counters']['answer-plain'] == 1" ctl server stats --json
	ok "stats says what it is" \
		has "^  answer-plain  *1  *[0-9.]*  answered without NTS$" ctl server stats
	ok "stats --interval 0 has no rates" \
		has "^  answer-plain  *1  answered without NTS$" \
		ctl server stats --interval 0
	ok "stats leaves zeros out" lacks drop-short ctl server stats
	ok "stats --all does not" has "^  drop-short  *0  *0  shorter than an NTP header$" \
		ctl server stats --all
	ok "status counts it" has "^so far    0 NTS, 1 plain, 0 kiss codes, 0 drops$" \
		ctl server status
	ok "status says what is missing" has "^problem: the key ring is empty" \
		ctl server status
	ok "status as JSON" ends_json 3 "o['serving'] is False and o['answers'] == 1 and \
o['keys'] == [] and len(o['problems']) == 3 and 'clock' not in o" \
		ctl server status --json
}

monitor_tests()
{
	ip netns exec server "$kntsctl" monitor >"$tmp/people" &
	local people=$!
	ip netns exec server "$kntsctl" monitor --json >"$tmp/scripts" &
	local scripts=$!

	# They may not listen yet at the first time.
	wait_for toggle_seen 20
	ok "monitor tells of a server's beginning" \
		grep '^..:..:..  server 10.77.1.1:130 opened$' "$tmp/people"
	ok "monitor tells of its end" \
		grep '^..:..:..  server 10.77.1.1:130 closed$' "$tmp/people"
	ok "monitor --json tells the same" events_are "$tmp/scripts"
	kill "$people" "$scripts"
	wait "$people" "$scripts" 2>/dev/null
}

toggle_seen()
{
	ctl server server start 10.77.1.1:130
	ctl server server stop 10.77.1.1:130
	sleep 0.2
	grep -q opened "$tmp/people" && grep -q server-up "$tmp/scripts"
}

events_are()
{
	python3 - "$1" <<-'EVENTS'
		import json, sys
		events = [json.loads(line) for line in open(sys.argv[1])]
		assert [e["event"] for e in events[-2:]] == ["server-up", "server-down"]
		assert all(e["server"]["port"] == 130 for e in events)
	EVENTS
}

not_loaded_tests
usage_tests
ok "asking loads the module" says 0 "" "$kntsctl" server
ns_pair server client
log_mark
server_tests
refusal_tests
stats_tests
monitor_tests
ok "the kernel log is silent" log_silent
ns_delete server client
ok "the module unloads" modprobe -r knts
done_testing
