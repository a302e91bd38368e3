// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "aead.h"

void knts_aead_expand(struct knts_aead_key *const *keys, const u8 *const *raw,
		      unsigned int count, u16 id)
{
	struct knts_gcmsiv_key *gcmsiv[KNTS_SIV_EXPAND_MAX];
	struct knts_siv_key *siv[KNTS_SIV_EXPAND_MAX];
	unsigned int i;

	for (i = 0; i < count; i++) {
		keys[i]->id = id;
		gcmsiv[i] = &keys[i]->gcmsiv;
		siv[i] = &keys[i]->siv;
	}
	if (knts_aead_is_gcm(id))
		knts_gcmsiv_expand(gcmsiv, raw, count, knts_aead_key_len(id));
	else
		knts_siv_expand_all(siv, raw, count, knts_aead_key_len(id));
}

void knts_aead_wipe(struct knts_aead_key *key)
{
	if (knts_aead_is_gcm(key->id))
		knts_gcmsiv_wipe(&key->gcmsiv);
	else
		knts_siv_wipe(&key->siv);
}

u8 *knts_aead_open_begin(struct knts_aead *aead, const struct knts_aead_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len)
{
	aead->id = key->id;
	if (knts_aead_is_gcm(key->id)) {
		aead->authentic = nonce_len == KNTS_GCMSIV_NONCE_LEN &&
				  knts_gcmsiv_open(&key->gcmsiv, ad, ad_len,
						   nonce, sealed, len);
		return sealed;
	}

	knts_siv_open_begin(&aead->siv, &key->siv, ad, ad_len, nonce, nonce_len,
			    sealed, len);
	return sealed + KNTS_SIV_TAG_LEN;
}

struct knts_siv *knts_aead_open_along(struct knts_aead *aead)
{
	return knts_aead_is_gcm(aead->id) ? NULL : &aead->siv;
}

bool knts_aead_open_finish(struct knts_aead *aead)
{
	if (knts_aead_is_gcm(aead->id))
		return aead->authentic;
	return knts_siv_open_finish(&aead->siv);
}

void knts_aead_seal_begin(struct knts_aead *aead, const struct knts_aead_key *key,
			  const u8 *nonce, u8 *sealed, u8 *text,
			  size_t text_len, struct knts_siv *along)
{
	aead->id = key->id;
	if (knts_aead_is_gcm(key->id))
		knts_gcmsiv_seal_begin(&aead->gcmsiv, &key->gcmsiv, nonce,
				       sealed, text, text_len);
	else
		knts_siv_seal_begin(&aead->siv, &key->siv, nonce,
				    KNTS_AEAD_NONCE_MAX_LEN, sealed, text,
				    text_len, along);
}

void knts_aead_seal_ad(struct knts_aead *aead, const u8 *ad, size_t ad_len,
		       size_t ad_early_len)
{
	if (knts_aead_is_gcm(aead->id))
		knts_gcmsiv_seal_ad(&aead->gcmsiv, ad, ad_len, ad_early_len);
	else
		knts_siv_seal_ad(&aead->siv, ad, ad_len, ad_early_len);
}

void knts_aead_seal_finish(struct knts_aead *aead)
{
	if (knts_aead_is_gcm(aead->id))
		knts_gcmsiv_seal_finish(&aead->gcmsiv);
	else
		knts_siv_seal_finish(&aead->siv);
}
