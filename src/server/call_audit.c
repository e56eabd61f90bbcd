/* call_audit.c - the audit line of a call. */
#include "access/io/audit.h"
#include "server/alert.h"
#include "server/call_int.h"
#include "server/serve.h"

static bool
saw_already(const struct hf_call *c, int64_t shelf)
{
	/* Hits of one person mostly stand together: look at the newest first. */
	for (size_t i = c->n_audit_shelves; i > 0; i--)
		if (c->audit_shelves[i - 1] == shelf)
			return true;
	return false;
}

void
hf_call_saw(struct hf_call *c, hf_rid rid)
{
	int64_t shelf = HF_RID_SHELF(rid);

	if (shelf < HF_SHELF_PERSON || saw_already(c, shelf))
		return;
	if (c->n_audit_shelves == c->audit_shelves_size) {
		size_t size = c->audit_shelves_size ? c->audit_shelves_size * 4 : 4;
		int64_t *list = c->n_audit_shelves < HF_AUDIT_SHELVES
				    ? hf_arena_array(c->arena, size, sizeof *list)
				    : NULL;

		if (!list) {
			c->audit_more = true;
			return;
		}
		if (c->n_audit_shelves)
			memcpy(list, c->audit_shelves,
			       c->n_audit_shelves * sizeof *list);
		c->audit_shelves = list;
		c->audit_shelves_size = size;
	}
	c->audit_shelves[c->n_audit_shelves++] = shelf;
}

/* Names of the parameters, and a hash of all that was asked, values included. */
static void
audit_query(const struct hf_call *c, struct hf_audit_event *e)
{
	struct hf_buf names = {.cap = 512};
	struct hf_sv query = hf_req_query(c->req), body = {NULL, 0}, all = query;

	if (e->code != HF_AUDIT_SEARCH && query.n == 0)
		return;
	for (size_t i = 0; i < c->n_params; i++) {
		if (i)
			hf_buf_char(&names, ',');
		hf_buf_sv(&names, c->params[i].name);
	}
	e->names = hf_arena_sv(c->arena, hf_buf_view(&names));
	hf_buf_free(&names);
	if (e->code == HF_AUDIT_SEARCH)
		body = hf_req_body(c->req);
	if (body.n)
		all = hf_arena_printf(c->arena, "%.*s&%.*s", HF_SV_ARG(query),
				      HF_SV_ARG(body));
	if (all.n)
		e->query = hf_audit_hash(c->server->audit, all);
}

/* "Patient/abc", or what of it is known; made of names the tables know and ids in
 * FHIR's alphabet only, so nothing else can get into the audit. */
static struct hf_sv
audit_what(const struct hf_call *c)
{
	struct hf_sv type = {NULL, 0};
	char *text;

	if (c->audit_type)
		type = hf_sv_from(hf_type_get(c->audit_type)->name);
	if (c->audit_id.n == 0 || c->audit_id.n > 64)
		return type;
	text = hf_arena_alloc(c->arena, type.n + 1 + c->audit_id.n);
	if (!text)
		return type;
	if (type.n)
		memcpy(text, type.p, type.n);
	text[type.n] = '/';
	memcpy(text + type.n + 1, c->audit_id.p, c->audit_id.n);
	return (struct hf_sv){text, type.n + 1 + c->audit_id.n};
}

static struct hf_sv
hex_of(struct hf_arena *arena, uint64_t v)
{
	char *text = hf_arena_alloc(arena, 16);

	for (int i = 15; text && i >= 0; i--, v >>= 4)
		text[i] = "0123456789abcdef"[v & 15];
	return (struct hf_sv){text, text ? 16 : 0};
}

/* X-Request-Id: what the client or a proxy calls this request, or a name of ours; the
 * answer tells it, and the audit. */
void
hf_call_name_request(struct hf_call *c)
{
	struct hf_sv id = hf_req_header(c->req, "X-Request-Id");
	struct hf_server *s = c->server;
	uint64_t v;

	if (hf_audit_id_fit(id)) {
		c->request = id;
		return;
	}
	/* splitmix64: no two of one run are the same. */
	v = s->request_seed +
	    atomic_fetch_add_explicit(&s->requests, 1, memory_order_relaxed) *
		UINT64_C(0x9e3779b97f4a7c15);
	v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
	c->request = hex_of(c->arena, v ^ v >> 31);
}

/* Changes that succeed have their entry in the transaction. */
bool
hf_call_wants_audit(const struct hf_call *c, int status)
{
	enum hf_audit_code code = c->route ? c->route->audit : HF_AUDIT_NONE;

	if (status == 401 || status == 403)
		return true;
	if (code == HF_AUDIT_CREATE || code == HF_AUDIT_UPDATE ||
	    code == HF_AUDIT_DELETE)
		return status >= 400;
	return code != HF_AUDIT_NONE;
}

/* Words of a set, comma between, in the request's arena. */
static struct hf_sv
set_words(struct hf_call *c, enum hf_vocabulary of, uint64_t set)
{
	char room[256];
	struct hf_buf out = {.p = room, .size = sizeof room, .cap = sizeof room};

	if (set == 0)
		return (struct hf_sv){NULL, 0};
	for (int i = 1; i < hf_words_count(of); i++) {
		if (!(set & HF_BIT(i)))
			continue;
		if (out.n)
			hf_buf_char(&out, ',');
		hf_buf_sv(&out, hf_sv_from(hf_word(of, i)));
	}
	return hf_arena_sv(c->arena, hf_buf_view(&out));
}

/* What the rules said on the way. */
static void
add_decision(struct hf_call *c, struct hf_audit_event *e)
{
	const struct hf_seen *s = &c->seen;

	e->policy = hf_sv_from(c->server->policy.version);
	e->relations = set_words(c, HF_WORDS_RELATION, s->relations);
	e->notes = set_words(c, HF_WORDS_NOTE, s->notes);
	e->glass = hf_sv_from(hf_word(HF_WORDS_REASON, (int)s->reason));
	if (!s->rule)
		return;
	e->decision = hf_sv_from(hf_word(HF_WORDS_ACCESS, (int)s->strictest));
	e->rule = hf_sv_from(s->rule);
}

/* Who asked, from where, and what for. */
static struct hf_audit_event
event_of(struct hf_call *c, int status)
{
	const struct hf_actor *a = c->actor;
	bool named = a->kind == HF_ACTOR_PERSON || a->kind == HF_ACTOR_SYSTEM;
	struct hf_audit_event e = {
	    .at = c->now,
	    .actor = a->id.n ? a->id : HF_SV("nobody"),
	    .role = a->role,
	    .org = a->org,
	    .who = a->who,
	    .behalf = a->behalf,
	    .session = a->session,
	    .address = hf_req_peer(c->req),
	    .request = c->request,
	    .purpose = a->purpose,
	    .case_ref = a->case_ref,
	    .route = hf_sv_from(c->route ? c->route->name : NULL),
	    .hits = -1,
	    .status = status,
	};

	if (named)
		add_decision(c, &e);
	if (status == 401 || status == 403)
		e.decision = hf_sv_from(hf_word(HF_WORDS_ACCESS, HF_DENY));
	return e;
}

enum hf_rc
hf_call_audit(struct hf_call *c, int status, const char *rule, struct hf_err *err)
{
	struct hf_audit_event e = event_of(c, status);
	enum hf_rc rc;

	e.code = c->route ? c->route->audit : HF_AUDIT_NONE;
	e.what = audit_what(c);
	e.shelves = c->audit_shelves;
	e.n_shelves = c->n_audit_shelves;
	e.more_shelves = c->audit_more;
	e.hits = c->audit_hits;
	if (rule)
		e.rule = hf_sv_from(rule);
	audit_query(c, &e);
	rc = hf_audit_put(c->server->audit, &e, err);
	return rc == HF_OK && status < 400 ? hf_call_alert(c, err) : rc;
}

struct hf_sv
hf_call_trace(struct hf_call *c)
{
	struct hf_buf line = {.cap = 8192};
	struct hf_audit_event e;

	if (c->trace.n)
		return c->trace;
	e = event_of(c, 200);
	e.code = c->route ? c->route->audit : HF_AUDIT_NONE;
	e.what = audit_what(c);
	hf_audit_line(&e, &line);
	if (!line.failed)
		c->trace = hf_arena_sv(c->arena, hf_sv_trim(hf_buf_view(&line)));
	hf_buf_free(&line);
	return c->trace;
}

enum hf_rc
hf_call_event(struct hf_call *c, enum hf_audit_code code, struct hf_sv what, int status,
	      struct hf_err *err)
{
	struct hf_audit_event e = event_of(c, status);

	e.code = code;
	e.what = what;
	e.shelves = c->audit_shelves;
	e.n_shelves = c->n_audit_shelves;
	return hf_audit_put(c->server->audit, &e, err);
}
