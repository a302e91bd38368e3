#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# On a fresh Debian apt installs the packages, and DKMS builds the module. Runs in a
# machine, or in the root of one.
# usage: 05-install.sh FOLDER OF PACKAGES
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"
packages=$(realpath "$1")

install_packages()
{
	apt-get install -y "$packages"/knts_*.deb "$packages"/knts-dkms_*.deb
}

# What is there before anything is installed, for the story of the purge.
remember_files()
{
	"$(dirname "$0")/listing" >"$memory/before"
}

ok "the files that are there at first" remember_files
ok "apt installs the packages" install_packages
cp "$tmp/output" "$KNTS_RESULTS/apt.log"
ok "DKMS has built and installed the module for the machine's kernel" module_built
ok "DKMS has signed the module with the machine owner's key" module_signed
sed 's/^/# /' "$tmp/output"
ok "the service is not started" bash -c "! pgrep kntsd"
ok "kntsd starts at the next boot" systemctl is-enabled kntsd
ok "kntsd.socket waits to be asked for" equal "$(systemctl is-enabled kntsd.socket)" disabled
ok "the exporter waits to be asked for" \
	equal "$(systemctl is-enabled knts-exporter)" disabled
done_testing
