/* path_fn_regex.c - regular expressions, by PCRE2: of characters, a point also takes
 * the end of a line.  What a pattern may cost is bounded. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "fhir/path_impl.h"

enum {
	PATTERN_MOST = 1000,
	MATCH_STEPS = 200000,
	MATCH_DEPTH = 1000,
	MATCH_HEAP_KB = 4096,
	REPLACED_MOST = 1 << 20
};

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f, const struct hf_pvs *in,                 \
			struct hf_pvs *out)

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *match;
};

static void
regex_free(struct regex *r)
{
	pcre2_match_data_free(r->match);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
}

static enum hf_rc
regex_make(struct path_ev *ev, const struct path_node *n, struct hf_sv pattern,
	   uint32_t options, struct regex *out)
{
	struct regex r = {0};
	PCRE2_SIZE at;
	int error;

	if (pattern.n > PATTERN_MOST)
		return hf_path_fail(ev, n, "the pattern has more than 1000 bytes");
	r.code =
	    pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
			  PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | options,
			  &error, &at, NULL);
	if (!r.code)
		return hf_path_fail(ev, n, "the pattern is no regular expression");
	r.limits = pcre2_match_context_create(NULL);
	r.match = pcre2_match_data_create_from_pattern(r.code, NULL);
	if (!r.limits || !r.match) {
		regex_free(&r);
		return hf_path_full(ev);
	}
	pcre2_set_match_limit(r.limits, MATCH_STEPS);
	pcre2_set_depth_limit(r.limits, MATCH_DEPTH);
	pcre2_set_heap_limit(r.limits, MATCH_HEAP_KB);
	*out = r;
	return HF_OK;
}

static enum hf_rc
failed(struct path_ev *ev, const struct path_node *n, int error)
{
	if (error == PCRE2_ERROR_MATCHLIMIT || error == PCRE2_ERROR_DEPTHLIMIT ||
	    error == PCRE2_ERROR_HEAPLIMIT)
		return hf_fail(ev->err, HF_TOO_LONG, NULL,
			       "the expression fails at column %u: the pattern takes "
			       "too many steps on this text",
			       n->column);
	return hf_path_fail(ev, n, "the pattern cannot be put to this text");
}

static enum hf_rc
matches(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
	const struct hf_pvs *in, uint32_t options, struct hf_pvs *out)
{
	struct hf_sv text, pattern;
	struct regex r = {0};
	bool has, has_pattern = false;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &text, &has);
	int found;

	if (rc == HF_OK)
		rc = hf_path_arg_text(ev, n, 0, f, &pattern, &has_pattern);
	if (rc != HF_OK || !has || !has_pattern)
		return rc;
	rc = regex_make(ev, n, pattern, options, &r);
	if (rc != HF_OK)
		return rc;
	found =
	    pcre2_match(r.code, (PCRE2_SPTR)text.p, text.n, 0, 0, r.match, r.limits);
	if (found >= 0 || found == PCRE2_ERROR_NOMATCH)
		rc = hf_path_push_bool(ev, out, found >= 0);
	else
		rc = failed(ev, n, found);
	regex_free(&r);
	return rc == HF_OK ? hf_path_spend(ev, text.n / 16) : rc;
}

FN(hf_path_fn_matches)
{
	return matches(ev, n, f, in, 0, out);
}

FN(hf_path_fn_matches_full)
{
	return matches(ev, n, f, in, PCRE2_ANCHORED | PCRE2_ENDANCHORED, out);
}

/* "${name}" and "$1" stand for what a group matched. */
static enum hf_rc
replace(struct path_ev *ev, const struct path_node *n, const struct regex *r,
	struct hf_sv text, struct hf_sv by, struct hf_pvs *out)
{
	PCRE2_SIZE size = text.n * 2 + by.n + 256;
	int done = PCRE2_ERROR_NOMEMORY;
	char *to = NULL;

	/* The first try may tell how much room it takes. */
	for (int i = 0; i < 2 && done == PCRE2_ERROR_NOMEMORY; i++) {
		if (size > REPLACED_MOST)
			return hf_fail(ev->err, HF_TOO_LONG, NULL,
				       "replaceMatches() would make more than 1 MB");
		to = hf_arena_alloc(ev->arena, size);
		if (!to)
			return hf_path_full(ev);
		done = pcre2_substitute(
		    r->code, (PCRE2_SPTR)text.p, text.n, 0,
		    PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH |
			PCRE2_SUBSTITUTE_UNSET_EMPTY | PCRE2_SUBSTITUTE_UNKNOWN_UNSET,
		    r->match, r->limits, (PCRE2_SPTR)by.p, by.n, (PCRE2_UCHAR *)to,
		    &size);
	}
	if (done < 0)
		return failed(ev, n, done);
	return hf_path_push_str(ev, out, (struct hf_sv){to, size});
}

FN(hf_path_fn_replace_matches)
{
	struct hf_sv text, pattern, by;
	struct regex r = {0};
	bool has, has_pattern = false, has_by = false;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &text, &has);

	if (rc == HF_OK)
		rc = hf_path_arg_text(ev, n, 0, f, &pattern, &has_pattern);
	if (rc == HF_OK)
		rc = hf_path_arg_text(ev, n, 1, f, &by, &has_by);
	if (rc != HF_OK || !has || !has_pattern || !has_by)
		return rc;
	if (pattern.n == 0) /* nothing is replaced by anything */
		return hf_path_push_str(ev, out, text);
	rc = regex_make(ev, n, pattern, 0, &r);
	if (rc != HF_OK)
		return rc;
	rc = replace(ev, n, &r, text, by, out);
	regex_free(&r);
	return rc == HF_OK ? hf_path_spend(ev, text.n / 16) : rc;
}
