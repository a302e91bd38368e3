#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A chronyd of 4.6.1 or later as client: it gets the AEAD that it puts first, agrees
# on the keys of AEAD 30 by record 1024, and the kernel answers by them.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"

polls=30

# client NAME SERVER [LINE]
client()
{
	local lab_client_conf=${3:-}

	lab_namespace "$1" && lab_client "$1" "$2" minpoll -3 maxpoll -3
}

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_feed && lab_kntsd_conf &&
		modprobe knts && lab_kntsd &&
		client usual "v4.$LAB_NAME" && client six "v6.$LAB_NAME" &&
		client first-15 "v4.$LAB_NAME" "ntsaeads 15 30" &&
		client only-30 "v4.$LAB_NAME" "ntsaeads 30"
}

lab_peer chrony || skip_all "$lab_reason"

chmod 755 "$tmp"
ok "the service and four clients start" set_up
while read -r name aead key_bits cookie_len; do
	ok "$name: good replies" lab_wait 40 lab_has_good "$name" 4
	ok "$name: R17 the AEAD is $aead" equal "$(lab_authdata "$name" 4)" "$aead"
	ok "$name: R24 keys of $key_bits bits" equal "$(lab_authdata "$name" 5)" "$key_bits"
	ok "$name: N45 cookies of $cookie_len octets" equal \
		"$(lab_authdata "$name" 10)" "$cookie_len"
	ok "$name: $polls good replies" lab_wait 60 lab_has_good "$name" "$polls"
	ok "$name: N37 N38 still 8 cookies" lab_full_jar "$name"
	ok "$name: R26 the first keys were right" equal \
		"$(lab_authdata "$name" 3) $(lab_authdata "$name" 8)" "1 0"
done <<-CLIENTS
	usual 30 128 72
	six 30 128 72
	first-15 15 256 104
	only-30 30 128 72
CLIENTS

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
