// SPDX-License-Identifier: GPL-2.0-or-later
/* The SIV seam in userspace: upon that of AES. */
#include "core/siv.h"

void knts_siv_expand_all(struct knts_siv_key *const *keys,
			 const u8 *const *raw, unsigned int count,
			 size_t raw_len)
{
	knts_siv_portable_expand_all(keys, raw, count, raw_len);
}

void knts_siv_open_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len)
{
	knts_siv_portable_open_begin(siv, key, ad, ad_len, nonce, nonce_len, sealed,
				     len);
}

bool knts_siv_open_finish(struct knts_siv *siv)
{
	return knts_siv_portable_open_finish(siv);
}

void knts_siv_seal_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *nonce, size_t nonce_len, u8 *sealed,
			 u8 *text, size_t text_len, struct knts_siv *along)
{
	knts_siv_portable_seal_begin(siv, key, nonce, nonce_len, sealed, text,
				     text_len);
}

void knts_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
		      size_t ad_early_len)
{
	knts_siv_portable_seal_ad(siv, ad, ad_len, ad_early_len);
}

void knts_siv_seal_finish(struct knts_siv *siv)
{
	knts_siv_portable_seal_finish(siv);
}

void knts_siv_seal_copies(const struct knts_siv_key *key,
			  const struct knts_siv_copy *copies,
			  unsigned int count, size_t nonce_len, const u8 *text,
			  size_t text_len, struct knts_siv *along)
{
	knts_siv_portable_seal_copies(key, copies, count, nonce_len, text,
				      text_len);
}
