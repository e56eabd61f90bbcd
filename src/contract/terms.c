/* terms.c - see terms.h. */
#include "contract/terms.h"

int
hf_ct_line_find(const struct hf_ct_terms *t, struct hf_sv id)
{
	for (size_t i = 0; i < t->n_lines; i++)
		if (hf_sv_eq(id, hf_sv_from(t->lines[i].id)))
			return (int)i;
	return -1;
}

int
hf_ct_component_find(const struct hf_ct_terms *t, struct hf_sv id)
{
	for (size_t i = 0; i < t->n_components; i++)
		if (hf_sv_eq(id, hf_sv_from(t->components[i].id)))
			return (int)i;
	return -1;
}

int
hf_ct_party_of(const struct hf_ct_terms *t, struct hf_sv org)
{
	for (int p = 0; org.n && p < HF_CT_PARTIES; p++)
		for (size_t i = 0; i < t->parties[p].n_orgs; i++)
			if (hf_sv_eq(org, hf_sv_from(t->parties[p].orgs[i])))
				return p;
	return -1;
}

bool
hf_ct_may_sign(const struct hf_ct_terms *t, int party, struct hf_sv role)
{
	if (party < 0)
		return false;
	for (size_t i = 0; i < t->parties[party].n_roles; i++)
		if (hf_sv_eq(role, hf_sv_from(t->parties[party].roles[i])))
			return true;
	return false;
}

enum hf_rc
hf_ct_effective(int64_t asked, int64_t today, bool joint_approval, int64_t *next,
		struct hf_err *err)
{
	struct hf_period now = hf_period_of(today);

	*next = hf_period_first(now.fy + 1, 1);
	if (asked >= *next || joint_approval)
		return HF_OK;
	return hf_fail(err, HF_RULE, "INYEAR_NOT_AGREED",
		       "it would change money within the financial year, and both "
		       "parties have not approved that: it can take effect on 1 April");
}
