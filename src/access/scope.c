/* scope.c - scopes of SMART App Launch 2 as sets. */
#include "access/scope.h"

static const char letters[] = "cruds"; /* bit k of enum hf_crud */

static const char *const levels[] = {
    [HF_SCOPE_PATIENT] = "patient",
    [HF_SCOPE_USER] = "user",
    [HF_SCOPE_SYSTEM] = "system",
};

static const struct {
	const char *word;
	uint32_t flag;
	const char *means;
} words[] = {
    {"openid", HF_SCOPE_OPENID, "know that it is you"},
    {"fhirUser", HF_SCOPE_FHIR_USER, "know which entry of the directory is yours"},
    {"profile", HF_SCOPE_PROFILE, "know your name"},
    {"launch", HF_SCOPE_LAUNCH, "know which page it was started from"},
    {"launch/patient", HF_SCOPE_LAUNCH_PATIENT, "know which person you choose"},
    {"offline_access", HF_SCOPE_OFFLINE, "go on when you have signed out"},
    {"online_access", HF_SCOPE_ONLINE, "go on as long as you are signed in"},
    {"operate", HF_SCOPE_OPERATE, "read figures about the running server"},
};

/* ---- reading ---- */

static enum hf_rc
refuse(struct hf_sv scope, const char *why, struct hf_err *err)
{
	return hf_fail(err, HF_INVALID, "scope", "%.*s: %s",
		       (int)(scope.n > 100 ? 100 : scope.n), scope.p, why);
}

static uint32_t
flag_of(struct hf_sv scope)
{
	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (hf_sv_eq(scope, hf_sv_from(words[i].word)))
			return words[i].flag;
	return 0;
}

/* The letters behind the dot; 0 when they are none. */
static unsigned
letters_of(struct hf_sv text)
{
	unsigned set = 0;
	size_t next = 0; /* letters come in order, each once */

	if (hf_sv_is(text, "read"))
		return HF_CRUD_R | HF_CRUD_S;
	if (hf_sv_is(text, "write"))
		return HF_CRUD_C | HF_CRUD_U | HF_CRUD_D;
	if (hf_sv_is(text, "*"))
		return HF_CRUD_ALL;
	for (size_t i = 0; i < text.n; i++) {
		const char *at = text.p[i] ? strchr(letters + next, text.p[i]) : NULL;

		if (!at)
			return 0;
		next = (size_t)(at - letters) + 1;
		set |= 1u << (next - 1);
	}
	return set;
}

static enum hf_rc
read_one(struct hf_sv scope, struct hf_scopes *out, struct hf_err *err)
{
	struct hf_sv rest = scope, level = hf_sv_cut(&rest, '/');
	struct hf_sv type = hf_sv_cut(&rest, '.');
	uint32_t flag = flag_of(scope);
	hf_type_id id = 0;
	unsigned set;

	if (flag) {
		out->flags |= flag;
		return HF_OK;
	}
	if (hf_sv_find(scope, '?') < scope.n)
		return refuse(scope,
			      "this server does not narrow a scope by a query; ask for "
			      "the whole type, without ? and what follows",
			      err);
	for (int i = 0; i < HF_SCOPE_LEVELS; i++) {
		if (!hf_sv_eq(level, hf_sv_from(levels[i])))
			continue;
		if (!hf_sv_is(type, "*"))
			id = hf_resource_find(type);
		if (id == 0 && !hf_sv_is(type, "*"))
			return refuse(scope, "there is no such resource type in R4",
				      err);
		set = letters_of(rest);
		if (set == 0)
			return refuse(scope,
				      "behind the dot stand some of c r u d s, in this "
				      "order (or read, write, *)",
				      err);
		assert(id < HF_SCOPE_TYPES);
		out->cruds[i][id] = (uint8_t)(out->cruds[i][id] | set);
		return HF_OK;
	}
	return refuse(scope, "this server knows no such scope", err);
}

/* Takes from each type what all types have. */
static void
settle(struct hf_scopes *s)
{
	for (int l = 0; l < HF_SCOPE_LEVELS; l++)
		for (size_t t = 1; t < HF_SCOPE_TYPES; t++)
			s->cruds[l][t] = (uint8_t)(s->cruds[l][t] & ~s->cruds[l][0]);
}

enum hf_rc
hf_scopes_parse(struct hf_sv text, struct hf_scopes *out, struct hf_err *err)
{
	struct hf_scopes scopes = {0};

	if (text.n > HF_SCOPE_BYTES)
		return hf_fail(err, HF_TOO_LONG, "scope",
			       "scopes have at most %d bytes", HF_SCOPE_BYTES);
	while (text.n) {
		struct hf_sv one = hf_sv_cut(&text, ' ');
		enum hf_rc rc = one.n ? read_one(one, &scopes, err) : HF_OK;

		if (rc)
			return rc;
	}
	settle(&scopes);
	*out = scopes;
	return HF_OK;
}

/* ---- asking ---- */

bool
hf_scopes_allow_at(const struct hf_scopes *s, enum hf_scope_level level,
		   hf_type_id type, unsigned set)
{
	unsigned has = s->cruds[level][0];

	if (type >= HF_SCOPE_TYPES)
		return false;
	has |= s->cruds[level][type];
	return set != 0 && (has & set) == set;
}

bool
hf_scopes_allow(const struct hf_scopes *s, hf_type_id type, unsigned set)
{
	for (int l = 0; l < HF_SCOPE_LEVELS; l++)
		if (hf_scopes_allow_at(s, (enum hf_scope_level)l, type, set))
			return true;
	return false;
}

bool
hf_scopes_has_level(const struct hf_scopes *s, enum hf_scope_level level)
{
	for (size_t t = 0; t < HF_SCOPE_TYPES; t++)
		if (s->cruds[level][t])
			return true;
	return false;
}

bool
hf_scopes_empty(const struct hf_scopes *s)
{
	if (s->flags)
		return false;
	for (int l = 0; l < HF_SCOPE_LEVELS; l++)
		if (hf_scopes_has_level(s, (enum hf_scope_level)l))
			return false;
	return true;
}

struct hf_scopes
hf_scopes_meet(const struct hf_scopes *a, const struct hf_scopes *b)
{
	struct hf_scopes out = {.flags = a->flags & b->flags};

	for (int l = 0; l < HF_SCOPE_LEVELS; l++) {
		unsigned all_a = a->cruds[l][0], all_b = b->cruds[l][0];

		out.cruds[l][0] = (uint8_t)(all_a & all_b);
		for (size_t t = 1; t < HF_SCOPE_TYPES; t++)
			out.cruds[l][t] = (uint8_t)((all_a | a->cruds[l][t]) &
						    (all_b | b->cruds[l][t]));
	}
	settle(&out);
	return out;
}

bool
hf_scopes_within(const struct hf_scopes *inner, const struct hf_scopes *outer)
{
	struct hf_scopes both = hf_scopes_meet(inner, outer);

	return both.flags == inner->flags &&
	       memcmp(both.cruds, inner->cruds, sizeof both.cruds) == 0;
}

/* ---- writing ---- */

static void
write_part(int level, const char *type, unsigned set, struct hf_buf *out)
{
	hf_buf_printf(out, "%s%s/%s.", out->n ? " " : "", levels[level], type);
	for (size_t k = 0; k < sizeof letters - 1; k++)
		if (set & 1u << k)
			hf_buf_char(out, letters[k]);
}

void
hf_scopes_write(const struct hf_scopes *s, struct hf_buf *out)
{
	struct hf_buf own = {.cap = (size_t)64 << 10};

	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (s->flags & words[i].flag)
			hf_buf_printf(&own, "%s%s", own.n ? " " : "", words[i].word);
	for (int l = 0; l < HF_SCOPE_LEVELS; l++) {
		if (s->cruds[l][0])
			write_part(l, "*", s->cruds[l][0], &own);
		for (hf_type_id t = 1; t <= hf_n_resource_types; t++)
			if (s->cruds[l][t])
				write_part(l, hf_type_get(t)->name, s->cruds[l][t],
					   &own);
	}
	hf_buf_sv(out, hf_buf_view(&own));
	out->failed = out->failed || own.failed;
	hf_buf_free(&own);
}

static void
words_of_part(int level, const char *type, unsigned set, struct hf_buf *out)
{
	static const char *const verbs[] = {"add", "read", "change", "delete",
					    "search for"};
	static const char *const whose[] = {
	    [HF_SCOPE_PATIENT] = "of the person you choose",
	    [HF_SCOPE_USER] = "that you may see",
	    [HF_SCOPE_SYSTEM] = "that this system may see",
	};
	const char *between = "";

	for (size_t k = 0; k < HF_COUNT(verbs); k++) {
		if (!(set & 1u << k))
			continue;
		hf_buf_printf(out, "%s%s", between, verbs[k]);
		between = ", ";
	}
	hf_buf_printf(out, " %s %s\n", type ? type : "everything", whose[level]);
}

void
hf_scopes_words(const struct hf_scopes *s, struct hf_buf *out)
{
	for (int l = 0; l < HF_SCOPE_LEVELS; l++) {
		if (s->cruds[l][0])
			words_of_part(l, NULL, s->cruds[l][0], out);
		for (hf_type_id t = 1; t <= hf_n_resource_types; t++)
			if (s->cruds[l][t])
				words_of_part(l, hf_type_get(t)->name, s->cruds[l][t],
					      out);
	}
	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (s->flags & words[i].flag)
			hf_buf_printf(out, "%s\n", words[i].means);
}
