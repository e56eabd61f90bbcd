/* audit_find.c - see audit_find.h. */
#include "access/io/audit_find.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/audit_index.h"
#include "access/io/audit_folder.h"

const struct hf_audit_query hf_audit_query_all = {
    .from = HF_TIME_MIN, .to = HF_TIME_MAX, .outcome = -1};

/* What is known of a segment that has ended.  Once there it stays, so it is used
 * without the lock. */
struct sidecar {
	bool there;
	void *map;
	size_t size;
	struct hf_audit_index index;
};

struct hf_audit_finder {
	int dir;
	pthread_mutex_t mutex; /* guards what follows */
	uint64_t first, last;  /* segments that are known; 0: none */
	struct sidecar **side; /* of segments from first on; allocated one by one */
	size_t room;
};

static void
index_name(uint64_t number, char name[HF_SEGMENT_NAME])
{
	/* A backup leaves files with a point in front aside. */
	snprintf(name, HF_SEGMENT_NAME, ".%08llu.index", (unsigned long long)number);
}

/* ---- the sidecar's file ---- */

static bool
map_file(int dir, const char *name, struct hf_sv *out)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	void *p = MAP_FAILED;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size > 0)
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return false;
	*out = (struct hf_sv){p, (size_t)st.st_size};
	return true;
}

static bool
save(int dir, const char *name, struct hf_sv bytes)
{
	char part[HF_SEGMENT_NAME + 24];
	bool ok;
	int fd;

	/* Two processes may make the same one: each has its own part. */
	snprintf(part, sizeof part, "%s.%ld.part", name, (long)getpid());
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	ok = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n;
	close(fd);
	if (!ok || renameat(dir, part, dir, name) != 0) {
		unlinkat(dir, part, 0);
		return false;
	}
	return true;
}

/* Opens the index of a segment when it is there and matches. */
static bool
open_side(int dir, uint64_t number, uint64_t size, const uint8_t seal[HF_HASH_SIZE],
	  struct sidecar *out)
{
	char name[HF_SEGMENT_NAME];
	struct hf_sv file;

	index_name(number, name);
	if (!map_file(dir, name, &file))
		return false;
	if (!hf_audit_index_open(file, &out->index) || out->index.size != size ||
	    memcmp(out->index.seal, seal, HF_HASH_SIZE) != 0) {
		munmap((void *)(uintptr_t)file.p, file.n);
		return false;
	}
	out->map = (void *)(uintptr_t)file.p;
	out->size = file.n;
	out->there = true;
	return true;
}

/* Who may not write in the folder keeps the index in memory. */
static bool
keep_in_memory(struct hf_sv bytes, struct sidecar *out)
{
	void *p = mmap(NULL, bytes.n, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	memcpy(p, bytes.p, bytes.n);
	if (!hf_audit_index_open((struct hf_sv){p, bytes.n}, &out->index)) {
		munmap(p, bytes.n);
		return false;
	}
	out->map = p;
	out->size = bytes.n;
	out->there = true;
	return true;
}

/* The index of a segment; out->there stays false while it has not ended. */
static enum hf_rc
load_side(int dir, uint64_t number, struct sidecar *out, struct hf_err *err)
{
	struct hf_buf bytes = {0};
	uint8_t seal[HF_HASH_SIZE];
	char name[HF_SEGMENT_NAME];
	struct hf_mapped m;
	uint64_t size;
	enum hf_rc rc = hf_segment_map(dir, number, O_RDONLY, &m, err);

	if (rc)
		return rc;
	if (hf_audit_segment_ended(m.bytes, &size, seal) &&
	    !open_side(dir, number, size, seal, out)) {
		index_name(number, name);
		if (!hf_audit_index_make(m.bytes, &bytes))
			rc = hf_fail(err, HF_FAULT, name,
				     "no memory to index the audit");
		else if (!(save(dir, name, hf_buf_view(&bytes)) &&
			   open_side(dir, number, size, seal, out)) &&
			 !keep_in_memory(hf_buf_view(&bytes), out))
			rc = hf_fail(err, HF_FAULT, name,
				     "no memory to index the audit");
		hf_buf_free(&bytes);
	}
	hf_segment_unmap(&m);
	return rc;
}

enum hf_rc
hf_audit_index_segment(int dir, uint64_t number, struct hf_err *err)
{
	struct sidecar side = {0};
	enum hf_rc rc = load_side(dir, number, &side, err);

	if (rc == HF_OK && side.there)
		munmap(side.map, side.size);
	return rc;
}

/* ---- the finder ---- */

enum hf_rc
hf_audit_finder_new(const char *folder, struct hf_audit_finder **out,
		    struct hf_err *err)
{
	struct hf_audit_finder *f = calloc(1, sizeof *f);

	if (!f)
		return hf_fail(err, HF_FAULT, NULL, "no memory to look into the audit");
	f->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir < 0) {
		free(f);
		return hf_audit_fail(err, errno, folder,
				     "cannot open the audit folder");
	}
	pthread_mutex_init(&f->mutex, NULL);
	*out = f;
	return HF_OK;
}

void
hf_audit_finder_free(struct hf_audit_finder *f)
{
	if (!f)
		return;
	for (uint64_t i = 0; f->last && i <= f->last - f->first; i++) {
		if (f->side[i] && f->side[i]->there)
			munmap(f->side[i]->map, f->side[i]->size);
		free(f->side[i]);
	}
	free(f->side);
	close(f->dir);
	pthread_mutex_destroy(&f->mutex);
	free(f);
}

/* Learns of segments that are new.  With the mutex. */
static enum hf_rc
refresh(struct hf_audit_finder *f, struct hf_err *err)
{
	char name[HF_SEGMENT_NAME];
	uint64_t first = f->first, last = f->last;
	enum hf_rc rc = HF_OK;
	size_t need;

	if (last == 0)
		rc = hf_folder_list(f->dir, hf_segment_name, &first, &last, err);
	if (rc)
		return rc;
	for (; last; last++) {
		hf_segment_name(last + 1, name);
		if (faccessat(f->dir, name, F_OK, 0) != 0)
			break;
	}
	need = last ? (size_t)(last - first + 1) : 0;
	if (need > f->room) {
		size_t room = need + need / 2 + 16;
		struct sidecar **side =
		    reallocarray(f->side, room, sizeof(struct sidecar *));

		if (!side)
			return hf_fail(err, HF_FAULT, NULL, "no memory");
		memset(side + f->room, 0, (room - f->room) * sizeof(struct sidecar *));
		f->side = side;
		f->room = room;
	}
	f->first = first;
	f->last = last;
	return HF_OK;
}

/* The index of a segment, NULL when it has none (yet).  HF_NOT_FOUND: no such
 * segment. */
static enum hf_rc
side_of(struct hf_audit_finder *f, uint64_t number, const struct hf_audit_index **out,
	struct hf_err *err)
{
	enum hf_rc rc = HF_OK;
	struct sidecar **at;

	*out = NULL;
	pthread_mutex_lock(&f->mutex);
	at = &f->side[number - f->first];
	if (!*at)
		*at = calloc(1, sizeof **at);
	if (!*at)
		rc = hf_fail(err, HF_FAULT, NULL, "no memory");
	else if (!(*at)->there && number < f->last)
		rc = load_side(f->dir, number, *at, err);
	if (rc == HF_OK && (*at)->there)
		*out = &(*at)->index;
	pthread_mutex_unlock(&f->mutex);
	return rc;
}

/* ---- a search ---- */

static bool
names_one(const struct hf_audit_query *q, const struct hf_audit_event *e)
{
	if (q->large && (e->more_shelves || e->code == HF_AUDIT_EXPORT))
		return true;
	for (size_t i = 0; i < e->n_shelves; i++)
		for (size_t k = 0; k < q->n_shelves; k++)
			if (e->shelves[i] == q->shelves[k])
				return true;
	return false;
}

static bool
is_about(struct hf_sv what, struct hf_sv asked)
{
	return hf_sv_starts(what, asked) &&
	       (what.n == asked.n || what.p[asked.n] == '/');
}

bool
hf_audit_meets(const struct hf_audit_query *q, const struct hf_audit_event *e)
{
	return e->at >= q->from && e->at < q->to &&
	       (q->n_shelves == 0 || names_one(q, e)) &&
	       (q->actor.n == 0 || hf_sv_eq(e->actor, q->actor) ||
		hf_sv_eq(e->who, q->actor)) &&
	       (q->action == 0 || hf_audit_action(e->code) == q->action) &&
	       (q->codes == 0 || (q->codes >> e->code & 1)) &&
	       (q->address.n == 0 || hf_sv_eq(e->address, q->address)) &&
	       (q->outcome < 0 || hf_audit_outcome(e->status) == q->outcome) &&
	       (q->what.n == 0 || is_about(e->what, q->what)) &&
	       (!q->glass || e->glass.n);
}

struct search {
	struct hf_audit_finder *f;
	const struct hf_audit_query *q;
	size_t max, looked;
	struct hf_arena *arena, line; /* line: of one that may not be kept */
	struct hf_audit_hit *hits;
	size_t n;
	struct hf_err *err;
};

/* Looks at one line.  HF_TOO_LONG when the arena is full. */
static enum hf_rc
look(struct search *s, uint64_t segment, struct hf_sv bytes, size_t offset)
{
	struct hf_sv rest = hf_sv_from_at(bytes, offset), line = hf_sv_cut(&rest, '\n');
	struct hf_audit_event e;
	bool meets;

	if (++s->looked > HF_AUDIT_LOOK_MAX)
		return hf_fail(
		    s->err, HF_COSTLY, NULL,
		    "more than %d lines of the audit would have to be looked "
		    "at: ask for a person, a user or a shorter time",
		    HF_AUDIT_LOOK_MAX);
	meets = hf_audit_line_read(line, &s->line, &e) && hf_audit_meets(s->q, &e);
	hf_arena_reset(&s->line);
	if (!meets)
		return HF_OK;
	line = hf_arena_sv(s->arena, line);
	if (!line.p || !hf_audit_line_read(line, s->arena, &e))
		return hf_fail(s->err, HF_TOO_LONG, NULL,
			       "the answer is too large; ask for less");
	s->hits[s->n++] = (struct hf_audit_hit){{segment, offset}, e};
	return HF_OK;
}

/* Can the line be one that is asked for?  Cheaper than reading it. */
static bool
may_meet(const struct hf_audit_query *q, struct hf_sv line)
{
	char digits[32];

	if (q->actor.n && !memmem(line.p, line.n, q->actor.p, q->actor.n))
		return false;
	if (q->n_shelves == 0)
		return true;
	for (size_t i = 0; i < q->n_shelves; i++) {
		int n =
		    snprintf(digits, sizeof digits, "%lld", (long long)q->shelves[i]);

		if (memmem(line.p, line.n, digits, (size_t)n))
			return true;
	}
	return q->large && (memmem(line.p, line.n, "\"more\":true", 11) ||
			    memmem(line.p, line.n, "\"export\"", 8));
}

/* Goes through a segment's lines from offset end backward. */
static enum hf_rc
scan(struct search *s, uint64_t number, struct hf_sv bytes, size_t end)
{
	enum hf_rc rc = HF_OK;

	while (end > 0 && s->n < s->max && rc == HF_OK) {
		const char *nl;
		size_t start;

		nl = end > 1 ? memrchr(bytes.p, '\n', end - 1) : NULL;
		start = nl ? (size_t)(nl - bytes.p) + 1 : 0;
		if (may_meet(s->q, (struct hf_sv){bytes.p + start, end - 1 - start}))
			rc = look(s, number, bytes, start);
		else
			s->looked += s->looked < HF_AUDIT_LOOK_MAX ? 1 : 0;
		end = start;
	}
	return rc;
}

static int
newest_first(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

/* Candidates by the index: of the persons, or else of the user. */
static enum hf_rc
candidates(struct search *s, const struct hf_audit_index *x, size_t end, uint32_t **out,
	   size_t *n)
{
	const struct hf_audit_query *q = s->q;
	size_t keys = q->n_shelves ? q->n_shelves + (q->large ? 1 : 0) : 1;
	struct hf_buf list = {.cap = 64 << 20};

	for (size_t k = 0; k < keys; k++) {
		uint32_t key = q->n_shelves == 0  ? hf_audit_key_actor(q->actor)
			       : k < q->n_shelves ? hf_audit_key_shelf(q->shelves[k])
						  : hf_audit_key_large();
		size_t found;
		const struct hf_audit_entry *e = hf_audit_index_find(x, key, &found);

		for (size_t i = 0; i < found; i++)
			if (e[i].offset < end)
				hf_buf_add(&list, &e[i].offset, sizeof e[i].offset);
	}
	*out = (uint32_t *)(void *)list.p;
	*n = list.n / sizeof(uint32_t);
	if (list.failed) {
		hf_buf_free(&list);
		return hf_fail(s->err, HF_TOO_LONG, NULL, "no memory");
	}
	if (*n)
		qsort(*out, *n, sizeof **out, newest_first);
	return HF_OK;
}

static enum hf_rc
by_index(struct search *s, uint64_t number, const struct hf_audit_index *x, size_t end)
{
	struct hf_mapped m;
	uint32_t *offsets;
	size_t n;
	enum hf_rc rc = candidates(s, x, end, &offsets, &n);

	if (rc || n == 0) {
		free(offsets);
		return rc;
	}
	rc = hf_segment_map(s->f->dir, number, O_RDONLY, &m, s->err);
	if (rc == HF_OK) {
		for (size_t i = 0; rc == HF_OK && i < n && s->n < s->max; i++)
			if (i == 0 || offsets[i] != offsets[i - 1])
				rc = look(s, number, m.bytes, offsets[i]);
		hf_segment_unmap(&m);
	}
	free(offsets);
	return rc;
}

/* How far a segment that is still written to has been written: behind that there are
 * only NUL bytes, so halving finds the page. */
static size_t
written(struct hf_sv bytes)
{
	enum { PAGE = 4096 };
	size_t lo = 0, hi = bytes.n / PAGE;

	while (lo < hi) { /* pages before lo begin with something */
		size_t mid = lo + (hi - lo) / 2;

		if (bytes.p[mid * PAGE] != '\0')
			lo = mid + 1;
		else
			hi = mid;
	}
	hi = (lo + 1) * PAGE < bytes.n ? (lo + 1) * PAGE : bytes.n;
	/* A line that is being copied has no end yet. */
	while (hi > 0 && bytes.p[hi - 1] != '\n')
		hi--;
	return hi;
}

static enum hf_rc
look_into(struct search *s, uint64_t number, size_t end)
{
	const struct hf_audit_index *x;
	const struct hf_audit_query *q = s->q;
	struct hf_mapped m;
	enum hf_rc rc = side_of(s->f, number, &x, s->err);

	if (rc == HF_NOT_FOUND) /* a gap is for verify to tell */
		return HF_OK;
	if (rc)
		return rc;
	if (x && (x->to < q->from || x->from >= q->to))
		return HF_OK;
	if (x && (q->n_shelves || q->actor.n))
		return by_index(s, number, x, end);
	rc = hf_segment_map(s->f->dir, number, O_RDONLY, &m, s->err);
	if (rc)
		return rc == HF_NOT_FOUND ? HF_OK : rc;
	if (end > m.bytes.n)
		end = x ? m.bytes.n : written(m.bytes);
	rc = scan(s, number, m.bytes, end);
	hf_segment_unmap(&m);
	return rc;
}

enum hf_rc
hf_audit_find(struct hf_audit_finder *f, const struct hf_audit_query *query,
	      const struct hf_audit_spot *before, size_t max, struct hf_arena *arena,
	      struct hf_audit_hit **out, size_t *n, struct hf_err *err)
{
	struct search s = {.f = f,
			   .q = query,
			   .max = max,
			   .arena = arena,
			   .line = {.cap = 1 << 20},
			   .err = err};
	uint64_t first, last;
	enum hf_rc rc;

	s.hits = hf_arena_array(arena, max ? max : 1, sizeof *s.hits);
	if (!s.hits)
		return hf_fail(err, HF_TOO_LONG, NULL, "too many lines at once");
	pthread_mutex_lock(&f->mutex);
	rc = refresh(f, err);
	first = f->first;
	last = f->last;
	pthread_mutex_unlock(&f->mutex);
	if (before && before->segment && before->segment <= last)
		last = before->segment;
	for (uint64_t i = last; rc == HF_OK && i >= first && i > 0 && s.n < max; i--) {
		bool part = before && before->segment == i;

		rc = look_into(&s, i, part ? (size_t)before->offset : SIZE_MAX);
	}
	hf_arena_free(&s.line);
	if (rc)
		return rc;
	*out = s.hits;
	*n = s.n;
	return HF_OK;
}

enum hf_rc
hf_audit_get(struct hf_audit_finder *f, const struct hf_audit_spot *spot,
	     struct hf_arena *arena, struct hf_audit_event *out, struct hf_err *err)
{
	struct hf_mapped m;
	struct hf_sv rest, line;
	bool ok = false;

	if (spot->segment &&
	    hf_segment_map(f->dir, spot->segment, O_RDONLY, &m, NULL) == HF_OK) {
		if (spot->offset < m.bytes.n &&
		    (spot->offset == 0 || m.bytes.p[spot->offset - 1] == '\n')) {
			rest = hf_sv_from_at(m.bytes, spot->offset);
			if (rest.n > 64 * 1024)
				rest.n = 64 * 1024;
			line = hf_arena_sv(arena, hf_sv_cut(&rest, '\n'));
			ok = line.p && hf_audit_line_read(line, arena, out);
		}
		hf_segment_unmap(&m);
	}
	if (!ok)
		return hf_fail(err, HF_NOT_FOUND, "id",
			       "there is no such line in the audit");
	return HF_OK;
}
