// SPDX-License-Identifier: GPL-2.0-only
#include <linux/init.h>
#include <linux/percpu.h>

#include "core/polyval.h"
#include "core/siv.h"
#include "library.h"
#include "machine.h"
#include "native.h"
#include "select.h"

static bool has_native __ro_after_init;
/* In a section of ours. Only ever seen by who is in it: it is not preempted. */
static DEFINE_PER_CPU(bool, in_section);

void __init knts_aes_init(void)
{
	has_native = knts_machine_is_able();
}

bool knts_aes_begin(void)
{
	if (!has_native || !knts_machine_usable())
		return false;
	knts_machine_begin();
	__this_cpu_write(in_section, true);
	return true;
}

void knts_aes_end(void)
{
	__this_cpu_write(in_section, false);
	knts_machine_end();
}

static bool is_native(void)
{
	return KNTS_MACHINE_NATIVE && raw_cpu_read(in_section);
}

/* For who comes by either way: a cookie key. */
static void expand_for_both(struct knts_aes_key *const *keys,
			    const u8 *const *raw, unsigned int count,
			    size_t raw_len)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		knts_library_expand(keys[i], raw[i], raw_len);
	if (!has_native || !knts_machine_usable())
		return;
	knts_machine_begin();
	knts_native_expand(keys, raw, count, raw_len);
	knts_machine_end();
}

void knts_aes_expand(struct knts_aes_key *const *keys, const u8 *const *raw,
		     unsigned int count, size_t raw_len)
{
	if (is_native())
		knts_native_expand(keys, raw, count, raw_len);
	else
		expand_for_both(keys, raw, count, raw_len);
}

void knts_aes_wipe(struct knts_aes_key *key)
{
	if (is_native())
		knts_native_wipe(key);
	else
		knts_wipe(key, sizeof(*key));
}

void knts_aes_encrypt(const struct knts_aes_key *key, u8 *out, const u8 *in,
		      size_t blocks)
{
	if (is_native())
		knts_native_encrypt(key, out, in, blocks);
	else
		knts_library_encrypt(key, out, in, blocks);
}

void knts_aes_cbcmac(const struct knts_aes_key *key, u8 *mac, const u8 *in,
		     size_t blocks)
{
	if (is_native())
		knts_native_cbcmac(key, mac, in, blocks);
	else
		knts_library_cbcmac(key, mac, in, blocks);
}

void knts_aes_ctr(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		  const u8 *in, size_t len)
{
	if (is_native())
		knts_native_ctr(key, iv, out, in, len);
	else
		knts_library_ctr(key, iv, out, in, len);
}

void knts_aes_ctr32(const struct knts_aes_key *key, const u8 *iv, u8 *out,
		    const u8 *in, size_t len)
{
	if (is_native())
		knts_native_ctr32(key, iv, out, in, len);
	else
		knts_library_ctr32(key, iv, out, in, len);
}

void knts_polyval(u8 *acc, const u8 *h, const u8 *in, size_t blocks)
{
	if (is_native())
		knts_native_polyval(acc, h, in, blocks);
	else
		knts_polyval_portable(acc, h, in, blocks);
}

void knts_siv_expand_all(struct knts_siv_key *const *keys,
			 const u8 *const *raw, unsigned int count,
			 size_t raw_len)
{
	if (is_native())
		knts_native_siv_expand_all(keys, raw, count, raw_len);
	else
		knts_siv_portable_expand_all(keys, raw, count, raw_len);
}

void knts_siv_open_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len)
{
	if (is_native())
		knts_native_siv_open_begin(siv, key, ad, ad_len, nonce,
					   nonce_len, sealed, len);
	else
		knts_siv_portable_open_begin(siv, key, ad, ad_len, nonce,
					     nonce_len, sealed, len);
}

bool knts_siv_open_finish(struct knts_siv *siv)
{
	if (is_native())
		return knts_native_siv_open_finish(siv);
	return knts_siv_portable_open_finish(siv);
}

void knts_siv_seal_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *nonce, size_t nonce_len, u8 *sealed,
			 u8 *text, size_t text_len, struct knts_siv *along)
{
	if (is_native())
		knts_native_siv_seal_begin(siv, key, nonce, nonce_len, sealed,
					   text, text_len, along);
	else
		knts_siv_portable_seal_begin(siv, key, nonce, nonce_len, sealed,
					     text, text_len);
}

void knts_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
		      size_t ad_early_len)
{
	if (is_native())
		knts_native_siv_seal_ad(siv, ad, ad_len, ad_early_len);
	else
		knts_siv_portable_seal_ad(siv, ad, ad_len, ad_early_len);
}

void knts_siv_seal_finish(struct knts_siv *siv)
{
	if (is_native())
		knts_native_siv_seal_finish(siv);
	else
		knts_siv_portable_seal_finish(siv);
}

void knts_siv_seal_copies(const struct knts_siv_key *key,
			  const struct knts_siv_copy *copies,
			  unsigned int count, size_t nonce_len, const u8 *text,
			  size_t text_len, struct knts_siv *along)
{
	if (is_native())
		knts_native_siv_seal_copies(key, copies, count, nonce_len, text,
					    text_len, along);
	else
		knts_siv_portable_seal_copies(key, copies, count, nonce_len,
					      text, text_len);
}
