/* sharing_person.c - delegations, proxies and calls at the hub. */
#include "access/io/account.h"
#include "base/io/clock.h"
#include "record/io/sharing_int.h"

enum { YEAR_DAYS = 366, PROXY_YEARS = 20 };

static const hf_time day = 86400000;

/* ---- accounts and persons ---- */

/* The account that text names: a login, "user/ID" or the ID. */
static enum hf_rc
account_of(struct hf_db *db, struct hf_sv text, const char *field,
	   struct hf_arena *arena, struct hf_account *out, struct hf_err *err)
{
	struct hf_err first = {0};
	enum hf_rc rc = HF_NOT_FOUND;

	if (text.n == 0)
		return hf_fail(err, HF_INVALID, field, "say who: a login or user/ID");
	if (hf_sv_starts(text, HF_SV("user/")))
		text = hf_sv_from_at(text, 5);
	else
		rc = hf_account_by_login(db, text, arena, out, &first);
	if (rc == HF_NOT_FOUND || rc == HF_INVALID)
		rc = hf_account_get(db, text, arena, out, &first);
	if (rc == HF_NOT_FOUND || rc == HF_INVALID)
		return hf_fail(err, HF_NOT_FOUND, field, "there is no such account");
	if (rc)
		return hf_fail(err, rc, field, "%s", first.text);
	if (out->state != HF_ACCOUNT_ACTIVE)
		return hf_fail(err, HF_RULE, field, "this account has ended");
	return HF_OK;
}

static enum hf_rc
shelf_of(struct hf_reader *reader, struct hf_sv id, int64_t *shelf, struct hf_err *err)
{
	struct hf_entry entry;
	enum hf_rc rc =
	    hf_store_find(reader, hf_resource_find(HF_SV("Patient")), id, &entry, err);

	if (rc == HF_OK && entry.deleted)
		rc = HF_GONE;
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return hf_fail(err, HF_NOT_FOUND, "person",
			       "there is no person with this id");
	if (rc == HF_OK)
		*shelf = HF_RID_SHELF(entry.rid);
	return rc;
}

struct hf_sv
hf_sharing_person(struct hf_reader *reader, int64_t shelf, struct hf_arena *arena)
{
	struct hf_sv id = {NULL, 0};

	/* Number 0 on a shelf is its Patient. */
	if (shelf < HF_SHELF_PERSON ||
	    hf_store_id_at(reader, HF_RID_MIN(shelf), arena, &id, NULL) != HF_OK)
		return (struct hf_sv){NULL, 0};
	return id;
}

/* ---- delegations ---- */

struct delegation {
	struct hf_delegation_row row;
	struct hf_sv from_who;
};

static enum hf_rc
write_delegation(void *ctx, struct hf_db *db, int64_t change, hf_time at,
		 struct hf_err *err)
{
	const struct delegation *d = ctx;
	const struct hf_delegation_row *r = &d->row;

	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_DELEGATION_ADD,
			  HF_ARGS(HF_TEXT(r->id), HF_TEXT(r->from),
				  HF_TEXT(r->from_org), HF_TEXT(d->from_who),
				  HF_TEXT(r->to), HF_INT(r->shelf), HF_INT(r->start),
				  HF_INT(r->until), HF_INT(r->ended),
				  HF_TEXT(r->reason), HF_INT(change)),
			  NULL, err);
}

/* The organisation that the account works at now: the one that is asked for, or the
 * only one. */
static enum hf_rc
works_at(struct hf_db *db, const struct hf_account *account, struct hf_sv asked,
	 hf_time now, struct hf_arena *arena, struct hf_sv *out, struct hf_err *err)
{
	struct hf_account_role *roles;
	struct hf_sv found = {NULL, 0};
	bool several = false;
	size_t n;
	enum hf_rc rc = hf_account_roles(db, account->id, arena, &roles, &n, err);

	if (rc == HF_OK && asked.n)
		rc = hf_sharing_org(asked, "org", arena, &asked, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (!hf_account_role_active(&roles[i], now) || roles[i].org.n == 0 ||
		    (asked.n && !hf_sv_eq(roles[i].org, asked)))
			continue;
		several = several || (found.n && !hf_sv_eq(found, roles[i].org));
		found = roles[i].org;
	}
	if (found.n == 0)
		return hf_fail(err, HF_RULE, "from",
			       "this user has no role at %s organisation now",
			       asked.n ? "that" : "an");
	if (several)
		return hf_fail(err, HF_INVALID, "org",
			       "this user works at several organisations: say for "
			       "which one is delegated");
	*out = found;
	return HF_OK;
}

enum hf_rc
hf_sharing_delegate(struct hf_reader *reader, const struct hf_delegation_form *f,
		    hf_time now, struct hf_arena *arena, struct hf_sharing *out,
		    struct hf_err *err)
{
	struct hf_db *db = hf_reader_db(reader);
	struct delegation *d = HF_NEW(arena, struct delegation);
	struct hf_account from = {.id = {NULL, 0}}, to = {.id = {NULL, 0}};
	enum hf_rc rc = d ? account_of(db, f->from, "from", arena, &from, err)
			  : hf_sharing_full(err);
	struct hf_sv what;

	if (rc == HF_OK)
		rc = account_of(db, f->to, "to", arena, &to, err);
	if (rc)
		return rc;
	d->row = (struct hf_delegation_row){
	    .id = hf_sharing_id(arena),
	    .from = hf_arena_printf(arena, "user/%.*s", HF_SV_ARG(from.id)),
	    .to = hf_arena_printf(arena, "user/%.*s", HF_SV_ARG(to.id)),
	    .start = f->start,
	    .until = f->until,
	    .ended = HF_NOT_ENDED,
	    .reason = f->reason,
	};
	d->from_who = from.who.n ? from.who : HF_SV("");
	if (hf_sv_eq(from.id, to.id))
		rc = hf_fail(err, HF_INVALID, "to", "nobody delegates to themself");
	if (rc == HF_OK)
		rc = works_at(db, &from, f->org, now, arena, &d->row.from_org, err);
	if (rc == HF_OK && f->person.n)
		rc = shelf_of(reader, f->person, &d->row.shelf, err);
	if (rc == HF_OK)
		rc = hf_sharing_text(f->reason, "reason", false, err);
	if (rc == HF_OK)
		rc = hf_sharing_period(&d->row.start, f->until, now, err);
	if (rc == HF_OK && f->until - d->row.start > YEAR_DAYS * day)
		rc = hf_fail(err, HF_INVALID, "until",
			     "a delegation lasts a year at most");
	if (rc)
		return rc;
	what = hf_arena_printf(arena, "delegation add %.*s %.*s %.*s",
			       HF_SV_ARG(d->row.id), HF_SV_ARG(d->row.from),
			       HF_SV_ARG(d->row.to));
	if (!what.p || !d->row.id.n || !d->row.to.p || !d->row.from.p)
		return hf_sharing_full(err);
	*out = (struct hf_sharing){
	    .id = d->row.id,
	    .job = {.what = what, .write = write_delegation, .ctx = d}};
	return HF_OK;
}

enum hf_rc
hf_sharing_delegate_end(struct hf_sv id, struct hf_arena *arena, struct hf_sharing *out,
			struct hf_err *err)
{
	return hf_sharing_end("delegation", HF_Q_RECORD_DELEGATION_END, id, arena, out,
			      err);
}

static void
delegation_row(const struct hf_rows *rows, void *out, struct hf_arena *arena)
{
	*(struct hf_delegation_row *)out = (struct hf_delegation_row){
	    .id = hf_sharing_at(rows, HF_C_RECORD_DELEGATION_LIST_ID, arena),
	    .from = hf_sharing_at(rows, HF_C_RECORD_DELEGATION_LIST_FROM_USER, arena),
	    .from_org =
		hf_sharing_at(rows, HF_C_RECORD_DELEGATION_LIST_FROM_ORG, arena),
	    .to = hf_sharing_at(rows, HF_C_RECORD_DELEGATION_LIST_TO_USER, arena),
	    .reason = hf_sharing_at(rows, HF_C_RECORD_DELEGATION_LIST_REASON, arena),
	    .shelf = hf_rows_int(rows, HF_C_RECORD_DELEGATION_LIST_SHELF),
	    .start = hf_rows_int(rows, HF_C_RECORD_DELEGATION_LIST_START),
	    .until = hf_rows_int(rows, HF_C_RECORD_DELEGATION_LIST_UNTIL),
	    .ended = hf_rows_int(rows, HF_C_RECORD_DELEGATION_LIST_ENDED),
	};
}

enum hf_rc
hf_sharing_delegations(struct hf_db *db, struct hf_arena *arena,
		       struct hf_delegation_row **out, size_t *n, struct hf_err *err)
{
	return hf_sharing_rows(db, HF_Q_RECORD_DELEGATION_LIST, sizeof(**out),
			       delegation_row, arena, (void **)out, n, err);
}

/* ---- proxies ---- */

static enum hf_rc
write_proxy(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	const struct hf_proxy_row *r = ctx;

	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_PROXY_ADD,
			  HF_ARGS(HF_TEXT(r->id), HF_TEXT(r->holder), HF_INT(r->shelf),
				  HF_TEXT(r->contents), HF_TEXT(r->relationship),
				  HF_INT(r->born), HF_INT(r->reviewed),
				  HF_INT(r->named), HF_INT(r->start), HF_INT(r->until),
				  HF_INT(r->ended), HF_INT(change)),
			  NULL, err);
}

/* The day of birth in the Patient; HF_NO_DAY when it is not one day. */
static enum hf_rc
born_of(struct hf_reader *reader, struct hf_sv id, struct hf_arena *arena, int64_t *out,
	struct hf_err *err)
{
	struct hf_version v;
	struct hf_json doc;
	struct hf_date date;
	enum hf_rc rc = hf_store_read(reader, HF_SV("Patient"), id, 0, arena, &v, err);

	*out = HF_NO_DAY;
	if (rc == HF_OK)
		rc = hf_json_parse(v.body, NULL, arena, &doc, err);
	if (rc == HF_OK &&
	    hf_date_parse(
		hf_json_str(&doc, hf_json_member(&doc, 0, "birthDate"), arena), false,
		&date) &&
	    date.precision >= HF_PREC_DAY)
		*out = hf_london_day(date.lo);
	return rc;
}

static enum hf_rc
holder_of(struct hf_reader *reader, struct hf_sv text, struct hf_arena *arena,
	  struct hf_sv *out, struct hf_err *err)
{
	struct hf_account account;
	int64_t shelf;
	enum hf_rc rc;

	if (hf_sv_starts(text, HF_SV("Patient/"))) {
		rc = shelf_of(reader, hf_sv_from_at(text, 8), &shelf, err);
		if (rc == HF_NOT_FOUND)
			return hf_fail(err, HF_NOT_FOUND, "holder",
				       "there is no Patient with this id");
		*out = text;
		return rc;
	}
	rc = account_of(hf_reader_db(reader), text, "holder", arena, &account, err);
	if (rc == HF_OK)
		*out = hf_arena_printf(arena, "user/%.*s", HF_SV_ARG(account.id));
	return rc == HF_OK && !out->p ? hf_sharing_full(err) : rc;
}

/* All that a person's own view has; what is not granted by name is left out. */
static const char all_contents[] =
    "DEMOGRAPHIC CONTACT APPOINTMENT LETTER TASK PLAN TODAY ALERT MEDICINE DOSE "
    "PROBLEM SOCIAL CLINICAL";

static enum hf_rc
contents_of(struct hf_sv text, struct hf_arena *arena, struct hf_sv *out,
	    struct hf_err *err)
{
	struct hf_sv all = hf_sv_from(all_contents), rest = text;
	char *copy;

	if (text.n == 0) {
		*out = all;
		return HF_OK;
	}
	copy = hf_arena_cstr(arena, text);
	if (!copy)
		return hf_sharing_full(err);
	for (size_t i = 0; i < text.n; i++)
		copy[i] = copy[i] == ',' ? ' ' : copy[i];
	rest = (struct hf_sv){copy, text.n};
	while (rest.n) {
		struct hf_sv word = hf_sv_cut(&rest, ' '), known = all;
		bool found = word.n == 0;

		while (known.n && !found)
			found = hf_sv_eq(hf_sv_cut(&known, ' '), word);
		if (!found)
			return hf_fail(err, HF_INVALID, "contents",
				       "\"%.*s\" is no content; there are %s",
				       (int)(word.n > 40 ? 40 : word.n), word.p,
				       all_contents);
	}
	*out = (struct hf_sv){copy, text.n};
	return HF_OK;
}

enum hf_rc
hf_sharing_proxy(struct hf_reader *reader, const struct hf_proxy_form *f, hf_time now,
		 struct hf_arena *arena, struct hf_sharing *out, struct hf_err *err)
{
	struct hf_proxy_row *r = HF_NEW(arena, struct hf_proxy_row);
	enum hf_rc rc = r ? HF_OK : hf_sharing_full(err);
	struct hf_sv what;

	if (rc)
		return rc;
	*r = (struct hf_proxy_row){
	    .id = hf_sharing_id(arena),
	    .relationship = f->relationship,
	    .reviewed = f->reviewed ? now : HF_TIME_MIN,
	    .named = f->named,
	    .start = f->start,
	    .until = f->until,
	    .ended = HF_NOT_ENDED,
	};
	rc = holder_of(reader, f->holder, arena, &r->holder, err);
	if (rc == HF_OK)
		rc = shelf_of(reader, f->person, &r->shelf, err);
	if (rc == HF_OK)
		rc = born_of(reader, f->person, arena, &r->born, err);
	if (rc == HF_OK)
		rc = contents_of(f->contents, arena, &r->contents, err);
	if (rc == HF_OK)
		rc = hf_sharing_text(f->relationship, "relationship", false, err);
	if (rc == HF_OK)
		rc = hf_sharing_period(&r->start, f->until, now, err);
	if (rc == HF_OK && f->until - r->start > (hf_time)PROXY_YEARS * YEAR_DAYS * day)
		rc = hf_fail(err, HF_INVALID, "until", "a proxy lasts %d years at most",
			     PROXY_YEARS);
	if (rc)
		return rc;
	what = hf_arena_printf(arena, "proxy add %.*s %.*s", HF_SV_ARG(r->id),
			       HF_SV_ARG(r->holder));
	if (!what.p || !r->id.n)
		return hf_sharing_full(err);
	*out = (struct hf_sharing){
	    .id = r->id, .job = {.what = what, .write = write_proxy, .ctx = r}};
	return HF_OK;
}

enum hf_rc
hf_sharing_proxy_end(struct hf_sv id, struct hf_arena *arena, struct hf_sharing *out,
		     struct hf_err *err)
{
	return hf_sharing_end("proxy", HF_Q_RECORD_PROXY_END, id, arena, out, err);
}

enum hf_rc
hf_sharing_proxy_review(struct hf_sv id, struct hf_arena *arena, struct hf_sharing *out,
			struct hf_err *err)
{
	enum hf_rc rc =
	    hf_sharing_end("proxy", HF_Q_RECORD_PROXY_REVIEW, id, arena, out, err);

	if (rc == HF_OK)
		out->job.what =
		    hf_arena_printf(arena, "proxy review %.*s", HF_SV_ARG(id));
	return rc == HF_OK && !out->job.what.p ? hf_sharing_full(err) : rc;
}

static void
proxy_row(const struct hf_rows *rows, void *out, struct hf_arena *arena)
{
	*(struct hf_proxy_row *)out = (struct hf_proxy_row){
	    .id = hf_sharing_at(rows, HF_C_RECORD_PROXY_LIST_ID, arena),
	    .holder = hf_sharing_at(rows, HF_C_RECORD_PROXY_LIST_HOLDER, arena),
	    .contents = hf_sharing_at(rows, HF_C_RECORD_PROXY_LIST_CONTENTS, arena),
	    .relationship =
		hf_sharing_at(rows, HF_C_RECORD_PROXY_LIST_RELATIONSHIP, arena),
	    .shelf = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_SHELF),
	    .born = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_BORN),
	    .reviewed = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_REVIEWED),
	    .named = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_NAMED) == 1,
	    .start = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_START),
	    .until = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_UNTIL),
	    .ended = hf_rows_int(rows, HF_C_RECORD_PROXY_LIST_ENDED),
	};
}

enum hf_rc
hf_sharing_proxies(struct hf_db *db, struct hf_arena *arena, struct hf_proxy_row **out,
		   size_t *n, struct hf_err *err)
{
	return hf_sharing_rows(db, HF_Q_RECORD_PROXY_LIST, sizeof(**out), proxy_row,
			       arena, (void **)out, n, err);
}

/* ---- the hub ---- */

struct hub_call {
	struct hf_sv id, holder;
	int64_t shelf;
	hf_time start, until;
};

static enum hf_rc
write_hub_call(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	       struct hf_err *err)
{
	const struct hub_call *h = ctx;

	(void)at;
	return hf_db_exec(db, HF_Q_RECORD_HUB_CALL_ADD,
			  HF_ARGS(HF_TEXT(h->id), HF_TEXT(h->holder), HF_INT(h->shelf),
				  HF_INT(h->start), HF_INT(h->until),
				  HF_INT(HF_NOT_ENDED), HF_INT(change)),
			  NULL, err);
}

enum hf_rc
hf_sharing_hub_call(struct hf_sv holder, int64_t shelf, hf_time start, hf_time until,
		    struct hf_arena *arena, struct hf_sharing *out, struct hf_err *err)
{
	struct hub_call *h = HF_NEW(arena, struct hub_call);
	struct hf_sv what;

	if (!h)
		return hf_sharing_full(err);
	if (!hf_account_is_ref(holder, HF_SV("CareTeam")) &&
	    !hf_sv_starts(holder, HF_SV("user/")))
		return hf_fail(err, HF_INVALID, "holder",
			       "expected user/ID or CareTeam/ID");
	if (until <= start || shelf < HF_SHELF_PERSON)
		return hf_fail(err, HF_INVALID, "until",
			       "it ends before it begins, or is of no person");
	*h = (struct hub_call){hf_sharing_id(arena), holder, shelf, start, until};
	what = hf_arena_printf(arena, "hub add %.*s %.*s", HF_SV_ARG(h->id),
			       HF_SV_ARG(holder));
	if (!what.p || !h->id.n)
		return hf_sharing_full(err);
	*out = (struct hf_sharing){
	    .id = h->id, .job = {.what = what, .write = write_hub_call, .ctx = h}};
	return HF_OK;
}

enum hf_rc
hf_sharing_hub_call_end(struct hf_sv id, struct hf_arena *arena, struct hf_sharing *out,
			struct hf_err *err)
{
	return hf_sharing_end("hub", HF_Q_RECORD_HUB_CALL_END, id, arena, out, err);
}
