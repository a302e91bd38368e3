#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The packages are installed: a certificate is made and named, kntsd started, and a stock
# chronyd gets authenticated time.
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"

make_certificate()
{
	knts-ca init --no-password &&
		knts-ca issue "$SERVER" "$LAB_IPV4"
}

# The server's own clock: chronyd, which has no sources here and serves nobody.
set_clock()
{
	echo "local stratum 2" >/etc/chrony/conf.d/local.conf
	systemctl restart chrony
}

serves()
{
	kntsctl clock --json >"$tmp/clock"
	grep -q '"synchronised": *true' "$tmp/clock" && lab_listens 4460
}

certificate_named()
{
	name_certificate && kntsctl check-config "$conf"
}

units_are_right()
{
	systemd-analyze verify kntsd.service kntsd.socket knts-exporter.service \
		>"$tmp/verify" 2>&1
	# The smallest Debian has no man.
	! grep -v "Command 'man " "$tmp/verify"
}

ok "systemd finds nothing wrong with the units" units_are_right
ok "knts-ca makes a CA and a certificate" make_certificate
ok "the sample serves once a certificate is named: check-config" \
	certificate_named
ok "chronyd keeps the server's clock" set_clock
# It has been serving plain NTP since the machine was booted.
ok "systemctl restart kntsd" systemctl restart kntsd
ok "kntsd is active" is_active kntsd
ok "the kernel has a clock, and the key exchange is open" wait_for 60 serves
client_setup
ok "a client in another namespace is synchronised by NTS" wait_for 90 client_synchronised
ok "the client had no NAK" client_has_no_nak
ok "the kernel counts answers with NTS" kernel_answers
ok "the nftables example is valid" nft -c -f /usr/share/doc/knts/examples/nftables.conf
kntsctl status 2>&1 | sed 's/^/# /'
for unit in kntsd knts-exporter; do
	systemd-analyze security --no-pager $unit.service | tail -n 1 | sed 's/^/# /'
done
done_testing
