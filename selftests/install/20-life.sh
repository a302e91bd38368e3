#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The units, on the disk of 10-first.sh: the service came up by itself at boot; reload,
# death, silence, socket activation, the exporter; and in all of it the client's cookies.
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"

came_back()
{
	started_anew "$1" && client_gets_more && client_has_no_nak
}

killed_service_comes_back()
{
	local pid

	pid=$(main_pid)
	kill -KILL "$pid"
	wait_for 60 started_anew "$pid"
}

# The watchdog's time is 30 s.
stopped_service_comes_back()
{
	local pid began=$SECONDS

	pid=$(main_pid)
	kill -STOP "$pid"
	wait_for 120 started_anew "$pid" || return
	equal "$(systemctl show -P NRestarts kntsd)" 2
	journalctl -u kntsd -b --no-pager | grep -i "watchdog timeout"
	echo "back after $((SECONDS - began)) s"
}

reload_is_refused()
{
	cp "$conf" "$tmp/good.conf"
	echo "nonsense = 1" >>"$conf"
	! systemctl reload kntsd || return 1
	journalctl -u kntsd -b --no-pager >"$tmp/journal"
	said "$tmp/journal" "nonsense" || return
	cp "$tmp/good.conf" "$conf"
	is_active kntsd
}

reload_is_taken()
{
	local pid

	pid=$(main_pid)
	systemctl reload kntsd && equal "$(main_pid)" "$pid"
}

clock_is_told()
{
	kntsctl clock && ! journalctl -u kntsd -b --no-pager | grep "adjtimex fails"
}

# Without capability and behind the filter.
adjtimex_is_read()
{
	cp "$conf" "$tmp/good.conf"
	sed -i '/^clock {/,/^}/d' "$conf"
	echo 'clock { source = adjtimex stratum = 1 reference-id = "PTP" }' >>"$conf"
	systemctl restart kntsd && wait_for 30 clock_is_told || return
	cp "$tmp/good.conf" "$conf"
	systemctl restart kntsd
}

# systemd holds the port while kntsd is away, and starts kntsd for the first who comes.
socket_activation()
{
	systemctl stop kntsd
	systemctl start kntsd.socket || return
	is_not_active kntsd || return
	: | timeout 60 openssl s_client -connect "$LAB_IPV4:4460" -alpn ntske/1 -tls1_3 \
		-CAfile /etc/knts/ca/ca.pem -verify_hostname "$SERVER" >"$tmp/tls" 2>&1
	said "$tmp/tls" "Verify return code: 0 (ok)" || return
	is_active kntsd && is_active kntsd.socket
}

exporter_serves()
{
	systemctl start knts-exporter || return
	wait_for 60 curl -sSf -o "$tmp/metrics" http://127.0.0.1:10123/metrics || return
	said "$tmp/metrics" "kntsd_up 1"
}

only_its_capabilities()
{
	local pid

	pid=$(main_pid)
	grep -E '^(CapBnd|NoNewPrivs|Seccomp):' "/proc/$pid/status" | tee "$tmp/caps"
	# NET_ADMIN 12, NET_BIND_SERVICE 10, DAC_OVERRIDE 1, SETUID 7, SETGID 6, SETPCAP 8, KILL 5.
	grep -q '^CapBnd:.*00000000000015e2$' "$tmp/caps" && grep -q '^Seccomp:.*2$' "$tmp/caps"
}

workers_have_none()
{
	local pid

	for pid in $(pgrep -u _knts); do
		grep -qE '^Cap(Eff|Prm|Bnd):.*[^0[:space:]]' "/proc/$pid/status" && return 1
	done
	pgrep -u _knts
}

nothing_was_denied()
{
	! journalctl -u kntsd -u knts-exporter -b --no-pager |
		grep -iE 'operation not permitted|permission denied|read-only file system'
}

ok "kntsd has started at boot" wait_for 60 is_active kntsd
client_setup
ok "the client is synchronised by NTS" wait_for 90 client_synchronised
ok "kntsd has its capabilities, no more, and a filter of system calls" only_its_capabilities
ok "the workers have another user, and no capability" workers_have_none
ok "a reload takes the file, in the same process" reload_is_taken
ok "a wrong file fails the reload, and the service goes on" reload_is_refused
ok "after SIGKILL systemd starts kntsd anew" killed_service_comes_back
ok "a kntsd that says nothing is started anew by the watchdog" stopped_service_comes_back
sed 's/^/# /' "$tmp/output"
ok "the client gets more replies" client_gets_more
ok "with the same cookies: no NAK" client_has_no_nak
ok "the kernel's own account of its clock is read" adjtimex_is_read
ok "kntsd.socket: the first connection starts kntsd" socket_activation
ok "the exporter serves metrics" exporter_serves
ok "the sandbox denied nothing" nothing_was_denied
done_testing
