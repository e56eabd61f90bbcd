/* admin_sharing.c - homefirst agreement, organisation, delegate, proxy, optout. */
#include "server/admin.h"
#include "server/sharing_write.h"

int hf_admin_agreement_add(struct hf_admin *a, int argc, char **argv);
int hf_admin_agreement_list(struct hf_admin *a, int argc, char **argv);
int hf_admin_agreement_end(struct hf_admin *a, int argc, char **argv);
int hf_admin_organisation_suspend(struct hf_admin *a, int argc, char **argv);
int hf_admin_organisation_resume(struct hf_admin *a, int argc, char **argv);
int hf_admin_organisation_list(struct hf_admin *a, int argc, char **argv);
int hf_admin_delegate_add(struct hf_admin *a, int argc, char **argv);
int hf_admin_delegate_list(struct hf_admin *a, int argc, char **argv);
int hf_admin_delegate_end(struct hf_admin *a, int argc, char **argv);
int hf_admin_proxy_add(struct hf_admin *a, int argc, char **argv);
int hf_admin_proxy_list(struct hf_admin *a, int argc, char **argv);
int hf_admin_proxy_end(struct hf_admin *a, int argc, char **argv);
int hf_admin_proxy_review(struct hf_admin *a, int argc, char **argv);
int hf_admin_optout_import(struct hf_admin *a, int argc, char **argv);
int hf_admin_optout_status(struct hf_admin *a, int argc, char **argv);

static struct hf_sv
sv(const char *s)
{
	return s ? hf_sv_from(s) : HF_SV("");
}

static const char *
day(hf_time t, char buf[32])
{
	if (t == HF_TIME_MIN || t == HF_TIME_MAX)
		return "-";
	hf_time_format(t, buf, 32);
	buf[10] = '\0';
	return buf;
}

/* Does the job, and prints the id of what was made. */
static int
done(struct hf_admin *a, enum hf_rc rc, const struct hf_sharing *s, bool tell,
     struct hf_err *err)
{
	if (rc == HF_OK)
		rc = hf_admin_desk(a, s->job.what, s->job.write, s->job.ctx, err);
	if (rc)
		return hf_admin_fail(a, err);
	if (tell)
		hf_buf_printf(a->out, "id: %.*s\n", HF_SV_ARG(s->id));
	return HF_ADMIN_DONE;
}

/* The one word of a command, and nothing else: an id, a code. */
static const char *
one_word(struct hf_admin *a, int argc, char **argv, const char *what)
{
	const char *word = NULL;
	size_t n = 0;

	if (!hf_admin_options(a, NULL, 0, argc, argv, &word, 1, &n))
		return NULL;
	if (n == 0)
		hf_admin_misuse(a, "say %s", what);
	return n ? word : NULL;
}

static bool
list_options(struct hf_admin *a, int argc, char **argv, bool *all, bool *json)
{
	const struct hf_admin_opt opts[] = {{"all", HF_ADMIN_FLAG, all},
					    {"json", HF_ADMIN_FLAG, json}};

	*all = *json = false;
	return hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL);
}

/* ---- agreements ---- */

int
hf_admin_agreement_add(struct hf_admin *a, int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *tier = NULL, *categories = NULL,
		   *dsa = NULL, *dpia = NULL;
	struct hf_agreement_form form = {0};
	const struct hf_admin_opt opts[] = {
	    {"from", HF_ADMIN_TEXT, &from},
	    {"to", HF_ADMIN_TEXT, &to},
	    {"tier", HF_ADMIN_TEXT, &tier},
	    {"categories", HF_ADMIN_TEXT, &categories},
	    {"start", HF_ADMIN_TIME, &form.start},
	    {"until", HF_ADMIN_TIME, &form.until},
	    {"dsa", HF_ADMIN_TEXT, &dsa},
	    {"dpia", HF_ADMIN_TEXT, &dpia},
	};
	struct hf_sharing s;
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!from || !to || !tier)
		return hf_admin_misuse(a, "--from, --to and --tier are needed");
	form.from = sv(from);
	form.to = sv(to);
	form.tier = sv(tier);
	form.categories = sv(categories);
	form.dsa = sv(dsa);
	form.dpia = sv(dpia);
	return done(a,
		    hf_sharing_agreement(&form, a->policy, a->now, a->arena, &s, &err),
		    &s, true, &err);
}

int
hf_admin_agreement_list(struct hf_admin *a, int argc, char **argv)
{
	struct hf_agreement_row *rows = NULL;
	struct hf_jw w = {.out = a->out};
	struct hf_err err;
	bool all, json;
	size_t n = 0;

	if (!list_options(a, argc, argv, &all, &json))
		return HF_ADMIN_MISUSED;
	if (hf_sharing_agreements(hf_reader_db(a->reader), a->arena, &rows, &n, &err))
		return hf_admin_fail(a, &err);
	if (json) {
		hf_write_agreements(&w, rows, n, NULL, a->now);
		hf_buf_char(a->out, '\n');
		return HF_ADMIN_DONE;
	}
	if (n == 0)
		hf_buf_printf(a->out, "There is no agreement: organisations see what "
				      "they wrote themselves, and nothing of "
				      "others.\n");
	for (size_t i = 0; i < n; i++) {
		const struct hf_agreement *g = &rows[i].a;
		char from[32], until[32];

		if (g->ended <= a->now && !all)
			continue;
		hf_buf_printf(a->out,
			      "%.*s  %-8.*s %-8.*s %s  %-10s  %-10s  %s%s%.*s\n",
			      HF_SV_ARG(g->id), HF_SV_ARG(g->from), HF_SV_ARG(g->to),
			      hf_word(HF_WORDS_TIER, (int)g->tier), day(g->start, from),
			      day(g->until, until),
			      hf_sharing_state(g->start, g->until, g->ended, a->now),
			      g->categories.n ? "  " : "", HF_SV_ARG(g->categories));
	}
	return HF_ADMIN_DONE;
}

int
hf_admin_agreement_end(struct hf_admin *a, int argc, char **argv)
{
	const char *id = one_word(a, argc, argv, "which: its id");
	struct hf_sharing s;
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	return done(a, hf_sharing_agreement_end(sv(id), a->arena, &s, &err), &s, false,
		    &err);
}

/* ---- organisations ---- */

int
hf_admin_organisation_suspend(struct hf_admin *a, int argc, char **argv)
{
	const char *org = NULL, *reason = NULL;
	hf_time until = 0;
	const struct hf_admin_opt opts[] = {{"reason", HF_ADMIN_TEXT, &reason},
					    {"until", HF_ADMIN_TIME, &until}};
	struct hf_sharing s;
	struct hf_err err;
	size_t n = 0;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, &org, 1, &n))
		return HF_ADMIN_MISUSED;
	if (n == 0 || !reason)
		return hf_admin_misuse(a, "say the ODS code, and --reason");
	return done(
	    a,
	    hf_sharing_suspend(sv(org), sv(reason), until, a->now, a->arena, &s, &err),
	    &s, false, &err);
}

int
hf_admin_organisation_resume(struct hf_admin *a, int argc, char **argv)
{
	const char *org = one_word(a, argc, argv, "the ODS code");
	struct hf_sharing s;
	struct hf_err err;

	if (!org)
		return HF_ADMIN_MISUSED;
	return done(a, hf_sharing_resume(sv(org), a->arena, &s, &err), &s, false, &err);
}

int
hf_admin_organisation_list(struct hf_admin *a, int argc, char **argv)
{
	struct hf_suspension_row *rows = NULL;
	struct hf_err err;
	bool all, json;
	size_t n = 0;

	if (!list_options(a, argc, argv, &all, &json))
		return HF_ADMIN_MISUSED;
	if (hf_sharing_suspensions(hf_reader_db(a->reader), a->arena, &rows, &n, &err))
		return hf_admin_fail(a, &err);
	for (size_t i = 0; i < n; i++) {
		const struct hf_suspension_row *r = &rows[i];
		char from[32], until[32];

		if ((r->ended <= a->now || r->until <= a->now) && !all)
			continue;
		hf_buf_printf(
		    a->out, "%-8.*s %-10s  %-10s  %s  %.*s\n", HF_SV_ARG(r->org),
		    day(r->start, from), day(r->until, until),
		    r->ended <= a->now || r->until <= a->now ? "over" : "suspended",
		    HF_SV_ARG(r->reason));
	}
	return HF_ADMIN_DONE;
}

/* ---- delegations ---- */

int
hf_admin_delegate_add(struct hf_admin *a, int argc, char **argv)
{
	const char *from = NULL, *to = NULL, *org = NULL, *person = NULL,
		   *reason = NULL;
	struct hf_delegation_form form = {0};
	const struct hf_admin_opt opts[] = {
	    {"from", HF_ADMIN_TEXT, &from},	  {"to", HF_ADMIN_TEXT, &to},
	    {"org", HF_ADMIN_TEXT, &org},	  {"person", HF_ADMIN_TEXT, &person},
	    {"reason", HF_ADMIN_TEXT, &reason},	  {"start", HF_ADMIN_TIME, &form.start},
	    {"until", HF_ADMIN_TIME, &form.until}};
	struct hf_sharing s;
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!from || !to || !reason || !form.until)
		return hf_admin_misuse(a, "--from, --to, --until and --reason are "
					  "needed");
	form.from = sv(from);
	form.to = sv(to);
	form.org = sv(org);
	form.person = sv(person);
	form.reason = sv(reason);
	return done(a,
		    hf_sharing_delegate(a->reader, &form, a->now, a->arena, &s, &err),
		    &s, true, &err);
}

int
hf_admin_delegate_list(struct hf_admin *a, int argc, char **argv)
{
	struct hf_delegation_row *rows = NULL;
	struct hf_jw w = {.out = a->out};
	struct hf_err err;
	bool all, json;
	size_t n = 0;

	if (!list_options(a, argc, argv, &all, &json))
		return HF_ADMIN_MISUSED;
	if (hf_sharing_delegations(hf_reader_db(a->reader), a->arena, &rows, &n, &err))
		return hf_admin_fail(a, &err);
	if (json) {
		hf_write_delegations(&w, rows, n, a->reader, a->arena, a->now);
		hf_buf_char(a->out, '\n');
		return HF_ADMIN_DONE;
	}
	for (size_t i = 0; i < n; i++) {
		const struct hf_delegation_row *r = &rows[i];
		const char *state =
		    hf_sharing_state(r->start, r->until, r->ended, a->now);
		char from[32], until[32];

		if ((r->ended <= a->now || r->until <= a->now) && !all)
			continue;
		hf_buf_printf(a->out,
			      "%.*s  %.*s at %.*s to %.*s  %s  %s  %s  %s  %.*s\n",
			      HF_SV_ARG(r->id), HF_SV_ARG(r->from),
			      HF_SV_ARG(r->from_org), HF_SV_ARG(r->to),
			      r->shelf ? "one person" : "all", day(r->start, from),
			      day(r->until, until), state, HF_SV_ARG(r->reason));
	}
	return HF_ADMIN_DONE;
}

int
hf_admin_delegate_end(struct hf_admin *a, int argc, char **argv)
{
	const char *id = one_word(a, argc, argv, "which: its id");
	struct hf_sharing s;
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	return done(a, hf_sharing_delegate_end(sv(id), a->arena, &s, &err), &s, false,
		    &err);
}

/* ---- proxies ---- */

int
hf_admin_proxy_add(struct hf_admin *a, int argc, char **argv)
{
	const char *holder = NULL, *person = NULL, *contents = NULL,
		   *relationship = NULL;
	struct hf_proxy_form form = {0};
	const struct hf_admin_opt opts[] = {
	    {"holder", HF_ADMIN_TEXT, &holder},
	    {"person", HF_ADMIN_TEXT, &person},
	    {"contents", HF_ADMIN_TEXT, &contents},
	    {"relationship", HF_ADMIN_TEXT, &relationship},
	    {"named", HF_ADMIN_FLAG, &form.named},
	    {"reviewed", HF_ADMIN_FLAG, &form.reviewed},
	    {"start", HF_ADMIN_TIME, &form.start},
	    {"until", HF_ADMIN_TIME, &form.until},
	};
	struct hf_sharing s;
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!holder || !person || !relationship || !form.until)
		return hf_admin_misuse(a, "--holder, --person, --relationship and "
					  "--until are needed");
	form.holder = sv(holder);
	form.person = sv(person);
	form.contents = sv(contents);
	form.relationship = sv(relationship);
	return done(a, hf_sharing_proxy(a->reader, &form, a->now, a->arena, &s, &err),
		    &s, true, &err);
}

int
hf_admin_proxy_list(struct hf_admin *a, int argc, char **argv)
{
	struct hf_proxy_row *rows = NULL;
	struct hf_jw w = {.out = a->out};
	struct hf_err err;
	bool all, json;
	size_t n = 0;

	if (!list_options(a, argc, argv, &all, &json))
		return HF_ADMIN_MISUSED;
	if (hf_sharing_proxies(hf_reader_db(a->reader), a->arena, &rows, &n, &err))
		return hf_admin_fail(a, &err);
	if (json) {
		hf_write_proxies(&w, rows, n, a->reader, a->arena, a->now);
		hf_buf_char(a->out, '\n');
		return HF_ADMIN_DONE;
	}
	for (size_t i = 0; i < n; i++) {
		const struct hf_proxy_row *r = &rows[i];
		struct hf_sv person = hf_sharing_person(a->reader, r->shelf, a->arena);
		char from[32], until[32];

		if ((r->ended <= a->now || r->until <= a->now) && !all)
			continue;
		hf_buf_printf(a->out,
			      "%.*s  %.*s for Patient/%.*s (%.*s)  %s  %s  %s%s\n",
			      HF_SV_ARG(r->id), HF_SV_ARG(r->holder), HF_SV_ARG(person),
			      HF_SV_ARG(r->relationship), day(r->start, from),
			      day(r->until, until),
			      hf_sharing_state(r->start, r->until, r->ended, a->now),
			      r->named ? "  named" : "");
	}
	return HF_ADMIN_DONE;
}

int
hf_admin_proxy_end(struct hf_admin *a, int argc, char **argv)
{
	const char *id = one_word(a, argc, argv, "which: its id");
	struct hf_sharing s;
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	return done(a, hf_sharing_proxy_end(sv(id), a->arena, &s, &err), &s, false,
		    &err);
}

int
hf_admin_proxy_review(struct hf_admin *a, int argc, char **argv)
{
	const char *id = one_word(a, argc, argv, "which: its id");
	struct hf_sharing s;
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	return done(a, hf_sharing_proxy_review(sv(id), a->arena, &s, &err), &s, false,
		    &err);
}

/* ---- the opt-out list ---- */

int
hf_admin_optout_import(struct hf_admin *a, int argc, char **argv)
{
	struct hf_sv list = {NULL, 0};
	hf_time made = 0;
	const struct hf_admin_opt opts[] = {{"list-file", HF_ADMIN_FILE, &list},
					    {"made", HF_ADMIN_TIME, &made}};
	struct hf_ndo_report report;
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!list.p || !made)
		return hf_admin_misuse(a, "--list-file and --made (when the list was "
					  "made) are needed");
	if (hf_sharing_ndo_import(a->store, a->policy, a->actor, HF_SV("OPERATE"), list,
				  made, a->now, &report, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out, "%zu numbers in %zu lines, %zu of them twice\n",
		      report.numbers - report.doubles, report.lines, report.doubles);
	return HF_ADMIN_DONE;
}

int
hf_admin_optout_status(struct hf_admin *a, int argc, char **argv)
{
	struct hf_jw w = {.out = a->out};
	struct hf_ndo_state state;
	struct hf_err err;
	char made[32], read[32];
	bool all, json;
	int days;

	if (!list_options(a, argc, argv, &all, &json))
		return HF_ADMIN_MISUSED;
	if (hf_sharing_ndo_state(hf_reader_db(a->reader), &state, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	if (json) {
		hf_jw_obj(&w);
		hf_write_optout(&w, &state, a->policy, a->now);
		hf_jw_obj_end(&w);
		hf_buf_char(a->out, '\n');
		return HF_ADMIN_DONE;
	}
	if (!state.there) {
		hf_buf_printf(a->out, "There is no copy of the National Data Opt-Out "
				      "list: what it covers is blocked.\n");
		return HF_ADMIN_DONE;
	}
	days = (int)((a->now - state.list_at) / 86400000);
	hf_buf_printf(a->out, "%lld numbers, made %s, read in %s: %d days old%s\n",
		      (long long)state.n, day(state.list_at, made),
		      day(state.imported, read), days,
		      a->now - state.list_at > a->policy->ndo_list_age
			  ? ", too old: what it covers is blocked"
			  : "");
	return HF_ADMIN_DONE;
}
