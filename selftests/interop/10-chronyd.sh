#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A stock chronyd as client, over IPv4 and IPv6: it reaches NTS, keeps its
# cookies, goes through a rotation unnoticed, and comes back when its key is gone.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"

polls=100
declare -A server=([four]=$LAB_IPV4 [six]=$LAB_IPV6)

key_id_is()
{
	equal "$(lab_authdata "$1" 3)" "$2"
}

has_new_key()
{
	[ "$(lab_authdata "$1" 3)" -gt "$2" ]
}

counter()
{
	lab_ctl stats --json |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["counters"][sys.argv[1]])' "$1"
}

good_replies()
{
	echo $(($(lab_ntpdata four 'Total good RX') + $(lab_ntpdata six 'Total good RX')))
}

# Of clients that pause. The first requests after a pause are 2 s apart: replies to
# hastier ones may come after the next request, and are then no good ones.
counts_agree()
{
	local answers good name

	answers=$(counter answer-nts)
	good=$(good_replies)
	for name in four six; do
		lab_chronyc "$name" online &&
			lab_wait 60 lab_has_good "$name" \
				$(($(lab_ntpdata "$name" 'Total good RX') + 4)) || return
	done
	pause_clients
	equal "$(($(counter answer-nts) - answers))" "$(($(good_replies) - good))"
}

active_key()
{
	lab_ctl keys --json |
		python3 -c 'import json, sys; print(next(k["id"] for k in json.load(sys.stdin) if k["active"]))'
}

rotate()
{
	local before
	before=$(active_key)
	lab_ctl keys rotate && lab_wait 5 test "$(active_key)" != "$before"
}

silent()
{
	local before

	before=$(lab_ntpdata "$1" 'Total TX')
	sleep 3
	equal "$(lab_ntpdata "$1" 'Total TX')" "$before"
}

# Neither client asks. Who goes offline with a request under way loses the reply,
# so they ask seldom first.
pause_clients()
{
	local name

	for name in four six; do
		lab_chronyc "$name" minpoll "${server[$name]}" 5 &&
			lab_wait 30 silent "$name" && lab_chronyc "$name" offline || return
	done
}

go_on_clients()
{
	local name

	for name in four six; do
		lab_chronyc "$name" minpoll "${server[$name]}" -3 &&
			lab_chronyc "$name" maxpoll "${server[$name]}" -3 &&
			lab_chronyc "$name" online || return
	done
}

# Rotate until no key of before is in the ring: one active and one stale is kept.
# Clients that asked meanwhile would have all their cookies by the key between.
forget_keys()
{
	pause_clients && rotate && rotate && go_on_clients
}

goes_on()
{
	local name=$1 good

	good=$(lab_ntpdata "$name" 'Total good RX')
	lab_wait 30 lab_has_good "$name" $((good + 10))
}

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_feed &&
		lab_kntsd_conf && sed -i 's/^keyset {/& stale-key-count = 1/' "$lab/kntsd.conf" &&
		modprobe knts && lab_kntsd &&
		lab_namespace four && lab_namespace six &&
		lab_client four "v4.$LAB_NAME" minpoll -3 maxpoll -3 &&
		lab_client six "v6.$LAB_NAME" minpoll -3 maxpoll -3
}

chmod 755 "$tmp"
ok "the service and two clients start" set_up
for name in four six; do
	ok "$name: authdata says NTS" lab_wait 40 lab_has_good "$name" 4
	ok "$name: mode is NTS" equal "$(lab_authdata "$name" 2)" NTS
	ok "$name: the AEAD is 15" equal "$(lab_authdata "$name" 4)" 15
	ok "$name: $polls good replies" lab_wait 120 lab_has_good "$name" "$polls"
	ok "$name: N37 N38 still 8 cookies" lab_full_jar "$name"
	ok "$name: one key exchange was enough" key_id_is "$name" 1
	ok "$name: no NAK" equal "$(lab_authdata "$name" 8)" 0
done

ok "N46 a rotation" rotate
for name in four six; do
	ok "$name: N46 goes on after it" goes_on "$name"
	ok "$name: N46 without a new key exchange" key_id_is "$name" 1
done

ok "N46 the keys of all cookies leave the ring" forget_keys
for name in four six; do
	ok "$name: N40 a new key exchange after NTSN" lab_wait 90 has_new_key "$name" 1
	ok "$name: good replies again" goes_on "$name"
done
ok "N40 the kernel counted the NTSN" test "$(counter kiss-ntsn-key)" -ge 2

ok "both clients pause" pause_clients
ok "the kernel's count of answers is the clients' count of good replies" counts_agree

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
