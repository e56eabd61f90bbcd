/* call.h - one request on its way through route, access, handler, audit, reply.
 *
 * A handler (a function of routes.def) reads what it needs from struct hf_call and
 * answers with exactly one of the hf_call_* answers below.  Those write the audit
 * line before anything is sent; when that cannot be done the answer is a refusal. */
#ifndef HF_SERVER_CALL_H
#define HF_SERVER_CALL_H

#include "base/issue.h"
#include "record/io/search.h"
#include "record/io/store.h"
#include "record/io/viewer.h"
#include "server/header.h"
#include "server/route.h"

struct hf_server; /* server/serve.h */

struct hf_call {
	struct hf_req *req;
	struct hf_arena *arena; /* the request's */
	struct hf_server *server;
	struct hf_store *store;
	struct hf_reader *reader; /* this thread's own */
	struct hf_actor who;
	const struct hf_actor *actor; /* &who */
	struct hf_viewer viewer;      /* of reader, unless the actor sees everything */
	struct hf_seen seen;	      /* what viewer met, for the audit */
	const struct hf_rights *rights; /* hf_call_rights(); NULL: not asked for yet */
	const struct hf_route *route;
	struct hf_sv arg[HF_ROUTE_ARGS]; /* {…} of the path, %xx undone */
	struct hf_param *params;	 /* of the query, decoded */
	size_t n_params;
	struct hf_prefer prefer;
	hf_time now;
	struct hf_sv base; /* "http://127.0.0.1:8080/fhir" as this client names us */
	bool pretty;	   /* _pretty=true */
	void *state;	   /* the handler's own, across a suspension */
	uint64_t began;	   /* hf_mono_ns() */
	unsigned allow;	   /* methods this path knows */
	bool matched;
	struct hf_sv request; /* X-Request-Id, the client's or ours */
	struct hf_sv trace;   /* see hf_call_trace() */
	/* for the audit; the handler fills in what it knows */
	hf_type_id audit_type;
	struct hf_sv audit_id;
	int64_t audit_hits;	/* resources shown; -1: does not apply */
	int64_t *audit_shelves; /* see hf_call_saw() */
	size_t n_audit_shelves, audit_shelves_size;
	bool audit_more;
};

/* Answers.  body must live until the request ends (arena, hf_req_buf, static). */
void hf_call_reply(struct hf_call *call, int status, const char *content_type,
		   struct hf_sv body);
/* Follows a feed, see feed.h; the audit line is that of its beginning.  ask.tag is the
 * session, whose end ends it.  It does not count as the user's doing: see sign.c. */
struct hf_feed;
struct hf_feed_ask;
void hf_call_reply_feed(struct hf_call *call, struct hf_feed *feed,
			const struct hf_feed_ask *ask);
/* What hf_req_buf(call->req) holds, as application/fhir+json.  A buffer that failed
 * (cap, no memory) is answered as HF_TOO_LONG. */
void hf_call_reply_buf(struct hf_call *call, int status);
/* A failure as an OperationOutcome; on /api and for pages too. */
void hf_call_fail(struct hf_call *call, const struct hf_err *err);
/* Findings as an OperationOutcome; status of rc. */
void hf_call_fail_issues(struct hf_call *call, enum hf_rc rc,
			 const struct hf_issues *issues);
/* Header of the answer, to be set before it. */
#define hf_call_header(call, name, value) hf_reply_header((call)->req, (name), (value))

/* What is agreed and chosen about sharing, as it stands now; the same snapshot until
 * the request ends.  The failure of reading it is HF_BUSY and the like: then nothing
 * may be shown. */
enum hf_rc hf_call_rights(struct hf_call *call, const struct hf_rights **out,
			  struct hf_err *err);

/* Makes the reader show what this call's actor may see, and nothing else.  Done for
 * call->reader; whoever takes another reader calls it first. */
void hf_call_look(struct hf_call *call, struct hf_reader *reader);

/* Says that the answer shows (part of) this resource: the audit then names the
 * shelf of its person. */
void hf_call_saw(struct hf_call *call, hf_rid rid);

/* Writes a line of its own beside the route's: for what happens within a request and
 * is no read of a record (a failed sign-in, a role chosen, a notice reviewed).  what
 * is ids and codes only: "user/ID", "glass/ID".  HF_BUSY: refuse the request. */
enum hf_rc hf_call_event(struct hf_call *call, enum hf_audit_code code,
			 struct hf_sv what, int status, struct hf_err *err);

/* Who makes this request, from where and what for, as the audit line of a change that
 * it makes: for hf_change.trace and hf_desk_job.trace.  Empty without memory. */
struct hf_sv hf_call_trace(struct hf_call *call);

/* Refuses parameters nobody took: true when there are none left or the client asked
 * for leniency, else it has answered with the name of the first. */
bool hf_call_no_params(struct hf_call *call);
/* Takes the parameter called name off the list: its value, p NULL when it is not
 * there. */
struct hf_sv hf_call_take_param(struct hf_call *call, struct hf_sv name);

/* The first query parameter called name; p NULL when there is none. */
struct hf_sv hf_call_param(const struct hf_call *call, struct hf_sv name);

/* Hands a change to the committer and lets this thread go on with other requests;
 * done runs in the request's thread after the commit, with change->rc set, and
 * answers.  The change must lie in call->arena. */
struct hf_change;
void hf_call_commit(struct hf_call *call, struct hf_change *change,
		    void (*done)(struct hf_call *call, struct hf_change *change));
/* The same for several changes that stand or fall on their own.  Each is handed
 * over as soon as it is ready, because a prepared change keeps others that touch
 * the same from being prepared.  begin gives NULL when it has answered with a
 * failure; done runs once all that were added are done and end was called. */
struct hf_call_many;
struct hf_call_many *hf_call_many_begin(struct hf_call *call,
					void (*done)(struct hf_call *call));
void hf_call_many_add(struct hf_call_many *many, struct hf_change *change);
void hf_call_many_end(struct hf_call_many *many);

/* What http.h calls: ctx is the struct hf_server. */
size_t hf_call_body_max(struct hf_req *req, void *ctx);
void hf_call_handle(struct hf_req *req, void *ctx);
void hf_call_refuse(struct hf_req *req, const struct hf_err *err, void *ctx);

#endif
