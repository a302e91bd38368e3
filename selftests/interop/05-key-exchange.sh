#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every key exchange of the table, over TLS with a running kntsd whose keys are
# in the kernel, and NTP with what it gave.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_feed && lab_kntsd_conf &&
		modprobe knts && lab_kntsd
}

chmod 755 "$tmp"
ok "the service starts" set_up
"$lab_bin/selftests/interop/ke_cases" $LAB_IPV4 $LAB_NAME "$lab/ca/ca.pem" ||
	((tap_failed += 1))
ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
