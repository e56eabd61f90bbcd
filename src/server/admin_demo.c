/* admin_demo.c - homefirst user demo: accounts for a demonstration, one for each kind
 * of role, in the organisations of the place that is there.
 *
 * They have no password: they sign in with one click, and only at a server that was
 * started with --demonstration.  Run again it adds what is missing. */
#include "server/admin.h"

#include "fhir/json.h"
#include "record/io/person.h"
#include "record/person_text.h"
#include "server/demo.h"
#include "server/serve.h"
#include "server/sign.h"
#include "server/users.h"

int hf_admin_user_demo(struct hf_admin *a, int argc, char **argv);

enum {
	ORGANISATIONS = 1000,
	PAGE = 256,
	PAGE_BYTES = 64 << 20,
	PEOPLE = 20000, /* looked through for somebody with a long record */
	LONG = 250,	/* entries of one */
	SOME = 40,	/* and of one that will do */
	STAFF = 4000
};

enum where {
	PRACTICE,
	COMMUNITY,
	ACUTE,
	MENTAL,
	COUNCIL,
	HOME,
	PLACE,
	HUB, /* places made by versions before have none */
	PERSON,
	WHERES
};

/* What Organization.type says of them. */
static const char *const kinds[WHERES] = {
    [PRACTICE] = "GP practice",
    [COMMUNITY] = "Community health trust",
    [ACUTE] = "Acute hospital trust",
    [MENTAL] = "Mental health trust",
    [COUNCIL] = "Council adult social care",
    [HOME] = "Care home",
    [PLACE] = "Place partnership",
    [HUB] = "Care co-ordination hub",
};

static const struct demo {
	const char *login, *role;
	enum where where;
	const char *job, *name, *sees;
} demos[] = {
#define HF_DEMO(login, role, where, job, name, sees)                                   \
	{login, role, where, job, name, sees},
#include "server/demo.def"
#undef HF_DEMO
};

size_t
hf_demo_rank(struct hf_sv login)
{
	size_t i = 0;

	while (i < HF_COUNT(demos) && !hf_sv_eq(login, hf_sv_from(demos[i].login)))
		i++;
	return i;
}

struct hf_sv
hf_demo_sees(struct hf_sv login)
{
	size_t i = hf_demo_rank(login);

	return i < HF_COUNT(demos) ? hf_sv_from(demos[i].sees) : HF_SV("");
}

struct place {
	struct hf_admin *a;
	struct hf_org_line orgs[WHERES]; /* ref.n 0: there is none */
	struct hf_sv staff[HF_COUNT(demos)], names[HF_COUNT(demos)];
	struct hf_sv person, person_name;
	size_t person_entries;
	struct hf_arena page; /* emptied for each page of what is looked through */
};

static enum hf_rc
parse(struct place *p, const struct hf_version *v, struct hf_json *doc,
      struct hf_err *err)
{
	return hf_json_parse(v->body, NULL, &p->page, doc, err);
}

/* ---- the organisations ---- */

static enum hf_rc
find_orgs(struct place *p, struct hf_err *err)
{
	struct hf_org_line *orgs;
	size_t n;
	bool more;
	enum hf_rc rc = hf_place_organisations(p->a->store, p->a->reader, ORGANISATIONS,
					       p->a->arena, &orgs, &n, &more, err);

	for (size_t i = 0; rc == HF_OK && i < n; i++)
		for (int w = 0; w < PERSON; w++)
			if (p->orgs[w].ref.n == 0 && !orgs[i].closed &&
			    orgs[i].code.n &&
			    hf_sv_eq(orgs[i].kind, hf_sv_from(kinds[w])))
				p->orgs[w] = orgs[i];
	for (int w = 0; rc == HF_OK && w < HUB; w++)
		if (p->orgs[w].ref.n == 0)
			rc = hf_fail(err, HF_RULE, NULL,
				     "there is no %s with an ODS code in this store: "
				     "make an invented place with homefirst generate",
				     kinds[w]);
	return rc;
}

/* ---- their staff ---- */

/* Each practitioner stands for one user at most. */
static bool
is_taken(const struct place *p, struct hf_sv who)
{
	for (size_t i = 0; i < HF_COUNT(demos); i++)
		if (hf_sv_eq(p->staff[i], who))
			return true;
	return false;
}

/* What is kept of a page outlives it. */
static struct hf_sv
keep(struct place *p, struct hf_sv text)
{
	return hf_arena_sv(p->a->arena, text);
}

static struct hf_sv
name_of(struct place *p, const struct hf_json *doc)
{
	uint32_t best = hf_name_best(doc, hf_dig(doc, 0, "name"));

	return best == HF_JSON_NONE ? HF_SV("")
				    : keep(p, hf_name_words(doc, best, true, &p->page));
}

/* The user that a member of staff stands for; HF_COUNT(demos) when there is none. */
static size_t
user_of(struct place *p, const struct hf_json *doc, struct hf_sv who)
{
	struct hf_sv org = hf_dig_text(doc, 0, "organization.reference", &p->page);
	struct hf_sv job = hf_dig_words(doc, 0, "code", &p->page);

	if (who.n == 0 || is_taken(p, who))
		return HF_COUNT(demos);
	for (size_t i = 0; i < HF_COUNT(demos); i++)
		if (p->staff[i].n == 0 && demos[i].job[0] != '\0' &&
		    hf_sv_eq(job, hf_sv_from(demos[i].job)) &&
		    hf_sv_eq(org, p->orgs[demos[i].where].ref))
			return i;
	return HF_COUNT(demos);
}

static enum hf_rc
take_staff(struct place *p, const struct hf_version *v, struct hf_err *err)
{
	struct hf_version person;
	struct hf_json doc;
	struct hf_sv who, id;
	size_t i;
	enum hf_rc rc = parse(p, v, &doc, err);

	if (rc)
		return rc;
	who = hf_dig_text(&doc, 0, "practitioner.reference", &p->page);
	i = user_of(p, &doc, who);
	if (i == HF_COUNT(demos))
		return HF_OK;
	id = who;
	hf_sv_cut(&id, '/');
	rc = hf_store_read(p->a->reader, HF_SV("Practitioner"), id, 0, &p->page,
			   &person, err);
	if (rc == HF_NOT_FOUND || rc == HF_GONE)
		return HF_OK;
	if (rc == HF_OK)
		rc = parse(p, &person, &doc, err);
	if (rc == HF_OK) {
		p->staff[i] = keep(p, who);
		p->names[i] = name_of(p, &doc);
	}
	return rc;
}

/* ---- a person of the practice with something to read ---- */

static bool
is_of(struct place *p, const struct hf_json *doc, const struct hf_org_line *org)
{
	uint32_t list = hf_json_member(doc, 0, "generalPractitioner");

	for (uint32_t i = 0; i < hf_json_count(doc, list); i++)
		if (hf_sv_eq(hf_dig_text(doc, hf_json_at(doc, list, i), "reference",
					 &p->page),
			     org->ref))
			return true;
	return false;
}

/* The longest record so far of a living grown-up; it need not be the longest there
 * is. */
static enum hf_rc
take_person(struct place *p, const struct hf_version *v, struct hf_err *err)
{
	struct hf_entry *entries;
	struct hf_json doc;
	struct hf_sv born;
	size_t n;
	enum hf_rc rc = HF_OK;

	if (p->person_entries >= LONG)
		return HF_OK;
	rc = parse(p, v, &doc, err);
	if (rc)
		return rc;
	born = hf_dig_text(&doc, 0, "birthDate", &p->page);
	if (born.n < 4 || memcmp(born.p, "1975", 4) > 0 ||
	    hf_dig(&doc, 0, "deceasedDateTime|deceasedBoolean") != HF_JSON_NONE ||
	    !is_of(p, &doc, &p->orgs[PRACTICE]))
		return HF_OK;
	rc = hf_store_shelf(p->a->reader, HF_RID_SHELF(v->e.rid), &p->page, &entries,
			    &n, err);
	if (rc || n < SOME || n <= p->person_entries)
		return rc;
	p->person = hf_arena_printf(p->a->arena, "Patient/%.*s", HF_SV_ARG(v->id));
	p->person_name = name_of(p, &doc);
	p->person_entries = n;
	return HF_OK;
}

/* Shows take up to max resources of a type. */
static enum hf_rc
each(struct place *p, const char *type, size_t max,
     enum hf_rc (*take)(struct place *p, const struct hf_version *v,
			struct hf_err *err),
     struct hf_err *err)
{
	hf_type_id t = hf_resource_find(hf_sv_from(type));
	hf_rid after = 0, next = 0;
	size_t seen = 0;
	enum hf_rc rc;

	do {
		struct hf_entry *entries;
		size_t n;

		hf_arena_reset(&p->page);
		rc = hf_store_scan(p->a->reader, t, after, PAGE, &p->page, &entries, &n,
				   &next, err);
		for (size_t i = 0; rc == HF_OK && i < n; i++) {
			struct hf_version v;

			rc = hf_store_read_rid(p->a->reader, entries[i].rid, 0,
					       &p->page, &v, err);
			if (rc == HF_OK)
				rc = take(p, &v, err);
			else if (rc == HF_GONE || rc == HF_NOT_FOUND)
				rc = HF_OK;
		}
		seen += n;
		after = next;
	} while (rc == HF_OK && next != 0 && seen < max);
	return rc;
}

/* ---- the accounts ---- */

static enum hf_rc
add(struct place *p, struct hf_users *u, size_t i, bool *added, struct hf_err *err)
{
	const struct demo *d = &demos[i];
	bool person = d->where == PERSON;
	struct hf_user_new user = {
	    .login = hf_sv_from(d->login),
	    .name = person	    ? p->person_name
		    : p->names[i].n ? p->names[i]
				    : hf_sv_from(d->name),
	    .who = person ? p->person : p->staff[i],
	    .demonstration = true,
	    .role = {.role = hf_sv_from(d->role),
		     .org = person ? HF_SV("") : p->orgs[d->where].code,
		     .since = p->a->now,
		     .until = HF_TIME_MAX},
	};
	char one_time[HF_ONE_TIME_LEN + 1];
	struct hf_account account;
	struct hf_sv id;
	enum hf_rc rc = hf_users_find(hf_reader_db(p->a->reader), user.login,
				      p->a->arena, &account, err);

	*added = false;
	if (rc != HF_NOT_FOUND)
		return rc;
	if (hf_sv_is(user.role.role, "student"))
		for (size_t k = 0; k < HF_COUNT(demos); k++)
			if (strcmp(demos[k].login, "ward") == 0)
				user.role.supervisor = p->staff[k];
	rc = hf_users_add(u, &user, &id, one_time, err);
	/* The GP leads too: the sign-in then asks which role it is to be. */
	if (rc == HF_OK && strcmp(d->login, "gp") == 0) {
		struct hf_account_role lead = user.role;
		int64_t number;

		lead.role = HF_SV("clinical-lead");
		rc = hf_users_role_add(u, id, &lead, &number, err);
	}
	*added = rc == HF_OK;
	return rc;
}

int
hf_admin_user_demo(struct hf_admin *a, int argc, char **argv)
{
	struct hf_users u = {
	    .store = a->store,
	    .sessions = a->server ? a->server->sign->sessions : NULL,
	    .policy = a->policy,
	    .actor = a->actor,
	    .purpose = HF_SV("OPERATE"),
	    .arena = a->arena,
	    .now = a->now,
	};
	struct place *p = HF_NEW(a->arena, struct place);
	struct hf_err err;
	size_t n = 0, of = 0;
	enum hf_rc rc;

	if (!hf_admin_options(a, NULL, 0, argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!p) {
		hf_fail(&err, HF_BUSY, NULL, "no memory now; try again");
		return hf_admin_fail(a, &err);
	}
	p->a = a;
	hf_arena_init(&p->page, PAGE_BYTES);
	rc = find_orgs(p, &err);
	if (rc == HF_OK)
		rc = each(p, "PractitionerRole", STAFF, take_staff, &err);
	if (rc == HF_OK)
		rc = each(p, "Patient", PEOPLE, take_person, &err);
	for (size_t i = 0; rc == HF_OK && i < HF_COUNT(demos); i++) {
		bool added = false;

		if (demos[i].where == PERSON && p->person.n == 0)
			continue; /* the place has nobody with a record to read */
		if (demos[i].where == HUB && p->orgs[HUB].ref.n == 0)
			continue;
		rc = add(p, &u, i, &added, &err);
		n += added;
		of++;
	}
	hf_arena_free(&p->page);
	if (rc)
		return hf_admin_fail(a, &err);
	hf_buf_printf(a->out,
		      "%zu users for the demonstration added, %zu there before\n", n,
		      of - n);
	return HF_ADMIN_DONE;
}
