#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ntpsec's ntpd as client, over IPv6: it asks from port 123, and is dropped until the
# server says that it may; then it synchronises over NTS, keeps its cookies, goes
# through a rotation unnoticed, and comes back when its key is gone.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"
# shellcheck source=selftests/interop/counts.sh
. "$here/counts.sh"

# Its only association is reachable, authentic, and the one that it follows.
synchronised()
{
	local said

	said=$(lab_ntpq client associations)
	grep -qE '^ +1 +[0-9]+ +[0-9a-f]+ +yes +yes +ok +sys.peer ' <<<"$said" && return
	echo "$said"
	return 1
}

full_jar()
{
	lab_ntpq client 'readvar &1 ntscookies' | grep -x ntscookies=8 >/dev/null
}

is_dropped()
{
	[ "$(counter drop-own-port)" -ge 2 ] && [ "$(counter answer-nts)" = 0 ]
}

# Its key exchange would be tried again only after a minute: it is started anew.
serve_own_port()
{
	sed -i 's/^ntp-server {/& serve-own-port = true/' "$lab/kntsd.conf" &&
		lab_ctl reload && kill "$(cat "$lab/client/ntpd.pid")" &&
		rm -r "$lab/client" && lab_ntpsec client "v6.$LAB_NAME"
}

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_feed &&
		lab_kntsd_conf && sed -i 's/^keyset {/& stale-key-count = 1/' "$lab/kntsd.conf" &&
		modprobe knts && lab_kntsd &&
		lab_namespace client && lab_ntpsec client "v6.$LAB_NAME"
}

lab_peer ntpsec || skip_all "$lab_reason"

chmod 755 "$tmp"
ok "the service and ntpd start" set_up
ok "P15 its requests from port 123 are dropped" lab_wait 30 is_dropped
ok "P15 the server is told to serve its own port" serve_own_port
ok "ntpd is synchronised over NTS" lab_wait 60 synchronised
client_tests "$(cat "$lab/client/ntpd.pid")"
ok "ntpd is synchronised at the end" synchronised
ok "N37 N38 with 8 cookies" lab_wait 10 full_jar

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
