/* library.c - see library.h. */
#include "contract/library.h"

static enum hf_rc
load_contracts(struct hf_arena *arena, struct hf_issues *issues,
	       struct hf_ct_library *l, struct hf_err *err)
{
	for (size_t i = 0; i < hf_n_contracts_builtin && i < HF_CT_CONTRACTS; i++) {
		const struct hf_definition_text *d = &hf_contracts_builtin[i];
		enum hf_rc rc = hf_ct_terms_load(d->name, d->text, arena, issues,
						 &l->contracts[i], err);

		if (rc)
			return rc;
		if (!hf_ct_sha(d->text, l->sha[i]))
			return hf_fail(err, HF_FAULT, d->name, "it has no hash");
		l->n_contracts++;
	}
	return HF_OK;
}

static enum hf_rc
load_years(struct hf_arena *arena, struct hf_issues *issues, struct hf_ct_library *l,
	   struct hf_err *err)
{
	for (size_t i = 0; i < hf_n_contract_rules_builtin && i < HF_CT_YEARS; i++) {
		const struct hf_definition_text *d = &hf_contract_rules_builtin[i];
		enum hf_rc rc = hf_ct_rules_load(d->name, d->text, arena, issues,
						 &l->years[i], err);

		if (rc)
			return rc;
		l->n_years++;
	}
	return HF_OK;
}

static enum hf_rc
load_pools(struct hf_arena *arena, struct hf_issues *issues, struct hf_ct_library *l,
	   struct hf_err *err)
{
	for (size_t i = 0; i < hf_n_pools_builtin && i < HF_CT_POOLS; i++) {
		const struct hf_definition_text *d = &hf_pools_builtin[i];
		enum hf_rc rc =
		    hf_ct_pool_load(d->name, d->text, arena, issues, &l->pools[i], err);

		if (rc)
			return rc;
		l->n_pools++;
	}
	return HF_OK;
}

static enum hf_rc
load_pathway(enum hf_ct_case_kind kind, struct hf_arena *arena,
	     struct hf_issues *issues, struct hf_ct_library *l, struct hf_err *err)
{
	struct hf_sv id = hf_sv_from(hf_ct_case_pathway(kind));

	for (size_t i = 0; i < hf_n_pathways_builtin; i++) {
		const struct hf_definition_text *d = &hf_pathways_builtin[i];
		struct hf_sv name = hf_sv_from(d->name);

		if (hf_sv_starts(name, id) &&
		    hf_sv_is(hf_sv_from_at(name, id.n), ".json"))
			return hf_pathway_load(d->name, d->text, NULL, arena, issues,
					       &l->pathways[kind], err);
	}
	return hf_fail(err, HF_FAULT, NULL, "a pathway of contracts is missing");
}

enum hf_rc
hf_ct_library_load(struct hf_arena *arena, struct hf_issues *issues,
		   struct hf_ct_library *out, struct hf_err *err)
{
	enum hf_rc rc;

	memset(out, 0, sizeof *out);
	rc = load_contracts(arena, issues, out, err);
	if (rc == HF_OK)
		rc = load_years(arena, issues, out, err);
	if (rc == HF_OK)
		rc = load_pools(arena, issues, out, err);
	for (int k = 0; rc == HF_OK && k < HF_CT_CASES; k++)
		rc = load_pathway((enum hf_ct_case_kind)k, arena, issues, out, err);
	if (rc)
		hf_ct_library_free(out);
	return rc;
}

void
hf_ct_library_free(struct hf_ct_library *l)
{
	for (int k = 0; k < HF_CT_CASES; k++) {
		hf_pathway_free(l->pathways[k]);
		l->pathways[k] = NULL;
	}
}

enum hf_rc
hf_ct_library_contract(const struct hf_ct_library *l, struct hf_sv id,
		       const struct hf_ct_terms **out, size_t *at, struct hf_err *err)
{
	for (size_t i = 0; i < l->n_contracts; i++)
		if (hf_sv_eq(id, hf_sv_from(l->contracts[i]->id))) {
			*out = l->contracts[i];
			if (at)
				*at = i;
			return HF_OK;
		}
	return hf_fail(err, HF_NOT_FOUND, "contract", "there is no such contract");
}

const struct hf_ct_pool *
hf_ct_library_pool(const struct hf_ct_library *l, struct hf_sv id)
{
	for (size_t i = 0; i < l->n_pools; i++)
		if (hf_sv_eq(id, hf_sv_from(l->pools[i]->id)))
			return l->pools[i];
	return NULL;
}

const struct hf_ct_rules *
hf_ct_library_rules(const struct hf_ct_library *l, const struct hf_ct_terms *t)
{
	for (size_t i = 0; i < l->n_years; i++)
		if (strcmp(l->years[i].id, t->rules) == 0)
			return &l->years[i];
	return NULL;
}
