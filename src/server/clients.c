/* clients.c - registering systems and apps. */
#include "server/clients.h"

#include <ctype.h>
#include <sodium.h>

#include "fhir/json.h"
#include "record/io/desk.h"

struct job {
	struct hf_client *client;
	struct hf_sv id;
	uint8_t hash[HF_CLIENT_SECRET];
};

static enum hf_rc
do_job(const struct hf_clients_by *by, const char *verb, struct hf_sv id,
       enum hf_rc (*write)(void *ctx, struct hf_db *db, int64_t change, hf_time at,
			   struct hf_err *err),
       struct job *job, struct hf_err *err)
{
	struct hf_sv what =
	    hf_arena_printf(by->arena, "client %s client/%.*s", verb, HF_SV_ARG(id));

	if (!what.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no room for this");
	return hf_store_desk(by->store,
			     &(struct hf_desk_job){.actor = by->actor,
						   .purpose = by->purpose,
						   .what = what,
						   .trace = by->trace,
						   .write = write,
						   .ctx = job},
			     err);
}

static enum hf_rc
write_add(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *job = ctx;

	(void)change;
	job->client->created = at;
	return hf_client_add(db, job->client, err);
}

static enum hf_rc
write_end(void *ctx, struct hf_db *db, int64_t change, hf_time at, struct hf_err *err)
{
	struct job *job = ctx;

	(void)change;
	return hf_client_end(db, job->id, at, err);
}

static enum hf_rc
write_secret(void *ctx, struct hf_db *db, int64_t change, hf_time at,
	     struct hf_err *err)
{
	struct job *job = ctx;

	(void)change;
	(void)at;
	return hf_client_set_secret(
	    db, job->id, (struct hf_sv){(char *)job->hash, sizeof job->hash}, err);
}

/* What may be left out, and ids. */
static enum hf_rc
complete(const struct hf_clients_by *by, struct hf_client *c, struct hf_err *err)
{
	unsigned char random[12];
	char *org = hf_arena_cstr(by->arena, c->org);
	char *id = hf_arena_alloc(by->arena, sizeof random * 2 + 1);
	bool operates;

	if (!org || !id)
		return hf_fail(err, HF_TOO_LONG, NULL, "no room for this");
	randombytes_buf(random, sizeof random);
	sodium_bin2hex(id, sizeof random * 2 + 1, random, sizeof random);
	c->id = hf_sv_from(id);
	for (size_t i = 0; i < c->org.n; i++)
		org[i] = (char)toupper((unsigned char)org[i]);
	c->org.p = org;
	operates = hf_sv_is(hf_sv_trim(c->scopes), "operate");
	if (c->role.n == 0)
		c->role = operates ? HF_SV("monitor") : HF_SV("system");
	if (c->purpose.n == 0)
		c->purpose = operates ? HF_SV("OPERATE") : HF_SV("DIRECT");
	return hf_client_check(c, err);
}

enum hf_rc
hf_clients_add(const struct hf_clients_by *by, struct hf_client *c,
	       struct hf_sv *secret, struct hf_err *err)
{
	struct job job = {.client = c};
	enum hf_rc rc = complete(by, c, err);

	if (rc)
		return rc;
	*secret = (struct hf_sv){NULL, 0};
	c->secret = (struct hf_sv){NULL, 0};
	if (!c->is_public && c->jwks.n == 0 && c->jwks_uri.n == 0) {
		*secret = hf_client_random(by->arena);
		if (!secret->p)
			return hf_fail(err, HF_TOO_LONG, NULL, "no room for this");
		hf_client_hash(*secret, job.hash);
		c->secret = (struct hf_sv){(char *)job.hash, sizeof job.hash};
	}
	rc = do_job(by, "add", c->id, write_add, &job, err);
	c->secret = (struct hf_sv){NULL, 0};
	return rc;
}

enum hf_rc
hf_clients_end(const struct hf_clients_by *by, struct hf_sv id, struct hf_err *err)
{
	struct job job = {.id = id};

	return do_job(by, "end", id, write_end, &job, err);
}

static enum hf_rc
find(const struct hf_clients_by *by, struct hf_sv id, struct hf_client *out,
     struct hf_err *err)
{
	struct hf_reader *reader;
	enum hf_rc rc = hf_reader_get(by->store, &reader, err);

	if (rc)
		return rc;
	rc = hf_client_get(hf_reader_db(reader), id, by->arena, out, err);
	hf_reader_put(reader);
	return rc;
}

enum hf_rc
hf_clients_secret(const struct hf_clients_by *by, struct hf_sv id, struct hf_sv *secret,
		  struct hf_err *err)
{
	struct job job = {.id = id};
	struct hf_client c;
	struct hf_sv made;
	enum hf_rc rc = find(by, id, &c, err);

	if (rc)
		return rc;
	if (c.secret.n == 0)
		return hf_fail(err, HF_RULE, "client",
			       "this client proves itself otherwise and has no secret");
	made = hf_client_random(by->arena);
	if (!made.p)
		return hf_fail(err, HF_TOO_LONG, NULL, "no room for this");
	hf_client_hash(made, job.hash);
	rc = do_job(by, "secret", id, write_secret, &job, err);
	if (rc == HF_OK)
		*secret = made;
	return rc;
}

static void
write_time(struct hf_jw *w, const char *name, hf_time t)
{
	char text[32];

	if (t)
		hf_jw_kv(w, hf_sv_from(name),
			 hf_sv_from(hf_time_format(t, text, sizeof text)));
}

static void
write_list(struct hf_jw *w, const char *name, struct hf_sv text, char sep)
{
	hf_jw_key(w, hf_sv_from(name));
	hf_jw_arr(w);
	while (text.n) {
		struct hf_sv one = hf_sv_cut(&text, sep);

		if (one.n)
			hf_jw_str(w, one);
	}
	hf_jw_arr_end(w);
}

void
hf_clients_write(const struct hf_client *c, struct hf_jw *w)
{
	const char *kind = c->is_public ? "public" : c->redirects.n ? "app" : "system";

	hf_jw_obj(w);
	hf_jw_field(w, "id", c->id);
	hf_jw_field(w, "name", c->name);
	hf_jw_field(w, "kind", hf_sv_from(kind));
	hf_jw_field(w, "proof",
		    hf_sv_from(c->secret.n		    ? "secret"
			       : c->jwks.n || c->jwks_uri.n ? "key"
							    : "none"));
	write_list(w, "scopes", c->scopes, ' ');
	if (c->org.n)
		hf_jw_field(w, "org", c->org);
	hf_jw_field(w, "role", c->role);
	hf_jw_field(w, "purpose", c->purpose);
	if (c->redirects.n)
		write_list(w, "redirects", c->redirects, '\n');
	if (c->jwks_uri.n)
		hf_jw_field(w, "jwksUri", c->jwks_uri);
	write_time(w, "since", c->created);
	write_time(w, "ended", c->ended);
	hf_jw_obj_end(w);
}
