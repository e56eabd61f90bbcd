/* bench_load.c - a document of definitions/benchmark-maps. */
#include "population/bench.h"

#include "population/map_int.h"

struct load {
	struct hf_doc d;
	struct hf_bench_map *m;
};

static const char *const role_names[HF_BENCH_ROLES] = {"organisation", "name", "parent",
						       "period"};

/* Names of a column, folded; or its place. */
static void
load_where(struct load *l, uint32_t o, struct hf_bench_column *c)
{
	uint32_t list = hf_doc_member(&l->d, o, "header", HF_JSON_ARRAY, false);

	c->position = (unsigned)hf_doc_int(&l->d, o, "position", 1, HF_CSV_FIELDS, 0);
	HF_DOC_EACH(&l->d, n, list)
	{
		struct hf_sv text = hf_json_str(&l->d.json, n, l->d.arena);
		char fold[HF_BENCH_TEXT];
		struct hf_sv name = {fold, hf_map_fold(text, fold, sizeof fold)};

		if (name.n == 0 || c->n_names == HF_BENCH_WORDS) {
			hf_doc_wrong(&l->d, n, "at most %d names, none of them empty",
				     HF_BENCH_WORDS);
			return;
		}
		c->names[c->n_names++] = hf_arena_sv(l->d.arena, name);
	}
	if ((c->n_names == 0) == (c->position == 0))
		hf_doc_wrong(&l->d, o, "a column has \"header\" or \"position\"");
	if (l->m->headless && c->position == 0)
		hf_doc_wrong(&l->d, o, "without a header a column has a \"position\"");
}

static void
load_roles(struct load *l)
{
	struct hf_bench_map *m = l->m;

	for (int r = 0; r < HF_BENCH_ROLES; r++) {
		uint32_t o = hf_doc_member(&l->d, 0, role_names[r], HF_JSON_OBJECT,
					   r == HF_BENCH_ORG);

		if (o == HF_JSON_NONE)
			continue;
		hf_doc_only(&l->d, o,
			    r == HF_BENCH_PERIOD ? "header position formats"
						 : "header position");
		m->role[r].id = role_names[r];
		m->role[r].optional = r == HF_BENCH_NAME || r == HF_BENCH_PARENT;
		load_where(l, o, &m->role[r]);
		if (r == HF_BENCH_PERIOD) {
			uint32_t list =
			    hf_doc_member(&l->d, o, "formats", HF_JSON_ARRAY, true);

			HF_DOC_EACH(&l->d, n, list)
			{
				struct hf_sv t = hf_json_str(&l->d.json, n, l->d.arena);

				if (m->n_formats == HF_BENCH_WORDS || t.n < 6) {
					hf_doc_wrong(&l->d, n, "this is no format");
					return;
				}
				m->formats[m->n_formats++] =
				    hf_arena_cstr(l->d.arena, t);
			}
		}
	}
}

static size_t
load_words(struct load *l, const char *name, struct hf_sv *out)
{
	uint32_t list = hf_doc_member(&l->d, 0, name, HF_JSON_ARRAY, false);
	size_t n = 0;

	HF_DOC_EACH(&l->d, c, list)
	{
		if (n == HF_BENCH_WORDS) {
			hf_doc_wrong(&l->d, c, "at most %d", HF_BENCH_WORDS);
			break;
		}
		out[n++] =
		    hf_map_lower(l->d.arena, hf_json_str(&l->d.json, c, l->d.arena));
	}
	return n;
}

static int
find_column(const struct hf_bench_map *m, struct hf_sv id)
{
	for (size_t i = 0; i < m->n_columns; i++)
		if (hf_sv_eq(hf_sv_from(m->columns[i].id), id))
			return (int)i;
	return -1;
}

static void
load_columns(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "columns", HF_JSON_ARRAY, true);

	HF_DOC_EACH(&l->d, o, list)
	{
		struct hf_bench_column *c = &l->m->columns[l->m->n_columns];
		const char *id = hf_doc_id(&l->d, o, "id", true);

		if (l->m->n_columns == HF_BENCH_COLUMNS ||
		    find_column(l->m, hf_sv_from(id)) >= 0) {
			hf_doc_wrong(&l->d, o,
				     "the column \"%s\" stands twice, or "
				     "there are more than %d",
				     id, HF_BENCH_COLUMNS);
			return;
		}
		hf_doc_only(&l->d, o, "id header position optional");
		c->id = id;
		c->optional = hf_doc_bool(&l->d, o, "optional", false);
		load_where(l, o, c);
		l->m->n_columns++;
	}
}

/* "count": ["type-1", "-booked"]: columns that are added, and taken off. */
static void
load_side(struct load *l, uint32_t o, const char *name, bool needed,
	  struct hf_bench_side *out)
{
	uint32_t list = hf_doc_member(&l->d, o, name, HF_JSON_ARRAY, needed);

	HF_DOC_EACH(&l->d, n, list)
	{
		struct hf_sv id = hf_json_str(&l->d.json, n, l->d.arena);
		bool minus = id.n && id.p[0] == '-';
		int at;

		if (minus)
			id = (struct hf_sv){id.p + 1, id.n - 1};
		at = find_column(l->m, id);
		if (at < 0 || out->n == HF_BENCH_TERMS) {
			hf_doc_wrong(&l->d, n,
				     "\"%.*s\" is no column of the map, or there are "
				     "more than %d",
				     HF_SV_ARG(id), HF_BENCH_TERMS);
			return;
		}
		out->terms[out->n].column = (uint8_t)at;
		out->terms[out->n++].minus = minus;
	}
	if (list != HF_JSON_NONE && out->n == 0)
		hf_doc_wrong(&l->d, list, "columns are needed here");
}

static void
load_figures(struct load *l)
{
	uint32_t list = hf_doc_member(&l->d, 0, "figures", HF_JSON_ARRAY, true);
	struct hf_bench_map *m = l->m;

	HF_DOC_EACH(&l->d, o, list)
	{
		struct hf_bench_figure *f = &m->figures[m->n_figures];
		const char *id = hf_doc_id(&l->d, o, "id", true);

		for (size_t i = 0; i < m->n_figures; i++)
			if (strcmp(m->figures[i].id, id) == 0)
				hf_doc_wrong(&l->d, o, "the figure stands twice");
		if (m->n_figures == HF_BENCH_FIGURES) {
			hf_doc_wrong(&l->d, o, "at most %d figures", HF_BENCH_FIGURES);
			return;
		}
		hf_doc_only(&l->d, o, "id title unit count of within");
		f->id = id;
		f->title = hf_doc_text(&l->d, o, "title", true);
		f->unit = hf_doc_text(&l->d, o, "unit", true);
		load_side(l, o, "count", true, &f->count);
		load_side(l, o, "of", false, &f->of);
		f->within = hf_doc_bool(&l->d, o, "within", false);
		if (f->within && f->of.n == 0)
			hf_doc_wrong(&l->d, o, "\"within\" needs \"of\"");
		m->n_figures++;
	}
	if (list != HF_JSON_NONE && m->n_figures == 0)
		hf_doc_wrong(&l->d, list, "a map gives figures");
}

static void
load_all(struct load *l)
{
	struct hf_bench_map *m = l->m;
	const char *text;

	hf_doc_only(&l->d, 0,
		    "id version title source licence header separator encoding "
		    "organisation name parent period totals missing suppressed columns "
		    "figures");
	m->id = hf_doc_id(&l->d, 0, "id", true);
	m->version = hf_doc_id(&l->d, 0, "version", true);
	m->title = hf_doc_text(&l->d, 0, "title", true);
	m->source = hf_doc_text(&l->d, 0, "source", true);
	m->licence = hf_doc_text(&l->d, 0, "licence", true);
	m->headless = !hf_doc_bool(&l->d, 0, "header", true);
	text = hf_doc_text(&l->d, 0, "separator", false);
	m->separator = text[0];
	if (text[0] && (text[1] || !strchr(",;|\t", text[0])))
		hf_doc_wrong(&l->d, 0, "\"separator\" is one of , ; | and tab");
	text = hf_doc_text(&l->d, 0, "encoding", false);
	m->windows1252 = strcmp(text, "windows-1252") == 0;
	if (*text && !m->windows1252 && strcmp(text, "utf-8") != 0)
		hf_doc_wrong(&l->d, 0, "\"encoding\" is utf-8 or windows-1252");
	load_roles(l);
	m->n_totals = load_words(l, "totals", m->totals);
	m->n_missing = load_words(l, "missing", m->missing);
	m->n_suppressed = load_words(l, "suppressed", m->suppressed);
	load_columns(l);
	load_figures(l);
}

enum hf_rc
hf_bench_map_load(const char *name, struct hf_sv text, struct hf_arena *arena,
		  struct hf_issues *issues, struct hf_bench_map *out,
		  struct hf_err *err)
{
	struct load l = {.m = out};
	size_t before = issues->errors;

	memset(out, 0, sizeof *out);
	if (hf_doc_open(&l.d, name, text, arena, issues))
		load_all(&l);
	if (l.d.full)
		return hf_fail(err, HF_TOO_LONG, name, "it needs too much memory");
	if (issues->errors > before)
		return hf_fail(err, HF_INVALID, name, "it has %zu mistakes",
			       issues->errors - before);
	return HF_OK;
}
