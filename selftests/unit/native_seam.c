// SPDX-License-Identifier: GPL-2.0-or-later
/* The seams in tests of what the kernel has: the machine's instructions. */
#include <stdio.h>
#include <stdlib.h>

#include "aes/native.h"

#if defined(__x86_64__)

#define NEEDED "ssse3, aes and pclmulqdq"

static bool is_able(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_supports("ssse3") &&
	       __builtin_cpu_supports("aes") &&
	       __builtin_cpu_supports("pclmul");
}

#elif defined(__aarch64__)

#include <sys/auxv.h>

#define NEEDED "aes and pmull"

static bool is_able(void)
{
	unsigned long needed = HWCAP_AES | HWCAP_PMULL;

	return (getauxval(AT_HWCAP) & needed) == needed;
}

#endif

__attribute__((constructor)) static void skip_unless_able(void)
{
	if (is_able())
		return;
	puts("1..0 # SKIP this CPU lacks one of " NEEDED);
	exit(0);
}

void knts_aes_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
		     unsigned int count, size_t raw_len)
{
	knts_native_expand(keys, raw, count, raw_len);
}

void knts_aes_wipe(struct knts_aes_key *key)
{
	knts_native_wipe(key);
}

void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
		      size_t blocks)
{
	knts_native_encrypt(key, out, in, blocks);
}

void knts_aes_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
		     size_t blocks)
{
	knts_native_cbcmac(key, mac, in, blocks);
}

void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		  const u8 *in, size_t len)
{
	knts_native_ctr(key, iv, out, in, len);
}

void knts_aes_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		    const u8 *in, size_t len)
{
	knts_native_ctr32(key, iv, out, in, len);
}

void knts_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks)
{
	knts_native_polyval(acc, h, in, blocks);
}

void knts_siv_expand_all(struct knts_siv_key *const *keys,
			 const u8 *const *raw, unsigned int count,
			 size_t raw_len)
{
	knts_native_siv_expand_all(keys, raw, count, raw_len);
}

void knts_siv_open_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len)
{
	knts_native_siv_open_begin(siv, key, ad, ad_len, nonce, nonce_len, sealed,
				   len);
}

bool knts_siv_open_finish(struct knts_siv *siv)
{
	return knts_native_siv_open_finish(siv);
}

void knts_siv_seal_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *nonce, size_t nonce_len, u8 *sealed,
			 u8 *text, size_t text_len, struct knts_siv *along)
{
	knts_native_siv_seal_begin(siv, key, nonce, nonce_len, sealed, text,
				   text_len, along);
}

void knts_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
		      size_t ad_early_len)
{
	knts_native_siv_seal_ad(siv, ad, ad_len, ad_early_len);
}

void knts_siv_seal_finish(struct knts_siv *siv)
{
	knts_native_siv_seal_finish(siv);
}

void knts_siv_seal_copies(const struct knts_siv_key *key,
			  const struct knts_siv_copy *copies,
			  unsigned int count, size_t nonce_len, const u8 *text,
			  size_t text_len, struct knts_siv *along)
{
	knts_native_siv_seal_copies(key, copies, count, nonce_len, text,
				    text_len, along);
}
