// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading the files; what their certificates say is in certs_check.c. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certs.h"
#include "fail.h"

struct file {
	const char *path;
	const char *setting;
	size_t max_size;
	char *text;
	size_t size;
	mode_t mode;
};

static int read_all(int fd, struct file *file, char *error, size_t error_size)
{
	ssize_t n;
	int ret;

	file->text = malloc(file->max_size + 1);
	if (!file->text)
		return -ENOMEM;
	for (file->size = 0; file->size <= file->max_size;
	     file->size += (size_t)n) {
		n = read(fd, file->text + file->size,
			 file->max_size + 1 - file->size);
		if (n < 0) {
			ret = -errno;
			return fail(ret, error, error_size,
				    "%s \"%s\" cannot be read: %s",
				    file->setting, file->path, strerror(-ret));
		}
		if (n == 0)
			return 0;
	}
	return fail(-EFBIG, error, error_size,
		    "%s \"%s\" is larger than %zu octets: it must be a PEM file",
		    file->setting, file->path, file->max_size);
}

static void release(struct file *file)
{
	if (file->text)
		OPENSSL_cleanse(file->text, file->size);
	free(file->text);
	file->text = NULL;
}

static int read_file(struct file *file, char *error, size_t error_size)
{
	/* Opening a FIFO must not wait for its writer. */
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int ret;

	if (fd < 0) {
		ret = -errno;
		return fail(ret, error, error_size,
			    "%s \"%s\" cannot be opened: %s", file->setting,
			    file->path, strerror(-ret));
	}
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		ret = fail(-EINVAL, error, error_size, "%s \"%s\" is not a "
			   "regular file: it must be a PEM file", file->setting,
			   file->path);
	} else {
		file->mode = st.st_mode;
		ret = read_all(fd, file, error, error_size);
	}
	close(fd);
	if (ret)
		release(file);
	return ret;
}

static int never_a_password(char *buf, int size, int writing, void *asked)
{
	*(bool *)asked = true;
	return -1;
}

STACK_OF(X509) *certs_parse_chain(const char *pem, size_t size, bool *damaged)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)size);
	STACK_OF(X509) *chain = sk_X509_new_null();
	bool password = false;
	X509 *cert;

	ERR_clear_error();
	while (bio && chain &&
	       (cert = PEM_read_bio_X509(bio, NULL, never_a_password,
					 &password)))
		if (!sk_X509_push(chain, cert))
			X509_free(cert);
	/* Reading ends well where no further PEM block begins. */
	*damaged = ERR_GET_REASON(ERR_peek_last_error()) !=
		   PEM_R_NO_START_LINE;
	ERR_clear_error();
	BIO_free(bio);
	if (chain && (*damaged || sk_X509_num(chain) < 1)) {
		sk_X509_pop_free(chain, X509_free);
		chain = NULL;
	}
	return chain;
}

EVP_PKEY *certs_parse_key(const char *pem, size_t size, bool *password)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)size);
	EVP_PKEY *key = NULL;

	*password = false;
	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, never_a_password,
					      password);
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

/* The file is not what it should be: what is it, and how is it mended? */
static int explain(const struct file *file, const char *wanted,
		   const char *command, char *error, size_t error_size)
{
	bool key = memmem(file->text, file->size, "PRIVATE KEY-----", 16);
	bool cert = memmem(file->text, file->size, "CERTIFICATE-----", 16);

	if (file->size && file->text[0] == 0x30)
		return fail(-EINVAL, error, error_size,
			    "%s \"%s\" is DER, it must be PEM: convert it with "
			    "'openssl %s -inform DER -in %s -out %s.pem'",
			    file->setting, file->path, command, file->path,
			    file->path);
	if (key || cert)
		return fail(-EINVAL, error, error_size,
			    "%s \"%s\" holds a %s but no %s: are "
			    "certificate-chain-path and private-key-path "
			    "swapped?", file->setting, file->path,
			    key ? "private key" : "certificate", wanted);
	return fail(-EINVAL, error, error_size,
		    "%s \"%s\" holds no %s: it must be a PEM file",
		    file->setting, file->path, wanted);
}

static int load_chain(struct file *file, STACK_OF(X509) **chain, char *error,
		      size_t error_size)
{
	int ret = read_file(file, error, error_size);
	bool damaged;

	if (ret)
		return ret;
	*chain = certs_parse_chain(file->text, file->size, &damaged);
	if (*chain)
		return 0;
	if (!damaged)
		return explain(file, "certificate", "x509", error, error_size);
	return fail(-EINVAL, error, error_size,
		    "%s \"%s\" has a certificate that is damaged: copy the file "
		    "anew from where the certificate was issued", file->setting,
		    file->path);
}

static int load_key(struct file *file, EVP_PKEY **key, char *error,
		    size_t error_size)
{
	int ret = read_file(file, error, error_size);
	bool password;

	if (ret)
		return ret;
	*key = certs_parse_key(file->text, file->size, &password);
	if (*key)
		return 0;
	if (password)
		return fail(-EINVAL, error, error_size,
			    "%s \"%s\" has a password, which kntsd cannot ask "
			    "for: remove it with 'openssl pkey -in %s -out "
			    "%s.plain' and chmod 0600 the result",
			    file->setting, file->path, file->path, file->path);
	if (memmem(file->text, file->size, "PRIVATE KEY-----", 16))
		return fail(-EINVAL, error, error_size,
			    "%s \"%s\" has a private key that is damaged or of "
			    "a kind that OpenSSL does not know: it must be "
			    "RSA, ECDSA or Ed25519", file->setting, file->path);
	return explain(file, "private key", "pkey", error, error_size);
}

static void warn_readable(const struct file *key, certs_warn_fn warn,
			  void *arg)
{
	char sentence[512];

	if (!(key->mode & S_IROTH))
		return;
	snprintf(sentence, sizeof(sentence),
		 "%s \"%s\" can be read by every user of this machine (mode "
		 "%04o): do chmod 0600, and issue a new one if others were on "
		 "it", key->setting, key->path, key->mode & 07777);
	warn(sentence, arg);
}

static struct certs *certs_new(struct file *chain, struct file *key)
{
	struct certs *certs = calloc(1, sizeof(*certs));

	if (!certs)
		return NULL;
	certs->chain = chain->text;
	certs->chain_size = chain->size;
	certs->key = key->text;
	certs->key_size = key->size;
	chain->text = NULL;
	key->text = NULL;
	certs->chain_path = strdup(chain->path);
	certs->key_path = strdup(key->path);
	if (certs->chain_path && certs->key_path)
		return certs;
	certs_free(certs);
	return NULL;
}

int certs_load(struct certs **certs, const struct config_ke *ke,
	       certs_warn_fn warn, void *arg, char *error, size_t error_size)
{
	struct file chain_file = { .path = ke->certificate_chain_path,
				   .setting = "certificate-chain-path",
				   .max_size = CERTS_CHAIN_MAX_SIZE };
	struct file key_file = { .path = ke->private_key_path,
				 .setting = "private-key-path",
				 .max_size = CERTS_KEY_MAX_SIZE };
	STACK_OF(X509) *chain = NULL;
	struct certs *loaded = NULL;
	EVP_PKEY *key = NULL;
	int ret;

	fail(-ENOMEM, error, error_size, "no memory for certificates");
	ret = load_chain(&chain_file, &chain, error, error_size);
	if (!ret)
		ret = load_key(&key_file, &key, error, error_size);
	if (!ret)
		ret = certs_check(chain, key, ke, warn, arg, error,
				  error_size);
	if (ret && ret != -EKEYEXPIRED)
		goto out;

	warn_readable(&key_file, warn, arg);
	loaded = certs_new(&chain_file, &key_file);
	if (!loaded || certs_describe(loaded, chain, key)) {
		ret = fail(-ENOMEM, error, error_size,
			   "no memory for certificates");
		goto out;
	}
	*certs = loaded;
	loaded = NULL;
out:
	certs_free(loaded);
	release(&chain_file);
	release(&key_file);
	EVP_PKEY_free(key);
	sk_X509_pop_free(chain, X509_free);
	return ret;
}

bool certs_same(const struct certs *a, const struct certs *b)
{
	return a->chain_size == b->chain_size && a->key_size == b->key_size &&
	       !memcmp(a->chain, b->chain, a->chain_size) &&
	       !CRYPTO_memcmp(a->key, b->key, a->key_size);
}

void certs_free(struct certs *certs)
{
	size_t i;

	if (!certs)
		return;
	for (i = 0; i < certs->names_count; i++)
		free(certs->names[i]);
	OPENSSL_cleanse(certs->key, certs->key_size);
	free(certs->key);
	free(certs->chain);
	free(certs->names);
	free(certs->issuer);
	free(certs->chain_path);
	free(certs->key_path);
	free(certs);
}
