/* glass.h - broken glasses and the privacy officer's notices, as they stand in the
 * store.  Whether a glass may be broken is decided elsewhere (viewer.h). */
#ifndef HF_RECORD_IO_GLASS_H
#define HF_RECORD_IO_GLASS_H

#include "access/words.h"
#include "record/io/desk.h"

enum {
	HF_GLASS_MINUTES = 60,
	HF_GLASS_WORDS_MIN = 15, /* characters of the reason in one's own words */
	HF_GLASS_WORDS_MAX = 1000,
	HF_GLASS_OFTEN = 3, /* so many in 24 hours by one user are told apart */
	HF_NOTICE_WORKDAYS = 5,
	HF_GLASS_ID = 25 /* with its NUL */
};

struct hf_glass_row {
	struct hf_sv id, actor, role, org;
	int64_t session, shelf;
	struct hf_sv patient; /* id of the Patient that was named */
	enum hf_reason reason;
	struct hf_sv words; /* of the user */
	struct hf_sv asked; /* who asked the person; n 0 unless they consented */
	hf_time start, until, ended;
};

enum hf_notice_kind {
	HF_NOTICE_GLASS,
	HF_NOTICE_SAFEGUARD, /* looked at for safeguarding */
	HF_NOTICE_CONTENT,   /* content seen by who oversees, for a case */
	HF_NOTICE_CHALLENGE, /* identity told for a challenged payment */
	HF_NOTICE_AGREEMENT, /* an agreement on sharing has expired */
	HF_NOTICE_KINDS
};
enum hf_notice_outcome {
	HF_NOTICE_OPEN,
	HF_NOTICE_JUSTIFIED,
	HF_NOTICE_QUERIED,
	HF_NOTICE_BREACH,
	HF_NOTICE_OUTCOMES
};
/* "glass" …, "justified" …; "" for HF_NOTICE_OPEN. */
const char *hf_notice_kind(enum hf_notice_kind kind);
const char *hf_notice_outcome(enum hf_notice_outcome outcome);
/* HF_NOTICE_OPEN when the word is none. */
enum hf_notice_outcome hf_notice_outcome_of(struct hf_sv word);

struct hf_notice {
	struct hf_sv id;
	enum hf_notice_kind kind;
	struct hf_sv glass; /* id; n 0 for other kinds */
	struct hf_sv actor, role, org;
	int64_t session, shelf;
	struct hf_sv patient, case_ref;
	int64_t recent; /* glasses that the user broke in 24 hours, this one too */
	hf_time at, due;
	hf_time reviewed; /* 0: not yet */
	struct hf_sv reviewer;
	enum hf_notice_outcome outcome;
	struct hf_sv note;
	struct hf_glass_row broken; /* of kind glass */
};

/* What the audit and the row of a change say of who does it. */
struct hf_glass_by {
	struct hf_sv actor, purpose, trace;
};

/* 24 hex digits. */
void hf_glass_new_id(char id[HF_GLASS_ID]);

/* Breaks the glass: row->start, until and ended are set from the time of the commit.
 * The notice to the privacy officer is written with it. */
enum hf_rc hf_glass_break(struct hf_store *store, const struct hf_glass_by *by,
			  struct hf_glass_row *row, struct hf_err *err);
/* Gives up the actor's glasses of the person with these shelves; *n gets how many. */
enum hf_rc hf_glass_end(struct hf_store *store, const struct hf_glass_by *by,
			const int64_t *shelves, size_t n_shelves, size_t *n,
			struct hf_err *err);

/* A notice of another kind than glass; told once under its id. */
enum hf_rc hf_notice_tell(struct hf_store *store, const struct hf_glass_by *by,
			  const struct hf_notice *notice, struct hf_err *err);
/* Reviews a notice.  HF_NOT_FOUND; HF_RULE when it was reviewed before, or is about
 * the reviewer. */
enum hf_rc hf_notice_review(struct hf_store *store, const struct hf_glass_by *by,
			    struct hf_sv id, enum hf_notice_outcome outcome,
			    struct hf_sv note, struct hf_err *err);

/* Notices, newest first, before one (at HF_TIME_MAX: from the newest); all: reviewed
 * ones too.  Everything lies in arena. */
struct hf_notice_query {
	bool all;
	hf_time before;
	struct hf_sv before_id;
	size_t max;
};
enum hf_rc hf_notice_list(struct hf_reader *reader, const struct hf_notice_query *query,
			  struct hf_arena *arena, struct hf_notice **out, size_t *n,
			  struct hf_err *err);
enum hf_rc hf_notice_get(struct hf_reader *reader, struct hf_sv id,
			 struct hf_arena *arena, struct hf_notice *out,
			 struct hf_err *err);
enum hf_rc hf_notice_count(struct hf_reader *reader, hf_time now, int64_t *open,
			   int64_t *overdue, struct hf_err *err);
/* The end of the fifth working day after at, in London. */
hf_time hf_notice_due(hf_time at);

#endif
