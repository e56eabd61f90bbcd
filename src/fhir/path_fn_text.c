/* path_fn_text.c - functions on strings.  Positions count characters, not bytes. */
#include "fhir/path_impl.h"

#define FN(name)                                                                       \
	enum hf_rc name(struct path_ev *ev, const struct path_node *n,                 \
			struct path_frame *f HF_UNUSED, const struct hf_pvs *in,       \
			struct hf_pvs *out)

/* The one input as a string; *has false when there is none. */
enum hf_rc
hf_path_input_text(struct path_ev *ev, const struct path_node *n,
		   const struct hf_pvs *in, struct hf_sv *out, bool *has)
{
	struct hf_pv v;
	enum hf_rc rc = hf_path_single(ev, n, in, &v, has);

	*out = HF_SV("");
	if (rc != HF_OK || !*has)
		return rc;
	if (v.kind != HF_PV_STRING)
		return hf_path_fail(ev, n, "expected a string; use toString()");
	*out = v.text;
	return hf_path_spend(ev, v.text.n / 64);
}

enum hf_rc
hf_path_arg_text(struct path_ev *ev, const struct path_node *n, unsigned k,
		 struct path_frame *f, struct hf_sv *out, bool *has)
{
	struct hf_pvs list = {0};
	enum hf_rc rc = hf_path_value(ev, n, k, f, &list);

	*out = HF_SV("");
	*has = false;
	return rc == HF_OK ? hf_path_input_text(ev, n, &list, out, has) : rc;
}

enum hf_rc
hf_path_arg_int(struct path_ev *ev, const struct path_node *n, unsigned k,
		struct path_frame *f, int64_t *out, bool *has)
{
	struct hf_pvs list = {0};
	struct hf_pv v;
	enum hf_rc rc;

	*has = false;
	if ((rc = hf_path_value(ev, n, k, f, &list)) != HF_OK ||
	    (rc = hf_path_single(ev, n, &list, &v, has)) != HF_OK || !*has)
		return rc;
	if (v.kind != HF_PV_INT)
		return hf_path_fail(ev, n, "expected a whole number");
	*out = v.i;
	return HF_OK;
}

/* Both the input and argument 0; *has only when both are there. */
static enum hf_rc
two(struct path_ev *ev, const struct path_node *n, struct path_frame *f,
    const struct hf_pvs *in, struct hf_sv *s, struct hf_sv *part, bool *has)
{
	enum hf_rc rc = hf_path_input_text(ev, n, in, s, has);

	*part = HF_SV("");
	return rc == HF_OK && *has ? hf_path_arg_text(ev, n, 0, f, part, has) : rc;
}

/* Byte index of the first part in s; s.n + 1 when there is none. */
static size_t
find(struct hf_sv s, struct hf_sv part)
{
	const char *p;

	if (part.n == 0)
		return 0;
	if (s.n == 0)
		return s.n + 1;
	p = memmem(s.p, s.n, part.p, part.n);
	return p ? (size_t)(p - s.p) : s.n + 1;
}

static size_t
count_chars(struct hf_sv s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Byte index of character k; s.n when s is shorter. */
static size_t
char_at(struct hf_sv s, size_t k)
{
	size_t i = 0;

	while (i < s.n && k > 0) {
		i++;
		while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
			i++;
		k--;
	}
	return i;
}

FN(hf_path_fn_starts)
{
	struct hf_sv s, part;
	bool has;
	enum hf_rc rc = two(ev, n, f, in, &s, &part, &has);

	return rc != HF_OK || !has ? rc
				   : hf_path_push_bool(ev, out, hf_sv_starts(s, part));
}

FN(hf_path_fn_ends)
{
	struct hf_sv s, part;
	bool has;
	enum hf_rc rc = two(ev, n, f, in, &s, &part, &has);

	return rc != HF_OK || !has ? rc
				   : hf_path_push_bool(ev, out, hf_sv_ends(s, part));
}

FN(hf_path_fn_contains)
{
	struct hf_sv s, part;
	bool has;
	enum hf_rc rc = two(ev, n, f, in, &s, &part, &has);

	return rc != HF_OK || !has ? rc
				   : hf_path_push_bool(ev, out, find(s, part) <= s.n);
}

FN(hf_path_fn_index_of)
{
	struct hf_sv s, part;
	bool has;
	size_t at;
	enum hf_rc rc = two(ev, n, f, in, &s, &part, &has);

	if (rc != HF_OK || !has)
		return rc;
	at = find(s, part);
	if (at > s.n)
		return hf_path_push_int(ev, out, -1);
	return hf_path_push_int(ev, out, (int64_t)count_chars((struct hf_sv){s.p, at}));
}

FN(hf_path_fn_last_index_of)
{
	struct hf_sv s, part;
	bool has;
	enum hf_rc rc = two(ev, n, f, in, &s, &part, &has);

	if (rc != HF_OK || !has)
		return rc;
	if ((rc = hf_path_spend(ev, s.n / 16)) != HF_OK)
		return rc;
	for (size_t at = s.n + 1; part.n <= s.n && at-- > 0;)
		if (at + part.n <= s.n && memcmp(s.p + at, part.p, part.n) == 0)
			return hf_path_push_int(
			    ev, out, (int64_t)count_chars((struct hf_sv){s.p, at}));
	return hf_path_push_int(ev, out, -1);
}

FN(hf_path_fn_substring)
{
	int64_t start = 0, length = INT64_MAX;
	bool has, has_start, has_length = true;
	struct hf_sv s;
	size_t to;
	enum hf_rc rc;

	if ((rc = hf_path_input_text(ev, n, in, &s, &has)) != HF_OK || !has ||
	    (rc = hf_path_arg_int(ev, n, 0, f, &start, &has_start)) != HF_OK ||
	    !has_start)
		return rc;
	if (n->n > 1 &&
	    (rc = hf_path_arg_int(ev, n, 1, f, &length, &has_length)) != HF_OK)
		return rc;
	if (start < 0 || (size_t)start >= count_chars(s))
		return HF_OK;
	s = hf_sv_from_at(s, char_at(s, (size_t)start));
	to = !has_length ? s.n : length <= 0 ? 0 : char_at(s, (size_t)length);
	return hf_path_push_str(ev, out, (struct hf_sv){s.p, to});
}

/* A copy with ASCII letters changed; other scripts stay as they are. */
static enum hf_rc
change_case(struct path_ev *ev, const struct path_node *n, const struct hf_pvs *in,
	    char first, char last, int by, struct hf_pvs *out)
{
	struct hf_sv s;
	bool has;
	char *p;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &s, &has);

	if (rc != HF_OK || !has)
		return rc;
	p = hf_arena_cstr(ev->arena, s);
	if (!p)
		return hf_path_full(ev);
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= first && p[i] <= last)
			p[i] = (char)(p[i] + by);
	return hf_path_push_str(ev, out, (struct hf_sv){p, s.n});
}

FN(hf_path_fn_upper)
{
	return change_case(ev, n, in, 'a', 'z', -32, out);
}

FN(hf_path_fn_lower)
{
	return change_case(ev, n, in, 'A', 'Z', 32, out);
}

/* Bytes gathered in the arena, growing by doubling. */
struct text {
	char *p;
	size_t n, size;
};

static enum hf_rc
text_add(struct path_ev *ev, struct text *t, struct hf_sv s)
{
	if (hf_path_spend(ev, s.n / 64 + 1) != HF_OK)
		return HF_TOO_LONG;
	if (t->size - t->n < s.n) {
		size_t size = (t->n + s.n) * 2 + 32;
		char *p = hf_arena_alloc(ev->arena, size);

		if (!p)
			return hf_path_full(ev);
		if (t->n)
			memcpy(p, t->p, t->n);
		t->p = p;
		t->size = size;
	}
	if (s.n)
		memcpy(t->p + t->n, s.p, s.n);
	t->n += s.n;
	return HF_OK;
}

static enum hf_rc
push_text(struct path_ev *ev, const struct text *t, struct hf_pvs *out)
{
	return hf_path_push_str(ev, out, t->n ? (struct hf_sv){t->p, t->n} : HF_SV(""));
}

FN(hf_path_fn_replace)
{
	struct hf_sv s, from, to;
	struct text t = {0};
	bool has, has_to;
	enum hf_rc rc;

	if ((rc = two(ev, n, f, in, &s, &from, &has)) != HF_OK || !has ||
	    (rc = hf_path_arg_text(ev, n, 1, f, &to, &has_to)) != HF_OK || !has_to)
		return rc;
	/* An empty pattern stands before every character and at the end. */
	while (rc == HF_OK && s.n > 0) {
		size_t hit = from.n ? find(s, from) : 0, skip = from.n;

		if (hit > s.n) {
			rc = text_add(ev, &t, s);
			s.n = 0;
			break;
		}
		if ((rc = text_add(ev, &t, (struct hf_sv){s.p, hit})) != HF_OK ||
		    (rc = text_add(ev, &t, to)) != HF_OK)
			return rc;
		if (from.n == 0) {
			skip = char_at(s, 1);
			rc = text_add(ev, &t, (struct hf_sv){s.p, skip});
		}
		s = hf_sv_from_at(s, hit + skip);
	}
	if (rc == HF_OK && from.n == 0)
		rc = text_add(ev, &t, to);
	return rc == HF_OK ? push_text(ev, &t, out) : rc;
}

FN(hf_path_fn_length)
{
	struct hf_sv s;
	bool has;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &s, &has);

	return rc != HF_OK || !has ? rc
				   : hf_path_push_int(ev, out, (int64_t)count_chars(s));
}

FN(hf_path_fn_trim)
{
	struct hf_sv s;
	bool has;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &s, &has);

	return rc != HF_OK || !has ? rc : hf_path_push_str(ev, out, hf_sv_trim(s));
}

FN(hf_path_fn_split)
{
	struct hf_sv s, sep;
	bool has;
	enum hf_rc rc = two(ev, n, f, in, &s, &sep, &has);

	if (rc != HF_OK || !has)
		return rc;
	if (sep.n == 0)
		return hf_path_push_str(ev, out, s);
	for (;;) {
		size_t at = find(s, sep);

		if (hf_path_spend(ev, 1) != HF_OK)
			return HF_TOO_LONG;
		if (at > s.n)
			return hf_path_push_str(ev, out, s);
		rc = hf_path_push_str(ev, out, (struct hf_sv){s.p, at});
		if (rc != HF_OK)
			return rc;
		s = hf_sv_from_at(s, at + sep.n);
	}
}

FN(hf_path_fn_join)
{
	struct hf_sv sep = HF_SV("");
	struct text t = {0};
	bool has = true;
	enum hf_rc rc = HF_OK;

	if (n->n)
		rc = hf_path_arg_text(ev, n, 0, f, &sep, &has);
	if (rc != HF_OK || in->n == 0)
		return rc;
	for (size_t i = 0; rc == HF_OK && i < in->n; i++) {
		struct hf_pv v;

		if (!hf_path_system(ev, &in->items[i], &v) || v.kind != HF_PV_STRING)
			return hf_path_fail(ev, n, "only strings can be joined");
		if (i && has)
			rc = text_add(ev, &t, sep);
		if (rc == HF_OK)
			rc = text_add(ev, &t, v.text);
	}
	return rc == HF_OK ? push_text(ev, &t, out) : rc;
}

FN(hf_path_fn_to_chars)
{
	struct hf_sv s;
	bool has;
	enum hf_rc rc = hf_path_input_text(ev, n, in, &s, &has);

	while (rc == HF_OK && has && s.n > 0) {
		size_t len = char_at(s, 1);

		rc = hf_path_spend(ev, 1);
		if (rc == HF_OK)
			rc = hf_path_push_str(ev, out, (struct hf_sv){s.p, len});
		s = hf_sv_from_at(s, len);
	}
	return rc;
}
