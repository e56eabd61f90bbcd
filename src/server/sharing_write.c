/* sharing_write.c - agreements, delegations, proxies and opt-outs as JSON. */
#include "server/sharing_write.h"

void
hf_write_time(struct hf_jw *w, const char *name, hf_time t)
{
	char buf[32];

	if (t == HF_TIME_MIN || t == HF_TIME_MAX)
		return;
	hf_jw_kv(w, hf_sv_from(name), hf_sv_from(hf_time_format(t, buf, sizeof buf)));
}

static void
write_flag(struct hf_jw *w, const char *name, bool on)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_bool(w, on);
}

static void
write_text(struct hf_jw *w, const char *name, struct hf_sv text)
{
	if (text.n)
		hf_jw_kv(w, hf_sv_from(name), text);
}

struct hf_sv
hf_org_name(const struct hf_org_names *names, struct hf_sv code)
{
	for (size_t i = 0; names && i < names->n; i++)
		if (hf_sv_eq(names->items[i].code, code))
			return names->items[i].name;
	return (struct hf_sv){NULL, 0};
}

const char *
hf_sharing_state(hf_time start, hf_time until, hf_time ended, hf_time now)
{
	if (ended <= now)
		return "ended";
	if (until <= now)
		return "expired";
	return start > now ? "begins later" : "in force";
}

static void
write_party(struct hf_jw *w, const char *name, struct hf_sv code,
	    const struct hf_org_names *names)
{
	hf_jw_key(w, hf_sv_from(name));
	if (hf_sv_is(code, HF_EVERY_ORG)) {
		hf_jw_str(w, code);
		return;
	}
	hf_jw_obj(w);
	hf_jw_field(w, "code", code);
	write_text(w, "name", hf_org_name(names, code));
	hf_jw_obj_end(w);
}

void
hf_write_agreements(struct hf_jw *w, const struct hf_agreement_row *rows, size_t n,
		    const struct hf_org_names *names, hf_time now)
{
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		const struct hf_agreement *a = &rows[i].a;

		hf_jw_obj(w);
		hf_jw_field(w, "id", a->id);
		write_party(w, "from", a->from, names);
		write_party(w, "to", a->to, names);
		hf_jw_field(w, "tier",
			    hf_sv_from(hf_word(HF_WORDS_TIER, (int)a->tier)));
		hf_jw_field(w, "tierText",
			    hf_sv_from(hf_word_text(HF_WORDS_TIER, (int)a->tier)));
		write_text(w, "categories", a->categories);
		hf_write_time(w, "start", a->start);
		hf_write_time(w, "ends", a->until);
		write_text(w, "dsa", rows[i].dsa);
		write_text(w, "dpia", rows[i].dpia);
		hf_jw_field(
		    w, "state",
		    hf_sv_from(hf_sharing_state(a->start, a->until, a->ended, now)));
		write_flag(w, "expired", a->until <= now && a->ended > now);
		hf_write_time(w, "ended", a->ended);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

static void
write_id(struct hf_jw *w, const char *name, struct hf_sv id)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_obj(w);
	hf_jw_field(w, "id", id);
	hf_jw_obj_end(w);
}

/* Administrators never see who a person is: the id alone. */
static void
write_person(struct hf_jw *w, int64_t shelf, struct hf_reader *reader,
	     struct hf_arena *arena)
{
	struct hf_sv id = hf_sharing_person(reader, shelf, arena);

	if (id.n)
		write_id(w, "person", id);
}

void
hf_write_delegations(struct hf_jw *w, const struct hf_delegation_row *rows, size_t n,
		     struct hf_reader *reader, struct hf_arena *arena, hf_time now)
{
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		const struct hf_delegation_row *r = &rows[i];

		hf_jw_obj(w);
		hf_jw_field(w, "id", r->id);
		write_id(w, "from", r->from);
		hf_jw_field(w, "org", r->from_org);
		write_id(w, "to", r->to);
		if (r->shelf)
			write_person(w, r->shelf, reader, arena);
		hf_jw_field(w, "reason", r->reason);
		hf_write_time(w, "start", r->start);
		hf_write_time(w, "ends", r->until);
		hf_jw_field(
		    w, "state",
		    hf_sv_from(hf_sharing_state(r->start, r->until, r->ended, now)));
		hf_write_time(w, "ended", r->ended);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_write_proxies(struct hf_jw *w, const struct hf_proxy_row *rows, size_t n,
		 struct hf_reader *reader, struct hf_arena *arena, hf_time now)
{
	hf_jw_arr(w);
	for (size_t i = 0; i < n; i++) {
		const struct hf_proxy_row *r = &rows[i];

		hf_jw_obj(w);
		hf_jw_field(w, "id", r->id);
		write_id(w, "from", r->holder);
		hf_jw_field(w, "reason", r->relationship);
		hf_jw_field(w, "contents", r->contents);
		write_person(w, r->shelf, reader, arena);
		write_flag(w, "named", r->named);
		hf_write_time(w, "reviewed", r->reviewed);
		hf_write_time(w, "start", r->start);
		hf_write_time(w, "ends", r->until);
		hf_jw_field(
		    w, "state",
		    hf_sv_from(hf_sharing_state(r->start, r->until, r->ended, now)));
		hf_write_time(w, "ended", r->ended);
		hf_jw_obj_end(w);
	}
	hf_jw_arr_end(w);
}

void
hf_write_optout(struct hf_jw *w, const struct hf_ndo_state *state,
		const struct hf_policy *policy, hf_time now)
{
	const hf_time day = 86400000;
	bool stale = !state->there || state->list_at > now ||
		     now - state->list_at > policy->ndo_list_age;

	if (state->there) {
		hf_write_time(w, "at", state->list_at);
		hf_write_time(w, "imported", state->imported);
		hf_jw_member(w, "days");
		hf_jw_int(w, (now - state->list_at) / day);
	}
	hf_jw_member(w, "n");
	hf_jw_int(w, state->n);
	hf_jw_member(w, "most");
	hf_jw_int(w, policy->ndo_list_age / day);
	write_flag(w, "stale", stale);
}
