// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "gcmsiv.h"

#define BLOCK KNTS_AES_BLOCK_LEN
/* Of each block that derives keys, this much is used. */
#define DERIVED_LEN 8
/* The hash's key takes two such blocks, the cipher's two or four. */
#define DERIVED_128 4
#define DERIVED_256 6

/* As many blocks are hashed at a time: those of a usual reply, and then some. */
#define QUEUE_MAX 16

static const u8 zero[BLOCK];

/*
 * What is written as two words and read as two takes a way that is shorter than
 * that of octets put together: hence words wherever a block is worked on.
 */
static void xor_block(u8 *dst, const u8 *src)
{
	knts_put_le64(dst, knts_get_le64(dst) ^ knts_get_le64(src));
	knts_put_le64(dst + 8, knts_get_le64(dst + 8) ^ knts_get_le64(src + 8));
}

/* RFC 8452, 4: both keys of a nonce. */
static void derive_keys(const struct knts_gcmsiv_key *key, const u8 *nonce,
			struct knts_aes_key *cipher, u8 *h)
{
	unsigned int count = key->raw_len == 16 ? DERIVED_128 : DERIVED_256;
	u8 blocks[DERIVED_256 * BLOCK], raw[(DERIVED_256 - 2) * DERIVED_LEN];
	const u64 nonce_first = (u64)knts_get_le32(nonce) << 32;
	const u64 nonce_rest = knts_get_le64(nonce + 4);
	const u8 *raws = raw;
	unsigned int i;

	for (i = 0; i < count; i++) {
		knts_put_le64(blocks + i * BLOCK, nonce_first | i);
		knts_put_le64(blocks + i * BLOCK + 8, nonce_rest);
	}
	knts_aes_encrypt(&key->generator, blocks, blocks, count);
	memcpy(h, blocks, DERIVED_LEN);
	memcpy(h + DERIVED_LEN, blocks + BLOCK, DERIVED_LEN);
	for (i = 2; i < count; i++)
		memcpy(raw + (i - 2) * DERIVED_LEN, blocks + i * BLOCK,
		       DERIVED_LEN);

	knts_aes_expand(&cipher, &raws, 1, key->raw_len);
	knts_wipe(blocks, sizeof(blocks));
	knts_wipe(raw, sizeof(raw));
}

/*
 * Blocks that wait to be hashed. What is hashed at a time need not wait for each
 * other as much as several calls of knts_polyval() would.
 */
struct queue {
	u8 *hash;
	const u8 *h;
	unsigned int count;
	u8 blocks[QUEUE_MAX * BLOCK] __aligned(16);
};

static void queue_begin(struct queue *queue, u8 *hash, const u8 *h)
{
	queue->hash = hash;
	queue->h = h;
	queue->count = 0;
}

static void queue_flush(struct queue *queue)
{
	knts_polyval(queue->hash, queue->h, queue->blocks, queue->count);
	queue->count = 0;
}

static u8 *queue_next(struct queue *queue)
{
	if (queue->count == QUEUE_MAX)
		queue_flush(queue);
	return queue->blocks + BLOCK * queue->count++;
}

/* A string, padded with zeros to whole blocks. */
static void queue_string(struct queue *queue, const u8 *in, size_t len)
{
	size_t blocks = len / BLOCK;
	u8 *block;

	/* What fills it is not worth a copy. */
	if (blocks >= QUEUE_MAX) {
		queue_flush(queue);
		knts_polyval(queue->hash, queue->h, in, blocks);
		in += blocks * BLOCK;
		len -= blocks * BLOCK;
	}
	for (; len >= BLOCK; len -= BLOCK, in += BLOCK) {
		block = queue_next(queue);
		memcpy(block, in, BLOCK);
	}
	if (!len)
		return;
	block = queue_next(queue);
	memset(block, 0, BLOCK);
	knts_copy(block, in, len);
}

/* How long both strings are, in bits, ends what is hashed. */
static void queue_lengths(struct queue *queue, size_t ad_len, size_t text_len)
{
	u8 *block = queue_next(queue);

	knts_put_le64(block, (u64)ad_len * 8);
	knts_put_le64(block + 8, (u64)text_len * 8);
	queue_flush(queue);
	/* Associated data is no secret. */
	if (text_len)
		knts_wipe(queue->blocks, sizeof(queue->blocks));
}

/*
 * @h multiplied by itself until it is there @exponent times, which is no
 * secret: one or two multiplications for each of its bits.
 */
static void raise_to(u8 *power, const u8 *h, size_t exponent)
{
	int bit = 63 - __builtin_clzll(exponent);

	memcpy(power, h, BLOCK);
	while (bit--) {
		knts_polyval(power, power, zero, 1);
		if (exponent >> bit & 1)
			knts_polyval(power, h, zero, 1);
	}
}

static void xor_nonce(u8 *hash, const u8 *nonce)
{
	knts_put_le64(hash, knts_get_le64(hash) ^ knts_get_le64(nonce));
	knts_put_le64(hash + 8, knts_get_le64(hash + 8) ^
				knts_get_le32(nonce + 8));
}

/* What is hashed becomes the tag: RFC 8452, 4. */
static void make_tag(u8 *hash, const struct knts_aes_key *cipher)
{
	knts_put_le64(hash + 8, knts_get_le64(hash + 8) & ~(1ULL << 63));
	knts_aes_encrypt(cipher, hash, hash, 1);
}

/* CTR from the tag, whose last bit is set. */
static void crypt_text(const struct knts_aes_key *cipher, const u8 *tag,
		       u8 *out, const u8 *in, size_t len)
{
	u8 iv[BLOCK];

	knts_put_le64(iv, knts_get_le64(tag));
	knts_put_le64(iv + 8, knts_get_le64(tag + 8) | 1ULL << 63);
	knts_aes_ctr32(cipher, iv, out, in, len);
}

void knts_gcmsiv_expand(struct knts_gcmsiv_key *const *keys,
			const u8 *const *raw, unsigned int count,
			size_t raw_len)
{
	struct knts_aes_key *generators[KNTS_GCMSIV_EXPAND_MAX];
	unsigned int i;

	for (i = 0; i < count; i++) {
		generators[i] = &keys[i]->generator;
		keys[i]->raw_len = raw_len;
	}
	knts_aes_expand(generators, raw, count, raw_len);
}

void knts_gcmsiv_wipe(struct knts_gcmsiv_key *key)
{
	knts_aes_wipe(&key->generator);
	key->raw_len = 0;
}

bool knts_gcmsiv_open(const struct knts_gcmsiv_key *key, const u8 *ad,
		      size_t ad_len, const u8 *nonce, u8 *sealed, size_t len)
{
	size_t text_len = len - KNTS_GCMSIV_TAG_LEN;
	const u8 *tag = sealed + text_len;
	struct knts_aes_key cipher __uninitialized;
	u8 h[BLOCK], hash[BLOCK] = { 0 };
	struct queue queue __uninitialized;
	bool authentic;

	derive_keys(key, nonce, &cipher, h);
	if (text_len)
		crypt_text(&cipher, tag, sealed, sealed, text_len);

	queue_begin(&queue, hash, h);
	queue_string(&queue, ad, ad_len);
	queue_string(&queue, sealed, text_len);
	queue_lengths(&queue, ad_len, text_len);
	xor_nonce(hash, nonce);
	make_tag(hash, &cipher);

	authentic = !knts_differ(hash, tag, KNTS_GCMSIV_TAG_LEN);
	if (!authentic)
		knts_wipe(sealed, text_len);
	/* The right tag of a forgery is what its author is after. */
	knts_wipe(hash, sizeof(hash));
	knts_wipe(h, sizeof(h));
	knts_aes_wipe(&cipher);

	return authentic;
}

/*
 * Of associated data some of which is late: its blocks but for that one, which
 * counts as zero until then.
 */
static void queue_early(struct queue *queue, const u8 *ad, size_t ad_len,
			size_t late_at, size_t late_len)
{
	size_t rest_at = late_at + late_len;

	queue_string(queue, ad, late_at);
	queue_string(queue, zero, BLOCK);
	queue_string(queue, ad + rest_at, ad_len - rest_at);
}

void knts_gcmsiv_seal_begin(struct knts_gcmsiv *seal,
			    const struct knts_gcmsiv_key *key, const u8 *nonce,
			    u8 *sealed, const u8 *text, size_t text_len)
{
	derive_keys(key, nonce, &seal->cipher, seal->h);
	seal->sealed = sealed;
	seal->text_at = text;
	seal->text_len = text_len;
	memset(seal->hash, 0, BLOCK);
	memcpy(seal->nonce, nonce, KNTS_GCMSIV_NONCE_LEN);
}

void knts_gcmsiv_seal_ad(struct knts_gcmsiv *seal, const u8 *ad, size_t ad_len,
			 size_t ad_early_len)
{
	size_t late_block = ad_early_len / BLOCK;
	size_t late_at = late_block * BLOCK;
	struct queue queue __uninitialized;

	queue_begin(&queue, seal->hash, seal->h);
	if (ad_early_len < ad_len) {
		seal->late_at = ad + late_at;
		seal->late_len = ad_len - late_at < BLOCK ? ad_len - late_at :
							    BLOCK;
		queue_early(&queue, ad, ad_len, late_at, seal->late_len);
		/* All blocks from the late one on, the lengths' being the last. */
		raise_to(seal->power, seal->h,
			 (ad_len + BLOCK - 1) / BLOCK - late_block +
			 (seal->text_len + BLOCK - 1) / BLOCK + 1);
	} else {
		seal->late_len = 0;
		queue_string(&queue, ad, ad_len);
	}
	queue_string(&queue, seal->text_at, seal->text_len);
	queue_lengths(&queue, ad_len, seal->text_len);
	xor_nonce(seal->hash, seal->nonce);
}

/* The late block's part of the hash. */
static void hash_late(struct knts_gcmsiv *seal)
{
	u8 part[BLOCK] = { 0 }, block[BLOCK] = { 0 };
	const u8 *late = seal->late_at;

	if (seal->late_len < BLOCK) {
		knts_copy(block, late, seal->late_len);
		late = block;
	}
	knts_polyval(part, seal->power, late, 1);
	xor_block(seal->hash, part);
	knts_wipe(part, sizeof(part));
}

void knts_gcmsiv_seal_finish(struct knts_gcmsiv *seal)
{
	if (seal->late_len)
		hash_late(seal);
	make_tag(seal->hash, &seal->cipher);
	crypt_text(&seal->cipher, seal->hash, seal->sealed, seal->text_at,
		   seal->text_len);
	memcpy(seal->sealed + seal->text_len, seal->hash, KNTS_GCMSIV_TAG_LEN);

	knts_aes_wipe(&seal->cipher);
	knts_wipe(seal->h, sizeof(seal->h));
	knts_wipe(seal->hash, sizeof(seal->hash));
	knts_wipe(seal->power, sizeof(seal->power));
}
