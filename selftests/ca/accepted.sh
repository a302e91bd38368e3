#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Who takes the certificates: chronyd as NTS client of chronyd, over IPv4, IPv6
# and by name, and OpenSSL as TLS 1.3 server and client; for each kind of key,
# and for the chain that ntpd-rs's guide makes.
#
# Functions and quoted scripts are run by ok, which shellcheck cannot see.
# shellcheck disable=SC2016,SC2317

set -u -o pipefail
# The ports are fixed: a network of one's own has them free.
if [[ -z ${KNTS_CA_OWN_NETWORK-} ]]; then
	export KNTS_CA_OWN_NETWORK=1
	if ! unshare -n ip link set lo up 2>/dev/null; then
		echo "1..0 # SKIP cannot make a network namespace: needs root"
		exit 0
	fi
	exec unshare -n "$0"
fi
ip link set lo up || exit 1
# shellcheck source=selftests/ca/tap.sh
. "$(dirname -- "$0")/tap.sh"
unset KNTS_CA_DIR KNTS_CA_PASSWORD
cd "$tmp" || exit 1

listens() {
	for _ in {1..100}; do
		[[ -z $(ss -Htln "sport = :$1") ]] || return 0
		sleep 0.05
	done
	return 1
}

# --- OpenSSL -----------------------------------------------------------------

# s_client_of ROOT OPTION...: it insists on TLS 1.3, ALPN and the name.
s_client_of() {
	local root=$1

	shift
	timeout 10 openssl s_client -connect 127.0.0.1:4460 -tls1_3 "$@" \
		-alpn ntske/1 -CAfile "$root" -verify_return_error \
		-verify_hostname localhost </dev/null 2>&1 |
		tee s_client.log | grep -x 'Verify return code: 0 (ok)' >/dev/null &&
		grep -x 'ALPN protocol: ntske/1' s_client.log && return
	cat s_client.log
	return 1
}

# start_openssl DIR: a server that has localhost's files in DIR.
start_openssl() {
	local dir=$1

	openssl s_server -accept 4460 -tls1_3 -alpn ntske/1 -quiet \
		-cert "$dir/localhost.chain.pem" -key "$dir/localhost.key" \
		-cert_chain "$dir/localhost.chain.pem" \
		>s_server.log 2>&1 &
	server=$!
	listens 4460 && return
	cat s_server.log
	return 1
}

stop_server() {
	kill "$server"
	wait "$server" 2>/dev/null
}

test_openssl() {
	local dir=$1

	shift
	ok "$dir: OpenSSL serves it" start_openssl "$dir"
	ok "$dir: OpenSSL as client takes it${1+, strictly}" \
		s_client_of "$dir/ca.pem" "$@"
	stop_server
}

# --- chronyd -----------------------------------------------------------------

start_chronyd() {
	cat >server.conf <<-END
	port 11123
	allow
	local stratum 1
	cmdport 0
	bindcmdaddress /
	pidfile $tmp/server.pid
	user root
	ntsserverkey $1.key
	ntsservercert $1.chain.pem
	END
	chronyd -x -d -f server.conf >server.log 2>&1 &
	server=$!
	listens 4460 && return
	cat server.log
	return 1
}

# start_client ROOT ADDRESS: chronyd, until one authenticated measurement.
start_client() {
	timeout 20 chronyd -Q -t 6 -f /dev/null \
		"server $2 iburst maxsamples 1 port 11123 nts" \
		"ntstrustedcerts $1" "user root" "cmdport 0" \
		"pidfile $tmp/client.$2.pid" >"client.$2.log" 2>&1 &
	clients[$2]=$!
}

client_takes() {
	wait "${clients[$1]}" && return
	cat "client.$1.log"
	return 1
}

client_refuses() {
	! client_takes "$1" && grep -F "$2" "client.$1.log"
}

test_chronyd() {
	local kind=$1 address
	local -A clients

	ok "$kind: chronyd serves it" start_chronyd "$tmp/$kind/localhost"
	for address in localhost 127.0.0.1 ::1; do
		start_client "$tmp/$kind/ca.pem" "$address"
	done
	for address in localhost 127.0.0.1 ::1; do
		ok "$kind: chronyd as NTS client takes it for $address" \
			client_takes "$address"
	done
	stop_server
}

test_chronyd_refuses() {
	local -A clients

	start_chronyd "$tmp/p256/localhost" >/dev/null
	start_client "$tmp/p384/ca.pem" localhost
	ok "chronyd refuses a certificate of another CA" \
		client_refuses localhost "certificate issuer is unknown"
	stop_server
	start_openssl guide >/dev/null
	start_client "$tmp/guide/ca.pem" localhost
	ok "guide: chronyd refuses it for its key usage" \
		client_refuses localhost "Key usage violation"
	stop_server
}

# --- the guide's chain -------------------------------------------------------

guide_chain_is_the_guides() {
	openssl x509 -in guide/localhost.chain.pem -noout -text >text &&
		grep -A 1 'X509v3 Key Usage: *$' text | grep -x ' *Key Encipherment' &&
		grep -x ' *DNS:localhost' text &&
		grep -F 'Public-Key: (2048 bit)' text &&
		equal "$(grep -c 'BEGIN CERT' guide/localhost.chain.pem)" 2 &&
		grep -F ENCRYPTED guide/ca.key &&
		cat guide/localhost.crt guide/ca.pem | cmp - guide/localhost.chain.pem
}

main() {
	local kinds=(rsa2048 rsa3072 p256 p384 ed25519) kind

	ok "guide: guide-chain makes it" "$here/guide-chain" guide localhost
	for kind in "${kinds[@]}"; do
		"$knts_ca" init --dir "$kind" --no-password --key "$kind" &&
			"$knts_ca" issue --dir "$kind" --key "$kind" localhost \
				127.0.0.1 ::1 || exit 1
	done >/dev/null
	for kind in "${kinds[@]}"; do
		test_openssl "$kind" -x509_strict
	done
	# Strictly, it lacks the root's key usage.
	test_openssl guide
	ok "guide: it is what the guide says" guide_chain_is_the_guides

	if [[ -z $(type -P chronyd) ]]; then
		skip "chronyd takes them" "chronyd is not installed"
		done_testing
	fi
	for kind in "${kinds[@]}"; do
		test_chronyd "$kind"
	done
	test_chronyd_refuses
	done_testing
}

main
