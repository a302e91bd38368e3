// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "siv.h"

#define BLOCK KNTS_AES_BLOCK_LEN

static void xor_block(u8 *dst, const u8 *src)
{
	u64 a[2], b[2];

	memcpy(a, dst, BLOCK);
	memcpy(b, src, BLOCK);
	a[0] ^= b[0];
	a[1] ^= b[1];
	memcpy(dst, a, BLOCK);
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
	if (len)
		memcpy(last, in + blocks * BLOCK, len);

	if (len == BLOCK) {
		xor_block(last, key->subkey1);
	} else {
		last[len] = 0x80;
		xor_block(last, key->subkey2);
	}
	knts_aes_cbcmac(&key->mac, mac, last, 1);
	knts_wipe(last, sizeof(last));
}

/*
 * S2V's last string is the text, and what goes before it is XORed into its last
 * 16 octets. The blocks that these do not touch can be done without it.
 */
static size_t text_begin(const struct knts_siv_key *key, u8 *mac,
			 const u8 *text, size_t len)
{
	size_t blocks = len < BLOCK ? 0 : (len - BLOCK) / BLOCK;

	memset(mac, 0, BLOCK);
	knts_aes_cbcmac(&key->mac, mac, text, blocks);

	return blocks * BLOCK;
}

/* The rest of it: under 32 octets, and under 16 only if the text is. */
static void text_finish(const struct knts_siv_key *key, u8 *mac, u8 *d,
			const u8 *text, size_t len)
{
	u8 tail[2 * BLOCK] = { 0 };

	if (len)
		memcpy(tail, text, len);

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

/* S2V, all strings being final; leaves the tag in @seal->text_mac. */
static void make_tag(struct knts_siv_seal *seal)
{
	const struct knts_siv_key *key = seal->key;
	u8 d[BLOCK];

	memcpy(d, key->zero, BLOCK);
	if (seal->ad) {
		cmac_finish(key, seal->ad_mac, seal->ad + seal->ad_done_len,
			    seal->ad_len - seal->ad_done_len);
		dbl(d);
		xor_block(d, seal->ad_mac);
	}
	dbl(d);
	xor_block(d, seal->nonce_mac);

	text_finish(key, seal->text_mac, d,
		    seal->out + BLOCK + seal->text_done_len,
		    seal->text_len - seal->text_done_len);
	knts_wipe(d, sizeof(d));
}

/* CTR from the tag, two of whose bits are cleared: RFC 5297, 2.5. */
static void crypt_text(const struct knts_siv_key *key, const u8 *tag, u8 *text,
		       size_t len)
{
	u8 iv[BLOCK];

	memcpy(iv, tag, BLOCK);
	iv[8] &= 0x7f;
	iv[12] &= 0x7f;
	knts_aes_ctr(&key->ctr, iv, text, len);
}

void knts_siv_expand(struct knts_siv_key *key, const u8 *raw, size_t raw_len)
{
	size_t half = raw_len / 2;

	knts_aes_expand(&key->mac, raw, half);
	knts_aes_expand(&key->ctr, raw + half, half);

	memset(key->subkey1, 0, BLOCK);
	knts_aes_encrypt(&key->mac, key->subkey1, key->subkey1);
	dbl(key->subkey1);
	memcpy(key->subkey2, key->subkey1, BLOCK);
	dbl(key->subkey2);

	/* The zero block is a whole one, so its CMAC takes the first subkey. */
	knts_aes_encrypt(&key->mac, key->zero, key->subkey1);
}

void knts_siv_seal_begin(struct knts_siv_seal *seal,
			 const struct knts_siv_key *key, const u8 *ad,
			 size_t ad_len, size_t ad_early_len, const u8 *nonce,
			 size_t nonce_len, u8 *out, size_t text_len)
{
	size_t ad_blocks = 0;

	memset(seal, 0, sizeof(*seal));
	seal->key = key;
	seal->ad = ad;
	seal->ad_len = ad_len;
	seal->out = out;
	seal->text_len = text_len;

	/* CMAC's last block waits for the end, be it early or not. */
	if (ad_len)
		ad_blocks = (ad_early_len < ad_len ? ad_early_len : ad_len - 1) /
			    BLOCK;
	knts_aes_cbcmac(&key->mac, seal->ad_mac, ad, ad_blocks);
	seal->ad_done_len = ad_blocks * BLOCK;

	cmac_finish(key, seal->nonce_mac, nonce, nonce_len);
	seal->text_done_len = text_begin(key, seal->text_mac, out + BLOCK,
					 text_len);
}

void knts_siv_seal_finish(struct knts_siv_seal *seal)
{
	make_tag(seal);
	memcpy(seal->out, seal->text_mac, BLOCK);
	crypt_text(seal->key, seal->out, seal->out + BLOCK, seal->text_len);
	knts_wipe(seal, sizeof(*seal));
}

bool knts_siv_open(const struct knts_siv_key *key, const u8 *ad, size_t ad_len,
		   const u8 *nonce, size_t nonce_len, u8 *buf, size_t len)
{
	size_t text_len = len - BLOCK;
	struct knts_siv_seal seal;
	u8 *text = buf + BLOCK;
	bool authentic;

	crypt_text(key, buf, text, text_len);
	knts_siv_seal_begin(&seal, key, ad, ad_len, ad_len, nonce, nonce_len,
			    buf, text_len);
	make_tag(&seal);

	authentic = !knts_differ(seal.text_mac, buf, BLOCK);
	if (!authentic)
		knts_wipe(text, text_len);
	/* The right tag of a forgery is what its author is after. */
	knts_wipe(&seal, sizeof(seal));

	return authentic;
}
