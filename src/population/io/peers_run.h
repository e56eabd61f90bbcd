/* peers_run.h - measures of a report beside the peers that the store has figures of. */
#ifndef HF_POPULATION_IO_PEERS_RUN_H
#define HF_POPULATION_IO_PEERS_RUN_H

#include "population/peer.h"
#include "record/io/store.h"

enum { HF_PEER_GROUPS = 16 };

struct hf_peers_found { /* of one measure; all lies in the arena */
	struct hf_peers group[HF_PEER_GROUPS];
	size_t n;
	struct hf_bench_kept *files;
	size_t n_files;
};

/* Measure m of the report beside each group that is compared in it; only: the id of
 * one group, empty for all.  HF_NOT_FOUND: there is no group of this id.  HF_FAULT: a
 * document that comes with the program is wrong. */
enum hf_rc hf_peers_run(struct hf_reader *reader, const struct hf_pop_report *r,
			size_t m, struct hf_sv only, struct hf_arena *arena,
			struct hf_peers_found *out, struct hf_err *err);

#endif
