/* audit_check.c - checking the chain of the audit. */
#include "access/audit_chain.h"

/* Where the check of one segment stands. */
struct at {
	struct hf_chain_check *c;
	uint64_t number;
	struct hf_sv bytes;
	unsigned format;
	size_t from;  /* linked up to here */
	size_t after; /* behind the line of the last seal */
};

static void
found(const struct at *a, size_t at, const char *text)
{
	char path[64];

	snprintf(path, sizeof path, "segment %llu, byte %zu",
		 (unsigned long long)a->number, at);
	hf_issue_add(a->c->issues, HF_SEV_ERROR, "security", hf_sv_from(path), "%s",
		     text);
}

static bool
is_object(struct hf_sv line)
{
	return line.n >= 2 && line.p[0] == '{' && line.p[line.n - 1] == '}';
}

/* The number that an audit line says it has; 0 when it says none. */
static uint64_t
line_seq(struct hf_sv line)
{
	static const char start[] = "{\"seq\":";
	uint64_t v = 0;

	if (!hf_sv_starts(line, hf_sv_from(start)))
		return 0;
	for (size_t i = sizeof start - 1;
	     i < line.n && line.p[i] >= '0' && line.p[i] <= '9' && v < UINT64_MAX / 10;
	     i++)
		v = v * 10 + (uint64_t)(line.p[i] - '0');
	return v;
}

/* The lines that a seal newly covers: whole JSON objects, but where it was made
 * after a crash, each with the number it should have. */
static void
check_lines(const struct at *a, size_t to, const struct hf_chain_seal *seal)
{
	struct hf_sv rest = {a->bytes.p + a->from, to - a->from};
	uint64_t line_number = a->c->chain.line;

	if (rest.n && rest.p[rest.n - 1] != '\n')
		found(a, to, "a seal stands inside a line");
	while (rest.n) {
		struct hf_sv line = hf_sv_cut(&rest, '\n');
		size_t at = (size_t)(line.p - a->bytes.p);
		uint64_t seq = line_seq(line);

		a->c->report.lines++;
		line_number++;
		if (!seal->recovered && !is_object(line))
			found(a, at, "this line is no JSON object");
		if (a->format > 1 && seq && is_object(line) && seq != line_number) {
			found(a, at,
			      "this line has another number than its place says: lines "
			      "were moved, added or taken away here");
			line_number = seq;
		}
	}
	if (a->format > 1 && line_number != seal->chain.line)
		found(a, to,
		      "the next seal counts other lines than stand here: lines were "
		      "added or taken away");
}

/* What a seal states, worked out again: false when there is no memory for it. */
static bool
expected(const struct at *a, size_t to, struct hf_chain *out)
{
	struct hf_sv bytes = {a->bytes.p + a->from, to - a->from};

	*out = a->c->chain;
	if (a->format == 1)
		return hf_chain_add(out, bytes);
	out->seal++;
	return hf_chain_lines(out, bytes);
}

static void
check_seal(struct at *a, const struct hf_chain_seal *seal, size_t at)
{
	struct hf_chain_check *c = a->c;
	struct hf_chain next;
	bool good = true;

	if (seal->chain.seal != c->chain.seal + 1) {
		found(a, at, "seals are missing, repeated or out of order here");
		good = false;
	}
	if (seal->to < a->from || seal->to > at) {
		found(a, at, "this seal covers bytes that are not there");
		/* The numbers of the lines may still tell where. */
		if (a->from <= at)
			check_lines(a, at, seal);
		a->from = at;
	} else if (!expected(a, seal->to, &next)) {
		found(a, at, "no memory to check this seal");
	} else {
		check_lines(a, seal->to, seal);
		if (memcmp(next.hash, seal->chain.hash, sizeof next.hash) != 0 ||
		    next.line != seal->chain.line) {
			found(a, a->from,
			      "lines from here to the next seal were changed, moved, "
			      "added or taken away");
			good = false;
		}
		a->from = seal->to;
		if (good && c->seal)
			c->seal(c->ctx, &seal->chain, a->number);
	}
	c->chain = seal->chain;
}

/* What stands behind the last seal's reach: its own line and, in the newest segment,
 * what was not sealed yet.  The next segment goes on from there. */
static void
check_end(struct at *a, size_t end, bool last)
{
	struct hf_chain_check *c = a->c;
	uint64_t lines = c->chain.line;

	/* In format 1 a seal's line is covered by the next seal only. */
	if (a->format > 1 &&
	    !hf_chain_lines(&c->chain,
			    (struct hf_sv){a->bytes.p + a->from, end - a->from}))
		found(a, a->from, "no memory to check this segment's end");
	c->report.lines += c->chain.line - lines;
	if (end > a->after && !last)
		found(a, a->after, "lines stand here that no seal covers");
	if (end > a->after && last)
		c->report.unsealed += end - a->after;
}

bool
hf_chain_check(struct hf_chain_check *c, uint64_t number, struct hf_sv bytes, bool last)
{
	struct at a = {.c = c, .number = number, .bytes = bytes};
	size_t before = c->issues->errors, end = bytes.n;
	struct hf_sv rest;
	uint64_t says;

	while (end && bytes.p[end - 1] == '\0')
		end--;
	c->report.segments++;
	if (!hf_chain_head_parse(bytes, &says, &a.format)) {
		found(&a, 0, "it does not begin like a segment");
		a.format = HF_CHAIN_FORMAT;
	} else if (says != number) {
		found(&a, 0, "the file has another segment's name");
	}
	rest = (struct hf_sv){bytes.p, end};
	for (;;) {
		size_t n = hf_sv_find(rest, '\n'), at = (size_t)(rest.p - bytes.p);
		struct hf_chain_seal seal;

		if (n == rest.n)
			break;
		if (hf_chain_seal_parse((struct hf_sv){rest.p, n}, &seal)) {
			c->report.seals++;
			check_seal(&a, &seal, at);
			a.after = at + n + 1;
		}
		rest = hf_sv_from_at(rest, n + 1);
	}
	check_end(&a, end, last);
	return c->issues->errors == before;
}
