/* peer.h - the place beside its peers: which organisations they are (a document of
 * definitions/peers), what is published of them, where the place stands among them and
 * what it would be worth to be as good.  Pure.  population.md 5 (POP-T22 to T24);
 * docs/interfaces/benchmarks.md.
 *
 * What always holds: nobody is a peer of himself; each value has its interval, or the
 * answer says why it has none; peers stand in the order of their codes, never of their
 * values; who is left out is named with the reason. */
#ifndef HF_POPULATION_PEER_H
#define HF_POPULATION_PEER_H

#include "measure/peers.h"
#include "population/bench.h"
#include "population/framework_report.h"
#include "population/ref.h"

enum {
	HF_PEER_COMPARES = 16,
	HF_PEER_NAMED = 400,
	HF_PEER_FEATURES = 8,
	HF_PEERS_MOST = 600,
	HF_PEER_FEW = 4, /* fewer have no quartile */
	HF_PEER_MONTHS = 12
};

struct hf_peer_compare {
	const char *measure, *figure, *over, *note; /* over, note: "" none */
};

struct hf_peer_group {
	const char *id, *version, *title, *source, *frozen;
	bool boards; /* added up by who belongs to whom */
	const char **named, **leave_out, **features;
	size_t n_named, n_leave_out, n_features;
	const char *to;	   /* the own organisation among the features; "" none */
	int nearest;	   /* 0: all */
	const char *least; /* figure; "" none */
	double least_n;
	struct hf_peer_compare compares[HF_PEER_COMPARES];
	size_t n_compares;
};

/* Reads a document.  HF_INVALID: issues has each mistake with its line. */
enum hf_rc hf_peer_group_load(const char *name, struct hf_sv text,
			      struct hf_arena *arena, struct hf_issues *issues,
			      struct hf_peer_group *out, struct hf_err *err);

extern const struct hf_definition_text hf_peers_builtin[];
extern const size_t hf_n_peers_builtin;

struct hf_peer_figure { /* as hf_bench_values() gives it */
	const struct hf_bench_value *v;
	size_t n;
};

struct hf_peer_input {
	struct hf_peer_figure figure, over, least, features[HF_PEER_FEATURES];
	const struct hf_peer_parent *parents;
	size_t n_parents;
};

struct hf_peer { /* one of them */
	struct hf_sv org, name;
	double num, den; /* as published, of all months together */
	struct hf_ms_interval value;
	struct hf_ms_interval near, far; /* limits of the funnel; NAN none */
};

struct hf_peer_left {
	struct hf_sv org, name;
	const char *why;
};

enum hf_peer_position {
	HF_PEER_UNKNOWN,      /* one of the two has no value or no interval */
	HF_PEER_AROUND,	      /* cannot be told from the median */
	HF_PEER_BETTER,	      /* than the median */
	HF_PEER_BEST_QUARTER, /* with its whole interval */
	HF_PEER_WORSE,
	HF_PEER_WORST_QUARTER,
	HF_PEER_ABOVE, /* of a measure that is neither good nor bad */
	HF_PEER_BELOW,
	HF_PEER_POSITIONS
};
extern const char *const hf_peer_position_words[HF_PEER_POSITIONS];

struct hf_peer_gain {
	double target;
	struct hf_ms_interval events;
	struct hf_ms_money money;
};

struct hf_peers {
	const struct hf_peer_group *group;
	const struct hf_peer_compare *compare;
	uint16_t from, to; /* what the peers' months are; both 0: there are none */
	struct hf_peer *peers;
	size_t n;
	struct hf_peer_left *left;
	size_t n_left;
	double median, better_quarter, worse_quarter; /* NAN below HF_PEER_FEW */
	double mean, phi;			      /* of the funnel; NAN none */
	struct hf_ms_interval own;
	double own_n, own_of;
	enum hf_peer_position position;
	struct hf_peer_gain gain[2]; /* at the median, at the better quarter */
	bool has_gain;
	const char *caveats[8];
	size_t n_caveats;
	int64_t feeds[64]; /* files the figures are of */
	size_t n_feeds;
};

/* Puts measure m of the report beside the peers.  Lies in arena, and borrows the rest.
 * HF_TOO_LONG: the arena is full. */
enum hf_rc hf_peers_reckon(const struct hf_peer_group *group,
			   const struct hf_peer_compare *compare,
			   const struct hf_pop_report *r, size_t m,
			   const struct hf_peer_input *in, struct hf_arena *arena,
			   struct hf_peers *out, struct hf_err *err);

/* One object; files: those of out->feeds, for their names. */
void hf_peers_json(const struct hf_peers *p, const struct hf_pop_measure *m,
		   const struct hf_bench_kept *files, size_t n_files, struct hf_jw *w);
/* The same for who reads a terminal. */
void hf_peers_text(const struct hf_peers *p, const struct hf_pop_measure *m,
		   struct hf_buf *out);

#endif
