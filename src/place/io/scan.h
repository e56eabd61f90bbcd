/* io/scan.h - inside place: all resources of a type, one after the other. */
#ifndef HF_PLACE_IO_SCAN_H
#define HF_PLACE_IO_SCAN_H

#include "record/io/store.h"

/* What take is shown lies in the arena page, which is emptied every 256 resources. */
struct hf_seen {
	struct hf_version v;
	struct hf_json doc;
	struct hf_arena *page;
};
typedef enum hf_rc hf_take(void *ctx, const struct hf_seen *seen, struct hf_err *err);

/* HF_TOO_LONG when there are more than most. */
enum hf_rc hf_place_each(struct hf_reader *reader, const char *type, size_t most,
			 hf_take *take, void *ctx, struct hf_err *err);
/* Reads and parses one; HF_NOT_FOUND also when it was deleted. */
enum hf_rc hf_place_one(struct hf_reader *reader, const char *type, struct hf_sv id,
			struct hf_arena *page, struct hf_seen *out, struct hf_err *err);

/* The ODS code of an Organization as it stands; n 0: none. */
struct hf_sv hf_place_ods(const struct hf_json *org, struct hf_arena *arena);

#endif
