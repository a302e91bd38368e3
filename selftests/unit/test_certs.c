// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said of certificates and keys: one sentence, which file, which mend. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "../ke/files.h"
#include "kntsd/certs.h"
#include "unit.h"

#define SENTENCES_SIZE 4096
#define NOBODY 65534

struct result {
	int ret;
	char error[768];
	char warnings[SENTENCES_SIZE];
	unsigned int warnings_count;
	struct certs *certs;
};

static void collect(const char *sentence, void *arg)
{
	struct result *result = arg;
	size_t len = strlen(result->warnings);

	result->warnings_count++;
	snprintf(result->warnings + len, sizeof(result->warnings) - len,
		 "%s\n", sentence);
}

static void load(struct result *result, const char *chain, const char *key)
{
	char chain_path[256], key_path[256];
	struct config_ke ke = {
		.certificate_chain_path = chain_path,
		.private_key_path = key_path,
	};

	snprintf(chain_path, sizeof(chain_path), "%s/%s", files_dir(), chain);
	snprintf(key_path, sizeof(key_path), "%s/%s", files_dir(), key);
	memset(result, 0, sizeof(*result));
	result->ret = certs_load(&result->certs, &ke, collect, result,
				 result->error, sizeof(result->error));
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" does not say \"%s\"", text, part);
}

/* Refused by one line that names @file and says @what and @mend. */
static void refused(const char *chain, const char *key, const char *file,
		    const char *what, const char *mend)
{
	struct result result;

	load(&result, chain, key);
	assert_true(result.ret < 0);
	assert_null(result.certs);
	assert_null(strchr(result.error, '\n'));
	assert_has(result.error, file);
	assert_has(result.error, what);
	assert_has(result.error, mend);
}

static void accepted(const char *chain, const char *key)
{
	struct result result;

	load(&result, chain, key);
	if (result.ret || result.warnings_count)
		fail_msg("%s%s", result.error, result.warnings);
	certs_free(result.certs);
}

static void warned(const char *chain, const char *key, const char *file,
		   const char *what, const char *mend)
{
	struct result result;

	load(&result, chain, key);
	if (result.ret)
		fail_msg("%s", result.error);
	certs_free(result.certs);
	assert_int_equal(result.warnings_count, 1);
	assert_has(result.warnings, file);
	assert_has(result.warnings, what);
	assert_has(result.warnings, mend);
}

/* A certificate of its own, valid from @from to @to days from now. */
static void self_sign(const char *stem, const char *key, const char *extensions)
{
	files_run("openssl genpkey %s -out %s.key 2>/dev/null && "
		  "openssl req -x509 -new -key %s.key -subj /CN=%s.test "
		  "-days 30 -out %s.pem -addext basicConstraints=CA:FALSE %s",
		  key, stem, stem, stem, stem, extensions);
}

#define P256 "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
#define SAN "-addext subjectAltName=DNS:a.test,IP:192.0.2.1,IP:2001:db8::1 "
#define USAGE "-addext keyUsage=digitalSignature "

static int make_files(void **state)
{
	self_sign("good", P256, SAN USAGE "-addext extendedKeyUsage=serverAuth");
	self_sign("rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
		  SAN USAGE);
	self_sign("ed", "-algorithm ED25519", SAN USAGE);
	self_sign("weak", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
		  SAN USAGE);
	self_sign("curve", "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
		  SAN USAGE);
	self_sign("usage", P256, SAN "-addext keyUsage=keyEncipherment");
	self_sign("purpose", P256,
		  SAN USAGE "-addext extendedKeyUsage=clientAuth");
	self_sign("nameless", P256, USAGE);
	files_run("$ROOT/scripts/knts-ca init --dir ca --no-password && "
		  "$ROOT/scripts/knts-ca issue --dir ca --out . srv.test && "
		  "$ROOT/selftests/ca/guide-chain guide guide.test");
	files_run("openssl req -new -key good.key -subj /CN=x -out x.csr && "
		  "cat >empty.cnf </dev/null && mkdir -p db && : >db/index && "
		  "printf '[ca]\\ndefault_ca=d\\n[d]\\nnew_certs_dir=db\\n"
		  "database=db/index\\nserial=db/serial\\ndefault_md=sha256\\n"
		  "policy=p\\n[p]\\ncommonName=supplied\\n' >ca.cnf && "
		  "echo 01 >db/serial && openssl x509 -req -in x.csr -sha1 "
		  "-CA rsa.pem -CAkey rsa.key -CAcreateserial -out sha1.pem");
	files_run("openssl ca -batch -config ca.cnf -selfsign -keyfile good.key "
		  "-in x.csr -notext -startdate 20200101000000Z "
		  "-enddate 20210101000000Z -out expired.pem && "
		  ": >db/index && "
		  "openssl ca -batch -config ca.cnf -selfsign -keyfile good.key "
		  "-in x.csr -notext -startdate 21200101000000Z "
		  "-enddate 21210101000000Z -out future.pem");
	return 0;
}

static void good_files_are_taken(void **state)
{
	accepted("good.pem", "good.key");
	accepted("rsa.pem", "rsa.key");
	accepted("ed.pem", "ed.key");
	accepted("srv.test.chain.pem", "srv.test.key");
}

static void files_are_described(void **state)
{
	struct result result;

	load(&result, "good.pem", "good.key");
	assert_string_equal(result.certs->kind, "P-256");
	assert_int_equal(result.certs->names_count, 3);
	assert_string_equal(result.certs->names[0], "a.test");
	assert_string_equal(result.certs->names[1], "192.0.2.1");
	assert_string_equal(result.certs->names[2], "2001:db8::1");
	assert_in_range(result.certs->not_after - time(NULL), 29 * 86400,
			30 * 86400);
	certs_free(result.certs);
	load(&result, "rsa.pem", "rsa.key");
	assert_string_equal(result.certs->kind, "RSA 2048");
	certs_free(result.certs);
	load(&result, "ed.pem", "ed.key");
	assert_string_equal(result.certs->kind, "Ed25519");
	certs_free(result.certs);
}

static void files_that_are_not_there(void **state)
{
	refused("none.pem", "good.key", "none.pem", "certificate-chain-path",
		"No such file");
	refused("good.pem", "none.key", "none.key", "private-key-path",
		"No such file");
	refused("ca", "good.key", "/ca\"", "not a regular file",
		"must be a PEM file");
}

static void file_that_may_not_be_read(void **state)
{
	bool root = geteuid() == 0;

	files_run("chmod 0755 . && chmod 0644 good.pem && "
		  "cp good.key closed.key && chmod 0 closed.key");
	/* Root may read everything. */
	if (root)
		assert_int_equal(seteuid(NOBODY), 0);
	refused("good.pem", "closed.key", "closed.key", "private-key-path",
		"Permission denied");
	if (root)
		assert_int_equal(seteuid(0), 0);
}

static void files_that_are_not_PEM(void **state)
{
	files_run(": >empty && echo nonsense >text && "
		  "openssl x509 -in good.pem -outform DER -out good.der && "
		  "openssl pkey -in good.key -outform DER -out key.der && "
		  "head -c 70000 /dev/zero >large");
	refused("empty", "good.key", "/empty\"", "no certificate", "PEM");
	refused("text", "good.key", "/text\"", "no certificate", "PEM");
	refused("good.der", "good.key", "good.der", "is DER",
		"openssl x509 -inform DER");
	refused("good.pem", "empty", "/empty\"", "no private key", "PEM");
	refused("good.pem", "key.der", "key.der", "is DER",
		"openssl pkey -inform DER");
	refused("large", "good.key", "/large\"", "65536", "PEM");
}

static void files_that_are_swapped(void **state)
{
	refused("good.key", "good.pem", "good.key", "holds a private key",
		"swapped");
	refused("good.pem", "good.pem", "good.pem", "holds a certificate",
		"swapped");
}

static void files_that_are_damaged(void **state)
{
	files_run("sed '3s/./!/' good.pem >broken.pem && "
		  "sed '2s/^..../AAAA/' good.key >broken.key && "
		  "cat good.pem broken.pem >second.pem");
	refused("broken.pem", "good.key", "broken.pem", "damaged", "copy");
	refused("second.pem", "good.key", "second.pem", "damaged", "copy");
	refused("good.pem", "broken.key", "broken.key", "damaged", "must be");
}

static void key_with_a_password(void **state)
{
	files_run("openssl pkey -in good.key -aes256 -passout pass:secret "
		  "-out locked.key && openssl rsa -in rsa.key -aes256 "
		  "-traditional -passout pass:secret -out old.key");
	refused("good.pem", "locked.key", "locked.key", "has a password",
		"openssl pkey -in ");
	refused("rsa.pem", "old.key", "old.key", "has a password",
		"openssl pkey -in ");
}

static void key_of_another_certificate(void **state)
{
	refused("good.pem", "rsa.key", "rsa.key", "does not belong",
		"good.pem");
	refused("good.pem", "usage.key", "usage.key", "does not belong",
		"good.pem");
}

static void key_that_others_can_read(void **state)
{
	files_run("cp good.key open.key && chmod 0644 open.key");
	warned("good.pem", "open.key", "open.key", "every user", "chmod 0600");
}

static void chain_in_the_wrong_order(void **state)
{
	files_run("openssl x509 -in srv.test.chain.pem -out leaf.pem && "
		  "cat ca/ca.pem leaf.pem >reversed.pem");
	refused("reversed.pem", "srv.test.key", "reversed.pem", "wrong order",
		"must come first");
}

/* Root, issuer, server: the two above the server are swapped. */
static void issuers_in_the_wrong_order(void **state)
{
	files_run("openssl genpkey " P256 " -out mid.key && "
		  "openssl req -new -key mid.key -subj /CN=mid -out mid.csr && "
		  "printf 'basicConstraints=CA:TRUE\\n' >mid.ext && "
		  "openssl genpkey " P256 " -out top.key && "
		  "openssl req -x509 -new -key top.key -subj /CN=top -days 9 "
		  "-out top.pem && "
		  "openssl x509 -req -in mid.csr -CA top.pem -CAkey top.key "
		  "-CAcreateserial -days 9 -extfile mid.ext -out mid.pem && "
		  "openssl req -new -key good.key -subj /CN=low -out low.csr && "
		  "printf 'subjectAltName=DNS:low.test\\n' >low.ext && "
		  "openssl x509 -req -in low.csr -CA mid.pem -CAkey mid.key "
		  "-CAcreateserial -days 9 -extfile low.ext -out low.pem && "
		  "cat low.pem mid.pem top.pem >right.pem && "
		  "cat low.pem top.pem mid.pem >wrong.pem && "
		  "cat low.pem mid.pem good.pem >strange.pem");
	accepted("right.pem", "good.key");
	accepted("low.pem", "good.key");
	refused("wrong.pem", "good.key", "wrong.pem",
		"certificate 2 did not sign certificate 1", "wrong order");
	warned("strange.pem", "good.key", "strange.pem", "certificate 3",
	       "remove it");
}

/* They are left to the caller, if nothing else is wrong. */
static void dates(void **state)
{
	struct result result;

	load(&result, "expired.pem", "good.key");
	assert_int_equal(result.ret, -EKEYEXPIRED);
	assert_has(result.error, "expired.pem");
	assert_has(result.error, "expired at 2021-01-01T00:00:00Z");
	assert_has(result.error, "renew");
	assert_non_null(result.certs);
	assert_int_equal(result.certs->not_after, 1609459200);
	certs_free(result.certs);
	refused("expired.pem", "ed.key", "ed.key", "does not belong",
		"expired.pem");
	refused("future.pem", "good.key", "future.pem",
		"not valid before 2120-01-01T00:00:00Z", "clock");
}

static void keys_that_are_too_weak(void **state)
{
	refused("weak.pem", "weak.key", "weak.key", "RSA key of 1024 bits",
		"2048 or more");
	refused("curve.pem", "curve.key", "curve.pem", "TLS 1.3", "P-256");
	refused("sha1.pem", "good.key", "sha1.pem", "TLS 1.3", "SHA-2");
}

static void usages(void **state)
{
	warned("usage.pem", "usage.key", "usage.pem", "chronyd",
	       "keyUsage = digitalSignature");
	warned("guide/guide.test.chain.pem", "guide/guide.test.key",
	       "guide.test.chain.pem", "GnuTLS", "knts-ca issue");
	warned("purpose.pem", "purpose.key", "purpose.pem", "serverAuth",
	       "extendedKeyUsage = serverAuth");
	warned("nameless.pem", "nameless.key", "nameless.pem",
	       "no subjectAltName", "knts-ca issue");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_files_are_taken),
		cmocka_unit_test(files_are_described),
		cmocka_unit_test(files_that_are_not_there),
		cmocka_unit_test(file_that_may_not_be_read),
		cmocka_unit_test(files_that_are_not_PEM),
		cmocka_unit_test(files_that_are_swapped),
		cmocka_unit_test(files_that_are_damaged),
		cmocka_unit_test(key_with_a_password),
		cmocka_unit_test(key_of_another_certificate),
		cmocka_unit_test(key_that_others_can_read),
		cmocka_unit_test(chain_in_the_wrong_order),
		cmocka_unit_test(issuers_in_the_wrong_order),
		cmocka_unit_test(dates),
		cmocka_unit_test(keys_that_are_too_weak),
		cmocka_unit_test(usages),
	};

	return cmocka_run_group_tests_name("certs", tests, make_files, NULL);
}
