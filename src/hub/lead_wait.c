/* lead_wait.c - how long somebody waited, in the bands of the national return.
 */
#include "hub/lead.h"

#include "pathway/hours.h"

static const struct {
	int weeks; /* up to and with these */
	const char *text;
} bands[HF_LEAD_BANDS] = {
    {1, "0 to 1 week"},	      {2, "1 to 2 weeks"},    {4, "2 to 4 weeks"},
    {12, "4 to 12 weeks"},    {18, "12 to 18 weeks"}, {52, "18 to 52 weeks"},
    {104, "52 to 104 weeks"}, {0, "over 104 weeks"},
};

const char *
hf_lead_band_text(size_t band)
{
	return band < HF_LEAD_BANDS ? bands[band].text : "";
}

size_t
hf_lead_band(hf_time from, hf_time to)
{
	size_t i = 0;

	while (i + 1 < HF_LEAD_BANDS) {
		struct hf_duration d = {.days = bands[i].weeks * 7};

		if (to <= hf_due(from, &d, HF_CALENDAR_CALENDAR, NULL))
			break;
		i++;
	}
	return i;
}
