#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The chain that ntpd-rs's guide makes by hand: kntsd serves it, OpenSSL takes
# it, chronyd does not, and one warning has said so.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"

# Next Protocol NTPv4, AEAD 15, End of Message.
request='\x80\x01\x00\x02\x00\x00\x80\x04\x00\x02\x00\x0f\x80\x00\x00\x00'

# key_exchange: the response's octets, in hexadecimal.
key_exchange()
{
	# shellcheck disable=SC2059 # the request is the format
	printf "$request" |
		timeout 20 openssl s_client -quiet -connect $LAB_IPV4:4460 -alpn ntske/1 \
			-servername $LAB_NAME -verify_hostname $LAB_NAME \
			-verify_return_error -CAfile "$lab/ca/ca.pem" 2>"$tmp/s_client" |
		od -An -v -tx1 | tr -d ' \n'
}

# Eight New Cookie records of 104 octets, whatever their order among the others.
has_eight_cookies()
{
	local response=$1

	case $response in
	80010002000080040002000f*80000000) ;;
	*)
		echo "response: $response"
		cat "$tmp/s_client"
		return 1
		;;
	esac
	equal "$(grep -o '00050068' <<<"$response" | wc -l)" 8
}

warned_once()
{
	equal "$(grep -c digitalSignature "$lab/kntsd.log")" 1
}

refused_by_chronyd()
{
	lab_wait 30 grep -q 'Key usage violation' "$tmp/chronyd.log"
}

set_up()
{
	lab_setup "$tmp/lab" && "$here/../ca/guide-chain" "$lab/ca" "$LAB_NAME" &&
		lab_feed && lab_kntsd_conf && modprobe knts && lab_kntsd
}

chmod 755 "$tmp"
ok "kntsd serves the guide's own chain" set_up
ok "one warning names what the certificate lacks" warned_once
ok "an OpenSSL client gets its cookies" has_eight_cookies "$(key_exchange)"
lab_namespace client
mkdir -m 700 "$lab/client"
timeout 20 ip netns exec client chronyd -x -u root -d \
	"server $LAB_NAME nts iburst" "ntstrustedcerts $lab/ca/ca.pem" \
	"port 0" "cmdport 0" "bindcmdaddress /" "pidfile $lab/client/chronyd.pid" \
	>"$tmp/chronyd.log" 2>&1 &
ok "chronyd refuses it, as the warning said" refused_by_chronyd

ok "everything stops" lab_teardown
ok "the module unloads" modprobe -r knts
done_testing
