/* audit_chain.h - the chain that makes a change to the audit show.  Pure.
 *
 * A segment is a file of lines, one JSON object each: a head line, the lines of
 * audit_line.h, and seals.  Seal k says: the bytes of this segment from where seal
 * k-1 left off (0 for the first in a segment) up to "to" have, together with the
 * hash of seal k-1, this SHA-256.  Seals are numbered through all segments, so a
 * line that is changed, moved, added or missing breaks the chain at a known place.
 * A seal that was written after a crash says "recovered": the bytes under it are
 * what was found, and may hold a torn line. */
#ifndef HF_ACCESS_AUDIT_CHAIN_H
#define HF_ACCESS_AUDIT_CHAIN_H

#include "base/buf.h"
#include "base/issue.h"

enum { HF_HASH_SIZE = 32, HF_HASH_HEX = 64, HF_SEAL_LINE_MAX = 192 };

struct hf_chain {
	uint64_t seal;		    /* number of the last seal; 0: none yet */
	uint8_t hash[HF_HASH_SIZE]; /* its hash; zero to begin with */
};

/* chain + bytes -> the next link.  Cannot fail but for want of memory, and then
 * gives false and leaves *chain alone. */
bool hf_chain_add(struct hf_chain *chain, struct hf_sv bytes);
/* The seal line of chain, newline included. */
void hf_chain_seal_line(const struct hf_chain *chain, uint64_t to, bool recovered,
			struct hf_buf *out);
/* The first line of a segment. */
void hf_chain_head_line(uint64_t segment, const char *opened, struct hf_buf *out);
/* What the file "head" holds: how far the chain had come. */
void hf_chain_mark(const struct hf_chain *chain, uint64_t segment, struct hf_buf *out);
bool hf_chain_mark_parse(struct hf_sv text, struct hf_chain *chain, uint64_t *segment);

struct hf_chain_seal {
	struct hf_chain chain;
	uint64_t to;
	bool recovered;
};
bool hf_chain_seal_parse(struct hf_sv line, struct hf_chain_seal *out);

/* Where a segment's writing has come to. */
struct hf_chain_tail {
	size_t end;	   /* bytes that were written (trailing NUL bytes are room) */
	size_t sealed;	   /* up to where the last seal in it reaches */
	size_t after_seal; /* first byte behind the line of the last seal */
	bool any;	   /* it has a seal */
	struct hf_chain chain; /* of its last seal */
};
void hf_chain_tail(struct hf_sv segment, struct hf_chain_tail *out);

struct hf_chain_report {
	uint64_t segments, lines, seals;
	uint64_t unsealed; /* bytes behind the last seal: the last moments */
};

/* Goes on with checking: the segment called number, that holds bytes, after
 * *chain.  last: it is the newest, and may have an unsealed end.  Findings go to
 * issues (path: segment and byte).  True when it added none. */
bool hf_chain_check(struct hf_chain *chain, uint64_t number, struct hf_sv bytes,
		    bool last, struct hf_chain_report *report,
		    struct hf_issues *issues);

#endif
