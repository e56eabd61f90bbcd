/* sharing_int.h - what the files of sharing.h have in common. */
#ifndef HF_RECORD_IO_SHARING_INT_H
#define HF_RECORD_IO_SHARING_INT_H

#include "record/io/sharing.h"

enum { HF_SHARING_TEXT = 120, HF_SHARING_ROWS = 100000 };

/* A new id of ten letters and digits; n 0 when the arena is full. */
struct hf_sv hf_sharing_id(struct hf_arena *arena);
/* An ODS code in upper case; HF_INVALID naming field. */
enum hf_rc hf_sharing_org(struct hf_sv text, const char *field, struct hf_arena *arena,
			  struct hf_sv *out, struct hf_err *err);
/* A short text of one line; empty only when may_be_empty. */
enum hf_rc hf_sharing_text(struct hf_sv text, const char *field, bool may_be_empty,
			   struct hf_err *err);
enum hf_rc hf_sharing_period(hf_time *start, hf_time until, hf_time now,
			     struct hf_err *err);
/* An id as hf_sharing_id() gives them. */
enum hf_rc hf_sharing_check_id(struct hf_sv id, struct hf_err *err);
enum hf_rc hf_sharing_full(struct hf_err *err);

/* The job "NOUN end ID" by a query (:id, :ended). */
enum hf_rc hf_sharing_end(const char *noun, enum hf_query q, struct hf_sv id,
			  struct hf_arena *arena, struct hf_sharing *out,
			  struct hf_err *err);

/* Rows of a query into an array of each bytes in arena. */
enum hf_rc hf_sharing_rows(struct hf_db *db, enum hf_query q, size_t each,
			   void (*row)(const struct hf_rows *rows, void *out,
				       struct hf_arena *arena),
			   struct hf_arena *arena, void **out, size_t *n,
			   struct hf_err *err);
struct hf_sv hf_sharing_at(const struct hf_rows *rows, int column,
			   struct hf_arena *arena);

#endif
