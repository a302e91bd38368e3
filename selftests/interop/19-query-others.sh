#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsctl query asks the NTS servers of others, and TLS servers that are none.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/tap.sh
. "$here/../tap.sh"
# shellcheck source=scripts/lab.sh
. "$here/../../scripts/lab.sh"
# shellcheck source=selftests/interop/query.sh
. "$here/query.sh"

set_up()
{
	lab_setup "$tmp/lab" && lab_certificates && lab_namespace client
}

# serve PORT COMMAND...: until stop_server; all that it says is in $lab/server.log.
serve()
{
	local port=$1

	shift
	"$@" >"$lab/server.log" 2>&1 </dev/null &
	server=$!
	lab_wait 20 lab_listens "$port" && return
	cat "$lab/server.log"
	return 1
}

stop_server()
{
	kill "$server"
	wait "$server"
	true
}

start_chronyd()
{
	mkdir -m 700 "$lab/server"
	cat >"$lab/server/chrony.conf" <<-CONF
		local stratum 3
		allow all
		cmdport 0
		bindcmdaddress /
		pidfile $lab/server/chronyd.pid
		ntsservercert $lab/ca/$LAB_NAME.chain.pem
		ntsserverkey $lab/ca/$LAB_NAME.key
	CONF
	serve 4460 chronyd -x -u root -d -f "$lab/server/chrony.conf"
}

start_ntpd_rs()
{
	cat >"$lab/server/ntp.toml" <<-CONF
		[[source]]
		mode = "server"
		address = "$LAB_IPV4:9"

		[[server]]
		listen = "0.0.0.0:123"

		[[nts-ke-server]]
		listen = "0.0.0.0:4460"
		certificate-chain-path = "$lab/ca/$LAB_NAME.chain.pem"
		private-key-path = "$lab/ca/$LAB_NAME.key"

		[synchronization]
		local-stratum = 1
	CONF
	serve 4460 ntp-daemon -c "$lab/server/ntp.toml"
}

# It does not know the time: that is what is wrong, and nothing else.
start_ntpsec()
{
	cat >"$lab/server/ntp.conf" <<-CONF
		disable ntp
		nts enable
		nts cert $lab/ca/$LAB_NAME.chain.pem
		nts key $lab/ca/$LAB_NAME.key
		nts cookie $lab/server/cookies
	CONF
	serve 4460 ntpd -n -N -c "$lab/server/ntp.conf"
}

all_authentic="all(e['authentic'] and e['cookies'] == 1 for e in o['ntp']['exchanges'])"

chronyd_tests()
{
	ok "chronyd starts" start_chronyd
	ok "chronyd: all is well" good "$LAB_NAME" "o['nts-ke']['aead'] == 15 and $all_authentic"
	ok "chronyd: R26 AEAD 30" good "$LAB_NAME" "o['nts-ke']['aead'] == 30 and $all_authentic" \
		--aead 30
	ok "chronyd: interleaved mode" good "$LAB_NAME" \
		"o['ntp']['exchanges'][3]['interleaved']" --interleaved
	ok "chronyd: no AEAD in common" wrong nts-ke \
		"the server agrees to none of the AEADs that we offer: leave out --aead" \
		"$LAB_NAME" --aead 31
	stop_server
}

ntpd_rs_tests()
{
	ok "ntpd-rs starts" start_ntpd_rs
	ok "ntpd-rs: all is well" good "$LAB_NAME" "o['nts-ke']['aead'] == 15 and $all_authentic"
	ok "ntpd-rs: AEAD 17" good "$LAB_NAME" "o['nts-ke']['aead'] == 17 and $all_authentic" \
		--aead 17
	stop_server
}

ntpsec_tests()
{
	ok "ntpsec starts" start_ntpsec
	ok "ntpsec: unsynchronised, and nothing else" wrong clock \
		"the server says that it is unsynchronised" "$LAB_NAME"
	ok "ntpsec: its replies are authentic" json_of "$all_authentic"
	stop_server
}

# tls_server OPTION...: OpenSSL's.
tls_server()
{
	serve 4470 openssl s_server -accept 4470 -www \
		-cert "$lab/ca/$LAB_NAME.chain.pem" -key "$lab/ca/$LAB_NAME.key" "$@"
}

make_expired()
{
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$lab/old.key" -subj "/CN=$LAB_NAME" -out "$lab/old.csr" &&
		openssl x509 -req -in "$lab/old.csr" -CA "$lab/ca/ca.pem" \
			-CAkey "$lab/ca/ca.key" -days -1 -out "$lab/old.pem"
}

tls_tests()
{
	ok "TLS without ALPN starts" tls_server
	ok "TLS without ALPN" wrong tls \
		"TCP port 4470 speaks TLS, but not NTS-KE (it does not take ALPN" \
		"$LAB_NAME" --port 4470
	stop_server
	ok "TLS for another protocol starts" tls_server -alpn h2
	ok "TLS for another protocol" wrong tls "TCP port 4470 speaks TLS, but not NTS-KE (it " \
		"$LAB_NAME" --port 4470
	stop_server
	ok "TLS 1.2 starts" tls_server -alpn ntske/1 -tls1_2
	ok "TLS 1.2" wrong tls "the server speaks TLSv1.2, and NTS-KE is for TLS 1.3 only" \
		"$LAB_NAME" --port 4470
	stop_server
	ok "a certificate is made that has expired" make_expired
	ok "a server with it starts" tls_server -alpn ntske/1 -cert "$lab/old.pem" \
		-key "$lab/old.key"
	ok "an expired certificate" wrong certificate \
		"the certificate \"CN = $LAB_NAME\" expired on 20" "$LAB_NAME" --port 4470
	stop_server
	ok "a server that gives no answer starts" tls_server -alpn ntske/1
	ok "NTS-KE without an answer" wrong nts-ke \
		"NTS-KE speaks TLS, but gives no answer within 5 s: is" \
		"$LAB_NAME" --port 4470
	stop_server
	ok "a server without TLS starts" serve 4470 python3 -m http.server 4470
	ok "no TLS" wrong tls "what listens on TCP port 4470 does not speak TLS as" \
		"$LAB_NAME" --port 4470
	stop_server
}

if ! { lab_peer ntpd-rs && lab_peer ntpsec && lab_peer chrony; }; then
	skip_all "$lab_reason"
fi

chmod 755 "$tmp"
ok "a client and a certificate are there" set_up
chronyd_tests
ntpd_rs_tests
ntpsec_tests
tls_tests
ok "everything stops" lab_teardown
done_testing
