/* codeset_load.c - a document of definitions/codesets. */
#include "population/codeset.h"

struct load {
	struct hf_doc d;
	struct hf_pop_codesets *s;
};

struct hf_pop_list
hf_pop_list_load(struct hf_doc *d, uint32_t object, const char *name, bool needed)
{
	struct hf_pop_list l = {0};
	size_t n;
	const char **texts = hf_doc_ids(d, object, name, needed, &n);

	if (!texts)
		return l;
	if (n > HF_POP_PATTERNS) {
		hf_doc_wrong(d, object, "\"%s\" has more than %d patterns", name,
			     HF_POP_PATTERNS);
		return l;
	}
	l.items = hf_doc_room(d, n, sizeof *l.items);
	for (size_t i = 0; l.items && i < n; i++)
		if (hf_pop_pattern_read(hf_sv_from(texts[i]), &l.items[l.n]))
			l.n++;
		else if (*texts[i]) /* else it is a finding already */
			hf_doc_wrong(d, object,
				     "\"%s\" is no pattern of codes: write I50, "
				     "I60-I69 or E10-E14:0168, upper case, no dot",
				     texts[i]);
	return l;
}

/* Its index, -1: there is none. */
static int
load_list(struct load *l, uint32_t object, const char *name, bool needed)
{
	struct hf_pop_list list = hf_pop_list_load(&l->d, object, name, needed);

	if (list.n == 0)
		return -1;
	if (l->s->n_lists == HF_POP_LISTS) {
		hf_doc_wrong(&l->d, object, "a document has at most %d lists of codes",
			     HF_POP_LISTS);
		return -1;
	}
	l->s->lists[l->s->n_lists] = list;
	return (int)l->s->n_lists++;
}

static enum hf_pop_position
load_position(struct load *l, uint32_t object, enum hf_pop_position otherwise)
{
	static const char *const names[] = {"primary", "secondary", "any"};
	const char *name = hf_doc_text(&l->d, object, "position", false);

	if (!*name)
		return otherwise;
	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return (enum hf_pop_position)i;
	hf_doc_wrong(&l->d, object, "\"position\" is primary, secondary or any");
	return otherwise;
}

static struct hf_pop_diagnosis
load_diagnosis(struct load *l, uint32_t clause, const char *name)
{
	uint32_t o = hf_doc_member(&l->d, clause, name, HF_JSON_OBJECT, false);
	struct hf_pop_diagnosis is = {.list = -1};

	if (o == HF_JSON_NONE)
		return is;
	hf_doc_only(&l->d, o, "icd10 position");
	is.list = load_list(l, o, "icd10", true);
	is.position = load_position(l, o, HF_POP_SECONDARY);
	return is;
}

static void
load_clause(struct load *l, uint32_t o, struct hf_pop_clause *k)
{
	uint32_t p;

	hf_doc_only(&l->d, o, "icd10 position with without procedure");
	*k = (struct hf_pop_clause){.minor = -1, .without_procedure = -1};
	k->is.list = load_list(l, o, "icd10", true);
	k->is.position = load_position(l, o, HF_POP_PRIMARY);
	k->with = load_diagnosis(l, o, "with");
	k->without = load_diagnosis(l, o, "without");
	p = hf_doc_member(&l->d, o, "procedure", HF_JSON_OBJECT, false);
	if (p == HF_JSON_NONE)
		return;
	hf_doc_only(&l->d, p, "none but not");
	k->no_procedure = hf_doc_bool(&l->d, p, "none", false);
	k->minor = load_list(l, p, "but", false);
	k->without_procedure = load_list(l, p, "not", false);
	if (k->no_procedure == (k->without_procedure >= 0) ||
	    (k->minor >= 0 && !k->no_procedure))
		hf_doc_wrong(&l->d, p,
			     "\"procedure\" has either \"none\": true, perhaps with "
			     "\"but\", or \"not\" with codes");
}

static void
load_set(struct load *l, uint32_t o)
{
	struct hf_pop_set *s = &l->s->sets[l->s->n];
	uint32_t list;

	hf_doc_only(&l->d, o, "id title group note any");
	s->id = hf_doc_id(&l->d, o, "id", true);
	s->title = hf_doc_text(&l->d, o, "title", true);
	s->group = hf_doc_text(&l->d, o, "group", false);
	s->note = hf_doc_text(&l->d, o, "note", false);
	if (*s->id && hf_pop_codesets_find(l->s, hf_sv_from(s->id)) >= 0)
		hf_doc_wrong(&l->d, o, "the set \"%s\" stands twice", s->id);
	list = hf_doc_member(&l->d, o, "any", HF_JSON_ARRAY, true);
	if (list != HF_JSON_NONE && (hf_json_count(&l->d.json, list) == 0 ||
				     hf_json_count(&l->d.json, list) > HF_POP_CLAUSES))
		hf_doc_wrong(&l->d, list, "1 to %d clauses are needed here",
			     HF_POP_CLAUSES);
	HF_DOC_EACH(&l->d, c, list)
	if (s->n < HF_POP_CLAUSES)
		load_clause(l, c, &s->clauses[s->n++]);
	l->s->n++;
}

static void
load_sets(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "sets", HF_JSON_ARRAY, true);
	size_t n = hf_json_count(&l->d.json, list);

	if (list == HF_JSON_NONE)
		return;
	if (n == 0 || n > HF_POP_SETS) {
		hf_doc_wrong(&l->d, list, "1 to %d sets are needed here", HF_POP_SETS);
		return;
	}
	l->s->sets = hf_doc_room(&l->d, n, sizeof *l->s->sets);
	HF_DOC_EACH(&l->d, c, list)
	if (l->s->sets)
		load_set(l, c);
}

enum hf_rc
hf_pop_codesets_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		     struct hf_issues *issues, struct hf_pop_codesets *out,
		     struct hf_err *err)
{
	struct hf_pop_codesets *s = HF_NEW(arena, struct hf_pop_codesets);
	struct load l = {.s = s};
	enum hf_rc rc;

	if (!s)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (hf_doc_open(&l.d, name, text, arena, issues)) {
		hf_doc_only(&l.d, 0, "id version title source licence sets");
		s->id = hf_doc_id(&l.d, 0, "id", true);
		s->version = hf_doc_id(&l.d, 0, "version", true);
		s->title = hf_doc_text(&l.d, 0, "title", true);
		s->source = hf_doc_text(&l.d, 0, "source", true);
		s->licence = hf_doc_text(&l.d, 0, "licence", false);
		load_sets(&l);
	}
	rc = hf_doc_close(&l.d, err);
	if (rc == HF_OK)
		*out = *s;
	return rc;
}
