/* sharing.c - agreements between organisations, and organisations that are suspended.
 */
#include "record/io/sharing.h"

#include <sodium.h>

#include "record/io/sharing_int.h"

/* ---- what all have in common ---- */

enum hf_rc
hf_sharing_full(struct hf_err *err)
{
	return hf_fail(err, HF_TOO_LONG, NULL, "no memory for this change");
}

struct hf_sv
hf_sharing_id(struct hf_arena *arena)
{
	/* Without vowels, and letters and digits that look alike. */
	static const char letters[] = "bcdfghjkmnpqrstvwxz23456789";
	enum { LENGTH = 10 };
	char *p = hf_arena_alloc(arena, LENGTH);

	if (!p)
		return (struct hf_sv){NULL, 0};
	for (int i = 0; i < LENGTH; i++)
		p[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
	return (struct hf_sv){p, LENGTH};
}

enum hf_rc
hf_sharing_check_id(struct hf_sv id, struct hf_err *err)
{
	bool good = id.n > 0 && id.n <= 64;

	for (size_t i = 0; good && i < id.n; i++)
		good = (id.p[i] >= 'a' && id.p[i] <= 'z') ||
		       (id.p[i] >= '0' && id.p[i] <= '9');
	return good ? HF_OK
		    : hf_fail(err, HF_INVALID, "id",
			      "an id has small letters and digits only");
}

enum hf_rc
hf_sharing_org(struct hf_sv text, const char *field, struct hf_arena *arena,
	       struct hf_sv *out, struct hf_err *err)
{
	char *p = text.n ? hf_arena_alloc(arena, text.n) : NULL;
	bool good = text.n >= 1 && text.n <= 16;

	if (text.n && !p)
		return hf_sharing_full(err);
	for (size_t i = 0; good && i < text.n; i++) {
		char c = text.p[i];

		p[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
		good = (p[i] >= 'A' && p[i] <= 'Z') || (c >= '0' && c <= '9');
	}
	if (!good)
		return hf_fail(err, HF_INVALID, field,
			       "expected the ODS code of an organisation: 1 to 16 "
			       "letters and digits");
	*out = (struct hf_sv){p, text.n};
	return HF_OK;
}

enum hf_rc
hf_sharing_text(struct hf_sv text, const char *field, bool may_be_empty,
		struct hf_err *err)
{
	bool good = text.n > 0 && text.n <= HF_SHARING_TEXT;

	for (size_t i = 0; good && i < text.n; i++)
		good = (unsigned char)text.p[i] >= ' ' && text.p[i] != 0x7f;
	if (good || (text.n == 0 && may_be_empty))
		return HF_OK;
	return hf_fail(err, HF_INVALID, field, "expected a text of 1 to %d characters",
		       HF_SHARING_TEXT);
}

enum hf_rc
hf_sharing_period(hf_time *start, hf_time until, hf_time now, struct hf_err *err)
{
	if (*start == 0)
		*start = now;
	if (until <= *start || until <= now)
		return hf_fail(err, HF_INVALID, "until",
			       "it ends before it begins, or is over already");
	return HF_OK;
}

struct ending {
	enum hf_query q;
	const char *noun;
	struct hf_sv id;
};

static enum hf_rc
write_end(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct ending *e = ctx;
	int64_t changed = 0;
	enum hf_rc rc =
	    hf_db_exec(db, e->q, HF_ARGS(HF_TEXT(e->id), HF_INT(at)), &changed, err);

	(void)change;
	if (rc == HF_OK && changed == 0)
		return hf_fail(err, HF_NOT_FOUND, "id",
			       "there is no %s with this id that could be ended",
			       e->noun);
	return rc;
}

enum hf_rc
hf_sharing_end(const char *noun, enum hf_query q, struct hf_sv id,
	       struct hf_arena *arena, struct hf_sharing *out, struct hf_err *err)
{
	struct ending *e = HF_NEW(arena, struct ending);
	struct hf_sv what = hf_arena_printf(arena, "%s end %.*s", noun, HF_SV_ARG(id));
	enum hf_rc rc = hf_sharing_check_id(id, err);

	if (rc)
		return rc;
	if (!e || !what.p)
		return hf_sharing_full(err);
	*e = (struct ending){q, noun, id};
	*out = (struct hf_sharing){.id = id,
				   .job = {.what = what, .write = write_end, .ctx = e}};
	return HF_OK;
}

struct hf_sv
hf_sharing_at(const struct hf_rows *rows, int column, struct hf_arena *arena)
{
	struct hf_sv s = hf_rows_text(rows, column);

	return s.n ? hf_arena_sv(arena, s) : (struct hf_sv){NULL, 0};
}

enum hf_rc
hf_sharing_rows(struct hf_db *db, enum hf_query q, size_t each,
		void (*row)(const struct hf_rows *rows, void *out,
			    struct hf_arena *arena),
		struct hf_arena *arena, void **out, size_t *n, struct hf_err *err)
{
	size_t size = 0, count = 0;
	char *items = NULL;
	struct hf_rows rows;
	enum hf_rc end, rc = hf_db_query(db, q, NULL, &rows, err);

	if (rc)
		return rc;
	while (rc == HF_OK && hf_rows_next(&rows)) {
		if (count == size) {
			size_t more = size ? 2 * size : 16;
			char *p = more <= HF_SHARING_ROWS
				      ? hf_arena_array(arena, more, each)
				      : NULL;

			if (!p) {
				rc = hf_sharing_full(err);
				break;
			}
			if (count)
				memcpy(p, items, count * each);
			items = p;
			size = more;
		}
		row(&rows, items + count++ * each, arena);
	}
	end = hf_rows_end(&rows, rc == HF_OK ? err : NULL);
	rc = rc == HF_OK ? end : rc;
	if (rc == HF_OK) {
		*out = items;
		*n = count;
	}
	return rc;
}

/* ---- agreements ---- */

static enum hf_rc
write_agreement(void *ctx, struct hf_db *db, int64_t change, hf_time at,
		struct hf_err *err)
{
	const struct hf_agreement_row *r = ctx;

	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_AGREEMENT_ADD,
			  HF_ARGS(HF_TEXT(r->a.id), HF_TEXT(r->a.from),
				  HF_TEXT(r->a.to), HF_INT(r->a.tier - HF_TIER_T0),
				  HF_TEXT(r->a.categories), HF_INT(r->a.start),
				  HF_INT(r->a.until), HF_INT(r->a.ended),
				  HF_TEXT(r->dsa), HF_TEXT(r->dpia), HF_INT(change)),
			  NULL, err);
}

static enum hf_rc
party(struct hf_sv text, const char *field, struct hf_arena *arena, struct hf_sv *out,
      struct hf_err *err)
{
	if (hf_sv_is(text, HF_EVERY_ORG)) {
		*out = HF_SV(HF_EVERY_ORG);
		return HF_OK;
	}
	if (text.n == 0)
		return hf_fail(err, HF_INVALID, field,
			       "say the ODS code of the organisation, or * for every "
			       "organisation");
	return hf_sharing_org(text, field, arena, out, err);
}

/* The codes of sensitive categories with one blank between. */
static enum hf_rc
categories_of(struct hf_sv text, enum hf_tier tier, const struct hf_policy *policy,
	      struct hf_arena *arena, struct hf_sv *out, struct hf_err *err)
{
	struct hf_buf buf = {.cap = 4096};

	*out = (struct hf_sv){"", 0};
	if (text.n && tier != HF_TIER_T4)
		return hf_fail(err, HF_INVALID, "categories",
			       "only T4 shares sensitive content: leave the categories "
			       "out, or agree T4");
	for (size_t i = 0; i < text.n;) {
		size_t n = 0;
		struct hf_sv code;
		const struct hf_category *c;

		while (i + n < text.n && text.p[i + n] != ' ' && text.p[i + n] != ',')
			n++;
		code = (struct hf_sv){text.p + i, n};
		i += n + 1;
		if (n == 0)
			continue;
		c = hf_policy_category(policy, code);
		if (!c || c->level != HF_LEVEL_S2) {
			hf_buf_free(&buf);
			return hf_fail(err, HF_INVALID, "categories",
				       "\"%.*s\" is no category that can be shared; "
				       "sensitivity.json lists them, level S2",
				       (int)(n > 40 ? 40 : n), code.p);
		}
		if (buf.n)
			hf_buf_char(&buf, ' ');
		hf_buf_sv(&buf, code);
	}
	if (buf.n)
		*out = hf_arena_sv(arena, hf_buf_view(&buf));
	hf_buf_free(&buf);
	return out->p ? HF_OK : hf_sharing_full(err);
}

/* What more an agreement that shares anything has to say. */
static enum hf_rc
check_signed(const struct hf_agreement_form *f, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	if (f->until == 0)
		return hf_fail(err, HF_INVALID, "until",
			       "an agreement that shares something ends: say when");
	if (f->dsa.n == 0)
		rc = hf_fail(err, HF_INVALID, "dsa",
			     "say the reference of the signed data sharing agreement");
	else if (f->dpia.n == 0)
		rc = hf_fail(err, HF_INVALID, "dpia",
			     "say the reference of the data protection impact "
			     "assessment");
	return rc;
}

enum hf_rc
hf_sharing_agreement(const struct hf_agreement_form *f, const struct hf_policy *policy,
		     hf_time now, struct hf_arena *arena, struct hf_sharing *out,
		     struct hf_err *err)
{
	struct hf_agreement_row *r = HF_NEW(arena, struct hf_agreement_row);
	int tier = hf_word_find(HF_WORDS_TIER, f->tier);
	enum hf_rc rc = r ? HF_OK : hf_sharing_full(err);
	struct hf_sv what;

	if (rc == HF_OK && (tier <= 0 || f->tier.n == 0))
		rc = hf_fail(err, HF_INVALID, "tier", "a tier is T0, T1, T2, T3 or T4");
	if (rc)
		return rc;
	r->a = (struct hf_agreement){
	    .id = hf_sharing_id(arena),
	    .tier = (enum hf_tier)tier,
	    .start = f->start,
	    .until = f->until ? f->until : HF_NOT_ENDED,
	    .ended = HF_NOT_ENDED,
	};
	r->dsa = f->dsa.n ? f->dsa : HF_SV("");
	r->dpia = f->dpia.n ? f->dpia : HF_SV("");
	rc = party(f->from, "from", arena, &r->a.from, err);
	if (rc == HF_OK)
		rc = party(f->to, "to", arena, &r->a.to, err);
	if (rc == HF_OK && hf_sv_eq(r->a.from, r->a.to) &&
	    !hf_sv_is(r->a.from, HF_EVERY_ORG))
		rc = hf_fail(err, HF_INVALID, "to",
			     "an organisation needs no agreement with itself");
	if (rc == HF_OK)
		rc = categories_of(f->categories, r->a.tier, policy, arena,
				   &r->a.categories, err);
	if (rc == HF_OK && r->a.tier > HF_TIER_T0)
		rc = check_signed(f, err);
	if (rc == HF_OK)
		rc = hf_sharing_text(r->dsa, "dsa", true, err);
	if (rc == HF_OK)
		rc = hf_sharing_text(r->dpia, "dpia", true, err);
	if (rc == HF_OK)
		rc = hf_sharing_period(&r->a.start, r->a.until, now, err);
	if (rc)
		return rc;
	what = hf_arena_printf(arena, "agreement add %.*s %.*s %.*s %s",
			       HF_SV_ARG(r->a.id), HF_SV_ARG(r->a.from),
			       HF_SV_ARG(r->a.to), hf_word(HF_WORDS_TIER, tier));
	if (!what.p || !r->a.id.n)
		return hf_sharing_full(err);
	*out = (struct hf_sharing){
	    .id = r->a.id, .job = {.what = what, .write = write_agreement, .ctx = r}};
	return HF_OK;
}

enum hf_rc
hf_sharing_agreement_end(struct hf_sv id, struct hf_arena *arena,
			 struct hf_sharing *out, struct hf_err *err)
{
	return hf_sharing_end("agreement", HF_Q_RECORD_AGREEMENT_END, id, arena, out,
			      err);
}

static void
agreement_row(const struct hf_rows *rows, void *out, struct hf_arena *arena)
{
	struct hf_agreement_row *r = out;
	int64_t tier = hf_rows_int(rows, HF_C_RECORD_AGREEMENT_LIST_TIER);

	r->a = (struct hf_agreement){
	    .id = hf_sharing_at(rows, HF_C_RECORD_AGREEMENT_LIST_ID, arena),
	    .from = hf_sharing_at(rows, HF_C_RECORD_AGREEMENT_LIST_FROM_ORG, arena),
	    .to = hf_sharing_at(rows, HF_C_RECORD_AGREEMENT_LIST_TO_ORG, arena),
	    .tier =
		tier >= 0 && tier <= 4 ? (enum hf_tier)(HF_TIER_T0 + tier) : HF_TIER_T0,
	    .categories =
		hf_sharing_at(rows, HF_C_RECORD_AGREEMENT_LIST_CATEGORIES, arena),
	    .start = hf_rows_int(rows, HF_C_RECORD_AGREEMENT_LIST_START),
	    .until = hf_rows_int(rows, HF_C_RECORD_AGREEMENT_LIST_UNTIL),
	    .ended = hf_rows_int(rows, HF_C_RECORD_AGREEMENT_LIST_ENDED),
	};
	r->dsa = hf_sharing_at(rows, HF_C_RECORD_AGREEMENT_LIST_DSA, arena);
	r->dpia = hf_sharing_at(rows, HF_C_RECORD_AGREEMENT_LIST_DPIA, arena);
}

enum hf_rc
hf_sharing_agreements(struct hf_db *db, struct hf_arena *arena,
		      struct hf_agreement_row **out, size_t *n, struct hf_err *err)
{
	return hf_sharing_rows(db, HF_Q_RECORD_AGREEMENT_LIST, sizeof(**out),
			       agreement_row, arena, (void **)out, n, err);
}

/* ---- organisations ---- */

static enum hf_rc
write_suspension(void *ctx, struct hf_db *db, int64_t change, hf_time at,
		 struct hf_err *err)
{
	const struct hf_suspension_row *r = ctx;

	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_SUSPENSION_ADD,
			  HF_ARGS(HF_TEXT(r->id), HF_TEXT(r->org), HF_INT(r->start),
				  HF_INT(r->until), HF_INT(r->ended),
				  HF_TEXT(r->reason), HF_INT(change)),
			  NULL, err);
}

enum hf_rc
hf_sharing_suspend(struct hf_sv org, struct hf_sv reason, hf_time until, hf_time now,
		   struct hf_arena *arena, struct hf_sharing *out, struct hf_err *err)
{
	struct hf_suspension_row *r = HF_NEW(arena, struct hf_suspension_row);
	enum hf_rc rc = r ? HF_OK : hf_sharing_full(err);
	struct hf_sv what;

	if (rc)
		return rc;
	*r = (struct hf_suspension_row){
	    .id = hf_sharing_id(arena),
	    .reason = reason,
	    .start = now,
	    .until = until ? until : HF_NOT_ENDED,
	    .ended = HF_NOT_ENDED,
	};
	rc = hf_sharing_org(org, "org", arena, &r->org, err);
	if (rc == HF_OK)
		rc = hf_sharing_text(reason, "reason", false, err);
	if (rc == HF_OK)
		rc = hf_sharing_period(&r->start, r->until, now, err);
	if (rc)
		return rc;
	what = hf_arena_printf(arena, "organisation suspend %.*s", HF_SV_ARG(r->org));
	if (!what.p || !r->id.n)
		return hf_sharing_full(err);
	*out = (struct hf_sharing){
	    .id = r->id, .job = {.what = what, .write = write_suspension, .ctx = r}};
	return HF_OK;
}

static enum hf_rc
write_resume(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	     struct hf_err *err)
{
	const struct hf_sv *org = ctx;
	int64_t changed = 0;
	enum hf_rc rc = hf_db_exec(db, HF_Q_RECORD_SUSPENSION_END_ORG,
				   HF_ARGS(HF_TEXT(*org), HF_INT(at)), &changed, err);

	(void)change;
	if (rc == HF_OK && changed == 0)
		return hf_fail(err, HF_NOT_FOUND, "org",
			       "this organisation is not suspended");
	return rc;
}

enum hf_rc
hf_sharing_resume(struct hf_sv org, struct hf_arena *arena, struct hf_sharing *out,
		  struct hf_err *err)
{
	struct hf_sv *code = HF_NEW(arena, struct hf_sv), what;
	enum hf_rc rc =
	    code ? hf_sharing_org(org, "org", arena, code, err) : hf_sharing_full(err);

	if (rc)
		return rc;
	what = hf_arena_printf(arena, "organisation resume %.*s", HF_SV_ARG(*code));
	if (!what.p)
		return hf_sharing_full(err);
	*out = (struct hf_sharing){
	    .id = *code, .job = {.what = what, .write = write_resume, .ctx = code}};
	return HF_OK;
}

static void
suspension_row(const struct hf_rows *rows, void *out, struct hf_arena *arena)
{
	*(struct hf_suspension_row *)out = (struct hf_suspension_row){
	    .id = hf_sharing_at(rows, HF_C_RECORD_SUSPENSION_LIST_ID, arena),
	    .org = hf_sharing_at(rows, HF_C_RECORD_SUSPENSION_LIST_ORG, arena),
	    .reason = hf_sharing_at(rows, HF_C_RECORD_SUSPENSION_LIST_REASON, arena),
	    .start = hf_rows_int(rows, HF_C_RECORD_SUSPENSION_LIST_START),
	    .until = hf_rows_int(rows, HF_C_RECORD_SUSPENSION_LIST_UNTIL),
	    .ended = hf_rows_int(rows, HF_C_RECORD_SUSPENSION_LIST_ENDED),
	};
}

enum hf_rc
hf_sharing_suspensions(struct hf_db *db, struct hf_arena *arena,
		       struct hf_suspension_row **out, size_t *n, struct hf_err *err)
{
	return hf_sharing_rows(db, HF_Q_RECORD_SUSPENSION_LIST, sizeof(**out),
			       suspension_row, arena, (void **)out, n, err);
}
