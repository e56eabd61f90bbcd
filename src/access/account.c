/* account.c - what an account may hold. */
#include "access/account.h"

static bool
is_login_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
	       c == '-' || c == '_' || c == '@';
}

enum hf_rc
hf_login_fold(struct hf_sv text, struct hf_arena *arena, struct hf_sv *out,
	      struct hf_err *err)
{
	char *p;

	text = hf_sv_trim(text);
	if (text.n == 0 || text.n > HF_LOGIN_MAX)
		return hf_fail(err, HF_INVALID, "login",
			       "a login has 1 to %d characters", HF_LOGIN_MAX);
	p = hf_arena_cstr(arena, text);
	if (!p)
		return hf_fail(err, HF_TOO_LONG, "login", "no room for the login");
	for (size_t i = 0; i < text.n; i++) {
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + 32);
		if (!is_login_char(p[i]))
			return hf_fail(err, HF_INVALID, "login",
				       "a login is made of letters a to z, digits and "
				       ". - _ @");
	}
	*out = (struct hf_sv){p, text.n};
	return HF_OK;
}

bool
hf_account_is_ref(struct hf_sv text, struct hf_sv type)
{
	struct hf_sv id;

	if (!hf_sv_starts(text, type) || text.n <= type.n || text.p[type.n] != '/')
		return false;
	id = hf_sv_from_at(text, type.n + 1);
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c == '.'))
			return false;
	}
	return id.n > 0 && id.n <= 64;
}

enum hf_rc
hf_account_check(const struct hf_account *a, struct hf_err *err)
{
	if (a->name.n == 0 || a->name.n > HF_ACCOUNT_NAME_MAX)
		return hf_fail(err, HF_INVALID, "name", "a name has 1 to %d bytes",
			       HF_ACCOUNT_NAME_MAX);
	for (size_t i = 0; i < a->name.n; i++)
		if ((unsigned char)a->name.p[i] < 32 || a->name.p[i] == 127)
			return hf_fail(err, HF_INVALID, "name",
				       "a name holds no control characters");
	if (a->who.n && !hf_account_is_ref(a->who, HF_SV("Practitioner")) &&
	    !hf_account_is_ref(a->who, HF_SV("Patient")))
		return hf_fail(err, HF_INVALID, "practitioner",
			       "expected Practitioner/ID or Patient/ID");
	return HF_OK;
}

static bool
is_ods(struct hf_sv org)
{
	for (size_t i = 0; i < org.n; i++)
		if (!((org.p[i] >= 'A' && org.p[i] <= 'Z') ||
		      (org.p[i] >= '0' && org.p[i] <= '9') || org.p[i] == '-'))
			return false;
	return org.n <= 16;
}

enum hf_rc
hf_account_role_check(const struct hf_account_role *r, struct hf_err *err)
{
	if (!is_ods(r->org))
		return hf_fail(err, HF_INVALID, "org",
			       "an ODS code is 1 to 16 capital letters and digits");
	if (r->team.n && !hf_account_is_ref(r->team, HF_SV("CareTeam")))
		return hf_fail(err, HF_INVALID, "team", "expected CareTeam/ID");
	if (r->supervisor.n && !hf_account_is_ref(r->supervisor, HF_SV("Practitioner")))
		return hf_fail(err, HF_INVALID, "supervisor",
			       "expected Practitioner/ID");
	if (r->flags & ~(int64_t)HF_ROLE_FLAGS)
		return hf_fail(err, HF_INVALID, "flags", "unknown flags");
	if (r->since >= r->until)
		return hf_fail(err, HF_INVALID, "until", "a role ends after it begins");
	return HF_OK;
}
