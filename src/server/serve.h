/* serve.h - the server as a whole: opens the store and the audit, listens, and
 * ends cleanly when it is told to. */
#ifndef HF_SERVER_SERVE_H
#define HF_SERVER_SERVE_H

#include <stdatomic.h>

#include "access/io/audit.h"
#include "access/io/audit_find.h"
#include "access/policy.h"
#include "access/session.h"
#include "hub/io/caseload.h"
#include "hub/io/hub.h"
#include "pathway/form.h"
#include "record/io/store.h"
#include "server/http.h"
#include "server/listen.h"

enum { HF_ROUTES_MAX = 256 }; /* lines routes.def may have */

struct hf_outcomes;   /* server/outcomes.h */
struct hf_need_renew; /* server/need_renew.h */

/* What the handlers share.  Only counters change once it runs. */
struct hf_server {
	struct hf_store *store;
	struct hf_audit *audit;
	struct hf_audit_finder *finder; /* looks into it */
	struct hf_alerts *alerts;	/* server/alert.h */
	struct hf_readers *readers;	/* server/call_reader.h */
	struct hf_http *http;
	struct hf_http *redirect; /* NULL: none */
	struct hf_tls *tls;	  /* NULL: plain HTTP */
	struct hf_site site;	  /* what it is called from outside */
	struct hf_arena policy_arena;
	struct hf_policy policy;	/* the rules of access */
	struct hf_contracts *contracts; /* server/contract.h */
	struct hf_arena form_arena;
	struct hf_forms forms;		    /* and scores */
	struct hf_tokens *tokens;	    /* server/token.h */
	struct hf_jwks *token_key;	    /* signs our id tokens */
	struct hf_fetcher *fetcher;	    /* asks other servers */
	struct hf_keyring *keyring;	    /* keys of others, by address */
	struct hf_oidc *oidc;		    /* providers to sign in at; NULL: none */
	struct hf_sign *sign;		    /* sessions and all that signing in needs */
	struct hf_control *control;	    /* commands reach us there */
	struct hf_hub_live *live;	    /* tells boards what moved */
	struct hf_hub_lead *lead;	    /* and those the lead's figures are of */
	struct hf_hub *hub;		    /* referrals that are open */
	struct hf_caseload *caseload;	    /* and who is on any other pathway */
	struct hf_pop_explorer *population; /* figures about groups of people */
	struct hf_outcomes *outcomes;	 /* the outcome framework; server/outcomes.h */
	struct hf_need_live *need;	 /* the population's need; server/need_live.h */
	struct hf_need_renew *renew;	 /* its lists, each month */
	struct hf_identity_watch *watch; /* who came in, and who may that be */
	struct hf_pop_follower *rows;	 /* of whoever changed */
	struct hf_downtimes *downtimes;	 /* server/downtime.h; NULL: not asked for */
	bool open_loopback; /* nobody signs in: see struct hf_serve_config */
	hf_time started;
	atomic_bool ready;
	struct {
		atomic_llong calls, ns, failed; /* failed: status 500 and above */
	} routes[HF_ROUTES_MAX];
	atomic_llong denied;
	uint64_t request_seed; /* for X-Request-Id */
	atomic_ullong requests;
};

struct hf_serve_config {
	const char *data;	 /* folder: the SQLite store, and audit/ in any case */
	const char *url;	 /* postgresql://…, or NULL */
	const char *audit_key;	 /* see struct hf_audit_config; NULL: in the folder */
	const char *oidc;	 /* file of OpenID providers; NULL: none */
	const char *outbound_ca; /* certificates to trust when asking others; NULL: the
				  * system's */
	const char *audit_copy; /* folder that signed heads are copied to; NULL: none */
	struct hf_listen_config net;
	bool create;	    /* make the store when there is none */
	unsigned threads;   /* 0: see struct hf_http_config */
	size_t cache_bytes; /* 0: see struct hf_store_config */
	enum hf_compress compress;
	bool open_loopback; /* leave signing in out; loopback addresses only */
	bool demonstration; /* demonstration accounts sign in without a secret;
			     * loopback addresses only */
	struct hf_session_limits sessions;
	const char *access;	   /* folder of roles.json … ; NULL: those built in */
	const char *pathways;	   /* folder of the place's own; NULL: none */
	const char *downtime;	   /* folder for the downtime pack; NULL: none */
	unsigned downtime_every_s; /* 0: HF_DOWNTIME_EVERY_S */
	bool quiet;		   /* do not print where it listens */
};

/* Serves until SIGTERM or SIGINT, then finishes what is under way.  Prints one line
 * with the addresses to stdout as soon as it answers.  Failures to open or to listen,
 * and those of hf_listen_read(), come with a sentence that says what to do. */
enum hf_rc hf_serve(const struct hf_serve_config *config, struct hf_err *err);

/* The same in two steps, for tests and tools that go on with other things. */
enum hf_rc hf_server_start(const struct hf_serve_config *config, struct hf_server **out,
			   struct hf_err *err);
void hf_server_stop(struct hf_server *server); /* NULL is fine */

#endif
