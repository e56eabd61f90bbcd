/* policy_sensitivity.c - sensitivity.json read into a policy: categories of sensitive
 * content, their labels and the codes that say the same. */
#include "access/policy_load.h"
#include "access/sensitive.h"

static void
load_labels(struct hf_load *l, uint32_t node, struct hf_category *out)
{
	uint32_t list = hf_json_member(&l->doc, node, "labels");
	struct hf_sv *labels;

	list = list == HF_JSON_NONE ? list : hf_load_list(l, list);
	if (list == HF_JSON_NONE) {
		hf_load_wrong(l, node, "\"labels\" is needed here");
		return;
	}
	labels = hf_load_room(l, list, sizeof(*labels));
	if (!labels)
		return;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		struct hf_sv s = hf_json_str(&l->doc, c, l->arena);

		if (s.n == 0)
			hf_load_wrong(l, c, "a label is a text");
		labels[out->n_labels] = hf_arena_sv(l->arena, s);
		l->full = l->full || !labels[out->n_labels].p;
		out->n_labels++;
	}
	out->labels = labels;
}

/* ---- codes of sensitive content ---- */

static struct hf_sv
kept(struct hf_load *l, struct hf_sv s)
{
	struct hf_sv copy = hf_arena_sv(l->arena, s);

	l->full = l->full || !copy.p;
	return copy;
}

/* The words for code systems: {"word": "icd10", "urls": [...]}. */
static struct hf_code_system *
load_systems(struct hf_load *l, size_t *n)
{
	uint32_t list = hf_load_array(l, 0, HF_SV("systems"), WORDS_MAX);
	struct hf_code_system *systems =
	    hf_arena_array(l->arena, WORDS_MAX, sizeof(*systems));

	*n = 0;
	l->full = l->full || !systems;
	if (list == HF_JSON_NONE || !systems)
		return systems;
	for (uint32_t c = list + 1; c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		struct hf_sv word = hf_sv_from(HF_LOAD_TEXT(l, c, "word"));
		uint32_t urls = hf_json_member(&l->doc, c, "urls");

		hf_load_only(l, c, "word urls");
		urls = urls == HF_JSON_NONE ? urls : hf_load_list(l, urls);
		if (urls == HF_JSON_NONE) {
			hf_load_wrong(l, c, "\"urls\" is needed here");
			continue;
		}
		for (uint32_t u = urls + 1;
		     u < l->doc.nodes[urls].next && *n < WORDS_MAX;
		     u = l->doc.nodes[u].next)
			systems[(*n)++] = (struct hf_code_system){
			    word, kept(l, hf_json_str(&l->doc, u, l->arena))};
	}
	return systems;
}

static bool
has_system(const struct hf_code_system *systems, size_t n, struct hf_sv word)
{
	for (size_t i = 0; i < n; i++)
		if (hf_sv_eq(systems[i].word, word))
			return true;
	return false;
}

static bool
flag_of(struct hf_load *l, uint32_t object, struct hf_sv name)
{
	uint32_t node = hf_json_get(&l->doc, object, name);

	if (node == HF_JSON_NONE)
		return false;
	if (hf_json_type(&l->doc, node) != HF_JSON_TRUE)
		hf_load_wrong(l, node, "\"%.*s\" is true or left out", HF_SV_ARG(name));
	return true;
}

/* A code without the dots that ICD-10 and Read codes may have or not. */
static struct hf_sv
code_of(struct hf_load *l, uint32_t node)
{
	struct hf_sv raw = hf_sv_from(HF_LOAD_TEXT(l, node, "code"));
	char plain[CODE_MAX];
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '.')
			continue;
		if (n == CODE_MAX) {
			hf_load_wrong(l, node, "a code has at most %d characters",
				      CODE_MAX);
			return (struct hf_sv){NULL, 0};
		}
		plain[n++] = raw.p[i];
	}
	if (n == 0)
		hf_load_wrong(l, node, "a code is more than dots");
	return n ? kept(l, (struct hf_sv){plain, n}) : (struct hf_sv){NULL, 0};
}

static void
load_codes(struct hf_load *l, uint32_t node, const struct hf_code_system *systems,
	   size_t n_systems, struct hf_category *out)
{
	uint32_t list;
	struct hf_sensitive *codes;

	if (hf_json_member(&l->doc, node, "codes") == HF_JSON_NONE)
		return;
	list = hf_load_array(l, node, HF_SV("codes"), CODES_MAX);
	codes = list == HF_JSON_NONE ? NULL : hf_load_room(l, list, sizeof(*codes));
	for (uint32_t c = list + 1; codes && c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next) {
		struct hf_sensitive s = {
		    .system = hf_sv_from(HF_LOAD_TEXT(l, c, "system")),
		    .code = code_of(l, c),
		    .display = hf_sv_from(HF_LOAD_TEXT(l, c, "display")),
		    .prefix = flag_of(l, c, HF_SV("prefix")),
		    .unverified = flag_of(l, c, HF_SV("unverified")),
		};

		hf_load_only(l, c, "system code display prefix unverified");
		if (s.system.n && !has_system(systems, n_systems, s.system))
			hf_load_wrong(l, c, "there is no code system \"%.*s\"",
				      HF_SV_ARG(s.system));
		if (s.code.n)
			codes[out->n_codes++] = s;
	}
	out->codes = codes;
}

static void
load_category(struct hf_load *l, uint32_t node, const struct hf_code_system *systems,
	      size_t n_systems)
{
	int level = hf_load_word(l, node, HF_SV("level"), HF_WORDS_LEVEL);
	struct hf_category cat = {.code = HF_LOAD_TEXT(l, node, "code"),
				  .name = HF_LOAD_TEXT(l, node, "name"),
				  .level =
				      level < 0 ? HF_LEVEL_S3 : (enum hf_level)level};

	hf_load_only(l, node, "code name level labels codes");
	if (level == HF_LEVEL_S0 || level == HF_LEVEL_S1)
		hf_load_wrong(l, node, "a category is S2, S3 or P");
	if (hf_policy_category(l->out, hf_sv_from(cat.code)))
		hf_load_wrong(l, node, "there is a category %s already", cat.code);
	if (hf_json_member(&l->doc, node, "labels") != HF_JSON_NONE)
		load_labels(l, node, &cat);
	load_codes(l, node, systems, n_systems, &cat);
	if (cat.n_labels == 0 && cat.n_codes == 0)
		hf_load_wrong(l, node, "category %s has neither labels nor codes",
			      cat.code);
	l->out->categories[l->out->n_categories++] = cat;
}

void
hf_load_sensitivity(struct hf_load *l)
{
	uint32_t list = hf_load_array(l, 0, HF_SV("categories"), WORDS_MAX);
	size_t n_systems;
	struct hf_code_system *systems = load_systems(l, &n_systems);

	hf_load_only(l, 0, "document version systems categories");
	if (list == HF_JSON_NONE || !systems)
		return;
	l->out->categories = hf_load_room(l, list, sizeof(*l->out->categories));
	for (uint32_t c = list + 1; l->out->categories && c < l->doc.nodes[list].next;
	     c = l->doc.nodes[c].next)
		load_category(l, c, systems, n_systems);
	l->out->codes = hf_policy_codes_new(l->out, systems, n_systems, l->arena);
	l->full = l->full || !l->out->codes;
}
