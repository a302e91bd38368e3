#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ntpd-rs as client: it synchronises over NTS, keeps its cookies, goes through a
# rotation unnoticed, and comes back when its key is gone.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"
# shellcheck source=selftests/interop/counts.sh
. "$here/counts.sh"

# shows PATTERN...: ntp-ctl has a line for each of them.
shows()
{
	local said pattern

	said=$(lab_ntp_ctl client)
	for pattern; do
		grep -qE "$pattern" <<<"$said" && continue
		printf 'no line has: %s\n%s\n' "$pattern" "$said"
		return 1
	done
}

synchronised()
{
	shows '^Stratum: 2$' "^$LAB_NAME:4460/$LAB_IPV4:123 \[NTS\]"
}

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_feed &&
		lab_kntsd_conf && sed -i 's/^keyset {/& stale-key-count = 1/' "$lab/kntsd.conf" &&
		modprobe knts && lab_kntsd &&
		lab_namespace client && lab_ntpd_rs client "$LAB_NAME"
}

lab_peer ntpd-rs || skip_all "$lab_reason"

chmod 755 "$tmp"
ok "the service and ntpd-rs start" set_up
ok "ntpd-rs is synchronised over NTS" lab_wait 40 synchronised
client_tests "$(cat "$lab/client/ntp-daemon.pid")"
ok "ntpd-rs is synchronised at the end" synchronised
ok "N37 N38 with 8 cookies" lab_wait 5 shows 'NTS cookies: 8/8 available'

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
