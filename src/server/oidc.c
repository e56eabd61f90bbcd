/* oidc.c - the OpenID providers that people may sign in at. */
#include "server/oidc.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/fetch.h"

struct place {
	struct hf_oidc *oidc;
	const struct hf_oidc_provider *base;	 /* as it is configured */
	const struct hf_oidc_provider *provider; /* the newest; older ones stay */
	char secret[HF_OIDC_SECRET];
	size_t secret_n;
	struct hf_jwks *key;
	hf_time got; /* its discovery document; 0: never */
	int asking;  /* how many wait for it now */
};

struct hf_oidc {
	struct hf_arena arena; /* guarded by lock once it runs */
	pthread_mutex_t lock;
	struct place places[HF_OIDC_PROVIDERS];
	size_t n;
};

/* One who waits for a discovery document. */
struct asking {
	struct place *place;
	hf_time now;
	void (*then)(void *ctx, const struct hf_oidc_site *site,
		     const struct hf_err *err);
	void *ctx;
};

/* ---- files ---- */

static enum hf_rc
read_file(const char *path, bool secret, char *to, size_t size, size_t *n,
	  struct hf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t got = 0;
	ssize_t part = 0;

	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return hf_fail(err, HF_INVALID, path, "the file cannot be read: %s",
			       strerror(errno));
	}
	while (got < size && (part = read(fd, to + got, size - got)) > 0)
		got += (size_t)part;
	close(fd);
	if (part < 0)
		return hf_fail(err, HF_INVALID, path, "the file cannot be read");
	if (secret && (st.st_mode & 077) != 0)
		return hf_fail(err, HF_FORBIDDEN, path,
			       "others may read this secret: chmod 600 it");
	if (got == size)
		return hf_fail(err, HF_TOO_LONG, path, "the file is too long");
	*n = got;
	return HF_OK;
}

static enum hf_rc
read_secret(struct hf_oidc *o, struct place *p, struct hf_err *err)
{
	const struct hf_oidc_provider *v = p->provider;
	char *path =
	    hf_arena_cstr(&o->arena, v->secret_file.n ? v->secret_file : v->key_file);
	char text[8192];
	size_t n = 0;
	enum hf_rc rc;

	if (!path)
		return hf_fail(err, HF_TOO_LONG, NULL, "no room for this");
	rc = read_file(path, true, text, sizeof text, &n, err);
	if (rc == HF_OK && v->key_file.n) {
		rc = hf_jwks_parse((struct hf_sv){text, n}, HF_JWKS_OWN, &p->key, err);
	} else if (rc == HF_OK) {
		struct hf_sv s = hf_sv_trim((struct hf_sv){text, n});

		if (s.n == 0 || s.n > sizeof p->secret)
			rc = hf_fail(err, HF_INVALID, path, "there is no secret in it");
		else
			memcpy(p->secret, s.p, p->secret_n = s.n);
	}
	sodium_memzero(text, sizeof text);
	return rc;
}

enum hf_rc
hf_oidc_open(const char *path, struct hf_oidc **out, struct hf_err *err)
{
	struct hf_oidc *o = calloc(1, sizeof *o);
	struct hf_oidc_provider *list = NULL;
	char *text;
	size_t n = 0;
	enum hf_rc rc;

	if (!o)
		return hf_fail(err, HF_FAULT, NULL, "no memory for providers");
	hf_arena_init(&o->arena, 16 << 20);
	pthread_mutex_init(&o->lock, NULL);
	text = hf_arena_alloc(&o->arena, HF_OIDC_CONFIG + 1);
	rc = text ? read_file(path, false, text, HF_OIDC_CONFIG + 1, &n, err)
		  : hf_fail(err, HF_FAULT, NULL, "no memory for providers");
	if (rc == HF_OK)
		rc = hf_oidc_config((struct hf_sv){text, n}, &o->arena, &list, &o->n,
				    err);
	for (size_t i = 0; rc == HF_OK && i < o->n; i++) {
		o->places[i].oidc = o;
		o->places[i].base = o->places[i].provider = &list[i];
		rc = read_secret(o, &o->places[i], err);
	}
	if (rc) {
		hf_oidc_close(o);
		return rc;
	}
	*out = o;
	return HF_OK;
}

void
hf_oidc_close(struct hf_oidc *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < HF_OIDC_PROVIDERS; i++) {
		hf_jwks_free(o->places[i].key);
		sodium_memzero(o->places[i].secret, sizeof o->places[i].secret);
	}
	pthread_mutex_destroy(&o->lock);
	hf_arena_free(&o->arena);
	free(o);
}

size_t
hf_oidc_count(const struct hf_oidc *o)
{
	return o ? o->n : 0;
}

const struct hf_oidc_provider *
hf_oidc_at(const struct hf_oidc *o, size_t i)
{
	assert(i < o->n);
	return o->places[i].provider;
}

int
hf_oidc_find(const struct hf_oidc *o, struct hf_sv id)
{
	for (size_t i = 0; i < hf_oidc_count(o); i++)
		if (hf_sv_eq(o->places[i].provider->id, id))
			return (int)i;
	return -1;
}

/* ---- discovery ---- */

static bool
is_set_up(const struct hf_oidc_provider *p)
{
	return p->authorization.n && p->token.n && p->jwks.n;
}

static struct hf_oidc_site
site_of(const struct place *p)
{
	return (struct hf_oidc_site){
	    .provider = p->provider,
	    .secret = {p->secret, p->secret_n},
	    .key = p->key,
	};
}

static bool
same_endpoints(const struct hf_oidc_provider *a, const struct hf_oidc_provider *b)
{
	return hf_sv_eq(a->authorization, b->authorization) &&
	       hf_sv_eq(a->token, b->token) && hf_sv_eq(a->userinfo, b->userinfo) &&
	       hf_sv_eq(a->jwks, b->jwks);
}

static struct hf_sv
keep(struct hf_arena *arena, struct hf_sv s)
{
	return s.n ? hf_arena_sv(arena, s) : s;
}

/* Puts what was found in place, unless it is what stands there.  Lock held. */
static void
put(struct place *p, const struct hf_oidc_provider *found)
{
	struct hf_arena *arena = &p->oidc->arena;
	struct hf_oidc_provider *kept;

	if (same_endpoints(p->provider, found))
		return;
	kept = HF_NEW(arena, struct hf_oidc_provider);
	if (!kept)
		return;
	*kept = *found;
	kept->authorization = keep(arena, found->authorization);
	kept->token = keep(arena, found->token);
	kept->userinfo = keep(arena, found->userinfo);
	kept->jwks = keep(arena, found->jwks);
	if (is_set_up(kept))
		p->provider = kept;
}

static void
on_discovery(void *ctx, const struct hf_fetch_answer *answer)
{
	struct asking *a = ctx;
	struct place *p = a->place;
	struct hf_arena arena = {.cap = 4 << 20};
	struct hf_oidc_provider found = *p->base;
	struct hf_err err = answer->err;
	struct hf_oidc_site site;
	enum hf_rc rc = answer->rc;
	bool usable;

	if (rc == HF_OK && answer->status != 200)
		rc = hf_fail(&err, HF_BUSY, NULL, "the provider answered with %d",
			     answer->status);
	if (rc == HF_OK)
		rc = hf_oidc_discovery(answer->body, &arena, &found, &err);
	pthread_mutex_lock(&p->oidc->lock);
	p->asking--;
	if (rc == HF_OK) {
		put(p, &found);
		p->got = a->now;
	}
	site = site_of(p);
	usable = is_set_up(p->provider); /* of before, when it fails now */
	pthread_mutex_unlock(&p->oidc->lock);
	a->then(a->ctx, usable ? &site : NULL, &err);
	hf_arena_free(&arena);
	free(a);
}

static struct hf_sv
discovery_url(struct hf_sv issuer, char *to, size_t size)
{
	int n = snprintf(to, size, "%.*s%s.well-known/openid-configuration",
			 HF_SV_ARG(issuer), issuer.p[issuer.n - 1] == '/' ? "" : "/");

	return (struct hf_sv){to, n < 0 ? 0 : (size_t)n};
}

void
hf_oidc_ask(struct hf_oidc *o, size_t i, struct hf_fetcher *fetcher, hf_time now,
	    void (*then)(void *ctx, const struct hf_oidc_site *site,
			 const struct hf_err *err),
	    void *ctx)
{
	struct place *p = &o->places[i];
	struct asking *a = calloc(1, sizeof *a);
	struct hf_oidc_site site;
	char url[600 + 64];
	struct hf_err err = {0};
	bool fresh, full;

	pthread_mutex_lock(&o->lock);
	full = p->asking >= HF_OIDC_ASKING;
	site = site_of(p);
	fresh = is_set_up(p->provider) &&
		(p->got == 0 || now - p->got < HF_OIDC_DISCOVERY_MS);
	if (!fresh && !full && a)
		p->asking++;
	pthread_mutex_unlock(&o->lock);
	if (fresh) {
		free(a);
		then(ctx, &site, &err);
		return;
	}
	if (full) {
		hf_fail(&err, HF_BUSY, NULL, "the provider does not answer now");
	} else if (a) {
		struct hf_fetch_ask ask = {
		    .url = discovery_url(site.provider->issuer, url, sizeof url)};

		*a = (struct asking){p, now, then, ctx};
		if (hf_fetch(fetcher, &ask, on_discovery, a, &err) == HF_OK)
			return;
		pthread_mutex_lock(&o->lock);
		p->asking--;
		pthread_mutex_unlock(&o->lock);
	} else {
		hf_fail(&err, HF_FAULT, NULL, "no memory to ask with");
	}
	free(a);
	then(ctx, NULL, &err);
}
