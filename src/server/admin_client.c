/* admin_client.c - homefirst client add|list|show|secret|end. */
#include "server/admin.h"
#include "server/clients.h"
#include "server/serve.h"
#include "server/token.h"

#include "fhir/json.h"

int hf_admin_client_add(struct hf_admin *a, int argc, char **argv);
int hf_admin_client_list(struct hf_admin *a, int argc, char **argv);
int hf_admin_client_show(struct hf_admin *a, int argc, char **argv);
int hf_admin_client_secret(struct hf_admin *a, int argc, char **argv);
int hf_admin_client_end(struct hf_admin *a, int argc, char **argv);

static struct hf_clients_by
by(struct hf_admin *a)
{
	return (struct hf_clients_by){.store = a->store,
				      .actor = a->actor,
				      .purpose = HF_SV("OPERATE"),
				      .arena = a->arena,
				      .now = a->now};
}

static struct hf_sv
text(const char *s)
{
	return s ? hf_sv_from(s) : HF_SV("");
}

/* --redirect may be given more than once: a line each. */
static struct hf_sv
redirects_of(struct hf_admin *a, int argc, char **argv)
{
	struct hf_sv out = HF_SV("");

	for (int i = 0; i < argc; i++) {
		struct hf_sv word = hf_sv_from(argv[i]);

		if (hf_sv_starts(word, HF_SV("--redirect=")))
			word = hf_sv_from_at(word, strlen("--redirect="));
		else if (hf_sv_is(word, "--redirect") && i + 1 < argc)
			word = hf_sv_from(argv[++i]);
		else
			continue;
		out = hf_arena_printf(a->arena, "%.*s%s%.*s", HF_SV_ARG(out),
				      out.n ? "\n" : "", HF_SV_ARG(word));
		if (!out.p)
			return HF_SV("");
	}
	return out;
}

static void
tell_secret(struct hf_admin *a, struct hf_sv id, struct hf_sv secret, bool json)
{
	struct hf_jw w = {.out = a->out};

	if (!json) {
		hf_buf_printf(a->out, "id: %.*s\n", HF_SV_ARG(id));
		if (secret.n)
			hf_buf_printf(a->out, "secret: %.*s\n", HF_SV_ARG(secret));
		return;
	}
	hf_jw_obj(&w);
	hf_jw_field(&w, "id", id);
	if (secret.n)
		hf_jw_field(&w, "secret", secret);
	hf_jw_obj_end(&w);
	hf_buf_char(a->out, '\n');
}

int
hf_admin_client_add(struct hf_admin *a, int argc, char **argv)
{
	const char *name = NULL, *scope = NULL, *org = NULL, *uri = NULL, *role = NULL,
		   *purpose = NULL, *redirect = NULL;
	struct hf_sv jwks = HF_SV(""), secret;
	bool is_public = false, json = false;
	const struct hf_admin_opt opts[] = {
	    {"name", HF_ADMIN_TEXT, &name},
	    {"scope", HF_ADMIN_TEXT, &scope},
	    {"org", HF_ADMIN_TEXT, &org},
	    {"jwks-uri", HF_ADMIN_TEXT, &uri},
	    {"jwks-file", HF_ADMIN_FILE, &jwks},
	    {"role", HF_ADMIN_TEXT, &role},
	    {"purpose", HF_ADMIN_TEXT, &purpose},
	    {"redirect", HF_ADMIN_TEXT, &redirect},
	    {"public", HF_ADMIN_FLAG, &is_public},
	    {"json", HF_ADMIN_FLAG, &json},
	};
	struct hf_clients_by who = by(a);
	struct hf_client c = {0};
	struct hf_err err;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (!name || !scope)
		return hf_admin_misuse(a, "--name and --scope are needed");
	c = (struct hf_client){
	    .name = text(name),
	    .is_public = is_public,
	    .jwks = jwks,
	    .jwks_uri = text(uri),
	    .scopes = text(scope),
	    .redirects = redirects_of(a, argc, argv),
	    .org = text(org),
	    .role = text(role),
	    .purpose = text(purpose),
	};
	if (c.role.n && !hf_policy_role(a->policy, c.role))
		return hf_admin_misuse(a, "--role: the documents have no such role");
	if (hf_clients_add(&who, &c, &secret, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	tell_secret(a, c.id, secret, json);
	return HF_ADMIN_DONE;
}

int
hf_admin_client_list(struct hf_admin *a, int argc, char **argv)
{
	bool json = false, all = false;
	const struct hf_admin_opt opts[] = {{"json", HF_ADMIN_FLAG, &json},
					    {"all", HF_ADMIN_FLAG, &all}};
	struct hf_jw w = {.out = a->out};
	struct hf_client *list = NULL;
	struct hf_err err;
	size_t n = 0;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, NULL, 0, NULL))
		return HF_ADMIN_MISUSED;
	if (hf_client_list(hf_reader_db(a->reader), a->arena, &list, &n, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	if (json)
		hf_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		const struct hf_client *c = &list[i];

		if (c->ended && !all)
			continue;
		if (json)
			hf_clients_write(c, &w);
		else
			hf_buf_printf(a->out, "%.*s  %.*s  %.*s%s%.*s%s\n",
				      HF_SV_ARG(c->id), HF_SV_ARG(c->name),
				      HF_SV_ARG(c->scopes), c->org.n ? "  " : "",
				      HF_SV_ARG(c->org), c->ended ? "  (ended)" : "");
	}
	if (json) {
		hf_jw_arr_end(&w);
		hf_buf_char(a->out, '\n');
	}
	return HF_ADMIN_DONE;
}

/* The one plain word of a command, and --json. */
static const char *
id_of(struct hf_admin *a, int argc, char **argv, bool *json)
{
	const struct hf_admin_opt opts[] = {{"json", HF_ADMIN_FLAG, json}};
	const char *id = NULL;
	size_t n = 0;

	if (!hf_admin_options(a, opts, HF_COUNT(opts), argc, argv, &id, 1, &n))
		return NULL;
	if (n != 1) {
		hf_admin_misuse(a, "give the id of the client");
		return NULL;
	}
	return id;
}

int
hf_admin_client_show(struct hf_admin *a, int argc, char **argv)
{
	struct hf_jw w = {.out = a->out};
	bool json = false;
	const char *id = id_of(a, argc, argv, &json);
	struct hf_client c;
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	if (hf_client_get(hf_reader_db(a->reader), hf_sv_from(id), a->arena, &c,
			  &err) != HF_OK)
		return hf_admin_fail(a, &err);
	hf_clients_write(&c, &w);
	hf_buf_char(a->out, '\n');
	return HF_ADMIN_DONE;
}

int
hf_admin_client_secret(struct hf_admin *a, int argc, char **argv)
{
	struct hf_clients_by who = by(a);
	bool json = false;
	const char *id = id_of(a, argc, argv, &json);
	struct hf_sv secret;
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	if (hf_clients_secret(&who, hf_sv_from(id), &secret, &err) != HF_OK)
		return hf_admin_fail(a, &err);
	tell_secret(a, hf_sv_from(id), secret, json);
	return HF_ADMIN_DONE;
}

int
hf_admin_client_end(struct hf_admin *a, int argc, char **argv)
{
	struct hf_clients_by who = by(a);
	bool json = false;
	const char *id = id_of(a, argc, argv, &json);
	struct hf_err err;

	if (!id)
		return HF_ADMIN_MISUSED;
	if (hf_clients_end(&who, hf_sv_from(id), &err) != HF_OK)
		return hf_admin_fail(a, &err);
	if (a->server)
		hf_tokens_drop_client(a->server->tokens, hf_sv_from(id));
	hf_buf_printf(a->out, "ended: %s\n", id);
	return HF_ADMIN_DONE;
}
