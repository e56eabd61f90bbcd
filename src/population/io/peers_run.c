/* peers_run.c - measures beside peers. */
#include "population/io/peers_run.h"

#include "population/io/bench_kept.h"
#include "population/io/ref_kept.h"

static enum hf_rc
read_figure(struct hf_reader *reader, const char *id, struct hf_arena *arena,
	    struct hf_peer_figure *out, struct hf_err *err)
{
	struct hf_bench_value *v;
	enum hf_rc rc;

	if (!*id)
		return HF_OK;
	rc = hf_bench_values(reader, hf_sv_from(id), arena, &v, &out->n, err);
	if (rc == HF_OK)
		out->v = v;
	return rc;
}

static enum hf_rc
read_input(struct hf_reader *reader, const struct hf_peer_group *g,
	   const struct hf_peer_compare *c, struct hf_arena *arena,
	   struct hf_peer_input *in, struct hf_err *err)
{
	struct hf_peer_parent *parents = NULL;
	enum hf_rc rc = read_figure(reader, c->figure, arena, &in->figure, err);

	if (rc == HF_OK)
		rc = read_figure(reader, c->over, arena, &in->over, err);
	if (rc == HF_OK)
		rc = read_figure(reader, g->least, arena, &in->least, err);
	for (size_t i = 0; rc == HF_OK && i < g->n_features; i++)
		rc = read_figure(reader, g->features[i], arena, &in->features[i], err);
	if (rc == HF_OK && g->boards)
		rc = hf_ref_parents(reader, arena, &parents, &in->n_parents, err);
	in->parents = parents;
	return rc;
}

static enum hf_rc
one_group(struct hf_reader *reader, const struct hf_pop_report *r, size_t m,
	  const struct hf_peer_group *g, struct hf_arena *arena,
	  struct hf_peers_found *out, struct hf_err *err)
{
	const char *id = r->f->measures[r->measure[m]].id;

	for (size_t i = 0; i < g->n_compares; i++) {
		struct hf_peer_input in = {0};
		enum hf_rc rc;

		if (strcmp(g->compares[i].measure, id) != 0)
			continue;
		rc = read_input(reader, g, &g->compares[i], arena, &in, err);
		if (rc == HF_OK)
			rc = hf_peers_reckon(g, &g->compares[i], r, m, &in, arena,
					     &out->group[out->n], err);
		out->n += rc == HF_OK;
		return rc;
	}
	return HF_OK;
}

enum hf_rc
hf_peers_run(struct hf_reader *reader, const struct hf_pop_report *r, size_t m,
	     struct hf_sv only, struct hf_arena *arena, struct hf_peers_found *out,
	     struct hf_err *err)
{
	bool found = only.n == 0;
	enum hf_rc rc = HF_OK;

	*out = (struct hf_peers_found){0};
	for (size_t i = 0; i < hf_n_peers_builtin && rc == HF_OK; i++) {
		const struct hf_definition_text *d = &hf_peers_builtin[i];
		struct hf_issues issues = {.arena = arena};
		struct hf_peer_group *g = HF_NEW(arena, struct hf_peer_group);

		if (!g)
			return hf_fail(err, HF_TOO_LONG, NULL, "no memory for peers");
		if (hf_peer_group_load(d->name, d->text, arena, &issues, g, NULL) !=
		    HF_OK)
			return hf_fail(err, HF_FAULT, d->name,
				       "this group of peers is wrong");
		if (only.n && !hf_sv_eq(hf_sv_from(g->id), only))
			continue;
		found = true;
		if (out->n < HF_PEER_GROUPS)
			rc = one_group(reader, r, m, g, arena, out, err);
	}
	if (rc == HF_OK && !found)
		rc = hf_fail(err, HF_NOT_FOUND, "group",
			     "there is no group of peers of this id");
	if (rc == HF_OK)
		rc = hf_bench_list(reader, arena, &out->files, &out->n_files, err);
	return rc;
}
