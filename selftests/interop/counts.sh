# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For tests with another project's client, sourced by them after tap.sh and
# scripts/lab.sh: what the kernel and kntsd counted, and a client that has
# synchronised and asks once a second.

# counter NAME: one of the kernel's.
counter()
{
	lab_ctl --json stats |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["counters"][sys.argv[1]])' "$1"
}

# key_exchanges: how many kntsd has answered.
key_exchanges()
{
	lab_ctl --json status |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["kntsd"]["ke-stats"]["answered"])'
}

# answered COUNT: so many requests, with NTS.
answered()
{
	[ "$(counter answer-nts)" -ge "$1" ]
}

more_answers()
{
	lab_wait 60 answered $(($(counter answer-nts) + $1))
}

new_key_exchange()
{
	[ "$(key_exchanges)" -gt "$1" ]
}

# forget_keys PID: rotate until no key of before is in the ring, where one active and
# one stale key is kept. The client holds its breath, or it would get a cookie by the
# key between.
forget_keys()
{
	kill -STOP "$1" && lab_ctl keys rotate && lab_ctl keys rotate && kill -CONT "$1"
}

# client_tests PID: N46 and N40, and nothing without NTS.
client_tests()
{
	local before

	before=$(key_exchanges)
	ok "10 answers with NTS" more_answers 10
	ok "N46 a rotation" lab_ctl keys rotate
	ok "N46 answers after it" more_answers 3
	ok "N40 no NTSN so far" equal "$(counter kiss-ntsn-key)" 0
	ok "N37 N38 no new key exchange so far" equal "$(key_exchanges)" "$before"
	ok "N46 the keys of all cookies leave the ring" forget_keys "$1"
	ok "N40 a new key exchange after NTSN" lab_wait 60 new_key_exchange "$before"
	ok "N40 the kernel counted the NTSN" test "$(counter kiss-ntsn-key)" -ge 1
	ok "answers again" more_answers 3
	ok "nothing was answered without NTS" equal "$(counter answer-plain)" 0
}
