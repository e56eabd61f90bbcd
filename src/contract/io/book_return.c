/* book_return.c - what the ledger of a pooled fund says, and its quarterly returns:
 * made, made again, signed by both partners and then by the board. */
#include "contract/io/book_int.h"

#include "record/io/desk.h"

/* ---- the ledger ---- */

/* Keeps those that count, in their order: up to a month and up to an entry. */
static size_t
keep_entries(const struct hf_ct_pool *p, struct hf_ct_entry *e, size_t n, int64_t upto,
	     int done)
{
	int64_t last = done < 0	  ? INT64_MAX
		       : done > 9 ? (p->fy + 1) * 100 + done - 9
				  : p->fy * 100 + done + 3;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (e[i].id <= upto && e[i].period <= last)
			e[kept++] = e[i];
	return kept;
}

enum hf_rc
hf_ct_book_fund(struct hf_db *db, const struct hf_ct_pool *p, int64_t upto, int done,
		struct hf_arena *arena, struct hf_ct_fund *out, struct hf_err *err)
{
	struct hf_ct_entry *e;
	bool good = true;
	size_t n;
	enum hf_rc rc = hf_ct_book_entries(db, hf_sv_from(p->id), arena, &e, &n, err);

	*out = (struct hf_ct_fund){0};
	if (rc)
		return rc;
	out->entries = n = keep_entries(p, e, n, upto, done);
	out->done = done < 0 ? hf_ct_fund_months(p, e, n) : done;
	for (size_t i = 0; i < n; i++)
		if (e[i].id > out->seq)
			out->seq = e[i].id;
	for (size_t i = 0; i < p->n_lines; i++)
		good &= hf_ct_fund_line_at(p, e, n, i, out->done, &out->lines[i],
					   &out->moved[i]);
	for (size_t i = 0; i < p->n_sources; i++)
		good &= hf_ct_fund_received(e, n, p->sources[i].id, &out->received[i]);
	return good ? HF_OK
		    : hf_fail(err, HF_RULE, "lines", "a sum does not fit in 64 bits");
}

/* ---- making ---- */

static enum hf_rc
make(struct hf_db *db, const struct hf_ct_pool *p,
     const struct hf_ct_return_about *about, int64_t upto, struct hf_arena *arena,
     struct hf_sv *body, int64_t *seq, struct hf_err *err)
{
	struct hf_ct_fund *fund = HF_NEW(arena, struct hf_ct_fund);
	struct hf_buf out = {.cap = 1 << 20};
	struct hf_json d;
	enum hf_rc rc =
	    fund ? hf_ct_book_fund(db, p, upto, about->quarter * 3, arena, fund, err)
		 : hf_fail(err, HF_TOO_LONG, NULL, "no memory for the return");

	if (rc == HF_OK && fund->entries == 0)
		rc = hf_fail(err, HF_RULE, "quarter",
			     "nothing was posted to this fund up to the quarter's end");
	if (rc == HF_OK)
		rc = hf_ct_return_write(p, fund, about, &out, err);
	if (rc == HF_OK) {
		*seq = fund->seq;
		*body = hf_arena_sv(arena, hf_buf_view(&out));
		rc = body->p ? hf_ct_return_check(*body, arena, &d, err)
			     : hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	}
	hf_buf_free(&out);
	return rc;
}

enum hf_rc
hf_ct_book_return(struct hf_store *store, struct hf_db *db, const struct hf_ct_by *by,
		  const struct hf_ct_pool *p, struct hf_ct_return_about *about,
		  hf_time now, struct hf_arena *arena, struct hf_ct_statement *out,
		  struct hf_err *err)
{
	struct hf_sv fund = hf_sv_from(p->id);
	struct hf_ct_statement last = {0};
	char text[16], sha[HF_CT_SHA_TEXT];
	enum hf_rc rc;

	if (about->quarter < 1 || about->quarter > 4)
		return hf_fail(err, HF_INVALID, "quarter", "a quarter is 1 to 4");
	*out = (struct hf_ct_statement){.by = by->user, .at = now};
	out->quarter = hf_arena_sv(
	    arena,
	    hf_sv_from(hf_ct_quarter_text(p->fy, about->quarter, text, sizeof text)));
	rc = hf_ct_book_statement(db, fund, out->quarter, 0, arena, &last, err);
	if (rc == HF_NOT_FOUND)
		rc = HF_OK;
	if (rc == HF_OK && last.n_signatures == HF_CT_SIGNATURES)
		rc = hf_fail(err, HF_RULE, "quarter",
			     "the quarter's return is agreed: what has changed since "
			     "is in the next one");
	about->by = by->user;
	about->at = now;
	about->version = out->version = last.version + 1;
	if (rc == HF_OK)
		rc = make(db, p, about, INT64_MAX, arena, &out->body, &out->seq, err);
	if (rc)
		return rc;
	if (!hf_ct_sha(out->body, sha))
		return hf_fail(err, HF_FAULT, NULL, "the return has no hash");
	out->hash = hf_arena_sv(arena, hf_sv_from(sha));
	return hf_ct_book_keep(store, by, fund, out, arena, err);
}

enum hf_rc
hf_ct_book_return_again(struct hf_db *db, const struct hf_ct_pool *p,
			const struct hf_ct_statement *s, struct hf_arena *arena,
			struct hf_err *err)
{
	struct hf_ct_return_about *about = HF_NEW(arena, struct hf_ct_return_about);
	struct hf_sv body;
	int64_t seq;
	enum hf_rc rc = about ? hf_ct_return_about(s->body, arena, about, err)
			      : hf_fail(err, HF_TOO_LONG, NULL, "no memory");

	if (rc)
		return rc;
	about->at = s->at;
	rc = make(db, p, about, s->seq, arena, &body, &seq, err);
	if (rc == HF_OK && !hf_sv_eq(body, s->body))
		rc = hf_fail(err, HF_RULE, NULL,
			     "made again of the same ledger the return differs: the "
			     "fund's document is not that of then");
	return rc;
}

/* ---- signing ---- */

struct sign {
	const struct hf_ct_by *by;
	const struct hf_ct_pool *p;
	struct hf_ct_sign *s;
};

static enum hf_rc
check_sign(const struct sign *g, const struct hf_ct_statement *st, struct hf_err *err)
{
	bool board = g->by->party == HF_CT_BOARD;

	if (!hf_sv_eq(st->hash, g->s->hash))
		return hf_fail(err, HF_STALE, "hash",
			       "this is not the return you looked at: look again");
	if (g->by->party < 0 || !g->by->signatory)
		return hf_fail(err, HF_FORBIDDEN, "sign",
			       "this role signs neither for a partner nor for the "
			       "board");
	if (hf_sv_eq(st->by, g->by->user))
		return hf_fail(err, HF_RULE, "sign",
			       "who prepared the return does not approve it");
	for (size_t i = 0; i < st->n_signatures; i++) {
		if (st->signatures[i].party == g->by->party)
			return hf_fail(err, HF_EXISTS, "sign",
				       board ? "the board has signed it already"
					     : "the partner has signed it already");
		if (hf_sv_eq(st->signatures[i].user, g->by->user))
			return hf_fail(err, HF_RULE, "sign",
				       "one person cannot sign twice");
	}
	if (board && st->n_signatures < HF_CT_PARTIES)
		return hf_fail(err, HF_RULE, "sign",
			       "the board signs a return that both partners have "
			       "signed");
	return HF_OK;
}

static enum hf_rc
write_sign(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct sign *g = ctx;
	struct hf_arena arena = {.cap = 16 << 20};
	struct hf_ct_statement st;
	enum hf_rc rc = hf_ct_book_role(db, g->by, at, err);

	g->s->agreed = false;
	if (rc == HF_OK)
		rc = hf_ct_book_newest(db, g->s, &arena, &st, err);
	if (rc == HF_OK)
		rc = check_sign(g, &st, err);
	if (rc == HF_OK)
		rc = hf_ct_book_sign_add(db, g->by, g->s, &st, change, &arena, err);
	g->s->agreed = rc == HF_OK && st.n_signatures == HF_CT_SIGNATURES - 1;
	if (g->s->agreed)
		rc = hf_ct_book_close(db, g->by, g->s->contract, &st, change, at,
				      &arena, err);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_ct_book_return_sign(struct hf_store *store, const struct hf_ct_by *by,
		       const struct hf_ct_pool *p, struct hf_ct_sign *sign,
		       struct hf_err *err)
{
	struct sign g = {by, p, sign};

	return hf_store_desk(store,
			     &(struct hf_desk_job){.actor = by->user,
						   .purpose = by->purpose,
						   .trace = by->trace,
						   .what = HF_SV("return sign"),
						   .write = write_sign,
						   .ctx = &g,
						   .apart = true},
			     err);
}
