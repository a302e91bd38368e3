# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Debian packages that are fetched and unpacked into a cache outside the tree, and
# never installed. Source this file; say and die begin their lines with the name of
# the script that does.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/knts

say()
{
	echo "${0##*/}: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# Options for apt: empty for the machine's own lists, filled by use_own_lists.
apt_options=(-o APT::Sandbox::User=root -o Debug::NoLocking=true)

# One run at a time reads lists and fetches.
lock_cache()
{
	mkdir -p "$cache"
	exec 9>"$cache/kernels.lock"
	if ! flock -n 9; then
		say "waiting for another run that fetches packages"
		flock 9
	fi
}

# debian_release FIELD: a value of os-release, such as VERSION_ID.
debian_release()
{
	# shellcheck disable=SC1091 # the machine's own description
	(. /etc/os-release && echo "${!1:-}")
}

# source_lines [CODENAME]: source lines for every suite of a Debian release, this
# machine's own if none is named, from the addresses the machine already uses; a
# suite that an archive lacks is left out by apt.
source_lines()
{
	local codename=${1:-} line uri
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	[ -n "$codename" ] || codename=$(debian_release VERSION_CODENAME)
	line=deb
	[ ! -r "$keyring" ] || line="deb [signed-by=$keyring]"
	apt-get update --print-uris -o Debug::NoLocking=true |
		sed -nE "s|^'(.*/debian(-security)?/)dists/.*/InRelease'.*|\1|p" | sort -u |
	while read -r uri; do
		case $uri in
		*-security/)
			echo "$line $uri $codename-security main"
			;;
		*)
			echo "$line $uri $codename main"
			echo "$line $uri $codename-updates main"
			echo "$line $uri $codename-backports main"
			echo "$line ${uri%/}-security/ $codename-security main"
			;;
		esac
	done | sort -u
}

# use_own_lists [CODENAME]: read fresh package lists into the cache, as any user, and
# use those from here. Another release's know nothing of what is installed here.
use_own_lists()
{
	local apt=$cache/apt${1:+-$1}

	say "reading fresh package lists"
	mkdir -p "$apt/lists/partial" "$apt/archives/partial"
	source_lines "$@" >"$apt/sources.list"
	[ -s "$apt/sources.list" ] || die "no Debian archive among this machine's apt sources"
	apt_options+=(-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt"
		-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=-)
	if [ $# -gt 0 ]; then
		: >"$apt/status"
		apt_options+=(-o Dir::State::status="$apt/status")
	fi
	apt-get "${apt_options[@]}" -qq update >&2 || true
}

# Of the packages named on stdin, print those that apt can download.
offered()
{
	xargs -r apt-cache "${apt_options[@]}" policy |
		awk '/^[^ ]/ { name = substr($1, 1, length($1) - 1) }
		     /^  Candidate: [^(]/ { print name }'
}

# download FOLDER PACKAGE...
download()
{
	local folder=$1

	shift
	say "fetching $*"
	(cd "$folder" && apt-get "${apt_options[@]}" -q download "$@" >&2)
}

# unpack FOLDER ROOT: every package in FOLDER, into ROOT.
unpack()
{
	local deb

	for deb in "$1"/*.deb; do
		say "unpacking ${deb##*/}"
		dpkg -x "$deb" "$2" || return
	done
}

# kernel_releases SERIES: the kernels with image and headers that apt offers, oldest
# first.
kernel_releases()
{
	local series=${1//./\\.} arch release

	arch=$(dpkg --print-architecture)
	release="$series\.[0-9]+(-[0-9]+)?(\+deb[0-9]+)?-$arch"
	{
		apt-cache "${apt_options[@]}" pkgnames "linux-image-$1."
		apt-cache "${apt_options[@]}" pkgnames "linux-headers-$1."
	} | { grep -E "^linux-(image|headers)-$release\$" || true; } | offered |
		sed -E 's/^linux-(image|headers)-//' | sort -V | uniq -d
}
