/* terms_select.c - "activity" of a line: which activity is its. */
#include "contract/terms_int.h"

#include "contract/activity_read.h"

static bool
choose(struct hf_doc *d, uint32_t node, const char *id, hf_ct_code *list, uint8_t *n)
{
	if (*n == HF_CT_CHOICES) {
		hf_doc_wrong(d, node, "at most %d codes of one kind", HF_CT_CHOICES);
		return false;
	}
	if (!hf_ct_code_parse(hf_sv_from(id), &list[*n]) || list[*n] == 0) {
		hf_doc_wrong(d, node, "\"%s\" is no code", id);
		return false;
	}
	(*n)++;
	return true;
}

static void
read_codes(struct hf_doc *d, uint32_t node, const char *name, hf_ct_code *list,
	   uint8_t *n)
{
	size_t many;
	const char **ids = hf_doc_ids(d, node, name, false, &many);

	for (size_t i = 0; i < many; i++)
		if (!choose(d, node, ids[i], list, n))
			return;
}

static void
read_pods(struct hf_doc *d, uint32_t node, struct hf_ct_select *s)
{
	size_t n;
	const char **ids = hf_doc_ids(d, node, "pods", false, &n);

	for (size_t i = 0; i < n; i++) {
		uint8_t pod = 1;

		while (pod < HF_CT_PODS && strcmp(ids[i], hf_ct_pod_code(pod)) != 0)
			pod++;
		if (pod == HF_CT_PODS)
			hf_doc_wrong(d, node, "\"%s\" is no point of delivery", ids[i]);
		else
			s->pods |= 1u << pod;
	}
}

static void
read_settings(struct hf_doc *d, uint32_t node, struct hf_ct_select *s)
{
	size_t n;
	const char **ids = hf_doc_ids(d, node, "settings", false, &n);

	for (size_t i = 0; i < n; i++) {
		uint8_t kind = 0;

		while (kind < HF_CT_ACTS && strcmp(ids[i], hf_ct_act_word(kind)) != 0)
			kind++;
		if (kind == HF_CT_ACTS)
			hf_doc_wrong(d, node,
				     "\"%s\" is no setting: spell, outpatient, ae, "
				     "unbundled or drug",
				     ids[i]);
		else
			s->kinds |= (uint8_t)(1u << kind);
	}
}

/* Who is not named is the party's own. */
static void
own_orgs(const struct hf_ct_party *p, struct hf_ct_choice *c)
{
	if (c->n)
		return;
	for (size_t i = 0; i < p->n_orgs; i++)
		if (hf_ct_code_parse(hf_sv_from(p->orgs[i]), &c->of[c->n]))
			c->n++;
}

void
hf_ct_read_select(struct hf_doc *d, uint32_t object, const struct hf_ct_terms *t,
		  struct hf_ct_line *l)
{
	struct hf_ct_select *s;
	struct hf_ct_choice *by;
	uint32_t node;

	if (hf_json_get(&d->json, object, HF_SV("activity")) == HF_JSON_NONE)
		return;
	node = hf_doc_member(d, object, "activity", HF_JSON_OBJECT, true);
	s = node == HF_JSON_NONE ? NULL : hf_doc_room(d, 1, sizeof *s);
	if (!s)
		return;
	by = s->by;
	l->select = s;
	hf_doc_only(d, node,
		    "pods settings specialties except_specialties hrgs except_hrgs "
		    "providers commissioners");
	read_pods(d, node, s);
	read_settings(d, node, s);
	read_codes(d, node, "specialties", by[HF_CT_BY_SPECIALTY].of,
		   &by[HF_CT_BY_SPECIALTY].n);
	read_codes(d, node, "except_specialties", by[HF_CT_BY_SPECIALTY].except,
		   &by[HF_CT_BY_SPECIALTY].n_except);
	read_codes(d, node, "hrgs", by[HF_CT_BY_HRG].of, &by[HF_CT_BY_HRG].n);
	read_codes(d, node, "except_hrgs", by[HF_CT_BY_HRG].except,
		   &by[HF_CT_BY_HRG].n_except);
	read_codes(d, node, "providers", by[HF_CT_BY_PROVIDER].of,
		   &by[HF_CT_BY_PROVIDER].n);
	read_codes(d, node, "commissioners", by[HF_CT_BY_COMMISSIONER].of,
		   &by[HF_CT_BY_COMMISSIONER].n);
	own_orgs(&t->parties[HF_CT_PROVIDER], &by[HF_CT_BY_PROVIDER]);
	own_orgs(&t->parties[HF_CT_COMMISSIONER], &by[HF_CT_BY_COMMISSIONER]);
}

void
hf_ct_check_selects(struct hf_doc *d, const struct hf_ct_terms *t)
{
	uint32_t list = hf_json_member(&d->json, 0, "components");

	for (size_t i = 0; i < t->n_lines; i++) {
		const struct hf_ct_line *a = &t->lines[i];
		enum hf_ct_kind kind = t->components[a->component].kind;

		if (a->select && (kind == HF_CT_OUTCOME || kind == HF_CT_RULE))
			hf_doc_wrong(d, list,
				     "line \"%s\" (line %u) cannot have \"activity\": "
				     "it is of no activity of its own",
				     a->id, a->at);
		for (size_t k = i + 1; k < t->n_lines; k++)
			if (hf_ct_select_meet(a->select, t->lines[k].select))
				hf_doc_wrong(d, list,
					     "lines \"%s\" (line %u) and \"%s\" (line "
					     "%u) could both claim one row: say in "
					     "\"activity\" whose it is",
					     a->id, a->at, t->lines[k].id,
					     t->lines[k].at);
	}
}
