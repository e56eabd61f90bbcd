/* feed_int.h - what the files of the import of feeds share. */
#ifndef HF_POPULATION_IO_FEED_INT_H
#define HF_POPULATION_IO_FEED_INT_H

#include "population/io/feed_import.h"
#include "population/io/feed_people.h"

/* feed_scan.c: what the first reading finds. */
struct hf_feed_scan {
	const struct hf_map *map;
	struct hf_map_bound bound;
	uint64_t header_line; /* rows behind it are the feed's; 0: headless */
	char sha[65];
	uint16_t from, to;
};
enum hf_rc hf_feed_scan(const struct hf_feed_config *config, struct hf_feed_scan *out,
			struct hf_err *err);
/* The day since 1990-01-01 that now is in. */
uint16_t hf_feed_today(hf_time now);

/* feed_stays.c: admissions wait until all are there, so that those of a person can be
 * looked at together. */
struct hf_feed_stay {
	struct hf_pop_event e;
	uint64_t spell; /* hash of the source's id of it; 0: none */
	uint64_t line;
	uint32_t dx; /* offset into the pool */
	uint8_t n_dx;
	bool linked, refused;
};
struct hf_feed_stays {
	struct hf_feed_stay *items;
	size_t n, size;
	uint16_t *pool;
	size_t n_pool, size_pool;
};
enum hf_rc hf_feed_stays_add(struct hf_feed_stays *s, const struct hf_feed_stay *stay,
			     const uint16_t *dx, struct hf_err *err);
/* Sorts them; joins episodes; gives each that is refused to told with its reason. */
typedef enum hf_rc hf_feed_told(void *ctx, uint64_t line, enum hf_map_field field,
				enum hf_feed_why why, struct hf_err *err);
enum hf_rc hf_feed_stays_settle(struct hf_feed_stays *s, bool episodes,
				struct hf_feed_people *people,
				struct hf_feed_quality *q, hf_feed_told *told,
				void *ctx, struct hf_err *err);
void hf_feed_stays_free(struct hf_feed_stays *s);

/* feed_kept.c */
/* Makes body of q, with what differs from the feed it replaced, and keeps it. */
enum hf_rc hf_feed_keep(const struct hf_feed_config *config, struct hf_feed_result *out,
			struct hf_err *err);

#endif
