// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "aead.h"
#include "gcmsiv.h"
#include "siv.h"

#define SIV_NONCE_LEN 16

static bool is_gcmsiv(uint16_t aead)
{
	return aead == 30 || aead == 31;
}

size_t aead_key_len(uint16_t aead)
{
	return is_gcmsiv(aead) ? 16 * (aead - 29U) : siv_key_len(aead);
}

size_t aead_nonce_len(uint16_t aead)
{
	return is_gcmsiv(aead) ? GCMSIV_NONCE_LEN : SIV_NONCE_LEN;
}

size_t aead_tag_off(uint16_t aead, size_t text_len)
{
	return is_gcmsiv(aead) ? text_len : 0;
}

static struct siv_input siv_input(const struct aead_input *in)
{
	return (struct siv_input){
		.key = in->key,
		.key_len = aead_key_len(in->aead),
		.ad = in->ad,
		.ad_len = in->ad_len,
		.nonce = in->nonce,
		.nonce_len = in->nonce_len,
	};
}

static struct gcmsiv_input gcmsiv_input(const struct aead_input *in,
					const uint8_t *nonce)
{
	return (struct gcmsiv_input){
		.key = in->key,
		.key_len = aead_key_len(in->aead),
		.ad = in->ad,
		.ad_len = in->ad_len,
		.nonce = nonce,
	};
}

void aead_seal(const struct aead_input *in, const uint8_t *text,
	       size_t text_len, uint8_t *out)
{
	uint8_t nonce[GCMSIV_NONCE_LEN] = { 0 };
	struct gcmsiv_input gcmsiv;
	struct siv_input siv;

	if (!is_gcmsiv(in->aead)) {
		siv = siv_input(in);
		siv_seal(&siv, text, text_len, out);
		return;
	}
	memcpy(nonce, in->nonce, in->nonce_len < sizeof(nonce) ?
				 in->nonce_len : sizeof(nonce));
	gcmsiv = gcmsiv_input(in, nonce);
	gcmsiv_seal(&gcmsiv, text, text_len, out);
}

bool aead_open(const struct aead_input *in, const uint8_t *sealed, size_t len,
	       uint8_t *text)
{
	struct gcmsiv_input gcmsiv;
	struct siv_input siv;

	if (!is_gcmsiv(in->aead)) {
		siv = siv_input(in);
		return siv_open(&siv, sealed, len, text);
	}
	gcmsiv = gcmsiv_input(in, in->nonce);
	return in->nonce_len == GCMSIV_NONCE_LEN &&
	       gcmsiv_open(&gcmsiv, sealed, len, text);
}
