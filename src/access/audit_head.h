/* audit_head.h - signed statements of how far the chain of the audit had come.  Pure.
 *
 * A head says: at this time there were so many lines, and the last one has this hash;
 * signed with Ed25519 by a key that whoever changes the lines need not have.  Heads
 * are numbered from 1 and each names the one before, so a missing one shows.  One is
 * made at the midnight that ends each day in London and whenever the audit is closed
 * (or found open after a crash).  The live head is the same without a name: it is
 * written over at each flush.
 *
 * The text is one line of JSON whose last member is the signature; what is signed is
 * a fixed word and all before that member. */
#ifndef HF_ACCESS_AUDIT_HEAD_H
#define HF_ACCESS_AUDIT_HEAD_H

#include "access/audit_chain.h"
#include "base/time.h"

enum {
	HF_SIGN_PUBLIC = 32,
	HF_SIGN_SECRET = 64,
	HF_SIGN_SIZE = 64,
	HF_SIGN_SEED = 32,
	HF_HEAD_MAX = 1024 /* bytes of a head's text */
};

struct hf_sign_key {
	uint8_t public[HF_SIGN_PUBLIC];
	uint8_t secret[HF_SIGN_SECRET];
};
/* The pair that a seed makes. */
void hf_sign_key_make(const uint8_t seed[HF_SIGN_SEED], struct hf_sign_key *out);

enum hf_head_why { HF_HEAD_LIVE, HF_HEAD_DAY, HF_HEAD_CLOSE, HF_HEAD_CRASH };

struct hf_head {
	uint64_t number; /* of this head; of a live one: of the last that was made */
	enum hf_head_why why;
	int64_t day; /* in London, since 1970-01-01, that it ends or is in */
	hf_time at;  /* when it was signed */
	uint64_t segment;
	struct hf_chain chain;
	uint8_t before[HF_HASH_SIZE]; /* SHA-256 of the text of the head before */
	uint8_t public[HF_SIGN_PUBLIC];
};

/* Appends the signed text with a newline.  public is set from key. */
void hf_head_write(const struct hf_head *head, const struct hf_sign_key *key,
		   struct hf_buf *out);
/* Reads one and checks that its signature is by the key it names: whether that is the
 * right key is for the caller.  False when it is no head or was changed. */
bool hf_head_read(struct hf_sv text, struct hf_head *out);
/* SHA-256 of a head's text, for the next one. */
bool hf_head_hash(struct hf_sv text, uint8_t out[HF_HASH_SIZE]);

const char *hf_head_why(enum hf_head_why why); /* "day" … */

/* Heads against the chain: told of each seal, in order, they say which they meet. */
struct hf_head_list {
	struct hf_head *items; /* in the order of their numbers */
	bool *met;
	size_t n;
};
/* Marks the heads that say what this seal says; one that contradicts it stays
 * unmet. */
void hf_head_meet(struct hf_head_list *heads, const struct hf_chain *seal,
		  uint64_t segment);

#endif
