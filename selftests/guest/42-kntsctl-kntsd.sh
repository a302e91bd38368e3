#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsctl with kntsd: the whole screen, keys and their rotation, reload, and a
# configuration that is bad.
#
# shellcheck disable=SC2317 # most functions are called through "ok"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"
# shellcheck source=selftests/guest/ctl.sh
. "$here/ctl.sh"

# shellcheck disable=SC2154 # tmp comes from tap.sh
export KNTS_CONTROL=$tmp/control
ca=$here/../../scripts/knts-ca

# write_config STRATUM SOURCE: a server whose clock is right by other means.
write_config()
{
	cat >"$tmp/kntsd.conf" <<-CONF
		ntp-server { listen = "127.0.0.1:123" }
		nts-ke-server {
		    listen = "127.0.0.1:4460"
		    certificate-chain-path = "$tmp/ca/time.example.chain.pem"
		    private-key-path = "$tmp/ca/time.example.key"
		}
		keyset { stale-key-count = 1 }
		clock {
		    source = fixed
		    stratum = $1
		    reference-id = "$2"
		}
		workers = 1
		control-path = "$KNTS_CONTROL"
	CONF
}

make_certificate()
{
	"$ca" init --dir "$tmp/ca" --no-password &&
		"$ca" issue --dir "$tmp/ca" time.example
}

start_kntsd()
{
	"$build/kntsd" -c "$tmp/kntsd.conf" >"$tmp/kntsd.log" 2>&1 &
	kntsd=$!
	wait_for serves 20 || {
		cat "$tmp/kntsd.log"
		return 1
	}
}

serves()
{
	"$kntsctl" status --json | grep '"serving": true' >/dev/null
}

kill_kntsd()
{
	kill -KILL "$kntsd"
	wait "$kntsd"
	[ $? = 137 ]
}

active_key()
{
	"$kntsctl" keys | awk 'NR > 1 && / active / { print $1 }'
}

rotation_tests()
{
	local before

	before=$(active_key)
	ok "one key at first" json "len(o) == 1 and o[0]['active'] and \
o[0]['id'] == '$before' and o[0]['algorithm'] == 15" "$kntsctl" keys --json
	ok "rotate makes another, which seals" has "^[0-9a-f]\{8\}  .*  active  " \
		"$kntsctl" keys rotate
	ok "the old one stays" json "len(o) == 2 and \
[k['active'] for k in o if k['id'] == '$before'] == [False]" "$kntsctl" keys --json
	ok "rotate --json gives kntsd's answer" json "o['ok'] is True" \
		"$kntsctl" keys rotate --json
	ok "the oldest one went" json "len(o) == 2 and \
'$before' not in [k['id'] for k in o]" "$kntsctl" keys --json
}

reload_tests()
{
	write_config 3 192.0.2.9
	ok "reload" says 0 reloaded "$kntsctl" reload
	ok "it took effect" wait_for "$kntsctl clock | grep '^stratum *3$' >/dev/null" 10
	sed -i 's/workers = 1/workers = many/' "$tmp/kntsd.conf"
	ok "a bad configuration is refused" refused "$tmp/kntsd.conf:13:" "$kntsctl" reload
	ok "the old one goes on serving" serves
	ok "status keeps saying so" has "^problem: .*$tmp/kntsd.conf:13:" \
		"$kntsctl" status
	ok "check-config says the same" check_config_fails
	write_config 3 192.0.2.9
	ok "check-config takes a good one" "$kntsctl" check-config "$tmp/kntsd.conf"
	ok "and so does reload" says 0 reloaded "$kntsctl" reload
}

check_config_fails()
{
	local said rc=0

	said=$("$kntsctl" check-config "$tmp/kntsd.conf" 2>&1) || rc=$?
	echo "exit code $rc: $said"
	[ "$rc" = 1 ] && [[ $said == *"$tmp/kntsd.conf:13:"* ]]
}

status_tests()
{
	ok "status: it serves, and nothing is wrong" has "^knts serves, and nothing is wrong$" "$kntsctl" status
	ok "status: server" has "^servers   127.0.0.1:123  *require-nts false$" \
		"$kntsctl" status
	ok "status: clock" has "^clock     synchronised, stratum 1, source PPS (50505300)$" \
		"$kntsctl" status
	ok "status: its feed" has "^          dispersion .* now; set .* ago for .*, from fixed$" \
		"$kntsctl" status
	ok "status: keys" has "^keys      1 in the ring, [0-9a-f]* seals, made .* ago, the next in " \
		"$kntsctl" status
	ok "status: kntsd" has "^kntsd     runs, version .*, pid $kntsd, 1 worker, \
$tmp/kntsd.conf$" "$kntsctl" status
	ok "status: key exchange" has "^nts-ke    127.0.0.1:4460$" "$kntsctl" status
	ok "status: certificate" has "^          certificate time.example, until 20.* ([0-9]* days left)$" \
		"$kntsctl" status
	ok "status --json" json "o['serving'] and o['problems'] == [] and \
o['kntsd']['pid'] == $kntsd and o['clock']['source'] == 'PPS'" \
		"$kntsctl" status --json
}

# Two keys are in the ring: that which seals, and a stale one.
removal_tests()
{
	local active stale

	active=$(active_key)
	stale=$("$kntsctl" keys | awk '/ stale / { print $1 }')
	ok "the key that seals is not removed" refused "$active" "$kntsctl" keys remove "$active"
	ok "nor is one that is not there" refused 12345678 "$kntsctl" keys remove 12345678
	ok "keys remove takes a stale one" lacks "^$stale" "$kntsctl" keys remove "$stale"
	ok "and leaves the other" json "[k['id'] for k in o] == ['$active']" \
		"$kntsctl" keys --json
}

# Each command's JSON, where there is all to tell.
schema_tests()
{
	ok "JSON of status is as its schema says" schema status "$kntsctl" status --json
	ok "JSON of clock is as its schema says" schema clock "$kntsctl" clock --json
	ok "JSON of keys is as its schema says" schema keys "$kntsctl" keys --json
	ok "JSON of keys rotate is as its schema says" schema keys-rotate \
		"$kntsctl" keys rotate --json
	ok "JSON of keys remove is as its schema says" schema keys-remove "$kntsctl" \
		keys remove --json "$("$kntsctl" keys | awk '/ stale / { print $1 }')"
	ok "JSON of reload is as its schema says" schema reload "$kntsctl" reload --json
	ok "JSON of top is as its schema says" schema top \
		"$kntsctl" top --json --batch 1 --interval 0.2
}

absence_tests()
{
	local absent="kntsd does not run (nobody listens on $KNTS_CONTROL)"

	ok "without kntsd the kernel serves on" serves
	ok "status says that it is gone" has "^problem: $absent: " "$kntsctl" status
	ok "keys rotate says so" refused "$absent" "$kntsctl" keys rotate
	ok "reload says so" refused "$absent" "$kntsctl" reload
	ok "status ends with 4: it serves, but" ends_json 4 "o['serving']" \
		"$kntsctl" status --json
	ok "JSON of status without kntsd" schema status "$kntsctl" status --json
	ok "JSON of clock without kntsd" schema clock "$kntsctl" clock --json
	ok "--control is obeyed" refused "$tmp/elsewhere" "$kntsctl" reload \
		--control "$tmp/elsewhere"
}

ok "the module loads" modprobe knts
ip link set lo up
ok "a certificate is made" make_certificate
write_config 1 PPS
log_mark
ok "kntsd starts" start_kntsd
status_tests
rotation_tests
removal_tests
reload_tests
schema_tests
ok "kntsd is killed" kill_kntsd
absence_tests
ok "the kernel log is silent" log_silent
ok "the module unloads" modprobe -r knts
done_testing
