# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the installation stories, which source this in a machine of scripts/machine, as
# root: TAP, waiting, and a client with a clock of its own in a network namespace.

# shellcheck source=selftests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lab.sh"

SERVER=$LAB_NAME
conf=/etc/knts/kntsd.conf

# Where all stories of one disk keep what they have to remember.
memory=/var/tmp/story
mkdir -p $memory

# said FILE TEXT: FILE has TEXT; the file is shown if not.
said()
{
	grep -qF -- "$2" "$1" && return
	cat "$1"
	return 1
}

# wait_for SECONDS COMMAND...: lab_wait, but a failure shows the last attempt.
wait_for()
{
	lab_wait "$@" && return
	shift
	"$@"
}

# The kernel that the machine boots: its newest.
newest_kernel()
{
	printf '%s\n' /boot/vmlinuz-* | sort -V | tail -n 1 | sed 's|.*/vmlinuz-||'
}

module_built()
{
	dkms status -m knts
	dkms status -m knts -k "$(newest_kernel)" | grep ': installed'
}

# The signature that DKMS made, with the key that mokutil would enrol.
module_signed()
{
	local signer

	signer=$(modinfo -k "$(newest_kernel)" -F signer knts) || return
	echo "signer: '$signer', by $(modinfo -k "$(newest_kernel)" -F sig_hashalgo knts)"
	[ -n "$signer" ] && [ -s /var/lib/dkms/mok.pub ] &&
		[ "$signer" = "$(openssl x509 -in /var/lib/dkms/mok.pub -inform DER -noout \
			-subject -nameopt multiline | sed -n 's/.*commonName *= //p')" ]
}

is_active()
{
	systemctl is-active --quiet "$1" && return
	systemctl status --no-pager "$1"
	return 1
}

is_not_active()
{
	! systemctl is-active --quiet "$1"
}

main_pid()
{
	systemctl show -P MainPID "${1:-kntsd}"
}

# started_anew OLD_PID: kntsd runs again, as another process, and says so itself.
started_anew()
{
	local pid

	pid=$(main_pid)
	[ "$pid" != 0 ] && [ "$pid" != "$1" ] && systemctl is-active --quiet kntsd &&
		kntsctl status >/dev/null
}

# name_certificate: the sample's own section, with the certificate's name in it.
name_certificate()
{
	sed -i -e '/^# nts-ke-server {/,/^# }/ s/^# \?//' \
		-e "s|/etc/knts/time.example|/etc/knts/ca/$SERVER|" \
		-e 's|key-exchange-timeout-ms = 1000|key-exchange-timeout-ms = 20000|' $conf
}

# client_setup: a chronyd in a namespace of its own that asks by NTS.
client_setup()
{
	rm -rf $memory/lab
	lab_setup $memory/lab
	mkdir -p $memory/lab/ca
	cp /etc/knts/ca/ca.pem $memory/lab/ca/
	chmod -R a+rX $memory
	lab_namespace client
	lab_client client "$SERVER" minpoll 0 maxpoll 0
}

# client_ask: at once, and not after one of chronyd's pauses.
client_ask()
{
	lab_chronyc client burst 4/4
}

client_synchronised()
{
	lab_chronyc client sources | grep '^\^\*' >/dev/null
}

# Replies with NTS that the client has taken so far.
client_replies()
{
	lab_ntpdata client 'Total good RX'
}

client_gets_more()
{
	local before

	before=$(client_replies)
	lab_wait 30 client_has_more "$before"
}

client_has_more()
{
	[ "$(client_replies)" -gt $(($1 + 2)) ]
}

# No reply was an NAK: the cookies that the client had were good.
client_has_no_nak()
{
	equal "$(lab_authdata client 2) $(lab_authdata client 8)" "NTS 0"
}

# The kernel answers with NTS, and by the module that DKMS installed.
kernel_answers()
{
	kntsctl stats --json >"$tmp/stats"
	jq -e '.counters["answer-nts"] > 0' "$tmp/stats"
}
