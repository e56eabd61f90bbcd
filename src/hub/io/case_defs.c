/* case_defs.c - the definitions that people are on: the program's and the place's. */
#include "hub/io/case_int.h"

#include <dirent.h>
#include <errno.h>

#include "base/io/log.h"
#include "record/person_text.h"

enum { FILE_MOST = 1 << 20, FILES_MOST = 48 };

/* The front door has rules of its own (hub.h), and what both parties of a contract do
 * together is about nobody's care (contract/case.h). */
static bool
is_another_rooms(const struct hf_pathway *p)
{
	return strcmp(p->id, "referral") == 0 || strncmp(p->id, "contract-", 9) == 0;
}

/* "1.10.0" is after "1.9.0". */
static int
compare_versions(const char *a, const char *b)
{
	while (*a || *b) {
		unsigned long x = strtoul(a, NULL, 10), y = strtoul(b, NULL, 10);

		if (x != y)
			return x < y ? -1 : 1;
		a += strcspn(a, ".");
		b += strcspn(b, ".");
		a += *a == '.';
		b += *b == '.';
	}
	return 0;
}

static enum hf_rc
compile_fact(struct hf_case_def *def, size_t i, struct hf_err *err)
{
	const struct hf_pw_fact *f = &def->p->facts[i];
	struct hf_sv type = hf_sv_from(f->from);

	type.n = strcspn(f->from, ".");
	def->from_type[i] = hf_resource_find(type);
	if (!def->from_type[i])
		return hf_fail(err, HF_INVALID, f->id,
			       "the fact %s of %s %s: \"from\" begins with the type of "
			       "resource it is found in, as Observation.where(…)",
			       f->id, def->p->id, def->p->version);
	return hf_path_compile(hf_sv_from(f->from), &def->from[i], err);
}

static enum hf_rc
compile_facts(struct hf_case_def *def, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < def->p->n_facts; i++)
		if (*def->p->facts[i].from)
			rc = compile_fact(def, i, err);
	return rc;
}

static void
drop(struct hf_caseload *cl, size_t i)
{
	for (size_t k = 0; k < HF_PW_FACTS; k++)
		hf_path_free(cl->defs[i].from[k]);
	hf_pathway_free(cl->pathways[i]);
	cl->pathways[i] = NULL;
	cl->defs[i] = (struct hf_case_def){0};
}

/* Takes p as the document at i. */
static enum hf_rc
take(struct hf_caseload *cl, size_t i, struct hf_pathway *p, bool place,
     struct hf_err *err)
{
	cl->defs[i] =
	    (struct hf_case_def){.p = p, .digest = hf_pw_digest(p), .place = place};
	cl->pathways[i] = p;
	return compile_facts(&cl->defs[i], err);
}

/* A document of a version that is here: it has to decide the same.  An approved copy
 * of a draft that the program brings takes its place. */
static enum hf_rc
add_again(struct hf_caseload *cl, size_t i, struct hf_pathway *p, bool place,
	  struct hf_err *err)
{
	const struct hf_pathway *other = cl->defs[i].p;
	enum hf_rc rc = HF_OK;

	if (cl->defs[i].digest != hf_pw_digest(p))
		rc = hf_fail(err, HF_RULE, p->id,
			     "%s %s decides otherwise than the one of the same version "
			     "that is here: give it a version of its own",
			     p->id, p->version);
	if (rc == HF_OK && place && strcmp(other->status, "active") != 0 &&
	    strcmp(p->status, "active") == 0) {
		drop(cl, i);
		return take(cl, i, p, place, err);
	}
	hf_pathway_free(p);
	return rc;
}

static enum hf_rc
add(struct hf_caseload *cl, struct hf_pathway *p, bool place, struct hf_err *err)
{
	for (size_t i = 0; i < cl->n_defs; i++)
		if (strcmp(cl->defs[i].p->id, p->id) == 0 &&
		    strcmp(cl->defs[i].p->version, p->version) == 0)
			return add_again(cl, i, p, place, err);
	if (cl->n_defs == CASE_DEFS) {
		hf_pathway_free(p);
		return hf_fail(err, HF_TOO_LONG, "--pathways",
			       "at most %d versions of pathways are taken", CASE_DEFS);
	}
	return take(cl, cl->n_defs++, p, place, err);
}

static enum hf_rc
load(struct hf_caseload *cl, const char *name, struct hf_sv text, bool place,
     struct hf_err *err)
{
	struct hf_issues issues = {.arena = &cl->arena};
	struct hf_pathway *p = NULL;
	enum hf_rc rc = hf_pathway_load(name, text, NULL, &cl->arena, &issues, &p, err);

	for (size_t i = 0; rc && i < issues.n; i++)
		if (issues.items[i].severity == HF_SEV_ERROR)
			hf_log(HF_LOG_ERROR, "pathways", "%.*s: %.*s",
			       HF_SV_ARG(issues.items[i].path),
			       HF_SV_ARG(issues.items[i].text));
	if (rc == HF_INVALID && issues.n)
		return hf_fail(err, rc, name,
			       "%.*s: %.*s (%zu findings; \"homefirst "
			       "pathway check\" lists them)",
			       HF_SV_ARG(issues.items[0].path),
			       HF_SV_ARG(issues.items[0].text), issues.errors);
	if (rc)
		return rc;
	if (is_another_rooms(p)) {
		hf_pathway_free(p);
		return place ? hf_fail(err, HF_RULE, name,
				       "the pathways referral and contract-… are run "
				       "elsewhere, in the versions that are built in")
			     : HF_OK;
	}
	return add(cl, p, place, err);
}

/* ---- the place's own ---- */

static enum hf_rc
read_file(struct hf_caseload *cl, const char *path, struct hf_sv *out,
	  struct hf_err *err)
{
	FILE *f = fopen(path, "re");
	char *text = hf_arena_alloc(&cl->arena, FILE_MOST);
	size_t n = f && text ? fread(text, 1, FILE_MOST, f) : 0;
	bool whole = f && text && n < FILE_MOST && !ferror(f);

	if (f)
		fclose(f);
	*out = (struct hf_sv){text, n};
	return whole ? HF_OK
		     : hf_fail(err, HF_INVALID, path,
			       "it cannot be read, or is longer than %d bytes",
			       FILE_MOST);
}

static enum hf_rc
load_file(struct hf_caseload *cl, const char *path, struct hf_err *err)
{
	struct hf_sv text;
	enum hf_rc rc = read_file(cl, path, &text, err);

	return rc ? rc : load(cl, path, text, true, err);
}

static int
is_json(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return e->d_name[0] != '.' && n > 5 && strcmp(e->d_name + n - 5, ".json") == 0;
}

static enum hf_rc
load_folder(struct hf_caseload *cl, const char *folder, struct hf_err *err)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, is_json, alphasort);
	enum hf_rc rc = HF_OK;

	if (n < 0)
		return hf_fail(err, HF_INVALID, "--pathways", "%s: %s", folder,
			       strerror(errno));
	if (n > FILES_MOST)
		rc = hf_fail(err, HF_TOO_LONG, "--pathways",
			     "at most %d documents are taken", FILES_MOST);
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		if (rc == HF_OK)
			rc = load_file(cl, path, err);
		free(list[i]);
	}
	free(list);
	return rc;
}

static void
mark_newest(struct hf_caseload *cl)
{
	for (size_t i = 0; i < cl->n_defs; i++) {
		cl->defs[i].newest = true;
		for (size_t k = 0; k < cl->n_defs; k++)
			if (strcmp(cl->defs[i].p->id, cl->defs[k].p->id) == 0 &&
			    compare_versions(cl->defs[i].p->version,
					     cl->defs[k].p->version) < 0)
				cl->defs[i].newest = false;
	}
}

/* Every pathway that another starts has to be there; that an approved one starts a
 * draft is said, since that step will be refused. */
static enum hf_rc
check_start(const struct hf_caseload *cl, const struct hf_pathway *p, struct hf_sv id,
	    struct hf_err *err)
{
	const struct hf_case_def *other = hf_caseload_def(cl, id, (struct hf_sv){0});

	if (!other)
		return hf_fail(err, HF_INVALID, p->id,
			       "%s %s starts %.*s, which is not here", p->id,
			       p->version, HF_SV_ARG(id));
	if (strcmp(p->status, "active") == 0 && strcmp(other->p->status, "active") != 0)
		hf_log(HF_LOG_WARN, "pathways",
		       "%s %s is approved and starts %s, which is %s", p->id,
		       p->version, other->p->id, other->p->status);
	return HF_OK;
}

static enum hf_rc
check_starts(const struct hf_caseload *cl, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; i < cl->n_defs; i++) {
		const struct hf_pathway *p = cl->defs[i].p;

		for (size_t s = 0; s < p->n_steps; s++)
			for (size_t k = 0; rc == HF_OK && k < p->steps[s].n_actions;
			     k++) {
				struct hf_sv a = hf_sv_from(p->steps[s].actions[k]);

				if (hf_sv_starts(a, HF_SV("start:")))
					rc = check_start(cl, p, hf_sv_from_at(a, 6),
							 err);
			}
	}
	return rc;
}

enum hf_rc
hf_case_defs_load(struct hf_caseload *cl, struct hf_err *err)
{
	enum hf_rc rc = HF_OK;

	for (size_t i = 0; rc == HF_OK && i < hf_n_pathways_builtin; i++)
		rc = load(cl, hf_pathways_builtin[i].name, hf_pathways_builtin[i].text,
			  false, err);
	if (rc == HF_OK && cl->config.folder)
		rc = load_folder(cl, cl->config.folder, err);
	if (rc == HF_OK && cl->config.another)
		rc = load_file(cl, cl->config.another, err);
	mark_newest(cl);
	return rc ? rc : check_starts(cl, err);
}

void
hf_case_defs_free(struct hf_caseload *cl)
{
	for (size_t i = 0; i < cl->n_defs; i++)
		drop(cl, i);
}

/* ---- finding ---- */

const struct hf_case_def *
hf_caseload_defs(const struct hf_caseload *cl, size_t *n)
{
	*n = cl->n_defs;
	return cl->defs;
}

const struct hf_case_def *
hf_caseload_def(const struct hf_caseload *cl, struct hf_sv id, struct hf_sv version)
{
	for (size_t i = 0; i < cl->n_defs; i++)
		if (hf_sv_eq(id, hf_sv_from(cl->defs[i].p->id)) &&
		    (version.n ? hf_sv_eq(version, hf_sv_from(cl->defs[i].p->version))
			       : cl->defs[i].newest))
			return &cl->defs[i];
	return NULL;
}

const char *
hf_caseload_bar(const struct hf_caseload *cl, const struct hf_case_def *def,
		hf_time now)
{
	(void)now;
	if (!def->newest)
		return "a newer version of it is here";
	if (strcmp(def->p->status, "retired") == 0)
		return "it is retired";
	if (strcmp(def->p->status, "active") != 0 && !cl->config.drafts)
		return "it is a draft that nobody has approved";
	return NULL;
}

const struct hf_case_def *
hf_case_def_of(const struct hf_caseload *cl, const struct hf_json *task,
	       struct hf_arena *arena, struct hf_sv *what)
{
	static const struct hf_sv base = {"https://homefirst.example/PlanDefinition/",
					  41};
	struct hf_sv id = hf_dig_text(task, 0, "instantiatesCanonical", arena);
	struct hf_sv version;

	*what = id;
	if (!hf_sv_starts(id, base))
		return NULL;
	version = hf_sv_from_at(id, base.n);
	id = hf_sv_cut(&version, '|');
	*what = hf_arena_printf(arena, "%.*s %.*s", HF_SV_ARG(id), HF_SV_ARG(version));
	return version.n ? hf_caseload_def(cl, id, version) : NULL;
}

/* ---- roles ---- */

static const struct {
	const char *access, *pathway;
} roles[] = {
#define HF_CASE_ROLE(access, pathway) {access, pathway},
#include "hub/io/case_roles.def"
#undef HF_CASE_ROLE
};

hf_pw_set
hf_case_roles(const struct hf_pathway *p, const struct hf_hub_actor *who)
{
	hf_pw_set out = 0;

	if (who->program || who->anywhere)
		return p->n_roles == 64 ? ~(hf_pw_set)0
					: ((hf_pw_set)1 << p->n_roles) - 1;
	for (size_t i = 0; i < p->n_roles; i++) {
		struct hf_sv role = hf_sv_from(p->roles[i]);

		if (hf_sv_eq(role, who->role))
			out |= (hf_pw_set)1 << i;
		for (size_t k = 0; k < HF_COUNT(roles); k++)
			if (hf_sv_eq(who->role, hf_sv_from(roles[k].access)) &&
			    hf_sv_eq(role, hf_sv_from(roles[k].pathway)))
				out |= (hf_pw_set)1 << i;
	}
	return out;
}
