#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The packages are purged from under a running service: what is left is what was there
# before they came, and what the administrator made.
set -u
# shellcheck source=selftests/install/lib.sh
. "$(dirname "$0")/lib.sh"

# chronyd came for the clock, as the README has it.
purge()
{
	apt-get purge -y knts knts-dkms chrony && apt-get autoremove -y --purge
}

# left_behind: what was not there before, and is no other package's.
left_behind()
{
	"$(dirname "$0")/listing" >"$memory/after"
	cat "$memory/before" /var/lib/dpkg/info/*.list | LC_ALL=C sort -u |
		LC_ALL=C comm -13 - "$memory/after"
}

# The private CA is the administrator's, mok.* DKMS's key for all modules; kernel and
# modules are those of 30-kernel.sh, if it ran; the rest is adduser's, or comes with a
# first boot.
nothing_left()
{
	! left_behind | grep -vE \
		-e '^/etc/knts(/ca(/.*)?)?$' -e '^/var/lib/dkms(/mok\..*)?$' -e '^/boot/' \
		-e '^(/usr)?/lib/modules/' -e '^/usr/src/linux-' -e '^/usr/lib/linux-' \
		-e '^/usr/share/doc/linux-' -e '^/var/lib/initramfs-tools/' \
		-e '^/etc/(adduser|deluser)\.conf$' -e '^/(etc|var)/\.updated$' \
		-e '^/var/lib/dbus/' -e '^unit -\.mount$' |
		tee "$KNTS_RESULTS/left" | grep .
}

# Of modules/updates and the like, too.
no_module_left()
{
	! find /lib/modules /var/lib/dkms -name '*knts*' | grep .
}

ok "kntsd has started at boot" wait_for 60 is_active kntsd
ok "apt purges the packages" purge
cp "$tmp/output" "$KNTS_RESULTS/apt.log"
ok "nothing is left but what the administrator made" nothing_left
ok "no module is left on the disk" no_module_left
ok "the module is not loaded" bash -c "! lsmod | grep -w knts"
ok "no process is left" bash -c "! pgrep kntsd"
ok "the private CA is still there" test -s /etc/knts/ca/ca.key
done_testing
