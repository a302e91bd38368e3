// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>

#include "gcmsiv.h"

static void must(gcry_error_t error, const char *what)
{
	if (!error)
		return;
	fprintf(stderr, "libgcrypt: %s: %s\n", what, gcry_strerror(error));
	abort();
}

/* By a constructor: tests have threads, and the library may not be in two. */
__attribute__((constructor)) static void start_library(void)
{
	gcry_check_version(NULL);
	must(gcry_control(GCRYCTL_DISABLE_SECMEM, 0), "no secure memory");
	must(gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0), "start");
}

static gcry_cipher_hd_t begin(const struct gcmsiv_input *in)
{
	gcry_cipher_hd_t cipher;

	must(gcry_cipher_open(&cipher, in->key_len == 16 ? GCRY_CIPHER_AES128 :
							   GCRY_CIPHER_AES256,
			      GCRY_CIPHER_MODE_GCM_SIV, 0), "open");
	must(gcry_cipher_setkey(cipher, in->key, in->key_len), "key");
	must(gcry_cipher_setiv(cipher, in->nonce, GCMSIV_NONCE_LEN), "nonce");
	must(gcry_cipher_authenticate(cipher, in->ad, in->ad_len),
	     "associated data");
	return cipher;
}

void gcmsiv_seal(const struct gcmsiv_input *in, const uint8_t *text,
		 size_t text_len, uint8_t *out)
{
	gcry_cipher_hd_t cipher = begin(in);

	must(gcry_cipher_encrypt(cipher, out, text_len, text, text_len),
	     "encrypt");
	must(gcry_cipher_gettag(cipher, out + text_len, GCMSIV_TAG_LEN), "tag");
	gcry_cipher_close(cipher);
}

bool gcmsiv_open(const struct gcmsiv_input *in, const uint8_t *sealed,
		 size_t len, uint8_t *text)
{
	size_t text_len = len - GCMSIV_TAG_LEN;
	gcry_cipher_hd_t cipher;
	gcry_error_t error;

	if (len < GCMSIV_TAG_LEN)
		return false;
	cipher = begin(in);
	must(gcry_cipher_set_decryption_tag(cipher, sealed + text_len,
					    GCMSIV_TAG_LEN), "tag to expect");
	error = gcry_cipher_decrypt(cipher, text, text_len, sealed, text_len);
	if (!error)
		error = gcry_cipher_checktag(cipher, sealed + text_len,
					     GCMSIV_TAG_LEN);
	gcry_cipher_close(cipher);
	if (error && gcry_err_code(error) != GPG_ERR_CHECKSUM)
		must(error, "decrypt");
	return !error;
}
