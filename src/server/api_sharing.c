/* api_sharing.c - administration of what is shared with whom: agreements, suspended
 * organisations, delegations, proxies, the opt-out list.
 *
 * Whoever changes anything has proved who they are within the last minutes.  An
 * administrator sees ids of persons and never who they are. */
#include "record/io/person_key.h"
#include "server/api.h"
#include "server/api_body.h"
#include "server/serve.h"
#include "server/sharing_write.h"
#include "server/sign.h"

void hf_api_agreements(struct hf_call *call);
void hf_api_agreement_add(struct hf_call *call);
void hf_api_agreement_end(struct hf_call *call);
void hf_api_admin_organisations(struct hf_call *call);
void hf_api_organisation_suspend(struct hf_call *call);
void hf_api_organisation_resume(struct hf_call *call);
void hf_api_delegations(struct hf_call *call);
void hf_api_delegation_add(struct hf_call *call);
void hf_api_delegation_end(struct hf_call *call);
void hf_api_proxies(struct hf_call *call);
void hf_api_proxy_add(struct hf_call *call);
void hf_api_proxy_end(struct hf_call *call);
void hf_api_proxy_review(struct hf_call *call);
void hf_api_optout(struct hf_call *call);

enum { ORGANISATIONS = 2000, TEXT_MAX = 120 };

/* ---- parts ---- */

/* May this change anything now?  False when it has answered. */
static bool
may_change(struct hf_call *call)
{
	struct hf_err err;

	if (!hf_api_no_params(call))
		return false;
	if (call->actor->kind != HF_ACTOR_PERSON || hf_sign_proved(call, &err) == HF_OK)
		return true;
	hf_api_fail_as(call, &err, "proof");
	return false;
}

/* Does what was prepared, when it was, and answers {"id"} or the failure. */
static void
carry_out(struct hf_call *call, enum hf_rc rc, struct hf_sharing *s, struct hf_err *err)
{
	struct hf_jw w;

	if (rc == HF_OK) {
		s->job.actor = call->actor->id;
		s->job.purpose = call->actor->purpose;
		s->job.trace = hf_call_trace(call);
		rc = hf_store_desk(call->store, &s->job, err);
	}
	if (rc) {
		hf_api_fail(call, err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_field(&w, "id", s->id);
	hf_api_end(call);
}

/* The texts of a form, by name; those that are missing are empty. */
struct field {
	const char *name;
	struct hf_sv *out;
};

static enum hf_rc
read_form(struct hf_call *call, const char *members, const struct field *fields,
	  size_t n, struct hf_json *doc, struct hf_err *err)
{
	enum hf_rc rc = hf_api_body(call, members, doc, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = hf_api_body_text(call, doc, fields[i].name, 0, TEXT_MAX,
				      fields[i].out, err);
	return rc;
}

/* A member that is a day or an instant; 0 when it is not there. */
static enum hf_rc
time_of(struct hf_call *call, const struct hf_json *doc, const char *name, hf_time *out,
	struct hf_err *err)
{
	struct hf_sv text;
	struct hf_date date;
	enum hf_rc rc = hf_api_body_text(call, doc, name, 0, 40, &text, err);

	*out = 0;
	if (rc || text.n == 0)
		return rc;
	if (!hf_date_parse(text, true, &date))
		return hf_fail(err, HF_INVALID, name,
			       "expected a day, as 2027-03-31, or an instant");
	*out = date.lo;
	return HF_OK;
}

static enum hf_rc
flag_of(const struct hf_json *doc, const char *name, bool *out, struct hf_err *err)
{
	uint32_t i = hf_json_get(doc, 0, hf_sv_from(name));

	*out = i != HF_JSON_NONE && hf_json_type(doc, i) == HF_JSON_TRUE;
	if (i == HF_JSON_NONE || *out || hf_json_type(doc, i) == HF_JSON_FALSE)
		return HF_OK;
	return hf_fail(err, HF_INVALID, name, "expected true or false");
}

static enum hf_rc
names_of(struct hf_call *call, struct hf_org_names *out, struct hf_err *err)
{
	struct hf_org_line *orgs = NULL;
	bool more;

	out->n = 0;
	if (hf_place_organisations(call->store, call->reader, ORGANISATIONS,
				   call->arena, &orgs, &out->n, &more, err))
		return err->rc;
	out->items = orgs;
	return HF_OK;
}

/* A reader for what has to be found though this user may not see it: a person by id. */
static enum hf_rc
plain_reader(struct hf_call *call, struct hf_reader **out, struct hf_err *err)
{
	enum hf_rc rc = hf_reader_get(call->store, out, err);

	if (rc == HF_OK)
		hf_reader_as(*out, NULL);
	return rc;
}

/* ---- agreements ---- */

void
hf_api_agreements(struct hf_call *call)
{
	struct hf_agreement_row *rows = NULL;
	struct hf_org_names names;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	if (!hf_api_no_params(call))
		return;
	if (names_of(call, &names, &err) != HF_OK ||
	    hf_sharing_agreements(hf_reader_db(call->reader), call->arena, &rows, &n,
				  &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "items");
	hf_write_agreements(&w, rows, n, &names, call->now);
	hf_api_end(call);
}

void
hf_api_agreement_add(struct hf_call *call)
{
	struct hf_agreement_form f = {0};
	const struct field fields[] = {{"from", &f.from}, {"to", &f.to},
				       {"tier", &f.tier}, {"categories", &f.categories},
				       {"dsa", &f.dsa},	  {"dpia", &f.dpia}};
	struct hf_sharing s;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!may_change(call))
		return;
	rc = read_form(call, "from to tier categories start ends dsa dpia", fields,
		       HF_COUNT(fields), &doc, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "start", &f.start, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "ends", &f.until, &err);
	if (rc == HF_OK)
		rc = hf_sharing_agreement(&f, &call->server->policy, call->now,
					  call->arena, &s, &err);
	carry_out(call, rc, &s, &err);
}

void
hf_api_agreement_end(struct hf_call *call)
{
	struct hf_sharing s;
	struct hf_err err;

	if (may_change(call))
		carry_out(call,
			  hf_sharing_agreement_end(call->arg[0], call->arena, &s, &err),
			  &s, &err);
}

/* ---- organisations ---- */

static void
write_suspension(struct hf_jw *w, const struct hf_suspension_row *rows, size_t n,
		 struct hf_sv code, hf_time now)
{
	const struct hf_suspension_row *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(rows[i].org, code) && rows[i].start <= now &&
		    now < rows[i].until && now < rows[i].ended)
			found = &rows[i];
	hf_api_flag(w, "suspended", found != NULL);
	if (!found)
		return;
	hf_write_time(w, "since", found->start);
	hf_write_time(w, "until", found->until);
	hf_jw_field(w, "reason", found->reason);
}

/* The most that anybody shares with it, by the agreement with every organisation. */
static void
write_tier(struct hf_jw *w, const struct hf_rights *rights, struct hf_sv code,
	   hf_time now)
{
	enum hf_tier tier = hf_rights_tier_least(rights, code, now);

	hf_jw_field(w, "tier", hf_sv_from(hf_word(HF_WORDS_TIER, (int)tier)));
	hf_jw_field(w, "tierText", hf_sv_from(hf_word_text(HF_WORDS_TIER, (int)tier)));
}

void
hf_api_admin_organisations(struct hf_call *call)
{
	struct hf_suspension_row *rows = NULL;
	const struct hf_rights *rights;
	struct hf_org_names names;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	if (!hf_api_no_params(call))
		return;
	if (names_of(call, &names, &err) != HF_OK ||
	    hf_call_rights(call, &rights, &err) != HF_OK ||
	    hf_sharing_suspensions(hf_reader_db(call->reader), call->arena, &rows, &n,
				   &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "items");
	hf_jw_arr(&w);
	for (size_t i = 0; i < names.n; i++) {
		const struct hf_org_line *o = &names.items[i];

		hf_jw_obj(&w);
		hf_jw_field(&w, "id", o->ref);
		hf_jw_field(&w, "name", o->name);
		hf_api_text(&w, "code", o->code);
		hf_api_text(&w, "kind", o->kind);
		write_suspension(&w, rows, n, o->code, call->now);
		if (o->code.n)
			write_tier(&w, rights, o->code, call->now);
		hf_jw_obj_end(&w);
	}
	hf_jw_arr_end(&w);
	hf_api_end(call);
}

void
hf_api_organisation_suspend(struct hf_call *call)
{
	struct hf_sv reason = {NULL, 0};
	const struct field fields[] = {{"reason", &reason}};
	struct hf_sharing s;
	struct hf_json doc;
	hf_time until = 0;
	struct hf_err err;
	enum hf_rc rc;

	if (!may_change(call))
		return;
	rc = read_form(call, "reason until", fields, 1, &doc, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "until", &until, &err);
	if (rc == HF_OK)
		rc = hf_sharing_suspend(call->arg[0], reason, until, call->now,
					call->arena, &s, &err);
	carry_out(call, rc, &s, &err);
}

void
hf_api_organisation_resume(struct hf_call *call)
{
	struct hf_sharing s;
	struct hf_err err;

	if (may_change(call))
		carry_out(call, hf_sharing_resume(call->arg[0], call->arena, &s, &err),
			  &s, &err);
}

/* ---- delegations ---- */

void
hf_api_delegations(struct hf_call *call)
{
	struct hf_delegation_row *rows = NULL;
	struct hf_reader *plain = NULL;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	if (!hf_api_no_params(call))
		return;
	if (hf_sharing_delegations(hf_reader_db(call->reader), call->arena, &rows, &n,
				   &err) != HF_OK ||
	    plain_reader(call, &plain, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "items");
	hf_write_delegations(&w, rows, n, plain, call->arena, call->now);
	hf_reader_put(plain);
	hf_api_end(call);
}

void
hf_api_delegation_add(struct hf_call *call)
{
	struct hf_delegation_form f = {0};
	const struct field fields[] = {{"from", &f.from},
				       {"to", &f.to},
				       {"org", &f.org},
				       {"person", &f.person},
				       {"reason", &f.reason}};
	struct hf_reader *plain = NULL;
	struct hf_sharing s;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!may_change(call))
		return;
	rc = read_form(call, "from to org person reason start ends", fields,
		       HF_COUNT(fields), &doc, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "start", &f.start, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "ends", &f.until, &err);
	if (rc == HF_OK && f.person.n)
		rc = hf_person_key(call->store, f.person, call->arena, &f.person, &err);
	if (rc == HF_OK)
		rc = plain_reader(call, &plain, &err);
	if (rc == HF_OK)
		rc = hf_sharing_delegate(plain, &f, call->now, call->arena, &s, &err);
	hf_reader_put(plain);
	carry_out(call, rc, &s, &err);
}

void
hf_api_delegation_end(struct hf_call *call)
{
	struct hf_sharing s;
	struct hf_err err;

	if (may_change(call))
		carry_out(call,
			  hf_sharing_delegate_end(call->arg[0], call->arena, &s, &err),
			  &s, &err);
}

/* ---- proxies ---- */

void
hf_api_proxies(struct hf_call *call)
{
	struct hf_proxy_row *rows = NULL;
	struct hf_reader *plain = NULL;
	struct hf_err err;
	struct hf_jw w;
	size_t n = 0;

	if (!hf_api_no_params(call))
		return;
	if (hf_sharing_proxies(hf_reader_db(call->reader), call->arena, &rows, &n,
			       &err) != HF_OK ||
	    plain_reader(call, &plain, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_jw_member(&w, "items");
	hf_write_proxies(&w, rows, n, plain, call->arena, call->now);
	hf_reader_put(plain);
	hf_api_end(call);
}

void
hf_api_proxy_add(struct hf_call *call)
{
	struct hf_proxy_form f = {0};
	const struct field fields[] = {{"from", &f.holder},
				       {"person", &f.person},
				       {"contents", &f.contents},
				       {"reason", &f.relationship}};
	struct hf_reader *plain = NULL;
	struct hf_sharing s;
	struct hf_json doc;
	struct hf_err err;
	enum hf_rc rc;

	if (!may_change(call))
		return;
	rc = read_form(call, "from person contents reason named reviewed start ends",
		       fields, HF_COUNT(fields), &doc, &err);
	if (rc == HF_OK)
		rc = flag_of(&doc, "named", &f.named, &err);
	if (rc == HF_OK)
		rc = flag_of(&doc, "reviewed", &f.reviewed, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "start", &f.start, &err);
	if (rc == HF_OK)
		rc = time_of(call, &doc, "ends", &f.until, &err);
	if (rc == HF_OK)
		rc = hf_person_key(call->store, f.person, call->arena, &f.person, &err);
	if (rc == HF_OK)
		rc = plain_reader(call, &plain, &err);
	if (rc == HF_OK)
		rc = hf_sharing_proxy(plain, &f, call->now, call->arena, &s, &err);
	hf_reader_put(plain);
	carry_out(call, rc, &s, &err);
}

void
hf_api_proxy_end(struct hf_call *call)
{
	struct hf_sharing s;
	struct hf_err err;

	if (may_change(call))
		carry_out(call,
			  hf_sharing_proxy_end(call->arg[0], call->arena, &s, &err), &s,
			  &err);
}

void
hf_api_proxy_review(struct hf_call *call)
{
	struct hf_sharing s;
	struct hf_err err;

	if (may_change(call))
		carry_out(call,
			  hf_sharing_proxy_review(call->arg[0], call->arena, &s, &err),
			  &s, &err);
}

/* ---- the opt-out list ---- */

void
hf_api_optout(struct hf_call *call)
{
	struct hf_ndo_state state;
	struct hf_err err;
	struct hf_jw w;

	if (!hf_api_no_params(call))
		return;
	if (hf_sharing_ndo_state(hf_reader_db(call->reader), &state, &err) != HF_OK) {
		hf_api_fail(call, &err);
		return;
	}
	hf_api_begin(call, &w);
	hf_write_optout(&w, &state, &call->server->policy, call->now);
	hf_api_end(call);
}
