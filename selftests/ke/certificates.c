// SPDX-License-Identifier: GPL-2.0-or-later
#include "ke.h"

static void issue(const char *kind, const char *stem, const char *names)
{
	files_run("$ROOT/scripts/knts-ca issue --dir ca --key %s --out %s %s",
		 kind, stem, names);
	files_run("mv %s/*.chain.pem %s.chain.pem; mv %s/*.key %s.key", stem,
		 stem, stem, stem);
}

/* One CA, ca/ca.pem; who is served by which name is told by the names. */
void ke_make_certs(void)
{
	files_run("$ROOT/scripts/knts-ca init --dir ca --no-password");
	issue("p256", "one", "one.test 127.0.0.1 ::1");
	issue("rsa2048", "one-rsa", "one.test 127.0.0.1 ::1");
	issue("ed25519", "one-ed", "one.test 127.0.0.1 ::1");
	issue("p384", "two", "two.test other.two.test");
	issue("p256", "wild", "*.two.test");
	issue("p256", "address", "127.0.0.1");
	files_run("$ROOT/selftests/ca/guide-chain guide guide.test && "
		 "mv guide/guide.test.chain.pem guide.chain.pem && "
		 "mv guide/guide.test.key guide.key");
}
