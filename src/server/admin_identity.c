/* admin_identity.c - homefirst identity: what the matcher learns of this place, and the
 * queue of pairs that somebody must look at.  Ids, counts and weights, never a name. */
#include "server/admin.h"

#include <math.h>

#include "record/io/identity.h"
#include "record/match_model.h"

int hf_admin_identity_train(struct hf_admin *a, int argc, char **argv);
int hf_admin_identity_weights(struct hf_admin *a, int argc, char **argv);
int hf_admin_identity_match(struct hf_admin *a, int argc, char **argv);
int hf_admin_identity_review(struct hf_admin *a, int argc, char **argv);
int hf_admin_identity_policy(struct hf_admin *a, int argc, char **argv);

static struct hf_link_by
by_operator(const struct hf_admin *a, const char *what)
{
	return (struct hf_link_by){.actor = a->actor,
				   .purpose = HF_SV("IDENTITY"),
				   .reason = hf_sv_from(what)};
}

static void
print_weights(struct hf_admin *a, const struct hf_match_model *m)
{
	hf_buf_printf(a->out, "link from %.2f bits, review from %.2f bits, ", m->link,
		      m->review);
	if (m->prior < 0 || m->prior > 0)
		hf_buf_printf(a->out, "%.2f bits beforehand\n\n", m->prior);
	else
		hf_buf_printf(a->out, "beforehand by the number of people\n\n");
	hf_buf_printf(a->out, "%-8s %-10s %9s %10s %7s  %s\n", "FIELD", "LEVEL", "M",
		      "U", "BITS", "MEANS");
	for (enum hf_match_level l = HF_AGREE_NONE + 1; l < HF_AGREES; l++)
		hf_buf_printf(a->out, "%-8s %-10s %9.5f %10.3g %7.2f  %s\n",
			      hf_match_field_code(hf_match_level_field(l)),
			      hf_match_level_code(l), m->m[l], m->u[l],
			      log2(m->m[l] / m->u[l]), hf_match_level_text(l));
}

int
hf_admin_identity_train(struct hf_admin *a, int argc, char **argv)
{
	struct hf_link_by by = by_operator(a, "weights learned of this place");
	struct hf_identity_report report;
	struct hf_match_model model;
	struct hf_err err = {0};
	const char *seed = NULL;
	int64_t number = 1, version;
	const struct hf_admin_opt opts[] = {{"seed", HF_ADMIN_TEXT, &seed}};
	size_t n;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, &n))
		return HF_ADMIN_MISUSED;
	if (seed && (!hf_sv_int(hf_sv_from(seed), &number) || number < 0))
		return hf_admin_misuse(a, "--seed is a whole number");
	if (hf_identity_train(a->store, a->reader, (uint64_t)number, &by, NULL,
			      &version, &model, &report, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "weights %lld, learned from %lld records, %zu pairs\n",
		      (long long)version, (long long)report.people, model.trained_on);
	print_weights(a, &model);
	return HF_ADMIN_DONE;
}

int
hf_admin_identity_weights(struct hf_admin *a, int argc, char **argv)
{
	struct hf_weights w;
	struct hf_err err = {0};
	char at[32];
	bool json = false;
	const struct hf_admin_opt opts[] = {{"json", HF_ADMIN_FLAG, &json}};
	struct hf_jw out = {.out = a->out};
	size_t n;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, &n))
		return HF_ADMIN_MISUSED;
	if (hf_weights_read(a->reader, a->arena, &w, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	if (json) {
		hf_match_model_write(&w.model, &out);
		hf_buf_char(a->out, '\n');
		return HF_ADMIN_DONE;
	}
	if (w.version)
		hf_buf_printf(a->out,
			      "weights %lld, kept %s by %.*s, learned from %lld "
			      "records\n",
			      (long long)w.version, hf_time_format(w.at, at, sizeof at),
			      HF_SV_ARG(w.actor), (long long)w.people);
	else
		hf_buf_printf(a->out, "the weights that came with homefirst: nothing "
				      "was learned of this place yet\n");
	print_weights(a, &w.model);
	return HF_ADMIN_DONE;
}

int
hf_admin_identity_match(struct hf_admin *a, int argc, char **argv)
{
	struct hf_link_by by = by_operator(a, "everybody compared");
	struct hf_identity_report r;
	struct hf_err err = {0};
	size_t n;

	if (!hf_admin_options(a, NULL, 0, argc, argv, NULL, 0, &n))
		return HF_ADMIN_MISUSED;
	if (hf_identity_run(a->store, a->reader, &by, NULL, &r, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out,
		      "%lld records, %lld pairs compared, %lld records in no block\n"
		      "%lld pairs are one person, %lld may be\n"
		      "links asked for: %lld; pairs to be looked at: %lld; no more: "
		      "%lld\n",
		      (long long)r.people, (long long)r.compared, (long long)r.left_out,
		      (long long)r.sure, (long long)r.unsure, (long long)r.linked,
		      (long long)r.put_up, (long long)r.gone);
	return HF_ADMIN_DONE;
}

static enum hf_rc
print_pair(struct hf_admin *a, const struct hf_review *r, struct hf_err *err)
{
	struct hf_sv one, other;
	char at[32];
	enum hf_rc rc =
	    hf_store_id_at(a->reader, HF_RID_MIN(r->low), a->arena, &one, err);

	if (rc == HF_OK)
		rc = hf_store_id_at(a->reader, HF_RID_MIN(r->high), a->arena, &other,
				    err);
	if (rc != HF_OK)
		return rc;
	hf_time_format(r->at, at, sizeof at);
	hf_buf_printf(a->out, "%-16.*s %-16.*s %-8.*s %7.2f  %.10s  %.*s\n",
		      HF_SV_ARG(one), HF_SV_ARG(other), HF_SV_ARG(r->kind),
		      (double)r->score / 1000, at, HF_SV_ARG(r->why));
	return HF_OK;
}

int
hf_admin_identity_review(struct hf_admin *a, int argc, char **argv)
{
	enum { SHOWN = 200 };
	struct hf_review *list;
	struct hf_err err = {0};
	const char *state = "open";
	int64_t open, later;
	const struct hf_admin_opt opts[] = {{"state", HF_ADMIN_TEXT, &state}};
	size_t n;
	enum hf_rc rc;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, &n))
		return HF_ADMIN_MISUSED;
	if (strcmp(state, "open") != 0 && strcmp(state, "later") != 0)
		return hf_admin_misuse(a, "--state is open or later");
	rc = hf_review_count(a->reader, &open, &later, &err);
	if (rc == HF_OK)
		rc = hf_review_list(a->reader, hf_sv_from(state), NULL, SHOWN, a->arena,
				    &list, &n, &err);
	if (rc != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "%lld wait to be looked at, %lld were put off\n",
		      (long long)open, (long long)later);
	if (n)
		hf_buf_printf(a->out, "%-16s %-16s %-8s %7s  %-10s  %s\n", "PATIENT",
			      "PATIENT", "BY", "BITS", "SINCE", "WHY");
	for (size_t i = 0; rc == HF_OK && i < n; i++)
		rc = print_pair(a, &list[i], &err);
	if (rc != HF_OK)
		return hf_admin_fail(a, &err);
	if (n == SHOWN)
		hf_buf_printf(a->out, "… the first %d; all are on the page /identity\n",
			      SHOWN);
	return HF_ADMIN_DONE;
}

int
hf_admin_identity_policy(struct hf_admin *a, int argc, char **argv)
{
	struct hf_link_by by = by_operator(a, "what the matcher may do by itself");
	struct hf_match_policy policy;
	struct hf_err err = {0};
	const char *link = NULL, *rate = NULL;
	const struct hf_admin_opt opts[] = {{"link", HF_ADMIN_TEXT, &link},
					    {"rate", HF_ADMIN_TEXT, &rate}};
	int64_t number = 0;
	size_t n;
	enum hf_rc rc;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, &n))
		return HF_ADMIN_MISUSED;
	if (link && strcmp(link, "automatic") != 0 && strcmp(link, "review") != 0)
		return hf_admin_misuse(a, "--link is automatic or review");
	if (rate && (!hf_sv_int(hf_sv_from(rate), &number) || number < 0 ||
		     number > HF_MATCH_RATE_MOST))
		return hf_admin_misuse(a, "--rate is a number from 0 to %d",
				       HF_MATCH_RATE_MOST);
	rc = hf_match_policy_read(a->reader, &policy, &err);
	if (link)
		policy.link = strcmp(link, "automatic") == 0;
	if (rate)
		policy.rate = (unsigned)number;
	if (rc == HF_OK && (link || rate))
		rc = hf_match_policy_set(a->store, &policy, &by, &err);
	if (rc != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out,
		      "what the matcher is sure of %s; a server looks at %u records "
		      "that changed a second\n",
		      policy.link ? "is linked at once"
				  : "waits for somebody to look at it",
		      policy.rate);
	return HF_ADMIN_DONE;
}
