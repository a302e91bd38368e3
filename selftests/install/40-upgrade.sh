#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A higher version is installed while a client is served: its cookies stay good, the
# service runs on, and DKMS has the new module and no longer the old one.
# usage: 40-upgrade.sh FOLDER OF PACKAGES
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"
packages=$(realpath "$1")
version=$(dpkg-deb -f "$packages"/knts_*.deb Version)

upgrade()
{
	apt-get install -y "$packages"/knts_*.deb "$packages"/knts-dkms_*.deb
}

only_new_module()
{
	dkms status -m knts
	! dkms status -m knts | grep -v "knts/$version" || return
	dkms status -m knts -v "$version" | grep "$(uname -r).*: installed"
}

new_module_serves()
{
	systemctl stop kntsd && modprobe -r knts && systemctl start kntsd || return
	client_ask
	client_gets_more
}

ok "kntsd has started at boot" wait_for 60 is_active kntsd
client_setup
ok "the client is synchronised by NTS" wait_for 90 client_synchronised
pid=$(main_pid)
echo "# a setting of the administrator's" >>"$conf"
sum=$(sha256sum "$conf")
ok "apt installs the higher version $version" upgrade
cp "$tmp/output" "$KNTS_RESULTS/apt.log"
ok "kntsd was started anew" wait_for 30 started_anew "$pid"
ok "and is the new one" bash -c "kntsd --version | grep -F '$version'"
ok "the administrator's file is untouched" equal "$(sha256sum "$conf")" "$sum"
client_ask
ok "the client gets more replies" client_gets_more
ok "with the same cookies: no NAK" client_has_no_nak
ok "DKMS has the new module, and no longer the old one" only_new_module
ok "stopped, unloaded and started, the new module serves" new_module_serves
ok "the client had no NAK" client_has_no_nak
done_testing
