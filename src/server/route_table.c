/* route_table.c - routes.def as a table. */
#include "server/limits.h"
#include "server/route.h"

#define HF_ROUTE(method, pattern, handler, need, audit, body)                          \
	void handler(struct hf_call *call);
#include "server/routes.def"
#undef HF_ROUTE

const struct hf_route hf_routes[] = {
#define HF_ROUTE(method, pattern, handler, need, audit, body)                          \
	{#handler,	 HF_##method,	   pattern, handler,                           \
	 HF_NEED_##need, HF_AUDIT_##audit, body},
#include "server/routes.def"
#undef HF_ROUTE
};
const size_t hf_n_routes = HF_COUNT(hf_routes);

enum hf_matched
hf_route_match(enum hf_method method, struct hf_sv path, const struct hf_route **out,
	       struct hf_sv args[HF_ROUTE_ARGS], unsigned *allow)
{
	return hf_route_match_in(hf_routes, hf_n_routes, method, path, out, args,
				 allow);
}
