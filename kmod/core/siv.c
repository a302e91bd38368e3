// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "siv.h"

#define BLOCK KNTS_AES_BLOCK_LEN

static void xor_block(u8 *dst, const u8 *src)
{
	knts_xor(dst, dst, src, BLOCK);
}

/* Doubling in GF(2^128), RFC 5297, 2.3. No branch: the block is secret. */
static void dbl(u8 *block)
{
	u64 hi = knts_get_be64(block);
	u64 lo = knts_get_be64(block + 8);
	u64 carry = hi >> 63;

	knts_put_be64(block, hi << 1 | lo >> 63);
	knts_put_be64(block + 8, lo << 1 ^ (0x87 & (0 - carry)));
}

/* End a CMAC (RFC 4493) whose whole blocks before @in are in @mac already. */
static void cmac_finish(const struct knts_siv_key *key, u8 *mac, const u8 *in,
			size_t len)
{
	size_t blocks = len ? (len - 1) / BLOCK : 0;
	u8 last[BLOCK] = { 0 };

	knts_aes_cbcmac(&key->mac, mac, in, blocks);
	len -= blocks * BLOCK;
	knts_copy(last, in + blocks * BLOCK, len);

	if (len == BLOCK) {
		xor_block(last, key->subkey1);
	} else {
		last[len] = 0x80;
		xor_block(last, key->subkey2);
	}
	knts_aes_cbcmac(&key->mac, mac, last, 1);
	knts_wipe(last, sizeof(last));
}

static void cmac(const struct knts_siv_key *key, u8 *mac, const u8 *in,
		 size_t len)
{
	memset(mac, 0, BLOCK);
	cmac_finish(key, mac, in, len);
}

/*
 * S2V's last string is the text, and what goes before it is XORed into its last
 * 16 octets. How many blocks these do not touch.
 */
static size_t text_blocks(size_t len)
{
	return len < BLOCK ? 0 : (len - BLOCK) / BLOCK;
}

static void text_begin(const struct knts_siv_key *key, u8 *mac,
		       const u8 *text, size_t len)
{
	memset(mac, 0, BLOCK);
	knts_aes_cbcmac(&key->mac, mac, text, text_blocks(len));
}

/* The rest: under 32 octets, and under 16 only if the text is. */
static void text_finish(const struct knts_siv_key *key, u8 *mac, u8 *d,
			const u8 *text, size_t len)
{
	size_t blocks = text_blocks(len);
	u8 tail[2 * BLOCK] = { 0 };

	len -= blocks * BLOCK;
	knts_copy(tail, text + blocks * BLOCK, len);
	if (len < BLOCK) {
		tail[len] = 0x80;
		dbl(d);
		xor_block(tail, d);
		len = BLOCK;
	} else {
		xor_block(tail + len - BLOCK, d);
	}
	cmac_finish(key, mac, tail, len);
	knts_wipe(tail, sizeof(tail));
}

/* The MACs of associated data and nonce being done: the tag is in the text's. */
static void make_tag(struct knts_siv *siv)
{
	u8 d[BLOCK];

	memcpy(d, siv->key->zero2, BLOCK);
	if (siv->ad_at) {
		xor_block(d, siv->ad_mac);
		dbl(d);
	}
	xor_block(d, siv->nonce_mac);

	text_finish(siv->key, siv->text_mac, d, siv->text_at, siv->text_len);
	knts_wipe(d, sizeof(d));
}

/* CTR from the tag, two of whose bits are cleared: RFC 5297, 2.5. */
static void crypt_text(const struct knts_siv_key *key, const u8 *tag, u8 *out,
		       const u8 *in, size_t len)
{
	u8 iv[BLOCK];

	memcpy(iv, tag, BLOCK);
	iv[8] &= 0x7f;
	iv[12] &= 0x7f;
	knts_aes_ctr(&key->ctr, iv, out, in, len);
}

static void siv_wipe(struct knts_siv *siv)
{
	knts_wipe(siv->ad_mac, BLOCK);
	knts_wipe(siv->nonce_mac, BLOCK);
	knts_wipe(siv->text_mac, BLOCK);
}

static void expand(struct knts_siv_key *key, const u8 *raw, size_t raw_len)
{
	struct knts_aes_key *halves[] = { &key->mac, &key->ctr };
	const u8 *raws[] = { raw, raw + raw_len / 2 };

	knts_aes_expand(halves, raws, 2, raw_len / 2);
	memset(key->subkey1, 0, BLOCK);
	knts_aes_encrypt(&key->mac, key->subkey1, key->subkey1, 1);
	dbl(key->subkey1);
	memcpy(key->subkey2, key->subkey1, BLOCK);
	dbl(key->subkey2);

	/* The zero block is a whole one, so its CMAC takes the first subkey. */
	knts_aes_encrypt(&key->mac, key->zero2, key->subkey1, 1);
	dbl(key->zero2);
}

void knts_siv_portable_expand_all(struct knts_siv_key *const *keys,
				  const u8 *const *raw, unsigned int count,
				  size_t raw_len)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		expand(keys[i], raw[i], raw_len);
}

void knts_siv_wipe(struct knts_siv_key *key)
{
	knts_aes_wipe(&key->mac);
	knts_aes_wipe(&key->ctr);
	knts_wipe(key->subkey1, sizeof(key->subkey1));
	knts_wipe(key->subkey2, sizeof(key->subkey2));
	knts_wipe(key->zero2, sizeof(key->zero2));
}

void knts_siv_portable_open_begin(struct knts_siv *siv,
				  const struct knts_siv_key *key, const u8 *ad,
				  size_t ad_len, const u8 *nonce,
				  size_t nonce_len, u8 *sealed, size_t len)
{
	siv->key = key;
	siv->ad_at = ad;
	siv->ad_len = ad_len;
	siv->nonce_at = nonce;
	siv->nonce_len = nonce_len;
	siv->sealed = sealed;
	siv->text_at = sealed + BLOCK;
	siv->text_len = len - BLOCK;
	crypt_text(key, sealed, siv->text_at, siv->text_at, siv->text_len);
}

bool knts_siv_portable_open_finish(struct knts_siv *siv)
{
	const struct knts_siv_key *key = siv->key;
	bool authentic;

	if (siv->ad_at)
		cmac(key, siv->ad_mac, siv->ad_at, siv->ad_len);
	cmac(key, siv->nonce_mac, siv->nonce_at, siv->nonce_len);
	text_begin(key, siv->text_mac, siv->text_at, siv->text_len);
	make_tag(siv);

	authentic = !knts_differ(siv->text_mac, siv->sealed, BLOCK);
	if (!authentic)
		knts_wipe(siv->text_at, siv->text_len);
	/* The right tag of a forgery is what its author is after. */
	siv_wipe(siv);

	return authentic;
}

void knts_siv_portable_seal_begin(struct knts_siv *siv,
				  const struct knts_siv_key *key,
				  const u8 *nonce, size_t nonce_len, u8 *sealed,
				  u8 *text, size_t text_len)
{
	siv->key = key;
	siv->ad_at = NULL;
	siv->sealed = sealed;
	siv->text_at = text;
	siv->text_len = text_len;
	cmac(key, siv->nonce_mac, nonce, nonce_len);
	text_begin(key, siv->text_mac, text, text_len);
}

void knts_siv_portable_seal_ad(struct knts_siv *siv, const u8 *ad,
			       size_t ad_len, size_t ad_early_len)
{
	size_t blocks = 0;

	/* CMAC's last block waits for the end, be it early or not. */
	if (ad_len)
		blocks = (ad_early_len < ad_len ? ad_early_len : ad_len - 1) /
			 BLOCK;
	siv->ad_at = ad;
	siv->ad_len = ad_len;
	siv->ad_done_len = blocks * BLOCK;
	memset(siv->ad_mac, 0, BLOCK);
	knts_aes_cbcmac(&siv->key->mac, siv->ad_mac, ad, blocks);
}

void knts_siv_portable_seal_finish(struct knts_siv *siv)
{
	if (siv->ad_at)
		cmac_finish(siv->key, siv->ad_mac, siv->ad_at + siv->ad_done_len,
			    siv->ad_len - siv->ad_done_len);
	make_tag(siv);
	memcpy(siv->sealed, siv->text_mac, BLOCK);
	crypt_text(siv->key, siv->sealed, siv->sealed + BLOCK, siv->text_at,
		   siv->text_len);
	siv_wipe(siv);
}

void knts_siv_portable_seal_copies(const struct knts_siv_key *key,
				   const struct knts_siv_copy *copies,
				   unsigned int count, size_t nonce_len,
				   const u8 *text, size_t text_len)
{
	u8 begun[BLOCK], mac[BLOCK], d[BLOCK];
	unsigned int i;

	/* What the nonces do not touch is the same for all. */
	text_begin(key, begun, text, text_len);
	for (i = 0; i < count; i++) {
		u8 *sealed = copies[i].sealed;

		cmac(key, d, copies[i].nonce, nonce_len);
		xor_block(d, key->zero2);
		memcpy(mac, begun, BLOCK);
		text_finish(key, mac, d, text, text_len);
		memcpy(sealed, mac, BLOCK);
		crypt_text(key, sealed, sealed + BLOCK, text, text_len);
	}
	knts_wipe(begun, sizeof(begun));
	knts_wipe(mac, sizeof(mac));
	knts_wipe(d, sizeof(d));
}
