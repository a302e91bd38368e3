# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Source this file for unpack_vmlinuz.

# Unpack the ELF kernel out of bzImage $1 into $2. The boot protocol's header
# says where the compressed payload lies: setup_sects at 0x1f1, payload_offset
# and payload_length at 0x248.
unpack_vmlinuz()
{
	local setup_sects offset length magic tool

	setup_sects=$(od -An -tu1 -j $((0x1f1)) -N1 "$1")
	read -r offset length < <(od -An -tu4 -j $((0x248)) -N8 "$1")
	offset=$(((setup_sects + 1) * 512 + offset))
	magic=$(od -An -tx1 -j "$offset" -N4 "$1" | tr -d ' ')
	case $magic in
	fd377a58) tool="xz -dc --single-stream" ;;
	28b52ffd) tool="zstd -dcq" ;;
	1f8b*) tool="gzip -dc" ;;
	*) return 1 ;;
	esac
	# The payload ends with its unpacked size, which the tools take for garbage.
	tail -c +$((offset + 1)) "$1" | head -c "$length" | $tool >"$2" 2>/dev/null || true
	[ "$(head -c 4 "$2" | od -An -tx1 | tr -d ' ')" = 7f454c46 ]
}
