#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kntsd as systemd runs it, by a socket that it is handed, and while it runs: a
# certificate that is renewed, a key that is removed, the table of clients.
#
# shellcheck disable=SC2317 # most functions are called through "ok"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=selftests/guest/lib.sh
. "$here/lib.sh"
# shellcheck source=selftests/guest/ctl.sh
. "$here/ctl.sh"

# shellcheck disable=SC2154 # tmp comes from tap.sh
export KNTS_CONTROL=$tmp/control
ca=$here/../../scripts/knts-ca

# write_config SIZE: of the table of clients.
write_config()
{
	cat >"$tmp/kntsd.conf" <<-CONF
		ntp-server { listen = "127.0.0.1:123" }
		nts-ke-server {
		    certificate-chain-path = "$tmp/live/chain.pem"
		    private-key-path = "$tmp/live/key.pem"
		    key-exchange-timeout-ms = 30000
		}
		keyset { key-storage-path = "$tmp/keys" }
		clock { source = fixed }
		client-table-size = $1
		workers = 2
		control-path = "$KNTS_CONTROL"
	CONF
}

# Two pairs of files, as certbot keeps them, and links to the first.
make_certificates()
{
	local n

	"$ca" init --dir "$tmp/ca" --no-password || return
	mkdir "$tmp/live" || return
	for n in 1 2; do
		"$ca" issue --dir "$tmp/ca" --out "$tmp/$n" time.example || return
	done
	point_links 1
}

point_links()
{
	ln -sf "$tmp/$1/time.example.key" "$tmp/live/key.pem" &&
		ln -sf "$tmp/$1/time.example.chain.pem" "$tmp/live/chain.pem"
}

# serial N: of the certificate in pair N.
serial()
{
	openssl x509 -in "$tmp/$1/time.example.chain.pem" -noout -serial
}

# served PORT: the serial of what a client gets there.
served()
{
	timeout 30 openssl s_client -connect "127.0.0.1:$1" -alpn ntske/1 \
		-servername time.example </dev/null 2>/dev/null |
		openssl x509 -noout -serial
}

serves_pair()
{
	[ "$(served 4460)" = "$(serial "$1")" ]
}

# The process becomes kntsd when the first client comes.
start_activated()
{
	systemd-socket-activate -l 4460 -l 4461 "$build/kntsd" -c "$tmp/kntsd.conf" \
		>"$tmp/kntsd.log" 2>&1 &
	kntsd=$!
	wait_for "ss -ltn | grep :4461 >/dev/null" 20
}

log_has()
{
	grep -q -- "$1" "$tmp/kntsd.log" || {
		cat "$tmp/kntsd.log"
		return 1
	}
}

# status CONDITION: of what kntsd says, o.
status()
{
	python3 - "$KNTS_CONTROL" "$1" <<-'PYTHON'
		import json, socket, sys
		s = socket.socket(socket.AF_UNIX)
		s.connect(sys.argv[1])
		s.sendall(b"status\n")
		o = json.loads(s.makefile().readline())
		assert eval(sys.argv[2]), o
	PYTHON
}

active_key()
{
	"$kntsctl" keys --json | python3 -c \
		"import json,sys; print([k['id'] for k in json.load(sys.stdin) if k['active']][0])"
}

activation_tests()
{
	ok "the first client starts kntsd, and is served" \
		wait_for "[ \"\$(served 4460)\" = \"\$(serial 1)\" ]" 20
	ok "kntsd ready" wait_for "$kntsctl status >/dev/null" 20
	ok "the other socket serves as well" equal "$(served 4461)" "$(serial 1)"
	ok "the table of clients is as configured" json \
		"o['table']['entries'] == 1024" "$kntsctl" clients --json
	ok "status: both sockets" status \
		"o['nts-ke'][0]['listen'] == ['[::]:4460', '[::]:4461']"
	ok "status: nothing is wrong" status "o['problems'] == []"
	ok "reload" says 0 reloaded "$kntsctl" reload
	ok "and both serve on" equal "$(served 4460)$(served 4461)" \
		"$(serial 1)$(serial 1)"
}

listen_tests()
{
	sed -i 's/^nts-ke-server {/& listen = "[::]:4460"/' "$tmp/kntsd.conf"
	ok "reload with one of them in listen" says 0 reloaded "$kntsctl" reload
	ok "it serves" serves_pair 1
	ok "the other is named in the log" log_has "nobody answers on \[::\]:4461"
	ok "and in status" status "any('[::]:4461' in p for p in o['problems'])"
	write_config 100
	ok "reload without listen" says 0 reloaded "$kntsctl" reload
	ok "status is clean again" status "o['problems'] == []"
}

renewal_tests()
{
	point_links 2
	ok "a renewed certificate is served, without a reload" \
		wait_for "serves_pair 2" 20
	ok "by the same workers" status "o['renewals'] == {'taken': 1, 'refused': 0} and \
o['ke-stats']['worker-restarts'] == 0"
	ok "status: its file and dates" status "[c['file'] for c in \
o['nts-ke'][0]['certificates']] == ['$tmp/live/chain.pem'] and \
o['nts-ke'][0]['certificates'][0]['not-before'] < \
o['nts-ke'][0]['certificates'][0]['not-after']"
	ln -sf "$tmp/1/time.example.key" "$tmp/live/key.pem"
	ok "a key that does not fit is refused" wait_for \
		"grep -q 'new certificate files are refused' $tmp/kntsd.log" 30
	ok "and changes nothing" serves_pair 2
	point_links 2
	ok "its problem ends when it does" wait_for "status \"o['problems'] == []\"" 20
}

key_tests()
{
	local old

	old=$(active_key)
	ok "the key that seals is not removed" refused "seals: rotate first" \
		"$kntsctl" keys remove "$old"
	"$kntsctl" keys rotate >/dev/null
	ok "status: both keys are stored" status "[(k['active'], k['stored']) for k in \
o['keys']] == [(False, True), (True, True)] and o['keys'][0]['id'] == '$old'"
	ok "an old key is removed" "$kntsctl" keys remove "$old"
	ok "from the kernel" json "'$old' not in [k['id'] for k in o]" \
		"$kntsctl" keys --json
	ok "and from the ring" status "len(o['keys']) == 1"
	ok "a second time it is not there" refused "there is no cookie key $old" \
		"$kntsctl" keys remove "$old"
}

# The kernel has powers of two.
client_table_tests()
{
	ok "the table of clients is as large as a reload has made it" json \
		"o['table']['entries'] == 128" "$kntsctl" clients --json
	sed -i 's/^client-table-size.*/client-table-size = 0/' "$tmp/kntsd.conf"
	ok "reload with none" says 0 reloaded "$kntsctl" reload
	ok "status: none" status "o['client-table-size'] == 0"
	ok "and the kernel has none" refused "client-table-size" "$kntsctl" clients
}

end_tests()
{
	kill -TERM "$kntsd"
	ok "kntsd ends well" wait "$kntsd"
	ok "the ring is empty" json "o == []" "$kntsctl" keys --json
}

ok "the module loads" modprobe knts
ip link set lo up
ok "certificates are made" make_certificates
write_config 1024
log_mark
ok "sockets are held" start_activated
activation_tests
listen_tests
renewal_tests
key_tests
client_table_tests
end_tests
ok "the kernel log is silent" log_silent
ok "the module unloads" modprobe -r knts
done_testing
