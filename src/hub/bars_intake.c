/* bars_intake.c - what a BaRS message says, as the minimum data set (section 2.2). */
#include "hub/bars_int.h"

struct mapping {
	const struct hf_bars *b;
	struct hf_arena *arena;
	struct hf_issues *issues;
	struct hf_intake *in;
};

static uint32_t
node_of(const struct mapping *m, size_t entry)
{
	return entry == SIZE_MAX ? HF_JSON_NONE : m->b->entries[entry].node;
}

#define GET(m, node, path) hf_bars_get((m)->b->doc, (node), path, (m)->arena)
#define AT(m, node, path)  hf_bars_at((m)->b->doc, (node), HF_SV(path))

static void
doubtful(const struct mapping *m, const char *code, size_t entry, const char *element,
	 const char *text)
{
	hf_issue_add(m->issues, HF_SEV_WARNING, code,
		     hf_bars_path(m->arena, entry, element), "%s", text);
}

/* Cut to what an intake holds, at the beginning of a character. */
static struct hf_sv
bounded(const struct mapping *m, struct hf_sv text, size_t entry)
{
	if (text.n <= HF_INTAKE_TEXT)
		return text;
	text.n = HF_INTAKE_TEXT;
	while (text.n && ((unsigned char)text.p[text.n] & 0xc0) == 0x80)
		text.n--;
	doubtful(m, "too-long", entry, "",
		 "the referral shows the beginning of this text; the record keeps all");
	return text;
}

static void
append(const struct mapping *m, struct hf_sv *to, struct hf_sv text, size_t entry)
{
	if (text.n && to->n)
		text = hf_arena_printf(m->arena, "%.*s; %.*s", HF_SV_ARG(*to),
				       HF_SV_ARG(text));
	if (text.n)
		*to = bounded(m, text, entry);
}

/* ---- the person ---- */

/* The code of a verification status, in both sets of words in use. */
static struct hf_sv
number_status(const struct mapping *m, uint32_t identifier)
{
	static const struct {
		const char *word, *code;
	} words[] = {
	    {"number-present-and-verified", "01"},
	    {"number-present-but-not-traced", "02"},
	    {"trace-required", "03"},
	    {"trace-attempted-no-match-or-multiple-match-found", "04"},
	    {"trace-needs-to-be-resolved", "05"},
	    {"trace-in-progress", "06"},
	    {"number-not-present-and-trace-not-required", "07"},
	    {"trace-postponed", "08"},
	};
	struct hf_sv code = {0};
	uint32_t list = hf_json_member(m->b->doc, identifier, "extension");
	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list) && code.n == 0; i++) {
		uint32_t one = hf_json_at(m->b->doc, list, i);

		if (hf_sv_ends(GET(m, one, "url"),
			       HF_SV("NHSNumberVerificationStatus")))
			code = GET(m, one, "valueCodeableConcept.coding.code");
	}
	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (hf_sv_eq(code, hf_sv_from(words[i].word)))
			return hf_sv_from(words[i].code);
	return code;
}

/* Only numbers of status 01 and 02 travel in a referral; any other is as if
 * it had not been sent. */
static void
read_number(const struct mapping *m, uint32_t identifier)
{
	struct hf_sv status = number_status(m, identifier);
	struct hf_nhs nhs;

	if (!hf_sv_is(status, "01") && !hf_sv_is(status, "02")) {
		m->in->person.nhs_status = status;
		doubtful(
		    m, "business-rule", m->b->patient, "identifier",
		    "an NHS number is taken with status 01 or 02 only; this one is "
		    "not used");
	} else if (hf_nhs_parse(GET(m, identifier, "value"), &nhs, NULL) != HF_OK) {
		doubtful(m, "value", m->b->patient, "identifier",
			 "this is no NHS number; it is not used");
	} else {
		m->in->person.nhs = hf_arena_sv(m->arena, hf_nhs_sv(&nhs));
		m->in->person.nhs_status = status;
	}
}

static void
read_identifiers(const struct mapping *m, uint32_t patient)
{
	uint32_t list = hf_json_member(m->b->doc, patient, "identifier");

	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list); i++) {
		uint32_t one = hf_json_at(m->b->doc, list, i);

		if (m->in->person.nhs.n == 0 &&
		    hf_bars_system(GET(m, one, "system"), HF_SV("nhs-number")))
			read_number(m, one);
	}
}

static struct hf_sv
joined(const struct mapping *m, uint32_t list, const char *between)
{
	struct hf_sv all = {0};

	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list) && i < 16; i++) {
		struct hf_sv one = hf_sv_trim(
		    hf_json_str(m->b->doc, hf_json_at(m->b->doc, list, i), m->arena));

		if (one.n && all.n)
			all = hf_arena_printf(m->arena, "%.*s%s%.*s", HF_SV_ARG(all),
					      between, HF_SV_ARG(one));
		else if (one.n)
			all = one;
	}
	return all;
}

/* An address in one line, as it is said or of its parts. */
static struct hf_sv
address_text(const struct mapping *m, uint32_t address)
{
	struct hf_sv text = GET(m, address, "text");
	struct hf_sv city = GET(m, address, "city");

	if (text.n)
		return text;
	text = joined(m, hf_json_member(m->b->doc, address, "line"), ", ");
	if (text.n && city.n)
		text = hf_arena_printf(m->arena, "%.*s, %.*s", HF_SV_ARG(text),
				       HF_SV_ARG(city));
	return text.n ? text : city;
}

/* The telephone to ring: the one of rank 1, else the first. */
static struct hf_sv
phone_of(const struct mapping *m, uint32_t resource)
{
	uint32_t list = hf_json_member(m->b->doc, resource, "telecom");
	struct hf_sv phone = {0};

	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list); i++) {
		uint32_t one = hf_json_at(m->b->doc, list, i);
		uint32_t rank = hf_json_member(m->b->doc, one, "rank");

		if (!hf_sv_is(GET(m, one, "system"), "phone"))
			continue;
		if (rank != HF_JSON_NONE && hf_sv_is(hf_json_raw(m->b->doc, rank), "1"))
			return GET(m, one, "value");
		if (phone.n == 0)
			phone = GET(m, one, "value");
	}
	return phone;
}

static void
read_ethnic(const struct mapping *m, uint32_t patient)
{
	uint32_t list = hf_json_member(m->b->doc, patient, "extension");

	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list); i++) {
		uint32_t one = hf_json_at(m->b->doc, list, i);

		if (hf_sv_ends(GET(m, one, "url"), HF_SV("EthnicCategory")))
			m->in->person.ethnic =
			    GET(m, one, "valueCodeableConcept.coding.code");
	}
}

static void
read_practice(const struct mapping *m, uint32_t patient)
{
	size_t at =
	    hf_bars_follow(m->b, patient, HF_SV("generalPractitioner"), 0, m->arena);

	if (at == SIZE_MAX)
		return;
	if (m->b->entries[at].type == hf_resource_find(HF_SV("PractitionerRole")))
		at = hf_bars_follow(m->b, m->b->entries[at].node, HF_SV("organization"),
				    0, m->arena);
	if (at != SIZE_MAX)
		m->in->person.practice =
		    hf_bars_ods(m->b->doc, m->b->entries[at].node, m->arena);
}

static void
read_contacts(const struct mapping *m, uint32_t patient)
{
	struct hf_sv family = GET(m, patient, "contact.name.family");
	struct hf_sv phone = phone_of(m, AT(m, patient, "contact"));
	struct hf_sv given = joined(
	    m, hf_json_member(m->b->doc, AT(m, patient, "contact.name"), "given"), " ");

	if (given.n + family.n + phone.n)
		append(m, &m->in->support,
		       hf_arena_printf(m->arena, "%.*s%s%.*s %.*s", HF_SV_ARG(given),
				       given.n && family.n ? " " : "",
				       HF_SV_ARG(family), HF_SV_ARG(phone)),
		       m->b->patient);
}

static void
read_person(const struct mapping *m)
{
	uint32_t p = node_of(m, m->b->patient), d = AT(m, p, "name");
	struct hf_intake *in = m->in;

	in->person.family = GET(m, p, "name.family");
	in->person.given = joined(m, hf_json_member(m->b->doc, d, "given"), " ");
	if (in->person.family.n == 0 && in->person.given.n == 0)
		in->person.family = GET(m, p, "name.text");
	in->person.born = GET(m, p, "birthDate");
	in->person.sex = GET(m, p, "gender");
	in->person.phone = phone_of(m, p);
	in->person.address = address_text(m, AT(m, p, "address"));
	in->person.postcode = GET(m, p, "address.postalCode");
	in->language =
	    hf_bars_words(m->b->doc, AT(m, p, "communication.language"), m->arena);
	read_identifiers(m, p);
	read_ethnic(m, p);
	read_practice(m, p);
	read_contacts(m, p);
	in->person.unknown = in->person.family.n == 0 && in->person.given.n == 0 &&
			     in->person.nhs.n == 0;
}

/* ---- who asks ---- */

static void
read_requester(const struct mapping *m)
{
	const struct hf_bars *b = m->b;
	hf_type_id role_type = hf_resource_find(HF_SV("PractitionerRole"));
	size_t role = SIZE_MAX;
	size_t who =
	    hf_bars_follow(b, node_of(m, b->request), HF_SV("requester"), 0, m->arena);
	uint32_t p;

	if (who != SIZE_MAX && b->entries[who].type == role_type) {
		role = who;
		who = hf_bars_follow(b, node_of(m, role), HF_SV("practitioner"), 0,
				     m->arena);
	}
	for (size_t i = 0; who != SIZE_MAX && role == SIZE_MAX && i < b->n; i++)
		if (b->entries[i].type == role_type &&
		    hf_bars_follow(b, node_of(m, i), HF_SV("practitioner"), 0,
				   m->arena) == who)
			role = i;
	p = node_of(m, who);
	m->in->referrer.org = b->sender_ods;
	m->in->referrer.name = GET(m, p, "name.text");
	if (m->in->referrer.name.n == 0)
		m->in->referrer.name = hf_sv_trim(hf_arena_printf(
		    m->arena, "%.*s %.*s", HF_SV_ARG(GET(m, p, "name.given")),
		    HF_SV_ARG(GET(m, p, "name.family"))));
	m->in->referrer.role =
	    hf_bars_words(b->doc, AT(m, node_of(m, role), "code"), m->arena);
	m->in->referrer.phone = phone_of(m, p);
	if (m->in->referrer.phone.n == 0)
		m->in->referrer.phone =
		    GET(m, node_of(m, b->header), "source.contact.value");
}

/* The kind of sender, by the use case. */
static struct hf_sv
source_of(struct hf_sv use_case)
{
	static const struct {
		const char *begins, *source;
	} cases[] = {
	    {"a1", "111"}, {"a2", "111"}, {"a3t1", "999"}, {"a3", "111"},
	    {"a4", "999"}, {"a5", "gp"},  {"a6", "999"},
	};

	for (size_t i = 0; i < HF_COUNT(cases); i++)
		if (hf_sv_starts(use_case, hf_sv_from(cases[i].begins)))
			return hf_sv_from(cases[i].source);
	return HF_SV("");
}

/* ---- what is asked ---- */

/* By the time that the sender gives it: the target times of section 2.3. */
static struct hf_sv
urgency_by_time(const struct mapping *m, uint32_t sr)
{
	static const struct {
		int hours;
		const char *urgency;
	} targets[] = {{2, "U1"}, {4, "U2"}, {24, "U3"}, {48, "U4"}};
	struct hf_date from, to;

	if (!hf_date_parse(GET(m, sr, "occurrencePeriod.start"), false, &from) ||
	    !hf_date_parse(GET(m, sr, "occurrencePeriod.end"), false, &to))
		return HF_SV("");
	for (size_t i = 0; i < HF_COUNT(targets); i++)
		if (to.lo - from.lo <= (hf_time)targets[i].hours * 3600 * 1000)
			return hf_sv_from(targets[i].urgency);
	return HF_SV("");
}

/* As it is coded, else by FHIR's priority, else by the breach time. */
static struct hf_sv
urgency_of(const struct mapping *m, uint32_t sr)
{
	static const struct {
		const char *priority, *urgency;
	} words[] = {
	    {"stat", "U0"}, {"asap", "U1"}, {"urgent", "U2"}, {"routine", "U6"}};
	uint32_t list = hf_json_member(m->b->doc, sr, "category");
	struct hf_sv priority = GET(m, sr, "priority"), code;

	for (uint32_t i = 0; i < hf_json_count(m->b->doc, list); i++) {
		code = hf_bars_code(m->b->doc, hf_json_at(m->b->doc, list, i),
				    HF_SV("CodeSystem/urgency"), m->arena);
		if (code.n)
			return code;
	}
	for (size_t i = 0; i < HF_COUNT(words); i++)
		if (hf_sv_eq(priority, hf_sv_from(words[i].priority)))
			return hf_sv_from(words[i].urgency);
	return urgency_by_time(m, sr);
}

/* 49 to 61 degrees north. */
static bool
is_british(struct hf_sv latitude)
{
	struct hf_sv whole = {latitude.p, hf_sv_find(latitude, '.')};
	int64_t degrees;

	return hf_sv_int(whole, &degrees) && degrees >= 49 && degrees <= 61;
}

static void
read_location(const struct mapping *m)
{
	uint32_t l = node_of(m, m->b->location);
	uint32_t extension = AT(m, l, "extension");
	uint32_t parts = hf_json_member(m->b->doc, extension, "extension");
	uint32_t lat = AT(m, l, "position.latitude"),
		 lon = AT(m, l, "position.longitude");
	struct hf_sv name = GET(m, l, "name"),
		     where = address_text(m, AT(m, l, "address"));
	struct hf_sv code = GET(m, l, "address.postalCode");

	append(m, &m->in->location, name, m->b->location);
	append(m, &m->in->location, where, m->b->location);
	append(m, &m->in->location, code, m->b->location);
	for (uint32_t i = 0; i < hf_json_count(m->b->doc, parts); i++)
		if (hf_sv_is(GET(m, hf_json_at(m->b->doc, parts, i), "url"), "UPRN"))
			m->in->uprn =
			    GET(m, hf_json_at(m->b->doc, parts, i), "valueString");
	if (lat == HF_JSON_NONE || lon == HF_JSON_NONE)
		return;
	m->in->latitude = hf_json_raw(m->b->doc, lat);
	m->in->longitude = hf_json_raw(m->b->doc, lon);
	/* The standard's own example has them the wrong way round: a visit must not
	 * be sent into the sea by that, nor by our guess. */
	if (!is_british(m->in->latitude)) {
		doubtful(m, "value", m->b->location, "position",
			 "the position is not in the United Kingdom (are latitude and "
			 "longitude the wrong way round?); it is not used");
		m->in->latitude = m->in->longitude = (struct hf_sv){0};
	}
}

static void
read_request(const struct mapping *m)
{
	const struct hf_bars *b = m->b;
	uint32_t sr = node_of(m, b->request);
	struct hf_intake *in = m->in;
	uint32_t reason = AT(m, sr, "reasonCode");

	in->channel = HF_SV("message");
	in->source = source_of(b->use_case);
	in->decided = GET(m, sr, "authoredOn");
	if (in->decided.n == 0)
		in->decided = GET(m, node_of(m, b->header), "meta.lastUpdated");
	in->service = b->dos;
	in->asked = urgency_of(m, sr);
	in->expectation = bounded(
	    m, hf_bars_words(b->doc, AT(m, sr, "category"), m->arena), b->request);
	in->problem = bounded(m, hf_bars_words(b->doc, reason, m->arena), b->request);
	in->problem_code =
	    hf_bars_code(b->doc, reason, HF_SV("snomed.info/sct"), m->arena);
	in->foreign = b->keys[0];
	in->message = b->message;
	in->version = GET(m, sr, "meta.versionId");
	if (in->version.n == 0)
		in->version = GET(m, sr, "meta.lastUpdated");
	in->breach = b->breach == HF_TIME_MIN ? 0 : b->breach;
}

enum hf_rc
hf_bars_intake(const struct hf_bars *b, struct hf_arena *arena,
	       struct hf_issues *issues, struct hf_intake *out, struct hf_err *err)
{
	struct hf_intake in = {
	    .cfs = -1, .alone = -1, .consent_refer = -1, .consent_share = -1};
	struct mapping m = {b, arena, issues, &in};

	if (b->ask != HF_BARS_REFER)
		return hf_fail(err, HF_RULE, "ServiceRequest.status",
			       "a message that takes a request back is no referral");
	read_person(&m);
	read_requester(&m);
	read_request(&m);
	read_location(&m);
	hf_bars_clinical(b, arena, issues, &in);
	*out = in;
	return HF_OK;
}
