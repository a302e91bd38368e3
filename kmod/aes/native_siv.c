// SPDX-License-Identifier: GPL-2.0-only
/*
 * AES-SIV by the machine's own instructions: the same as core/siv.c, with chains
 * that do not wait for each other abreast, and what is between their blocks in
 * registers. Everything is written once, and compiled for keys of 128 bits, whose
 * rounds are unrolled, and for all others.
 */
#include "chains.h"
#include "native.h"

/* As many copies of a text as are sealed abreast. */
#define COPY_LANES 4

/* Taken from here on, 16 octets shift a block by that much, with zeros. */
static const u8 shifts[3 * BLOCK] = {
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
};

static inline const struct schedule *mac_key(const struct knts_siv_key *key)
{
	return const_schedule_of(&key->mac);
}

/* RFC 5297, 2.3. */
VEC_INLINE vec vec_double(vec v)
{
	u64 high = KNTS_BE(64, (u64)v[0]);
	u64 low = KNTS_BE(64, (u64)v[1]);
	u64 carry = high >> 63;

	return vec_of_halves(KNTS_BE(64, high << 1 | low >> 63),
			     KNTS_BE(64, low << 1 ^ (0x87 & (0 - carry))));
}

/* Fewer than 16 octets, and a one bit behind them. */
VEC_INLINE vec padded(const u8 *in, size_t len)
{
	u8 block[BLOCK] __aligned(16);
	vec v;

	memset(block, 0, sizeof(block));
	knts_copy(block, in, len);
	block[len] = 0x80;
	v = vec_load(block);
	block_wipe(block);
	return v;
}

/* A message's last block, 1 to 16 octets of it, or none of an empty one. */
VEC_INLINE vec last_block(const struct knts_siv_key *key, const u8 *in,
			  size_t len)
{
	if (len == BLOCK)
		return vec_load(in) ^ vec_load(key->subkey1);
	return padded(in, len) ^ vec_load(key->subkey2);
}

/* Whole blocks before a message's last. */
VEC_INLINE size_t head_blocks(size_t len)
{
	return len ? (len - 1) / BLOCK : 0;
}

/* Of the text: whole blocks that S2V's other strings do not touch. */
VEC_INLINE size_t text_blocks(size_t len)
{
	return len < BLOCK ? 0 : (len - BLOCK) / BLOCK;
}

VEC_INLINE vec finish_cmac(const struct knts_siv_key *key, vec mac,
			   const u8 *in, size_t len, const unsigned int rounds)
{
	size_t blocks = head_blocks(len);
	struct lane lane = { mac_key(key), mac, in, blocks };

	advance(&lane, NULL, NULL, blocks, 1, rounds);
	return step_one(lane.s, lane.mac,
			last_block(key, lane.in, len - blocks * BLOCK), rounds);
}

/**
 * struct tail - the end of a text, which S2V's other strings are XORed into
 * @first: its first 16 octets, or all of a shorter text, padded
 * @second: the rest, padded
 * @rest_len: how much that is
 * @is_short: there is no more than @first, and it is padded
 */
struct tail {
	vec first;
	vec second;
	size_t rest_len;
	bool is_short;
};

VEC_INLINE void tail_make(struct tail *tail, const struct knts_siv_key *key,
			  const u8 *text, size_t len)
{
	size_t blocks = text_blocks(len);

	text += blocks * BLOCK;
	len -= blocks * BLOCK;
	tail->is_short = len < BLOCK;
	tail->rest_len = 0;
	tail->second = zero_block();
	if (tail->is_short) {
		tail->first = padded(text, len) ^ vec_load(key->subkey1);
		return;
	}
	tail->first = vec_load(text);
	tail->rest_len = len - BLOCK;
	if (tail->rest_len)
		tail->second = padded(text + BLOCK, tail->rest_len) ^
			       vec_load(key->subkey2);
	else
		tail->first ^= vec_load(key->subkey1);
}

/* One block further on @lanes lanes under one key, and on @along if it has one. */
VEC_INLINE void step_along(const struct schedule *key, vec *mac, vec *block,
			   const unsigned int lanes, struct lane *along,
			   const unsigned int rounds)
{
	const struct schedule *s[COPY_LANES + 1];
	unsigned int i;

	FOR_EACH_LANE(i, lanes)
		s[i] = key;
	if (!along || !along->blocks) {
		step(s, mac, block, lanes, rounds);
		return;
	}
	s[lanes] = along->s;
	mac[lanes] = along->mac;
	block[lanes] = vec_load(along->in);
	step(s, mac, block, lanes + 1, rounds);
	along->mac = mac[lanes];
	along->in += BLOCK;
	along->blocks--;
}

/*
 * End @lanes chains of one text, each with another @d: RFC 5297, 2.4. @mac has
 * room for one more.
 */
VEC_INLINE void tail_end(const struct tail *tail, const struct schedule *key,
			 vec *mac, const vec *d, const unsigned int lanes,
			 struct lane *along, const unsigned int rounds)
{
	vec block[COPY_LANES + 1];
	unsigned int i;

	FOR_EACH_LANE(i, lanes) {
		if (tail->is_short)
			block[i] = tail->first ^ vec_double(d[i]);
		else
			block[i] = tail->first ^
				   vec_shuffle(d[i], vec_load(shifts + BLOCK -
							      tail->rest_len));
	}
	step_along(key, mac, block, lanes, along, rounds);
	if (!tail->rest_len)
		return;
	FOR_EACH_LANE(i, lanes)
		block[i] = tail->second ^
			   vec_shuffle(d[i], vec_load(shifts + 2 * BLOCK -
						      tail->rest_len));
	step_along(key, mac, block, lanes, along, rounds);
}

/* That of one text. */
VEC_INLINE vec tail_tag(const struct tail *tail, const struct schedule *key,
			vec begun, vec d, const unsigned int rounds)
{
	vec mac[2] = { begun };

	tail_end(tail, key, mac, &d, 1, NULL, rounds);
	return mac[0];
}

/* CTR from the tag, two of whose bits are cleared: RFC 5297, 2.5. */
static void crypt_text(const struct knts_siv_key *key, const u8 *tag, u8 *out,
		       const u8 *in, size_t len)
{
	u8 iv[BLOCK];

	if (!len)
		return;
	memcpy(iv, tag, BLOCK);
	iv[8] &= 0x7f;
	iv[12] &= 0x7f;
	knts_native_ctr(&key->ctr, iv, out, in, len);
}

VEC_INLINE void siv_wipe(struct knts_siv *siv)
{
	block_wipe(siv->ad_mac);
	block_wipe(siv->nonce_mac);
	block_wipe(siv->text_mac);
}

/* S2V of what stands before the text. */
VEC_INLINE vec s2v(const struct knts_siv *siv, vec ad_mac, vec nonce_mac)
{
	vec d = vec_load(siv->key->zero2);

	if (siv->ad_at)
		d = vec_double(d ^ ad_mac);
	return d ^ nonce_mac;
}

/* What is left of a verification's associated data, as a lane. */
VEC_INLINE struct lane ad_lane(struct knts_siv *siv)
{
	return (struct lane){
		.s = mac_key(siv->key),
		.mac = vec_load(siv->ad_mac),
		.in = siv->ad_at + siv->ad_done_len,
		.blocks = head_blocks(siv->ad_len) - siv->ad_done_len / BLOCK,
	};
}

/* The lane that goes along: empty if there is none, or none under such keys. */
VEC_INLINE struct lane along_lane(struct knts_siv *along,
				  const struct schedule *s)
{
	const struct lane none = { .s = s, .mac = zero_block() };

	if (!along || mac_key(along->key)->rounds != s->rounds)
		return none;
	return ad_lane(along);
}

VEC_INLINE void along_save(struct knts_siv *along, const struct lane *lane)
{
	if (!along || !lane->in)
		return;
	vec_store(along->ad_mac, lane->mac);
	along->ad_done_len = (size_t)(lane->in - along->ad_at);
}

VEC_INLINE void make_subkeys(struct knts_siv_key *const *keys,
			     const unsigned int count,
			     const unsigned int rounds)
{
	const struct schedule *s[KNTS_SIV_EXPAND_MAX];
	vec block[KNTS_SIV_EXPAND_MAX], mac[KNTS_SIV_EXPAND_MAX];
	unsigned int i;

	FOR_EACH_LANE(i, count) {
		s[i] = mac_key(keys[i]);
		mac[i] = zero_block();
		block[i] = zero_block();
	}
	step(s, mac, block, count, rounds);
	FOR_EACH_LANE(i, count) {
		block[i] = vec_double(mac[i]);
		vec_store(keys[i]->subkey1, block[i]);
		vec_store(keys[i]->subkey2, vec_double(block[i]));
		mac[i] = zero_block();
	}
	/* The zero block is a whole one: its CMAC takes the first subkey. */
	step(s, mac, block, count, rounds);
	FOR_EACH_LANE(i, count)
		vec_store(keys[i]->zero2, vec_double(mac[i]));
}

void knts_native_siv_expand_all(struct knts_siv_key *const *keys,
				const u8 *const *raw, unsigned int count,
				size_t raw_len)
{
	struct knts_aes_key *halves[2 * KNTS_SIV_EXPAND_MAX];
	const u8 *raws[2 * KNTS_SIV_EXPAND_MAX];
	unsigned int i;

	for (i = 0; i < count; i++) {
		halves[2 * i] = &keys[i]->mac;
		halves[2 * i + 1] = &keys[i]->ctr;
		raws[2 * i] = raw[i];
		raws[2 * i + 1] = raw[i] + raw_len / 2;
	}
	if (count)
		knts_native_expand(halves, raws, 2 * count, raw_len / 2);
	if (count == 2 && raw_len == 32)
		make_subkeys(keys, 2, 10);
	else
		for (i = 0; i < count; i++)
			make_subkeys(keys + i, 1, mac_key(keys[i])->rounds);
}

void knts_native_siv_open_begin(struct knts_siv *siv,
				const struct knts_siv_key *key, const u8 *ad,
				size_t ad_len, const u8 *nonce,
				size_t nonce_len, u8 *sealed, size_t len)
{
	siv->key = key;
	siv->ad_at = ad;
	siv->ad_len = ad_len;
	siv->ad_done_len = 0;
	siv->nonce_at = nonce;
	siv->nonce_len = nonce_len;
	siv->sealed = sealed;
	siv->text_at = sealed + BLOCK;
	siv->text_len = len - BLOCK;
	vec_store(siv->ad_mac, zero_block());
	crypt_text(key, sealed, siv->text_at, siv->text_at, siv->text_len);
}

/* The tag that the plaintext should have. */
VEC_INLINE vec open_tag(struct knts_siv *siv, const unsigned int rounds)
{
	const struct knts_siv_key *key = siv->key;
	const struct schedule *s = mac_key(key);
	size_t blocks = head_blocks(siv->nonce_len);
	struct lane nonce = { s, zero_block(), siv->nonce_at, blocks };
	struct lane text = { s, zero_block(), siv->text_at,
			     text_blocks(siv->text_len) };
	struct lane ad = along_lane(siv->ad_at ? siv : NULL, s);
	const struct schedule *both[] = { s, s };
	vec mac[2], block[2];
	struct tail tail;

	tail_make(&tail, key, siv->text_at, siv->text_len);
	run_two(&nonce, &text, &ad, rounds);
	advance(&ad, NULL, NULL, ad.blocks, 1, rounds);
	mac[0] = nonce.mac;
	block[0] = last_block(key, nonce.in, siv->nonce_len - blocks * BLOCK);
	if (siv->ad_at) {
		mac[1] = ad.mac;
		block[1] = last_block(key, ad.in, siv->ad_len -
				      (size_t)(ad.in - siv->ad_at));
		step(both, mac, block, 2, rounds);
	} else {
		mac[1] = zero_block();
		step(both, mac, block, 1, rounds);
	}
	return tail_tag(&tail, s, text.mac, s2v(siv, mac[1], mac[0]), rounds);
}

bool knts_native_siv_open_finish(struct knts_siv *siv)
{
	unsigned int rounds = mac_key(siv->key)->rounds;
	vec tag = rounds == 10 ? open_tag(siv, 10) : open_tag(siv, rounds);
	vec differ = tag ^ vec_load(siv->sealed);
	bool authentic = !((u64)differ[0] | (u64)differ[1]);

	if (!authentic)
		knts_wipe(siv->text_at, siv->text_len);
	siv_wipe(siv);
	return authentic;
}

VEC_INLINE void seal_begin(struct knts_siv *siv, const u8 *nonce,
			   size_t nonce_len, struct knts_siv *along,
			   const unsigned int rounds)
{
	const struct schedule *s = mac_key(siv->key);
	size_t blocks = head_blocks(nonce_len);
	struct lane head = { s, zero_block(), nonce, blocks };
	struct lane text = { s, zero_block(), siv->text_at,
			     text_blocks(siv->text_len) };
	struct lane ad = along_lane(along, s);
	u8 last[BLOCK] __aligned(16);
	struct lane end;

	advance(&head, NULL, NULL, blocks, 1, rounds);
	vec_store(last, last_block(siv->key, head.in,
				   nonce_len - blocks * BLOCK));
	end = (struct lane){ s, head.mac, last, 1 };
	run_two(&end, &text, &ad, rounds);
	block_wipe(last);
	vec_store(siv->nonce_mac, end.mac);
	vec_store(siv->text_mac, text.mac);
	along_save(along, &ad);
}

void knts_native_siv_seal_begin(struct knts_siv *siv,
				const struct knts_siv_key *key,
				const u8 *nonce, size_t nonce_len, u8 *sealed,
				u8 *text, size_t text_len,
				struct knts_siv *along)
{
	unsigned int rounds = mac_key(key)->rounds;

	siv->key = key;
	siv->ad_at = NULL;
	siv->sealed = sealed;
	siv->text_at = text;
	siv->text_len = text_len;
	if (rounds == 10)
		seal_begin(siv, nonce, nonce_len, along, 10);
	else
		seal_begin(siv, nonce, nonce_len, along, rounds);
}

void knts_native_siv_seal_ad(struct knts_siv *siv, const u8 *ad, size_t ad_len,
			     size_t ad_early_len)
{
	size_t blocks = least(head_blocks(ad_len), ad_early_len / BLOCK);

	siv->ad_at = ad;
	siv->ad_len = ad_len;
	siv->ad_done_len = blocks * BLOCK;
	vec_store(siv->ad_mac, zero_block());
	knts_native_cbcmac(&siv->key->mac, siv->ad_mac, ad, blocks);
}

VEC_INLINE vec seal_tag(struct knts_siv *siv, const unsigned int rounds)
{
	const struct knts_siv_key *key = siv->key;
	vec ad = zero_block();
	struct tail tail;

	tail_make(&tail, key, siv->text_at, siv->text_len);
	if (siv->ad_at)
		ad = finish_cmac(key, vec_load(siv->ad_mac),
				 siv->ad_at + siv->ad_done_len,
				 siv->ad_len - siv->ad_done_len, rounds);
	return tail_tag(&tail, mac_key(key), vec_load(siv->text_mac),
			s2v(siv, ad, vec_load(siv->nonce_mac)), rounds);
}

void knts_native_siv_seal_finish(struct knts_siv *siv)
{
	unsigned int rounds = mac_key(siv->key)->rounds;

	vec_store(siv->sealed, rounds == 10 ? seal_tag(siv, 10) :
					      seal_tag(siv, rounds));
	crypt_text(siv->key, siv->sealed, siv->sealed + BLOCK, siv->text_at,
		   siv->text_len);
	siv_wipe(siv);
}

/**
 * struct copying - several seals of one text
 * @key: expanded key
 * @nonce_len: length of each nonce, 17 to 32
 * @head: the text's chain, up to its tail
 * @tail: the text's tail
 * @ad: what goes along
 */
struct copying {
	const struct knts_siv_key *key;
	size_t nonce_len;
	struct lane head;
	struct tail tail;
	struct lane ad;
};

/* From the nonces' CMACs on. */
VEC_INLINE void copy_tags(struct copying *c, const struct knts_siv_copy *copies,
			  const vec *nonce_mac, const unsigned int lanes,
			  const unsigned int rounds)
{
	vec mac[COPY_LANES + 1], d[COPY_LANES];
	unsigned int i;

	FOR_EACH_LANE(i, lanes) {
		mac[i] = c->head.mac;
		d[i] = vec_load(c->key->zero2) ^ nonce_mac[i];
	}
	tail_end(&c->tail, mac_key(c->key), mac, d, lanes, &c->ad, rounds);
	FOR_EACH_LANE(i, lanes)
		vec_store(copies[i].sealed, mac[i]);
}

/* A single copy: its nonce beside the text's head, if that is still to do. */
VEC_INLINE void copy_one(struct copying *c, const struct knts_siv_copy *copy,
			 const unsigned int rounds)
{
	const struct schedule *s = mac_key(c->key);
	u8 blocks[2 * BLOCK] __aligned(16);
	struct lane nonce = { s, zero_block(), blocks, 2 };

	vec_store(blocks, vec_load(copy->nonce));
	vec_store(blocks + BLOCK, last_block(c->key, copy->nonce + BLOCK,
					     c->nonce_len - BLOCK));
	run_two(&nonce, &c->head, &c->ad, rounds);
	block_wipe(blocks + BLOCK);
	copy_tags(c, copy, &nonce.mac, 1, rounds);
}

/* Several. */
VEC_INLINE void copy_lanes(struct copying *c, const struct knts_siv_copy *copies,
			   const unsigned int rounds)
{
	const struct schedule *s = mac_key(c->key);
	vec mac[COPY_LANES + 1], block[COPY_LANES + 1];
	unsigned int i;

	FOR_EACH_LANE(i, COPY_LANES) {
		mac[i] = zero_block();
		block[i] = vec_load(copies[i].nonce);
	}
	step_along(s, mac, block, COPY_LANES, &c->ad, rounds);
	FOR_EACH_LANE(i, COPY_LANES)
		block[i] = last_block(c->key, copies[i].nonce + BLOCK,
				      c->nonce_len - BLOCK);
	step_along(s, mac, block, COPY_LANES, &c->ad, rounds);
	copy_tags(c, copies, mac, COPY_LANES, rounds);
}

VEC_INLINE void seal_copies(const struct knts_siv_key *key,
			    const struct knts_siv_copy *copies,
			    unsigned int count, size_t nonce_len,
			    const u8 *text, size_t text_len,
			    struct knts_siv *along, const unsigned int rounds)
{
	const struct schedule *s = mac_key(key);
	struct copying c = {
		.key = key,
		.nonce_len = nonce_len,
		.head = { s, zero_block(), text, text_blocks(text_len) },
		.ad = along_lane(along, s),
	};

	tail_make(&c.tail, key, text, text_len);
	for (; count >= COPY_LANES; count -= COPY_LANES) {
		run_one(&c.head, &c.ad, rounds);
		copy_lanes(&c, copies, rounds);
		copies += COPY_LANES;
	}
	for (; count; count--)
		copy_one(&c, copies++, rounds);
	along_save(along, &c.ad);
}

void knts_native_siv_seal_copies(const struct knts_siv_key *key,
				 const struct knts_siv_copy *copies,
				 unsigned int count, size_t nonce_len,
				 const u8 *text, size_t text_len,
				 struct knts_siv *along)
{
	unsigned int rounds = mac_key(key)->rounds;
	unsigned int i;

	if (rounds == 10)
		seal_copies(key, copies, count, nonce_len, text, text_len,
			    along, 10);
	else
		seal_copies(key, copies, count, nonce_len, text, text_len,
			    along, rounds);
	for (i = 0; i < count; i++)
		crypt_text(key, copies[i].sealed, copies[i].sealed + BLOCK,
			   text, text_len);
}
