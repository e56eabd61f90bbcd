/* bars.c - the envelope of a BaRS message: who asks whom for what, and whether it may
 * be asked so (section 2.7). */
#include "hub/bars_int.h"

#include "fhir/validate.h"

struct reading {
	struct hf_bars *b;
	struct hf_arena *arena;
	struct hf_issues *issues;
};

static void
wrong(struct reading *r, const char *code, size_t entry, const char *element,
      const char *text)
{
	hf_issue_add(r->issues, HF_SEV_ERROR, code,
		     hf_bars_path(r->arena, entry, element), "%s", text);
}

static void
doubtful(struct reading *r, const char *code, size_t entry, const char *element,
	 const char *text)
{
	hf_issue_add(r->issues, HF_SEV_WARNING, code,
		     hf_bars_path(r->arena, entry, element), "%s", text);
}

static struct hf_sv
text_of(struct reading *r, size_t entry, struct hf_sv path)
{
	return hf_bars_text(r->b->doc, r->b->entries[entry].node, path, r->arena);
}
#define TEXT(r, entry, path) text_of((r), (entry), HF_SV(path))

/* ---- the entries ---- */

static enum hf_rc
read_entries(struct reading *r, struct hf_err *err)
{
	struct hf_bars *b = r->b;
	uint32_t list = hf_json_member(b->doc, b->node, "entry");
	uint32_t n = hf_json_count(b->doc, list);

	if (n > HF_BARS_ENTRIES)
		return hf_fail(err, HF_TOO_LONG, "Bundle.entry",
			       "a message holds at most %d entries", HF_BARS_ENTRIES);
	b->entries = hf_arena_array(r->arena, n ? n : 1, sizeof *b->entries);
	if (!b->entries)
		return hf_fail(err, HF_TOO_LONG, NULL, "the message is too large");
	for (uint32_t i = 0; i < n; i++) {
		uint32_t entry = hf_json_at(b->doc, list, i);
		uint32_t node = hf_json_member(b->doc, entry, "resource");
		struct hf_bars_entry *e = &b->entries[b->n++];

		*e = (struct hf_bars_entry){
		    .node = node,
		    .type = hf_resource_find(
			hf_bars_get(b->doc, node, "resourceType", r->arena)),
		    .full_url = hf_bars_get(b->doc, entry, "fullUrl", r->arena),
		    .id = hf_bars_get(b->doc, node, "id", r->arena),
		};
		if (e->type == 0)
			hf_issue_add(r->issues, HF_SEV_ERROR, "required",
				     hf_bars_path(r->arena, i, ""),
				     "an entry of a message holds a resource");
	}
	return HF_OK;
}

/* Two entries of one fullUrl would each be the other. */
static void
check_full_urls(struct reading *r)
{
	const struct hf_bars *b = r->b;

	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < i && b->entries[i].full_url.n; k++)
			if (hf_sv_eq(b->entries[i].full_url, b->entries[k].full_url)) {
				hf_issue_add(
				    r->issues, HF_SEV_ERROR, "invariant",
				    hf_arena_printf(r->arena,
						    "Bundle.entry[%zu].fullUrl", i),
				    "entry %zu has the same fullUrl", k);
				break;
			}
}

/* ---- the header ---- */

static void
read_event(struct reading *r)
{
	struct hf_sv event = TEXT(r, 0, "eventCoding.code");

	if (hf_sv_is(event, "servicerequest-request"))
		return;
	if (event.n == 0)
		wrong(r, "required", 0, "eventCoding", "a BaRS message says its event");
	else
		wrong(r, "not-supported", 0, "eventCoding",
		      "only servicerequest-request is taken here: bookings and "
		      "responses are not");
}

static void
read_reason(struct reading *r)
{
	static const char *const codes[] = {
	    [HF_BARS_NEW] = "new",
	    [HF_BARS_UPDATE] = "update",
	    [HF_BARS_DELETE] = "delete",
	};
	struct hf_sv reason = TEXT(r, 0, "reason.coding.code");

	for (size_t i = 0; i < HF_COUNT(codes); i++)
		if (hf_sv_eq(reason, hf_sv_from(codes[i]))) {
			r->b->reason = (enum hf_bars_reason)i;
			return;
		}
	wrong(r, reason.n ? "value" : "required", 0, "reason",
	      "the reason is new, update or delete");
}

static struct hf_sv
without_urn(struct hf_sv url)
{
	return hf_sv_starts(url, HF_SV("urn:uuid:")) ? hf_sv_from_at(url, 9) : url;
}

static void
read_identity(struct reading *r)
{
	struct hf_bars *b = r->b;

	b->bundle = hf_bars_get(b->doc, b->node, "id", r->arena);
	b->standard = hf_bars_get(b->doc, b->node, "meta.versionId", r->arena);
	b->message = b->entries[0].id;
	if (b->message.n == 0)
		b->message = b->bundle;
	if (b->message.n == 0)
		b->message = without_urn(b->entries[0].full_url);
	if (b->message.n == 0)
		wrong(r, "required", 0, "id",
		      "a message has an id, so that it is not taken twice");
}

static struct hf_sv
ods_of(struct reading *r, size_t entry)
{
	struct hf_sv ods;

	if (entry == SIZE_MAX)
		return HF_SV("");
	ods = hf_bars_ods(r->b->doc, r->b->entries[entry].node, r->arena);
	if (ods.n && (ods.n < 3 || ods.n > 10 ||
		      strspn(ods.p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") < ods.n)) {
		doubtful(r, "value", entry, "identifier",
			 "an ODS code is three to ten letters and digits");
		return HF_SV("");
	}
	return ods;
}

static void
read_sender(struct reading *r)
{
	struct hf_bars *b = r->b;
	hf_type_id org = hf_resource_find(HF_SV("Organization"));
	size_t at =
	    hf_bars_follow(b, b->entries[0].node, HF_SV("sender"), org, r->arena);

	b->sender_ods = ods_of(r, at);
	b->reply_to = TEXT(r, 0, "source.endpoint");
	b->definition = TEXT(r, 0, "definition");
	if (b->sender_ods.n == 0)
		doubtful(r, "required", 0, "sender",
			 "the sender is not known by an ODS code");
}

/* ---- the request ---- */

static void
find_request(struct reading *r)
{
	struct hf_bars *b = r->b;
	hf_type_id sr = hf_resource_find(HF_SV("ServiceRequest"));
	hf_type_id patient = hf_resource_find(HF_SV("Patient"));
	uint32_t focus = hf_json_member(b->doc, b->entries[0].node, "focus");

	if (hf_json_count(b->doc, focus) > 1)
		wrong(r, "invariant", 0, "focus", "a referral has one focus");
	b->request =
	    hf_bars_follow(b, b->entries[0].node, HF_SV("focus"), sr, r->arena);
	if (b->request == SIZE_MAX) {
		wrong(r, "required", 0, "focus",
		      "the focus is a ServiceRequest of this message");
		return;
	}
	b->patient = hf_bars_follow(b, b->entries[b->request].node, HF_SV("subject"),
				    patient, r->arena);
	if (b->patient == SIZE_MAX)
		wrong(r, "required", b->request, "subject",
		      "the subject is a Patient of this message");
}

static void
read_status(struct reading *r)
{
	static const char *const codes[] = {
	    [HF_BARS_REFER] = "active",
	    [HF_BARS_CANCEL] = "revoked",
	    [HF_BARS_VOID] = "entered-in-error",
	};
	struct hf_bars *b = r->b;
	struct hf_sv status = TEXT(r, b->request, "status");
	size_t i = 0;

	while (i < HF_COUNT(codes) && !hf_sv_eq(status, hf_sv_from(codes[i])))
		i++;
	if (i == HF_COUNT(codes)) {
		wrong(r, status.n ? "value" : "required", b->request, "status",
		      "the status is active, revoked or entered-in-error");
		return;
	}
	b->ask = (enum hf_bars_ask)i;
	if (b->reason == HF_BARS_NEW && b->ask != HF_BARS_REFER)
		wrong(
		    r, "invariant", b->request, "status",
		    "a new request is active: to take one back send update or delete");
	if (b->reason == HF_BARS_DELETE && b->ask == HF_BARS_REFER)
		wrong(r, "invariant", b->request, "status",
		      "a delete says entered-in-error or revoked");
}

static void
read_intent(struct reading *r)
{
	if (!hf_sv_is(TEXT(r, r->b->request, "intent"), "plan"))
		wrong(r, "value", r->b->request, "intent", "the intent is plan");
}

/* HF_TIME_MIN when it is not said; validation has seen to its form. */
static hf_time
time_of(struct reading *r, size_t entry, struct hf_sv path)
{
	struct hf_date date;

	if (!hf_date_parse(text_of(r, entry, path), false, &date))
		return HF_TIME_MIN;
	return date.lo;
}
#define TIME(r, entry, path) time_of((r), (entry), HF_SV(path))

static void
read_times(struct reading *r)
{
	struct hf_bars *b = r->b;
	struct hf_sv version = TEXT(r, b->request, "meta.versionId");
	struct hf_date date;
	hf_time starts = TIME(r, b->request, "occurrencePeriod.start");

	if (!hf_sv_int(version, &b->number) || b->number < 0)
		b->number = 0;
	b->at = TIME(r, b->request, "meta.lastUpdated");
	if (b->at == HF_TIME_MIN)
		b->at = TIME(r, 0, "meta.lastUpdated");
	if (b->at == HF_TIME_MIN &&
	    hf_date_parse(hf_bars_get(b->doc, b->node, "timestamp", r->arena), false,
			  &date))
		b->at = date.lo;
	b->authored = TIME(r, b->request, "authoredOn");
	b->breach = TIME(r, b->request, "occurrencePeriod.end");
	if (b->ask == HF_BARS_REFER && b->authored == HF_TIME_MIN)
		doubtful(r, "required", b->request, "authoredOn",
			 "when the referral became actionable is not said");
	if (b->breach != HF_TIME_MIN && starts != HF_TIME_MIN && b->breach < starts)
		wrong(r, "value", b->request, "occurrencePeriod.end",
		      "the breach time is before the beginning");
}

static void
add_key(struct hf_bars *b, struct hf_sv key)
{
	for (size_t i = 0; i < b->n_keys; i++)
		if (hf_sv_eq(b->keys[i], key))
			return;
	if (key.n && b->n_keys < HF_BARS_KEYS)
		b->keys[b->n_keys++] = key;
}

static void
read_keys(struct reading *r)
{
	struct hf_bars *b = r->b;
	const struct hf_bars_entry *e = &b->entries[b->request];
	uint32_t list = hf_json_member(b->doc, e->node, "identifier");

	/* The last two places are kept for the id and the fullUrl. */
	for (uint32_t i = 0; i < hf_json_count(b->doc, list) && i < HF_BARS_KEYS - 2;
	     i++) {
		uint32_t one = hf_json_at(b->doc, list, i);
		struct hf_sv system = hf_bars_get(b->doc, one, "system", r->arena);
		struct hf_sv value = hf_bars_get(b->doc, one, "value", r->arena);

		if (value.n)
			add_key(b,
				hf_arena_printf(r->arena, "%.*s|%.*s",
						HF_SV_ARG(system), HF_SV_ARG(value)));
	}
	add_key(b, e->id);
	add_key(b, without_urn(e->full_url));
	if (b->n_keys == 0)
		wrong(r, "required", b->request, "identifier",
		      "nothing names the request: identifier, id or fullUrl");
}

/* Whom it is for: the HealthcareService that performs it, and the destination, which
 * have to be one. */
static void
read_target(struct reading *r)
{
	struct hf_bars *b = r->b;
	hf_type_id service = hf_resource_find(HF_SV("HealthcareService"));
	hf_type_id org = hf_resource_find(HF_SV("Organization"));
	uint32_t sr = b->entries[b->request].node;
	struct hf_sv endpoint = TEXT(r, 0, "destination.endpoint");
	struct hf_sv system = hf_sv_cut(&endpoint, '|');
	size_t provider;

	b->service = hf_bars_follow(b, sr, HF_SV("performer"), service, r->arena);
	if (b->service != SIZE_MAX) {
		b->dos = hf_bars_identifier(b->doc, b->entries[b->service].node,
					    HF_SV("dos-service-id"), r->arena);
		provider = hf_bars_follow(b, b->entries[b->service].node,
					  HF_SV("providedBy"), org, r->arena);
	} else {
		provider = hf_bars_follow(b, sr, HF_SV("performer"), org, r->arena);
	}
	b->target_ods = ods_of(r, provider);
	if (!hf_bars_system(system, HF_SV("dos-service-id")))
		return;
	if (b->dos.n && !hf_sv_eq(b->dos, endpoint))
		wrong(r, "invariant", 0, "destination.endpoint",
		      "the destination and the performer are two services");
	b->dos = endpoint;
}

static void
read_category(struct reading *r)
{
	struct hf_bars *b = r->b;
	uint32_t list = hf_json_member(b->doc, b->entries[b->request].node, "category");

	for (uint32_t i = 0; i < hf_json_count(b->doc, list); i++) {
		uint32_t one = hf_json_at(b->doc, list, i);

		if (b->category.n == 0)
			b->category = hf_bars_code(
			    b->doc, one, HF_SV("message-category-servicerequest"),
			    r->arena);
		if (b->use_case.n == 0)
			b->use_case = hf_bars_code(
			    b->doc, one, HF_SV("usecases-categories-bars"), r->arena);
	}
}

static void
read_request(struct reading *r)
{
	struct hf_bars *b = r->b;
	uint32_t sr = b->entries[b->request].node;

	read_status(r);
	read_intent(r);
	read_times(r);
	read_keys(r);
	read_target(r);
	read_category(r);
	b->encounter = hf_bars_follow(b, sr, HF_SV("encounter"),
				      hf_resource_find(HF_SV("Encounter")), r->arena);
	b->location = hf_bars_follow(b, sr, HF_SV("locationReference"),
				     hf_resource_find(HF_SV("Location")), r->arena);
}

/* ---- the whole ---- */

static enum hf_rc
findings(const struct hf_issues *issues, struct hf_err *err)
{
	return issues->errors ? hf_fail(err, HF_INVALID, "Bundle",
					"the message is not what the standard asks for")
			      : HF_OK;
}

static bool
is_message(struct reading *r)
{
	struct hf_bars *b = r->b;

	if (!hf_sv_is(hf_bars_get(b->doc, b->node, "type", r->arena), "message")) {
		hf_issue_add(r->issues, HF_SEV_ERROR, "value", HF_SV("Bundle.type"),
			     "$process-message takes a Bundle of type message");
		return false;
	}
	if (b->n == 0 ||
	    b->entries[0].type != hf_resource_find(HF_SV("MessageHeader"))) {
		hf_issue_add(r->issues, HF_SEV_ERROR, "required",
			     HF_SV("Bundle.entry[0].resource"),
			     "a message begins with its MessageHeader");
		return false;
	}
	return true;
}

enum hf_rc
hf_bars_read(const struct hf_json *doc, uint32_t node, struct hf_arena *arena,
	     struct hf_issues *issues, struct hf_bars *out, struct hf_err *err)
{
	struct hf_bars b = {
	    .doc = doc,
	    .node = node,
	    .request = SIZE_MAX,
	    .patient = SIZE_MAX,
	    .encounter = SIZE_MAX,
	    .service = SIZE_MAX,
	    .location = SIZE_MAX,
	    .at = HF_TIME_MIN,
	    .authored = HF_TIME_MIN,
	    .breach = HF_TIME_MIN,
	};
	struct reading r = {&b, arena, issues};
	hf_type_id type;
	enum hf_rc rc;

	if (!hf_validate(doc, node, issues, &type))
		return findings(issues, err);
	if (type != hf_resource_find(HF_SV("Bundle")))
		return hf_fail(err, HF_INVALID, "resourceType",
			       "$process-message takes a Bundle");
	rc = read_entries(&r, err);
	if (rc != HF_OK)
		return rc;
	if (!is_message(&r))
		return findings(issues, err);
	read_event(&r);
	if (issues->errors) /* of another event nothing else can be said */
		return findings(issues, err);
	read_reason(&r);
	read_identity(&r);
	read_sender(&r);
	check_full_urls(&r);
	find_request(&r);
	if (b.request != SIZE_MAX)
		read_request(&r);
	rc = findings(issues, err);
	if (rc == HF_OK)
		*out = b;
	return rc;
}
