/* audit_chain.h - the chain that makes a change to the audit show.  Pure.
 *
 * A segment is a file of lines, one JSON object each: a head line, the lines of
 * audit_line.h, and seals.  Every line, whatever it is, is a link of one chain that
 * goes on through all segments:
 *   hash of line i = SHA-256(hash of line i-1 in 64 hex digits, then line i without
 *   its newline); the hash before line 1 is 64 zeros.
 * A seal says how many lines there were when it was made and the hash of the last of
 * them.  Seals are numbered, and audit lines carry their own number (seq), so a line
 * that is changed, moved, added or missing shows, and where.  A seal that was written
 * after a crash says "recovered": the lines under it are what was found, and may
 * hold a torn one.
 *
 * Segments of format 1 (written before heads were signed) are chained seal by seal
 * over bytes; they are read and checked, and the chain goes on from their last. */
#ifndef HF_ACCESS_AUDIT_CHAIN_H
#define HF_ACCESS_AUDIT_CHAIN_H

#include "base/buf.h"
#include "base/issue.h"

enum {
	HF_HASH_SIZE = 32,
	HF_HASH_HEX = 64,
	HF_SEAL_LINE_MAX = 192,
	HF_CHAIN_FORMAT = 2
};

struct hf_chain {
	uint64_t seal;		    /* number of the last seal; 0: none yet */
	uint64_t line;		    /* number of the last line; 0: none yet */
	uint8_t hash[HF_HASH_SIZE]; /* its hash; zero to begin with */
};

/* The next link: line has no newline.  Cannot fail but for want of memory, and then
 * gives false and leaves *chain alone. */
bool hf_chain_link(struct hf_chain *chain, struct hf_sv line);
/* A link for each whole line in bytes; what stands behind the last newline is one
 * too. */
bool hf_chain_lines(struct hf_chain *chain, struct hf_sv bytes);
/* SHA-256 of the two, one after the other. */
bool hf_chain_sha256(struct hf_sv a, struct hf_sv b, uint8_t out[HF_HASH_SIZE]);
void hf_chain_hex(const uint8_t *bytes, size_t n, char *out); /* 2 n digits */
/* False when text is not 2 n lower-case hex digits. */
bool hf_chain_unhex(struct hf_sv text, uint8_t *out, size_t n);

/* The seal line of chain, newline included. */
void hf_chain_seal_line(const struct hf_chain *chain, uint64_t to, bool recovered,
			struct hf_buf *out);
/* The first line of a segment. */
void hf_chain_head_line(uint64_t segment, const char *opened, struct hf_buf *out);
/* The number and format a segment's first line says; false when it is none. */
bool hf_chain_head_parse(struct hf_sv bytes, uint64_t *segment, unsigned *format);

struct hf_chain_seal {
	struct hf_chain chain; /* line is 0 in a seal of format 1 */
	uint64_t to;
	bool recovered;
};
bool hf_chain_seal_parse(struct hf_sv line, struct hf_chain_seal *out);

/* Where a segment's writing has come to. */
struct hf_chain_tail {
	size_t end;	   /* bytes that were written (trailing NUL bytes are room) */
	size_t sealed;	   /* up to where the last seal in it reaches */
	size_t after_seal; /* first byte behind the line of the last seal */
	unsigned format;
	bool any;	       /* it has a seal */
	struct hf_chain chain; /* of its last seal */
};
void hf_chain_tail(struct hf_sv segment, struct hf_chain_tail *out);

/* The next link of format 1: of a seal, over all bytes since the one before. */
bool hf_chain_add(struct hf_chain *chain, struct hf_sv bytes);

/* ---- checking: audit_check.c ---- */

struct hf_chain_report {
	uint64_t segments, lines, seals, heads;
	uint64_t unsealed; /* bytes behind the last seal: the last moments */
};

struct hf_chain_check {
	struct hf_chain chain; /* zero to begin with */
	struct hf_chain_report report;
	struct hf_issues *issues;
	/* Told of each seal that stands where it should. */
	void (*seal)(void *ctx, const struct hf_chain *chain, uint64_t segment);
	void *ctx;
};

/* Goes on with checking: the segment called number, that holds bytes, after those
 * before.  last: it is the newest, and may have an unsealed end.  Findings go to
 * issues (path: segment and byte).  True when it added none. */
bool hf_chain_check(struct hf_chain_check *check, uint64_t number, struct hf_sv bytes,
		    bool last);

#endif
