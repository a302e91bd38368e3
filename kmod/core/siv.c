// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "siv.h"

#define BLOCK KNTS_AES_BLOCK_LEN

/* A block on its way through registers, its octets in their order. */
struct block {
	u64 first;
	u64 second;
};

static inline struct block block_load(const u8 *p)
{
	struct block b;

	memcpy(&b.first, p, sizeof(b.first));
	memcpy(&b.second, p + 8, sizeof(b.second));
	return b;
}

static inline void block_store(u8 *p, struct block b)
{
	memcpy(p, &b.first, sizeof(b.first));
	memcpy(p + 8, &b.second, sizeof(b.second));
}

static inline struct block block_xor(struct block a, struct block b)
{
	a.first ^= b.first;
	a.second ^= b.second;
	return a;
}

/* Doubling in GF(2^128), RFC 5297, 2.3. No branch: the block is secret. */
static inline struct block block_double(struct block b)
{
	u64 high = KNTS_BE(64, b.first);
	u64 low = KNTS_BE(64, b.second);
	u64 carry = high >> 63;

	b.first = KNTS_BE(64, high << 1 | low >> 63);
	b.second = KNTS_BE(64, low << 1 ^ (0x87 & (0 - carry)));
	return b;
}

static inline void xor_into(u8 *p, struct block b)
{
	block_store(p, block_xor(block_load(p), b));
}

static void chain_begin(struct knts_aes_chain *chain,
			const struct knts_siv_key *key, const u8 *in,
			size_t blocks)
{
	chain->key = &key->mac;
	chain->in = in;
	chain->blocks = blocks;
	chain->then_blocks = 0;
	memset(chain->mac, 0, BLOCK);
}

/*
 * Pad and mask the end of a message (RFC 4493, 2.4), which takes its turn after
 * what the chain has to do before.
 */
static void tail_end(struct knts_siv_cmac *cmac, const struct knts_siv_key *key,
		     size_t len)
{
	size_t blocks = len > BLOCK ? 2 : 1;
	u8 *last = cmac->tail + (blocks - 1) * BLOCK;

	if (len == blocks * BLOCK) {
		xor_into(last, block_load(key->subkey1));
	} else {
		cmac->tail[len] = 0x80;
		xor_into(last, block_load(key->subkey2));
	}
	cmac->chain.then = cmac->tail;
	cmac->chain.then_blocks = blocks;
}

/* The last octets of a message, 32 at most, go into the tail. */
static void tail_begin(struct knts_siv_cmac *cmac, const u8 *in, size_t len)
{
	memset(cmac->tail, 0, sizeof(cmac->tail));
	knts_copy(cmac->tail, in, len);
}

/* How many blocks of a message come before its tail. */
static size_t head_blocks(size_t len)
{
	return len > 2 * BLOCK ? (len - BLOCK - 1) / BLOCK : 0;
}

static void cmac_begin(struct knts_siv_cmac *cmac,
		       const struct knts_siv_key *key, const u8 *in, size_t len)
{
	size_t blocks = head_blocks(len);
	size_t tail_len = len - blocks * BLOCK;

	chain_begin(&cmac->chain, key, in, blocks);
	tail_begin(cmac, in + blocks * BLOCK, tail_len);
	tail_end(cmac, key, tail_len);
}

/*
 * S2V's last string is the text, and what goes before it is XORed into its last
 * 16 octets: those, and what is before them in a block, are the tail.
 */
static void text_begin(struct knts_siv_cmac *cmac,
		       const struct knts_siv_key *key, const u8 *text,
		       size_t len)
{
	size_t blocks = len < BLOCK ? 0 : (len - BLOCK) / BLOCK;

	chain_begin(&cmac->chain, key, text, blocks);
	cmac->tail_len = len - blocks * BLOCK;
	tail_begin(cmac, text + blocks * BLOCK, cmac->tail_len);
}

/* @d: S2V of all strings before the text. */
static void text_end(struct knts_siv_cmac *cmac, const struct knts_siv_key *key,
		     struct block d)
{
	size_t len = cmac->tail_len;

	if (len < BLOCK) {
		cmac->tail[len] = 0x80;
		d = block_double(d);
		len = BLOCK;
	}
	xor_into(cmac->tail + len - BLOCK, d);
	tail_end(cmac, key, len);
}

/* All of it that is secret. */
static void cmac_wipe(struct knts_siv_cmac *cmac)
{
	knts_wipe(cmac->chain.mac, sizeof(cmac->chain.mac));
	knts_wipe(cmac->tail, sizeof(cmac->tail));
}

static void siv_wipe(struct knts_siv *siv)
{
	cmac_wipe(&siv->ad);
	cmac_wipe(&siv->nonce);
	cmac_wipe(&siv->text);
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

/* The chains of associated data and nonce being done: the tag is in the text's. */
static void make_tag(struct knts_siv *siv)
{
	struct knts_aes_chain *chain = &siv->text.chain;
	struct block d = block_load(siv->key->zero2);

	if (siv->ad_at)
		d = block_double(block_xor(d, block_load(siv->ad.chain.mac)));
	d = block_xor(d, block_load(siv->nonce.chain.mac));

	text_end(&siv->text, siv->key, d);
	knts_aes_cbcmac(&chain, 1, NULL);
}

void knts_siv_expand_all(struct knts_siv_key *const *keys,
			 const u8 *const *raw, unsigned int count,
			 size_t raw_len)
{
	static const u8 nothing[BLOCK];
	struct knts_aes_chain chain[KNTS_SIV_EXPAND_MAX];
	struct knts_aes_chain *chains[KNTS_SIV_EXPAND_MAX];
	struct knts_aes_key *halves[2 * KNTS_SIV_EXPAND_MAX] = { NULL };
	const u8 *raws[2 * KNTS_SIV_EXPAND_MAX] = { NULL };
	struct block subkey;
	unsigned int i;

	for (i = 0; i < count; i++) {
		halves[2 * i] = &keys[i]->mac;
		halves[2 * i + 1] = &keys[i]->ctr;
		raws[2 * i] = raw[i];
		raws[2 * i + 1] = raw[i] + raw_len / 2;
		chains[i] = &chain[i];
		chain_begin(&chain[i], keys[i], nothing, 1);
	}
	knts_aes_expand(halves, raws, 2 * count, raw_len / 2);

	knts_aes_cbcmac(chains, count, NULL);
	for (i = 0; i < count; i++) {
		subkey = block_double(block_load(chain[i].mac));
		block_store(keys[i]->subkey1, subkey);
		block_store(keys[i]->subkey2, block_double(subkey));
		/* The zero block is a whole one: its CMAC takes that subkey. */
		chain_begin(&chain[i], keys[i], keys[i]->subkey1, 1);
	}
	knts_aes_cbcmac(chains, count, NULL);
	for (i = 0; i < count; i++) {
		block_store(keys[i]->zero2,
			    block_double(block_load(chain[i].mac)));
		knts_wipe(chain[i].mac, sizeof(chain[i].mac));
	}
}

void knts_siv_wipe(struct knts_siv_key *key)
{
	knts_aes_wipe(&key->mac);
	knts_aes_wipe(&key->ctr);
	knts_wipe(key->subkey1, sizeof(key->subkey1));
	knts_wipe(key->subkey2, sizeof(key->subkey2));
	knts_wipe(key->zero2, sizeof(key->zero2));
}

void knts_siv_open_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *ad, size_t ad_len, const u8 *nonce,
			 size_t nonce_len, u8 *sealed, size_t len)
{
	siv->key = key;
	siv->ad_at = ad;
	siv->ad_len = ad_len;
	siv->sealed = sealed;
	siv->text_at = sealed + BLOCK;
	siv->text_len = len - BLOCK;

	if (siv->text_len)
		crypt_text(key, sealed, siv->text_at, siv->text_at,
			   siv->text_len);
	if (ad)
		cmac_begin(&siv->ad, key, ad, ad_len);
	cmac_begin(&siv->nonce, key, nonce, nonce_len);
	text_begin(&siv->text, key, siv->text_at, siv->text_len);
}

bool knts_siv_open_finish(struct knts_siv *siv)
{
	struct knts_aes_chain *chains[] = {
		&siv->nonce.chain, &siv->text.chain, &siv->ad.chain,
	};
	bool authentic;

	knts_aes_cbcmac(chains, siv->ad_at ? 3 : 2, NULL);
	make_tag(siv);

	authentic = !knts_differ(siv->text.chain.mac, siv->sealed, BLOCK);
	if (!authentic)
		knts_wipe(siv->text_at, siv->text_len);
	/* The right tag of a forgery is what its author is after. */
	siv_wipe(siv);

	return authentic;
}

void knts_siv_seal_begin(struct knts_siv *siv, const struct knts_siv_key *key,
			 const u8 *nonce, size_t nonce_len, u8 *sealed,
			 u8 *text, size_t text_len,
			 struct knts_aes_chain *along)
{
	struct knts_aes_chain *chains[] = { &siv->nonce.chain, &siv->text.chain };

	siv->key = key;
	siv->ad_at = NULL;
	siv->sealed = sealed;
	siv->text_at = text;
	siv->text_len = text_len;

	cmac_begin(&siv->nonce, key, nonce, nonce_len);
	text_begin(&siv->text, key, text, text_len);
	knts_aes_cbcmac(chains, 2, along);
}

static void end_ad(struct knts_siv *siv)
{
	size_t at = head_blocks(siv->ad_len) * BLOCK;

	tail_begin(&siv->ad, siv->ad_at + at, siv->ad_len - at);
	tail_end(&siv->ad, siv->key, siv->ad_len - at);
}

void knts_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
		      size_t ad_early_len)
{
	struct knts_aes_chain *chain = &siv->ad.chain;
	size_t head = head_blocks(ad_len);
	size_t blocks = ad_early_len / BLOCK;

	if (blocks > head)
		blocks = head;
	siv->ad_at = ad;
	siv->ad_len = ad_len;
	chain_begin(chain, siv->key, ad, blocks);
	knts_aes_cbcmac(&chain, 1, NULL);
	chain->blocks = head - blocks;
	siv->ad_tail_is_late = ad_early_len < ad_len &&
			       ad_early_len / BLOCK + 1 > head;
	end_ad(siv);
}

void knts_siv_seal_finish(struct knts_siv *siv)
{
	struct knts_aes_chain *chain = &siv->ad.chain;

	if (siv->ad_at) {
		if (siv->ad_tail_is_late)
			end_ad(siv);
		knts_aes_cbcmac(&chain, 1, NULL);
	}
	make_tag(siv);
	memcpy(siv->sealed, siv->text.chain.mac, BLOCK);
	crypt_text(siv->key, siv->sealed, siv->sealed + BLOCK, siv->text_at,
		   siv->text_len);
	siv_wipe(siv);
}

void knts_siv_seal_copies(const struct knts_siv_key *key,
			  const struct knts_siv_copy *copies,
			  unsigned int count, size_t nonce_len, const u8 *text,
			  size_t text_len, struct knts_aes_chain *along)
{
	struct knts_siv_cmac cmacs[KNTS_SIV_COPIES_MAX];
	struct knts_aes_chain *chains[KNTS_SIV_COPIES_MAX + 1];
	struct knts_siv_cmac common;
	struct block d;
	unsigned int i;

	for (i = 0; i < count; i++) {
		cmac_begin(&cmacs[i], key, copies[i].nonce, nonce_len);
		chains[i] = &cmacs[i].chain;
	}
	/* What is before the text's tail is the same for all. */
	text_begin(&common, key, text, text_len);
	chains[count] = &common.chain;
	knts_aes_cbcmac(chains, count + 1, along);

	for (i = 0; i < count; i++) {
		d = block_xor(block_load(key->zero2),
			      block_load(cmacs[i].chain.mac));
		cmacs[i] = common;
		text_end(&cmacs[i], key, d);
	}
	knts_aes_cbcmac(chains, count, along);

	for (i = 0; i < count; i++) {
		memcpy(copies[i].sealed, cmacs[i].chain.mac, BLOCK);
		crypt_text(key, copies[i].sealed, copies[i].sealed + BLOCK,
			   text, text_len);
		cmac_wipe(&cmacs[i]);
	}
	cmac_wipe(&common);
}
