/* shelves.c - in memory, by shelf: the next free number, and the directory of what
 * stands there (entries, linked shelves, mentions).
 *
 * A directory is put only when nothing touched its shelf since its rows were read,
 * so what is held is never older than the last commit. */
#include "record/io/held.h"
#include "record/io/store_impl.h"

enum { BUCKETS = 1024, YOUNG = 512 };

struct held {
	struct hf_held base;
	struct hf_shelf_dir dir; /* its arrays follow in the same block */
};

struct number {
	int64_t shelf; /* 0: free */
	int64_t next;
};

struct shard {
	struct hf_held_shard dirs;
	uint64_t epoch;
	struct number *numbers;
	size_t n_numbers, size_numbers;
};

struct hf_shelves {
	struct shard shards[HF_HELD_SHARDS];
};

static struct shard *
shard_of(struct hf_shelves *s, int64_t shelf)
{
	return &s->shards[hf_held_mix(shelf) % HF_HELD_SHARDS];
}

struct hf_shelves *
hf_shelves_new(size_t bytes)
{
	struct hf_shelves *s = calloc(1, sizeof *s);

	for (size_t i = 0; s && i < HF_HELD_SHARDS; i++) {
		if (hf_held_init(&s->shards[i].dirs, BUCKETS, bytes / HF_HELD_SHARDS,
				 YOUNG))
			continue;
		hf_shelves_free(s);
		return NULL;
	}
	return s;
}

void
hf_shelves_free(struct hf_shelves *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < HF_HELD_SHARDS; i++) {
		hf_held_free(&s->shards[i].dirs);
		free(s->shards[i].numbers);
	}
	free(s);
}

static bool
copy_out(const struct hf_shelf_dir *dir, struct hf_arena *arena,
	 struct hf_shelf_dir *out)
{
	struct hf_shelf_dir d = *dir;

	d.entries = hf_arena_alloc(arena, dir->n * sizeof *d.entries);
	d.person = hf_arena_alloc(arena, dir->n_person * sizeof *d.person);
	d.mentions = hf_arena_alloc(arena, dir->n_mentions * sizeof *d.mentions);
	if (!d.entries || !d.person || !d.mentions)
		return false;
	memcpy(d.entries, dir->entries, dir->n * sizeof *d.entries);
	memcpy(d.person, dir->person, dir->n_person * sizeof *d.person);
	if (dir->n_mentions)
		memcpy(d.mentions, dir->mentions, dir->n_mentions * sizeof *d.mentions);
	*out = d;
	return true;
}

bool
hf_shelves_get(struct hf_shelves *s, int64_t shelf, struct hf_arena *arena,
	       struct hf_shelf_dir *out)
{
	struct shard *sh = shard_of(s, shelf);
	struct held *h;
	bool found = false;

	pthread_mutex_lock(&sh->dirs.lock);
	h = (struct held *)hf_held_find(&sh->dirs, shelf);
	if (h)
		found = copy_out(&h->dir, arena, out);
	pthread_mutex_unlock(&sh->dirs.lock);
	return found;
}

uint64_t
hf_shelves_epoch(struct hf_shelves *s, int64_t shelf)
{
	struct shard *sh = shard_of(s, shelf);
	uint64_t epoch;

	pthread_mutex_lock(&sh->dirs.lock);
	epoch = sh->epoch;
	pthread_mutex_unlock(&sh->dirs.lock);
	return epoch;
}

static struct held *
held_new(int64_t shelf, const struct hf_shelf_dir *dir)
{
	size_t bytes = sizeof(struct held) + dir->n * sizeof *dir->entries +
		       dir->n_person * sizeof *dir->person +
		       dir->n_mentions * sizeof *dir->mentions;
	struct held *h = malloc(bytes);

	if (!h)
		return NULL;
	*h = (struct held){.base = {.shelf = shelf, .bytes = bytes}, .dir = *dir};
	h->dir.entries = (struct hf_entry *)(h + 1);
	h->dir.person = (int64_t *)(h->dir.entries + dir->n);
	h->dir.mentions = h->dir.person + dir->n_person;
	if (dir->n)
		memcpy(h->dir.entries, dir->entries, dir->n * sizeof *dir->entries);
	if (dir->n_person)
		memcpy(h->dir.person, dir->person, dir->n_person * sizeof *dir->person);
	if (dir->n_mentions)
		memcpy(h->dir.mentions, dir->mentions,
		       dir->n_mentions * sizeof *dir->mentions);
	return h;
}

void
hf_shelves_put(struct hf_shelves *s, int64_t shelf, uint64_t epoch,
	       const struct hf_shelf_dir *dir)
{
	struct shard *sh = shard_of(s, shelf);
	struct held *h = held_new(shelf, dir);

	if (!h)
		return;
	pthread_mutex_lock(&sh->dirs.lock);
	if (sh->epoch == epoch)
		hf_held_put(&sh->dirs, &h->base);
	else
		free(h);
	pthread_mutex_unlock(&sh->dirs.lock);
}

void
hf_shelves_touch(struct hf_shelves *s, int64_t shelf)
{
	struct shard *sh = shard_of(s, shelf);

	pthread_mutex_lock(&sh->dirs.lock);
	sh->epoch++;
	hf_held_drop(&sh->dirs, shelf);
	pthread_mutex_unlock(&sh->dirs.lock);
}

/* The row of a shelf in the table of numbers; NULL when it cannot grow. */
static struct number *
number_of(struct shard *sh, int64_t shelf)
{
	size_t i;

	if ((sh->n_numbers + 1) * 4 > sh->size_numbers * 3) {
		size_t old_size = sh->size_numbers;
		struct number *old = sh->numbers;
		size_t size = old_size ? old_size * 2 : 256;
		struct number *fresh = calloc(size, sizeof *fresh);

		if (!fresh)
			return NULL;
		sh->numbers = fresh;
		sh->size_numbers = size;
		sh->n_numbers = 0;
		for (size_t k = 0; k < old_size; k++)
			if (old[k].shelf)
				*number_of(sh, old[k].shelf) = old[k];
		free(old);
	}
	i = hf_held_mix(shelf) / HF_HELD_SHARDS & (sh->size_numbers - 1);
	while (sh->numbers[i].shelf && sh->numbers[i].shelf != shelf)
		i = (i + 1) & (sh->size_numbers - 1);
	if (!sh->numbers[i].shelf) {
		sh->numbers[i] = (struct number){.shelf = shelf, .next = -1};
		sh->n_numbers++;
	}
	return &sh->numbers[i];
}

/* The first number after what the store holds on a shelf.  Number 0 of a person's
 * shelf is its Patient. */
static enum hf_rc
read_next(struct hf_reader *reader, int64_t shelf, int64_t *out, struct hf_err *err)
{
	struct hf_rows rows;
	enum hf_rc rc = hf_db_query(
	    reader->db, HF_Q_RECORD_RES_LAST,
	    HF_ARGS(HF_INT(HF_RID_MIN(shelf)), HF_INT(HF_RID_MAX(shelf))), &rows, err);
	int64_t next = 1;

	if (rc != HF_OK)
		return rc;
	if (hf_rows_next(&rows))
		next = (hf_rows_int(&rows, 0) & (((int64_t)1 << HF_SEQ_BITS) - 1)) + 1;
	rc = hf_rows_end(&rows, err);
	if (rc == HF_OK)
		*out = next;
	return rc;
}

enum hf_rc
hf_shelves_next(struct hf_shelves *s, struct hf_reader *reader, int64_t shelf,
		bool fresh, hf_rid *out, struct hf_err *err)
{
	struct shard *sh = shard_of(s, shelf);
	struct number *n;
	enum hf_rc rc = HF_OK;
	int64_t next = -1;

	pthread_mutex_lock(&sh->dirs.lock);
	n = number_of(sh, shelf);
	if (!n) {
		rc = hf_fail(err, HF_FULL, NULL, "no memory for another shelf");
	} else {
		if (n->next < 0 && fresh)
			n->next = 1;
		if (n->next < 0)
			rc = read_next(reader, shelf, &n->next, err);
		next = n->next;
		if (rc == HF_OK && next >> HF_SEQ_BITS)
			rc = hf_fail(err, HF_FULL, NULL,
				     "a shelf holds 16 million resources and is full");
		else if (rc == HF_OK)
			n->next++;
	}
	pthread_mutex_unlock(&sh->dirs.lock);
	if (rc == HF_OK)
		*out = HF_RID_MIN(shelf) + next;
	return rc;
}

void
hf_shelves_touch_all(struct hf_shelves *s)
{
	for (size_t i = 0; i < HF_HELD_SHARDS; i++) {
		struct shard *sh = &s->shards[i];

		pthread_mutex_lock(&sh->dirs.lock);
		sh->epoch++;
		hf_held_drop_all(&sh->dirs);
		pthread_mutex_unlock(&sh->dirs.lock);
	}
}
