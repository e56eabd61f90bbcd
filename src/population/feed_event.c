/* feed_event.c - what a row says in terms of the model. */
#include "population/feed.h"
#include "population/spell.h"

static const uint8_t settings[HF_FEED_KINDS] = {
    [HF_FEED_SPELLS] = HF_POP_UNK,	[HF_FEED_AE] = HF_POP_AE,
    [HF_FEED_OUTPATIENTS] = HF_POP_OP,	[HF_FEED_COMMUNITY] = HF_POP_COM,
    [HF_FEED_UCR] = HF_POP_UCR,		[HF_FEED_MENTAL_HEALTH] = HF_POP_MH,
    [HF_FEED_SOCIAL_CARE] = HF_POP_ASC, [HF_FEED_GP] = HF_POP_GP,
    [HF_FEED_PRESCRIBING] = HF_POP_RX,	[HF_FEED_DIAGNOSTICS] = HF_POP_DIAG,
    [HF_FEED_VIRTUAL_WARD] = HF_POP_VW, [HF_FEED_AMBULANCE] = HF_POP_AMB,
    [HF_FEED_111] = HF_POP_111,
};

/* A date with the time of its own, or of the column beside it. */
static struct hf_map_when
moment(const struct hf_feed_row *row, enum hf_map_field date, enum hf_map_field time)
{
	struct hf_map_when w = {HF_POP_NONE, HF_POP_NONE, INT16_MIN};

	if ((row->there >> date) & 1)
		w = row->when[date];
	if (w.minute == HF_POP_NONE && ((row->there >> time) & 1))
		w.minute = row->when[time].minute;
	return w;
}

/* Minutes from a to b; days when a time is not known.  HF_POP_NONE: cannot be told. */
static uint16_t
minutes_between(struct hf_map_when a, struct hf_map_when b)
{
	int64_t v;

	if (a.day == HF_POP_NONE || b.day == HF_POP_NONE || b.day < a.day)
		return HF_POP_NONE;
	v = ((int64_t)b.day - a.day) * 1440;
	if (a.minute != HF_POP_NONE && b.minute != HF_POP_NONE)
		v = hf_pop_elapsed(a.day, a.minute, b.day, b.minute);
	if (v < 0)
		return HF_POP_NONE;
	return v >= HF_POP_NONE ? HF_POP_NONE - 1 : (uint16_t)v;
}

static int64_t
word(const struct hf_feed_row *row, enum hf_map_field field, int64_t otherwise)
{
	return (row->there >> field) & 1 ? row->num[field] : otherwise;
}

static uint8_t
flag(const struct hf_feed_row *row, enum hf_map_field field, enum hf_pop_flag bit)
{
	return word(row, field, 0) ? (uint8_t)bit : 0;
}

static void
put_outcome(const struct hf_feed_row *row, struct hf_pop_event *e)
{
	int64_t by = word(row, HF_F_LEFT_BY, 0);

	e->source = (uint8_t)word(row, HF_F_SOURCE, HF_POP_O_UNKNOWN);
	e->outcome = (uint8_t)word(row, HF_F_OUTCOME, HF_POP_O_UNKNOWN);
	if (by == 4 || by == 5)
		e->outcome = HF_POP_O_DIED;
	else if (by == 2)
		e->outcome = HF_POP_O_LEFT;
	e->flags |= flag(row, HF_F_CONVEYED, HF_POP_F_CONVEYED);
	e->flags |= flag(row, HF_F_PLANNED, HF_POP_F_PLANNED);
	e->flags |= flag(row, HF_F_URGENT, HF_POP_F_URGENT);
	e->flags |= flag(row, HF_F_CRISIS, HF_POP_F_CRISIS);
	e->flags |= flag(row, HF_F_BPT, HF_POP_F_BPT);
}

static void
put_cost(const struct hf_feed_row *row, struct hf_pop_event *e)
{
	if (!HF_HAS(row, COST) || row->num[HF_F_COST] > INT32_MAX ||
	    row->num[HF_F_COST] < INT32_MIN)
		return;
	e->cost = (int32_t)row->num[HF_F_COST];
	e->basis = (uint8_t)word(row, HF_F_BASIS, HF_POP_B_LOCAL);
}

static enum hf_feed_why
put_end(const struct hf_feed_row *row, struct hf_pop_event *e, unsigned *notes,
	enum hf_map_field *field)
{
	struct hf_map_when end = moment(row, HF_F_END, HF_F_END_TIME);

	e->end_minute = end.minute;
	if (!HF_HAS(row, END)) {
		e->los = 0;
		return HF_WHY_FINE;
	}
	*field = HF_F_END;
	if (end.day == HF_POP_NONE)
		return HF_WHY_RANGE;
	if (end.day < e->day ||
	    (end.day == e->day && end.minute != HF_POP_NONE &&
	     e->minute != HF_POP_NONE &&
	     hf_pop_elapsed(e->day, e->minute, end.day, end.minute) < 0))
		return HF_WHY_BACKWARDS;
	e->los = (uint16_t)(end.day - e->day);
	if (e->los > 366)
		*notes |= HF_NOTE_LONG;
	return HF_WHY_FINE;
}

/* Two hours and four are not told by days: without both times it is not known. */
static uint16_t
by_clock(struct hf_map_when a, struct hf_map_when b)
{
	return a.minute == HF_POP_NONE || b.minute == HF_POP_NONE
		   ? HF_POP_NONE
		   : minutes_between(a, b);
}

static void
put_wait(const struct hf_map *map, const struct hf_feed_row *row,
	 struct hf_pop_event *e, unsigned *notes)
{
	struct hf_map_when asked = moment(row, HF_F_REQUEST, HF_F_REQUEST_TIME);
	struct hf_map_when start = {e->day, e->minute, 0};

	e->wait = (uint16_t)word(row, HF_F_WAIT, HF_POP_NONE);
	if (map->kind == HF_FEED_UCR && asked.day == HF_POP_NONE &&
	    e->wait == HF_POP_NONE)
		*notes |= HF_NOTE_NO_CLOCK_START;
	else if (map->kind == HF_FEED_DIAGNOSTICS && HF_HAS(row, RESULT))
		e->wait =
		    minutes_between(asked, moment(row, HF_F_RESULT, HF_F_RESULT_TIME));
	else if (map->kind == HF_FEED_UCR && asked.day != HF_POP_NONE)
		e->wait = by_clock(asked, start);
	else if (asked.day != HF_POP_NONE && map->kind != HF_FEED_DIAGNOSTICS)
		e->wait = minutes_between(asked, start);
	else if (map->kind == HF_FEED_AE && HF_HAS(row, END) && e->wait == HF_POP_NONE)
		/* From arrival to departure (3.5). */
		e->wait = by_clock(start, moment(row, HF_F_END, HF_F_END_TIME));
	if (HF_HAS(row, READY) && HF_HAS(row, END) &&
	    row->when[HF_F_READY].day <= row->when[HF_F_END].day) {
		e->wait =
		    (uint16_t)(row->when[HF_F_END].day - row->when[HF_F_READY].day);
		e->flags |= HF_POP_F_READY_DELAY;
	}
}

static void
put_admission(const struct hf_feed_row *row, struct hf_pop_event *e, unsigned *notes)
{
	enum hf_pop_pod_note note;

	if (!HF_HAS(row, END)) {
		e->flags |= HF_POP_F_OPEN;
		e->end_minute = HF_POP_NONE;
	}
	e->setting =
	    (uint8_t)hf_pop_pod((enum hf_pop_method)e->method, e->cls, e->los, &note);
	if (note == HF_POD_DAY_CASE_STAYED)
		*notes |= HF_NOTE_DAY_CASE_STAYED;
	else if (note == HF_POD_UNKNOWN)
		*notes |= HF_NOTE_NO_POD;
	if (hf_pop_minutes(e) < 0 && !(e->flags & HF_POP_F_OPEN))
		*notes |= HF_NOTE_NO_TIME;
}

enum hf_feed_why
hf_feed_event(const struct hf_map *map, const struct hf_feed_row *row,
	      struct hf_pop_event *out, unsigned *notes, enum hf_map_field *field)
{
	bool asked = map->kind == HF_FEED_DIAGNOSTICS;
	struct hf_map_when start = moment(row, asked ? HF_F_REQUEST : HF_F_START,
					  asked ? HF_F_REQUEST_TIME : HF_F_START_TIME);
	enum hf_feed_why why;

	*notes = 0;
	*field = asked ? HF_F_REQUEST : HF_F_START;
	*out = (struct hf_pop_event){.minute = start.minute,
				     .end_minute = HF_POP_NONE,
				     .wait = HF_POP_NONE,
				     .setting = settings[map->kind]};
	if (start.day == HF_POP_NONE)
		return HF_WHY_RANGE;
	out->day = start.day;
	out->method = (uint8_t)word(row, HF_F_METHOD, HF_POP_M_UNKNOWN);
	out->cls = (uint8_t)word(row, HF_F_CLS, word(row, HF_F_CLASS, map->cls));
	out->excluded = (uint8_t)word(row, HF_F_EXCLUDED, 0);
	why = put_end(row, out, notes, field);
	if (why != HF_WHY_FINE)
		return why;
	put_outcome(row, out);
	put_cost(row, out);
	put_wait(map, row, out, notes);
	if (map->kind == HF_FEED_SPELLS)
		put_admission(row, out, notes);
	else if (map->kind == HF_FEED_VIRTUAL_WARD && !HF_HAS(row, END))
		out->flags |= HF_POP_F_OPEN;
	if (start.minute == 0 || (HF_HAS(row, END) && out->end_minute == 0))
		*notes |= HF_NOTE_MIDNIGHT;
	return HF_WHY_FINE;
}

static uint16_t
person_flags(const struct hf_feed_row *row)
{
	static const struct {
		enum hf_map_field field;
		enum hf_pop_person_flag flag;
	} flags[] = {
	    {HF_F_CARER, HF_POP_P_CARER},
	    {HF_F_HOUSEBOUND, HF_POP_P_HOUSEBOUND},
	    {HF_F_CARE_HOME, HF_POP_P_CARE_HOME},
	    {HF_F_HOMELESS, HF_POP_P_HOMELESS},
	    {HF_F_PALLIATIVE, HF_POP_P_PALLIATIVE},
	    {HF_F_OBJECTS, HF_POP_P_OBJECTS},
	};
	uint16_t set = 0;

	for (size_t i = 0; i < HF_COUNT(flags); i++)
		if (word(row, flags[i].field, 0))
			set |= (uint16_t)flags[i].flag;
	return set;
}

enum { CONTRADICTED = 1 }; /* in spare, while a feed is read */

static bool
put_birth(const struct hf_feed_row *row, struct hf_pop_person *p)
{
	int16_t birth = INT16_MIN;

	if (HF_HAS(row, BIRTH))
		birth = row->when[HF_F_BIRTH].month;
	else if (HF_HAS(row, AGE) && HF_HAS(row, START))
		/* The middle of the band: good for bands, no better. */
		birth = (int16_t)(row->when[HF_F_START].month -
				  row->num[HF_F_AGE] * 12 / 1000);
	if (birth == INT16_MIN || p->spare == CONTRADICTED)
		return true;
	/* An age alone moves by a month or more from row to row. */
	if (p->birth == INT16_MIN || p->birth == birth || !HF_HAS(row, BIRTH)) {
		if (p->birth == INT16_MIN)
			p->birth = birth;
		return true;
	}
	p->birth = INT16_MIN;
	p->spare = CONTRADICTED;
	return false;
}

bool
hf_feed_person(const struct hf_feed_row *row, struct hf_pop_person *p)
{
	int64_t died = word(row, HF_F_LEFT_BY, 0);

	p->flags |= (uint8_t)person_flags(row);
	if (HF_HAS(row, SEX))
		p->sex = (uint8_t)row->num[HF_F_SEX];
	if (HF_HAS(row, ETHNIC) && row->num[HF_F_ETHNIC] != 0)
		p->ethnic = (uint8_t)row->num[HF_F_ETHNIC];
	if (HF_HAS(row, IMD) && row->num[HF_F_IMD] > 0)
		p->imd = (uint8_t)row->num[HF_F_IMD];
	if (HF_HAS(row, DEATH) && row->when[HF_F_DEATH].day != HF_POP_NONE)
		p->death_day = row->when[HF_F_DEATH].day;
	if (HF_HAS(row, DEATH_PLACE))
		p->death_place = (uint8_t)row->num[HF_F_DEATH_PLACE];
	if ((died == 4 || died == 5) && HF_HAS(row, END) &&
	    row->when[HF_F_END].day != HF_POP_NONE) {
		p->death_day = row->when[HF_F_END].day;
		p->death_place = HF_POP_O_HOSPITAL;
	}
	return put_birth(row, p);
}
