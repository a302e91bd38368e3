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
"10.77.1.1:123                       require-nts false   serve-own-port false
[::]:1123%eth1                      require-nts deny    serve-own-port true" \
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
	ok "usage: an interval that is none" fails_usage stats --interval soon
	ok "usage: an interval below none" fails_usage stats --interval -1
	ok "usage: an option without its value" fails_usage stats --interval
	ok "usage: an order that is none" fails_usage clients --sort colour
	ok "usage: a limit that is none" fails_usage clients --limit 1.5
	ok "usage: a table that is too large" fails_usage clients set 65537
	ok "usage: a table that is none" fails_usage clients set many
	ok "usage: no table" fails_usage clients set
	ok "usage: a verb that is none" fails_usage keys turn
	ok "usage: no key" fails_usage keys remove
	ok "usage: a key that is none" fails_usage keys remove 0123456g
	ok "usage: a key with too many digits" fails_usage keys remove 012345678
	ok "usage: a batch of none" fails_usage top --batch 0
	ok "usage: an option before no command" fails_usage --json
	ok "usage: colour that is none" fails_usage status --colour red
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

clients_tests()
{
	ok "clients: off at first, and how to turn it on" says 1 \
		"kntsctl: the kernel keeps no clients: turn it on with 'kntsctl clients \
set 1024', or for good with client-table-size = 1024 in kntsd.conf" ctl server clients
	ok "clients set turns it on" has "^1024 clients are kept on each CPU, in " \
		ctl server clients set 1000
	ok "a request for it is answered" ask
	ok "clients shows who asked" \
		has "^10.77.1.2 *[0-9.]* *0 plain *1 *0 *0  [0-9]* s ago$" \
		ctl server clients --interval 0.1
	ok "clients shows how many there are" \
		has "^1 of 1 clients; room for 1024 on each CPU (.* [KM]iB)$" ctl server clients
	ok "clients as JSON" json "[c['address'] for c in o['clients']] == ['10.77.1.2'] and \
o['table']['entries'] == 1024 and o['clients'][0]['plain'] == 1" ctl server clients --json
	ok "top shows it, too" has "^10.77.1.2 " ctl server top --batch 1 --interval 0.2
	ok "clients set 0 turns it off" says 0 "no clients are kept" ctl server clients set 0
	ok "top tells how to turn it on" has "^the kernel keeps no clients: turn it on" \
		ctl server top --batch 1 --interval 0.2
}

histogram_tests()
{
	ok "stats --histogram counts answers" has "^  count 2, mean .* [num]*s, all below " \
		ctl server stats --histogram
	ok "stats --histogram --interval: none in that time" \
		json "[h['count'] for h in o] == [0, 0, 0]" \
		ctl server stats --histogram --interval 0.1 --json
}

# Each command's JSON, where there is little to tell.
schema_tests()
{
	ctl server clients set 16 >/dev/null
	ok "a request for schemas is answered" ask
	ok "JSON of status is as its schema says" schema status ctl server status --json
	ok "JSON of status without servers" schema status ctl client status --json
	ok "JSON of stats is as its schema says" schema stats ctl server stats --json
	ok "JSON of stats without rates" schema stats ctl server stats --interval 0 --json
	ok "JSON of stats --histogram is as its schema says" schema stats-histogram \
		ctl server stats --histogram --json
	ok "JSON of clients is as its schema says" schema clients ctl server clients --json
	ok "JSON of clients without rates" schema clients \
		ctl server clients --interval 0 --json
	ok "JSON of keys is as its schema says" schema keys ctl server keys --json
	ok "JSON of server is as its schema says" schema server ctl server server --json
	ok "JSON of top is as its schema says, a line a screen" schema_of_top
	ok "a schema refuses what it does not know" refuses_nonsense
}

schema_of_top()
{
	ctl server top --json --batch 2 --interval 0.1 >"$tmp/top"
	[ "$(wc -l <"$tmp/top")" = 2 ] && "$ctl_schema" top --lines <"$tmp/top"
}

refuses_nonsense()
{
	! "$ctl_schema" keys <<<'[{"id": "0000001", "frobnicates": true}]'
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
	ok "its lines are as their schema says" lines_fit "$tmp/scripts"
	kill "$people" "$scripts"
	wait "$people" "$scripts" 2>/dev/null
}

lines_fit()
{
	"$ctl_schema" monitor --lines <"$1"
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
clients_tests
histogram_tests
schema_tests
monitor_tests
# In the namespace that is there from the beginning: the others go first.
reload_tests()
{
	"$kntsctl" monitor --json >>"$tmp/reloads" &
	local monitor=$!

	wait_for own_server_seen 20
	ok "the module unloads while somebody listens" modprobe -r knts
	ok "monitor tells that it is gone" wait_for "grep -q module-gone $tmp/reloads" 10
	ok "and does not load it again" not_loaded
	ok "the module loads again" modprobe knts
	ok "monitor tells that it is back" wait_for "grep -q module-back $tmp/reloads" 10
	: >"$tmp/reloads"
	ok "and goes on telling" wait_for own_server_seen 20
	kill "$monitor"
	wait "$monitor" 2>/dev/null
	ok "these lines are as their schema says" lines_fit "$tmp/reloads"
}

not_loaded()
{
	! lsmod | grep "^knts "
}

own_server_seen()
{
	"$kntsctl" server start 127.0.0.1:130
	"$kntsctl" server stop 127.0.0.1:130
	sleep 0.2
	grep -q server-up "$tmp/reloads"
}

ok "the kernel log is silent" log_silent
ns_delete server client
reload_tests
ok "the module unloads" modprobe -r knts
done_testing
