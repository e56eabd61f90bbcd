/* route.h - which function answers which address: routes.def as a table.
 *
 * A pattern is a path whose parts are literal, or {name} for one part that is not
 * empty, or {name*} at the end for all that is left.  The first line that matches
 * wins, so literal lines stand before the general ones.  No address outside the
 * table is answered.  Pure. */
#ifndef HF_SERVER_ROUTE_H
#define HF_SERVER_ROUTE_H

#include "access/access.h"
#include "access/audit_line.h"
#include "server/http.h"

struct hf_call; /* server/call.h */

enum { HF_ROUTE_ARGS = 4 };

struct hf_route {
	const char *name; /* of the handler: what audit and metrics call it */
	enum hf_method method;
	const char *pattern;
	void (*handler)(struct hf_call *call);
	enum hf_need need;
	enum hf_audit_code audit;
	size_t body_max; /* bytes; 0: a body is refused */
};

extern const struct hf_route hf_routes[];
extern const size_t hf_n_routes;

enum hf_matched {
	HF_MATCHED,
	HF_MATCHED_PATH, /* the path is known, the method is not: 405 */
	HF_MATCHED_NONE	 /* 404 */
};

/* Finds the line for method and path (as sent; args are parts of it, %xx not yet
 * undone).  HEAD matches a GET line.  *allow gets a set of 1 << enum hf_method that
 * the path knows, HEAD and OPTIONS included, also when the method matches. */
enum hf_matched hf_route_match(enum hf_method method, struct hf_sv path,
			       const struct hf_route **out,
			       struct hf_sv args[HF_ROUTE_ARGS], unsigned *allow);
/* The same over any table, for tests. */
enum hf_matched hf_route_match_in(const struct hf_route *routes, size_t n,
				  enum hf_method method, struct hf_sv path,
				  const struct hf_route **out,
				  struct hf_sv args[HF_ROUTE_ARGS], unsigned *allow);

/* "GET, HEAD, OPTIONS" of a set. */
struct hf_sv hf_route_allow(unsigned allow, struct hf_arena *arena);
const char *hf_method_name(enum hf_method method);

#endif
