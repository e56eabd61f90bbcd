/* book_statement.c - statements: made, read, made again, signed. */
#include "contract/io/book_int.h"

#include "record/io/desk.h"

/* ---- reading ---- */

static struct hf_sv
subject_of(struct hf_sv contract, const struct hf_ct_statement *s,
	   struct hf_arena *arena)
{
	return hf_arena_printf(arena, "statement/%.*s/%.*s/%lld", HF_SV_ARG(contract),
			       HF_SV_ARG(s->quarter), (long long)s->version);
}

static enum hf_rc
read_signatures(struct hf_db *db, struct hf_sv contract, struct hf_ct_statement *s,
		struct hf_arena *arena, struct hf_err *err)
{
	struct hf_sv subject = subject_of(contract, s, arena);
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(db, HF_Q_CONTRACT_SIGNATURE_LIST,
				    HF_ARGS(HF_CT_TEXT(subject)), &rows, err);

	s->n_signatures = 0;
	if (rc)
		return rc;
#define COPY(column)                                                                   \
	hf_arena_sv(arena, hf_rows_text(&rows, HF_C_CONTRACT_SIGNATURE_LIST_##column))
	while (s->n_signatures < HF_CT_PARTIES && hf_rows_next(&rows))
		s->signatures[s->n_signatures++] = (struct hf_ct_signed_row){
		    .party =
			(int)hf_rows_int(&rows, HF_C_CONTRACT_SIGNATURE_LIST_PARTY),
		    .at = hf_rows_int(&rows, HF_C_CONTRACT_SIGNATURE_LIST_AT),
		    .user = COPY(ACTOR),
		    .role = COPY(ROLE),
		    .org = COPY(ORG),
		    .hash = COPY(HASH),
		    .jws = COPY(JWS)};
#undef COPY
	return hf_rows_end(&rows, err);
}

static enum hf_rc
last_version(struct hf_db *db, struct hf_sv contract, struct hf_sv quarter,
	     int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_CONTRACT_STATEMENT_LAST,
			HF_ARGS(HF_TEXT(contract), HF_TEXT(quarter)), &rows, err);

	*out = 0;
	if (rc)
		return rc;
	if (hf_rows_next(&rows))
		*out = hf_rows_int(&rows, 0);
	return hf_rows_end(&rows, err);
}

enum hf_rc
hf_ct_book_statement(struct hf_db *db, struct hf_sv contract, struct hf_sv quarter,
		     int64_t version, struct hf_arena *arena,
		     struct hf_ct_statement *out, struct hf_err *err)
{
	struct hf_rows rows;
	bool found = false;
	enum hf_rc rc = HF_OK;

	if (version == 0)
		rc = last_version(db, contract, quarter, &version, err);
	if (rc == HF_OK)
		rc = hf_db_query(
		    db, HF_Q_CONTRACT_STATEMENT_GET,
		    HF_ARGS(HF_TEXT(contract), HF_TEXT(quarter), HF_INT(version)),
		    &rows, err);
	if (rc)
		return rc;
#define COLUMN(column) HF_C_CONTRACT_STATEMENT_GET_##column
	if (hf_rows_next(&rows)) {
		found = true;
		*out = (struct hf_ct_statement){
		    .quarter = hf_arena_sv(arena, quarter),
		    .version = version,
		    .seq = hf_rows_int(&rows, COLUMN(SEQ)),
		    .at = hf_rows_int(&rows, COLUMN(AT)),
		    .body = hf_arena_sv(arena, hf_rows_blob(&rows, COLUMN(BODY))),
		    .hash = hf_arena_sv(arena, hf_rows_text(&rows, COLUMN(HASH))),
		    .by = hf_arena_sv(arena, hf_rows_text(&rows, COLUMN(ACTOR)))};
	}
#undef COLUMN
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !found)
		rc = hf_fail(err, HF_NOT_FOUND, NULL, "there is no such statement");
	return rc ? rc : read_signatures(db, contract, out, arena, err);
}

enum { STATEMENTS = 200 };

enum hf_rc
hf_ct_book_statements(struct hf_db *db, struct hf_sv contract, struct hf_arena *arena,
		      struct hf_ct_statement **out, size_t *n, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc =
	    hf_db_query(db, HF_Q_CONTRACT_STATEMENT_LIST,
			HF_ARGS(HF_TEXT(contract), HF_INT(STATEMENTS)), &rows, err);

	*n = 0;
	if (rc)
		return rc;
#define COLUMN(column) HF_C_CONTRACT_STATEMENT_LIST_##column
	*out = hf_arena_array(arena, STATEMENTS, sizeof **out);
	while (*out && *n < STATEMENTS && hf_rows_next(&rows))
		(*out)[(*n)++] = (struct hf_ct_statement){
		    .quarter = hf_arena_sv(arena, hf_rows_text(&rows, COLUMN(QUARTER))),
		    .version = hf_rows_int(&rows, COLUMN(VERSION)),
		    .seq = hf_rows_int(&rows, COLUMN(SEQ)),
		    .at = hf_rows_int(&rows, COLUMN(AT)),
		    .hash = hf_arena_sv(arena, hf_rows_text(&rows, COLUMN(HASH))),
		    .by = hf_arena_sv(arena, hf_rows_text(&rows, COLUMN(ACTOR)))};
#undef COLUMN
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK && !*out)
		rc = hf_fail(err, HF_TOO_LONG, NULL, "no memory for statements");
	for (size_t i = 0; rc == HF_OK && i < *n; i++)
		rc = read_signatures(db, contract, &(*out)[i], arena, err);
	return rc;
}

/* ---- making ---- */

/* Adds a member of each of a list to the component that it names. */
static enum hf_rc
add_list(const struct hf_ct_terms *t, const struct hf_json *d, const char *list_name,
	 const char *id, const char *pence, struct hf_arena *arena,
	 hf_pence out[HF_CT_COMPONENTS], struct hf_err *err)
{
	uint32_t list = hf_json_get(d, 0, hf_sv_from(list_name));

	for (uint32_t i = 0; i < hf_json_count(d, list); i++) {
		uint32_t node = hf_json_at(d, list, i);
		int at = hf_ct_component_find(
		    t, hf_json_str(d, hf_json_get(d, node, hf_sv_from(id)), arena));
		int64_t v = 0;

		if (at < 0)
			continue; /* of an earlier version of the contract */
		if (!hf_sv_int(hf_json_raw(d, hf_json_get(d, node, hf_sv_from(pence))),
			       &v) ||
		    !hf_pence_add(&out[at], v))
			return hf_fail(err, HF_RULE, list_name,
				       "an agreed statement has money that does not "
				       "fit");
	}
	return HF_OK;
}

/* Adds what an agreed statement settled of its components: what they earned, and what
 * it corrected of quarters before, which is not to be corrected twice. */
static enum hf_rc
add_agreed(const struct hf_ct_terms *t, const struct hf_ct_statement *s,
	   struct hf_arena *arena, hf_pence out[HF_CT_COMPONENTS], struct hf_err *err)
{
	struct hf_json d;
	enum hf_rc rc = hf_ct_statement_check(s->body, arena, &d, err);

	if (rc == HF_OK)
		rc = add_list(t, &d, "components", "id", "earned", arena, out, err);
	return rc ? rc
		  : add_list(t, &d, "corrections", "component", "pence", arena, out,
			     err);
}

/* Earlier quarters that were agreed by a time. */
static enum hf_rc
look_back(struct hf_db *db, const struct hf_ct_run *run, hf_time agreed_by,
	  struct hf_ct_statement_about *about, struct hf_arena *arena,
	  struct hf_err *err)
{
	struct hf_sv contract = hf_sv_from(run->terms->id);

	for (int q = 1; q < about->quarter; q++) {
		struct hf_ct_statement s;
		char text[16];
		enum hf_rc rc =
		    hf_ct_book_statement(db, contract,
					 hf_sv_from(hf_ct_quarter_text(
					     run->terms->fy, q, text, sizeof text)),
					 0, arena, &s, err);

		if (rc == HF_NOT_FOUND)
			continue;
		if (rc == HF_OK &&
		    (s.n_signatures < 2 || s.signatures[0].at > agreed_by ||
		     s.signatures[1].at > agreed_by))
			continue;
		if (rc == HF_OK)
			rc = add_agreed(run->terms, &s, arena, about->agreed, err);
		if (rc)
			return rc;
		for (size_t c = 0; c < run->terms->n_components; c++) {
			const struct hf_ct_component_ytd *y = run->components[c];

			about->now[c] += y[q * 3 - 1].sum.earned -
					 (q > 1 ? y[q * 3 - 4].sum.earned : 0);
		}
	}
	return HF_OK;
}

/* The bytes of a statement of inputs up to seq; *seq_used is the newest there is. */
static enum hf_rc
make(struct hf_db *db, const struct hf_ct_library *l, size_t at,
     struct hf_ct_statement_about *about, int64_t upto, hf_time agreed_by,
     struct hf_arena *arena, struct hf_sv *body, int64_t *seq_used, struct hf_err *err)
{
	const struct hf_ct_terms *t = l->contracts[at];
	struct hf_buf out = {.cap = 1 << 20};
	struct hf_ct_run *run;
	enum hf_rc rc =
	    hf_ct_book_run(db, l, at, upto, hf_ct_quarter_end(t->fy, about->quarter),
			   arena, &run, err);

	about->terms_sha = hf_sv_from(l->sha[at]);
	about->rules = hf_ct_library_rules(l, t);
	if (rc == HF_OK)
		rc = look_back(db, run, agreed_by, about, arena, err);
	if (rc == HF_OK)
		rc = hf_ct_statement_write(run, about, &out, err);
	if (rc == HF_OK) {
		struct hf_json d;

		*seq_used = run->facts->seq;
		*body = hf_arena_sv(arena, hf_buf_view(&out));
		rc = body->p ? hf_ct_statement_check(*body, arena, &d, err)
			     : hf_fail(err, HF_TOO_LONG, NULL, "no memory");
	}
	hf_buf_free(&out);
	return rc;
}

enum hf_rc
hf_ct_book_draft(struct hf_db *db, const struct hf_ct_library *l, size_t at,
		 int quarter, struct hf_sv by, struct hf_arena *arena,
		 struct hf_sv *body, struct hf_err *err)
{
	struct hf_ct_statement_about about = {
	    .quarter = quarter,
	    .by = by,
	    .at = hf_ct_quarter_end(l->contracts[at]->fy, quarter) * 86400000};
	int64_t seq;

	return make(db, l, at, &about, INT64_MAX, INT64_MAX, arena, body, &seq, err);
}

struct prepare {
	const struct hf_ct_by *by;
	struct hf_sv contract;
	struct hf_ct_statement *s;
};

static enum hf_rc
write_prepare(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	      struct hf_err *err)
{
	const struct prepare *p = ctx;
	int64_t last;
	enum hf_rc rc = hf_ct_book_role(db, p->by, at, err);

	if (rc == HF_OK)
		rc = last_version(db, p->contract, p->s->quarter, &last, err);
	if (rc == HF_OK && last != p->s->version - 1)
		rc = hf_fail(err, HF_STALE, NULL,
			     "another version was made meanwhile: look at it first");
	if (rc)
		return rc;
	return hf_db_exec(db, HF_Q_CONTRACT_STATEMENT_ADD,
			  HF_ARGS(HF_TEXT(p->contract), HF_TEXT(p->s->quarter),
				  HF_INT(p->s->version), HF_INT(p->s->seq),
				  HF_BLOB(p->s->body), HF_TEXT(p->s->hash),
				  HF_TEXT(p->s->by), HF_INT(p->s->at), HF_INT(change)),
			  NULL, err);
}

enum hf_rc
hf_ct_book_prepare(struct hf_store *store, struct hf_db *db, const struct hf_ct_by *by,
		   const struct hf_ct_library *l, size_t at, int quarter, hf_time now,
		   struct hf_arena *arena, struct hf_ct_statement *out,
		   struct hf_err *err)
{
	const struct hf_ct_terms *t = l->contracts[at];
	struct prepare p = {by, hf_sv_from(t->id), out};
	struct hf_ct_statement_about about = {
	    .quarter = quarter, .by = by->user, .at = now};
	struct hf_ct_statement last = {0};
	char text[16], sha[HF_CT_SHA_TEXT];
	enum hf_rc rc;

	if (quarter < 1 || quarter > 4)
		return hf_fail(err, HF_INVALID, "quarter", "a quarter is 1 to 4");
	*out = (struct hf_ct_statement){.by = by->user, .at = now};
	out->quarter = hf_arena_sv(
	    arena, hf_sv_from(hf_ct_quarter_text(t->fy, quarter, text, sizeof text)));
	rc = hf_ct_book_statement(db, p.contract, out->quarter, 0, arena, &last, err);
	if (rc == HF_NOT_FOUND)
		rc = HF_OK;
	if (rc == HF_OK && last.n_signatures == HF_CT_PARTIES)
		rc = hf_fail(err, HF_RULE, "quarter",
			     "the quarter is agreed: what has changed since is a "
			     "correction in the next one");
	about.version = out->version = last.version + 1;
	if (rc == HF_OK)
		rc = make(db, l, at, &about, INT64_MAX, now, arena, &out->body,
			  &out->seq, err);
	if (rc)
		return rc;
	if (!hf_ct_sha(out->body, sha))
		return hf_fail(err, HF_FAULT, NULL, "the statement has no hash");
	out->hash = hf_arena_sv(arena, hf_sv_from(sha));
	return hf_store_desk(
	    store,
	    &(struct hf_desk_job){.actor = by->user,
				  .purpose = by->purpose,
				  .trace = by->trace,
				  .what = subject_of(p.contract, out, arena),
				  .write = write_prepare,
				  .ctx = &p,
				  .apart = true},
	    err);
}

enum hf_rc
hf_ct_book_again(struct hf_db *db, const struct hf_ct_library *l, size_t at,
		 const struct hf_ct_statement *s, struct hf_arena *arena,
		 struct hf_err *err)
{
	struct hf_ct_statement_about about = {
	    .quarter = s->quarter.n ? s->quarter.p[s->quarter.n - 1] - '0' : 0,
	    .version = s->version,
	    .by = s->by,
	    .at = s->at};
	struct hf_sv body;
	int64_t seq;
	enum hf_rc rc = make(db, l, at, &about, s->seq, s->at, arena, &body, &seq, err);

	if (rc == HF_OK && !hf_sv_eq(body, s->body))
		rc = hf_fail(err, HF_RULE, NULL,
			     "made again of the same inputs the statement differs: the "
			     "contract's document is not that of then");
	return rc;
}

/* ---- signing ---- */

struct sign {
	const struct hf_ct_by *by;
	const struct hf_ct_library *l;
	struct hf_ct_sign *s;
};

static enum hf_rc
check_sign(const struct sign *g, const struct hf_ct_statement *st, struct hf_err *err)
{
	if (!hf_sv_eq(st->hash, g->s->hash))
		return hf_fail(err, HF_STALE, "hash",
			       "this is not the statement you looked at: look again");
	if (g->by->party < 0 || !g->by->signatory)
		return hf_fail(err, HF_FORBIDDEN, "sign",
			       "this role does not sign for the party");
	for (size_t i = 0; i < st->n_signatures; i++) {
		if (st->signatures[i].party == g->by->party)
			return hf_fail(err, HF_EXISTS, "sign",
				       "the party has signed it already");
		if (hf_sv_eq(st->signatures[i].user, g->by->user))
			return hf_fail(err, HF_RULE, "sign",
				       "one person cannot sign for both parties");
	}
	return HF_OK;
}

static enum hf_rc
post_one(struct hf_db *db, const struct sign *g, const struct hf_ct_statement *st,
	 struct hf_ct_entry e, const char *kind, hf_pence pence, int64_t change,
	 hf_time at, struct hf_arena *arena, struct hf_err *err)
{
	e.line = hf_arena_printf(arena, "%.*s.%s", HF_SV_ARG(e.line), kind);
	e.kind = hf_sv_from(kind);
	e.prepared = st->by;
	e.approved = g->by->user;
	e.n_legs = 2;
	e.legs[0] = (struct hf_ct_leg){HF_SV("provider"), pence};
	e.legs[1] = (struct hf_ct_leg){HF_SV("commissioner"), -pence};
	return hf_ct_book_post(db, &e, change, at, err);
}

static int64_t
member_int(const struct hf_json *d, uint32_t node, const char *name)
{
	uint32_t at = hf_json_get(d, node, hf_sv_from(name));
	int64_t v = 0;

	if (at != HF_JSON_NONE)
		hf_sv_int(hf_json_raw(d, at), &v);
	return v;
}

/* On-account money and true-up of each component, and corrections. */
static enum hf_rc
post_all(struct hf_db *db, const struct sign *g, const struct hf_ct_statement *st,
	 int64_t period, int64_t change, hf_time at, struct hf_arena *arena,
	 struct hf_err *err)
{
	struct hf_ct_entry e = {.contract = g->s->contract,
				.period = period,
				.words = HF_SV("quarterly reconciliation"),
				.document = st->hash,
				.source = subject_of(g->s->contract, st, arena)};
	struct hf_json d;
	enum hf_rc rc = hf_ct_statement_check(st->body, arena, &d, err);
	uint32_t list = rc ? HF_JSON_NONE : hf_json_member(&d, 0, "components");
	uint32_t back = rc ? HF_JSON_NONE : hf_json_member(&d, 0, "corrections");

	for (uint32_t i = 0; rc == HF_OK && i < hf_json_count(&d, list); i++) {
		uint32_t c = hf_json_at(&d, list, i);

		e.line = hf_json_str(&d, hf_json_member(&d, c, "id"), arena);
		rc = post_one(db, g, st, e, "account", member_int(&d, c, "account"),
			      change, at, arena, err);
		if (rc == HF_OK)
			rc = post_one(db, g, st, e, "true-up",
				      member_int(&d, c, "trueUp"), change, at, arena,
				      err);
	}
	for (uint32_t i = 0; rc == HF_OK && i < hf_json_count(&d, back); i++) {
		uint32_t c = hf_json_at(&d, back, i);

		e.line = hf_json_str(&d, hf_json_member(&d, c, "component"), arena);
		rc = post_one(db, g, st, e, "correction", member_int(&d, c, "pence"),
			      change, at, arena, err);
	}
	return rc;
}

static enum hf_rc
close_months(struct hf_db *db, const struct sign *g, const struct hf_ct_statement *st,
	     int64_t last, int64_t change, hf_time at, struct hf_arena *arena,
	     struct hf_err *err)
{
	struct hf_sv subject = subject_of(g->s->contract, st, arena);
	enum hf_rc rc = HF_OK;

	/* A quarter's months are of one calendar year. */
	for (int64_t period = last - 2; rc == HF_OK && period <= last; period++)
		rc = hf_db_exec(db, HF_Q_CONTRACT_LOCK_ADD,
				HF_ARGS(HF_TEXT(g->s->contract), HF_INT(period),
					HF_TEXT(subject), HF_TEXT(g->by->user),
					HF_INT(at), HF_INT(change)),
				NULL, err);
	return rc;
}

static int64_t
last_period(struct hf_sv quarter)
{
	int64_t fy = 0;
	int q = quarter.n ? quarter.p[quarter.n - 1] - '0' : 0;

	hf_sv_int((struct hf_sv){quarter.p, quarter.n > 3 ? quarter.n - 3 : 0}, &fy);
	return q == 4 ? (fy + 1) * 100 + 3 : fy * 100 + 3 + q * 3;
}

static enum hf_rc
sign_in(struct hf_db *db, const struct sign *g, struct hf_arena *arena, int64_t change,
	hf_time at, struct hf_err *err)
{
	struct hf_ct_statement st;
	struct hf_ct_sign *s = g->s;
	int64_t last;
	enum hf_rc rc = last_version(db, s->contract, s->quarter, &last, err);

	if (rc == HF_OK && last != s->version)
		rc = last == 0 ? hf_fail(err, HF_NOT_FOUND, NULL,
					 "there is no such statement")
			       : hf_fail(err, HF_STALE, "version",
					 "there is a newer version: look at that");
	if (rc == HF_OK)
		rc = hf_ct_book_statement(db, s->contract, s->quarter, s->version,
					  arena, &st, err);
	if (rc == HF_OK)
		rc = check_sign(g, &st, err);
	if (rc == HF_OK)
		rc = hf_db_exec(db, HF_Q_CONTRACT_SIGNATURE_ADD,
				HF_ARGS(HF_TEXT(subject_of(s->contract, &st, arena)),
					HF_INT(g->by->party), HF_TEXT(g->by->user),
					HF_TEXT(g->by->role), HF_CT_TEXT(g->by->org),
					HF_INT(s->at), HF_TEXT(s->hash),
					HF_TEXT(s->jws), HF_INT(change)),
				NULL, err);
	s->agreed = rc == HF_OK && st.n_signatures == HF_CT_PARTIES - 1;
	if (!s->agreed)
		return rc;
	rc = post_all(db, g, &st, last_period(s->quarter), change, at, arena, err);
	return rc ? rc
		  : close_months(db, g, &st, last_period(s->quarter), change, at, arena,
				 err);
}

static enum hf_rc
write_sign(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct sign *g = ctx;
	struct hf_arena arena = {.cap = 16 << 20};
	enum hf_rc rc = hf_ct_book_role(db, g->by, at, err);

	if (rc == HF_OK)
		rc = sign_in(db, g, &arena, change, at, err);
	hf_arena_free(&arena);
	return rc;
}

enum hf_rc
hf_ct_book_sign(struct hf_store *store, const struct hf_ct_by *by,
		const struct hf_ct_library *l, struct hf_ct_sign *sign,
		struct hf_err *err)
{
	struct sign g = {by, l, sign};

	return hf_store_desk(store,
			     &(struct hf_desk_job){.actor = by->user,
						   .purpose = by->purpose,
						   .trace = by->trace,
						   .what = HF_SV("statement sign"),
						   .write = write_sign,
						   .ctx = &g,
						   .apart = true},
			     err);
}
