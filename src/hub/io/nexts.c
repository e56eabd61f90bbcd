/* nexts.c - what can happen next to a referral, who may do it, and what it asks. */
#include "hub/io/hub_int.h"

const char *
hf_next_kind(const struct hf_pw_fact *f)
{
	switch (f->kind) {
	case HF_PW_BOOLEAN:
		return "boolean";
	case HF_PW_INTEGER:
		return "integer";
	case HF_PW_DECIMAL:
		return "decimal";
	case HF_PW_CODE:
		return "code";
	case HF_PW_STRING:
		break;
	}
	return "string";
}

bool
hf_next_asks(const char *guard, const char *id)
{
	size_t n = strlen(id);

	for (const char *at = strchr(guard, '%'); at; at = strchr(at + 1, '%'))
		if (strncmp(at + 1, id, n) == 0 &&
		    !(at[1 + n] >= 'a' && at[1 + n] <= 'z') &&
		    !(at[1 + n] >= 'A' && at[1 + n] <= 'Z') &&
		    !(at[1 + n] >= '0' && at[1 + n] <= '9'))
			return true;
	return false;
}

static void
add_need(struct hf_hub_next *next, const struct hf_pw_fact *f)
{
	struct hf_hub_need *need;
	const char *kind;

	for (size_t i = 0; i < next->n_needs; i++)
		if (next->needs[i].of == f)
			return;
	if (next->n_needs == HF_HUB_NEEDS)
		return;
	need = &next->needs[next->n_needs++];
	*need = (struct hf_hub_need){.fact = f->id, .title = f->title, .of = f};
	kind =
	    hf_hub_fact_kind(hf_sv_from(f->id), hf_sv_from(next->event), &need->list);
	need->kind = kind ? kind : hf_next_kind(f);
}

/* A fact that stays is said by triage; later moves only ask it. */
static bool
is_kept(const struct hf_hub *hub, size_t fact, const char *event)
{
	if (strcmp(event, "accept") == 0 || strcmp(event, "retriage") == 0)
		return false;
	for (size_t i = 0; i < hub->n_kept; i++)
		if (hub->kept[i] == fact)
			return true;
	return false;
}

static void
add_needs(const struct hf_hub *hub, const struct hf_pw_step *s,
	  struct hf_hub_next *next)
{
	const struct hf_pathway *p = hub->p;

	for (size_t i = 0; i < p->n_facts; i++)
		if (hf_next_asks(s->when.text, p->facts[i].id) &&
		    !hf_hub_fact_is_computed(hf_sv_from(p->facts[i].id)) &&
		    !is_kept(hub, i, next->event))
			add_need(next, &p->facts[i]);
}

const char *
hf_next_roles(const struct hf_pathway *p, hf_pw_set by, struct hf_arena *arena)
{
	struct hf_buf b = {.cap = 1000};
	const char *out;

	for (size_t i = 0; i < p->n_roles; i++)
		if (by >> i & 1)
			hf_buf_printf(&b, "%s%s", b.n ? " or " : "", p->roles[i]);
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] == '-')
			b.p[i] = ' ';
	out = hf_arena_cstr(arena, hf_buf_view(&b));
	hf_buf_free(&b);
	return out ? out : "";
}

size_t
hf_hub_nexts(struct hf_hub *hub, const struct hf_hub_actor *who,
	     const struct hf_hub_row *row, struct hf_arena *arena,
	     struct hf_hub_next *out)
{
	const struct hf_pathway *p = hub->p;
	hf_pw_set roles = hf_hub_roles_for(hub, who, row);
	size_t n = 0;

	for (size_t e = 0; e < p->n_events; e++) {
		struct hf_hub_next next = {
		    .event = p->events[e], .title = p->event_titles[e], .who = ""};
		hf_pw_set by = 0;

		for (size_t i = p->place[row->state][e];
		     i < p->place[row->state][e + 1]; i++) {
			const struct hf_pw_step *s = &p->steps[p->by_place[i]];

			hf_pw_set own = hf_hub_step_by(hub, s);

			by |= own;
			if (!(own & roles))
				continue;
			next.allowed = true;
			add_needs(hub, s, &next);
		}
		if (!by)
			continue; /* no step, or only time's and the program's own */
		if (!next.allowed)
			next.who = hf_next_roles(p, by, arena);
		if (next.allowed && strcmp(next.event, "find-duplicate") == 0 &&
		    !hf_hub_is_duplicate(hub, row)) {
			next.allowed = false;
			next.why = "No open referral of the same person and service is "
				   "older, and at most 72 hours";
		}
		out[n++] = next;
	}
	return n;
}
