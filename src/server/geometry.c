/* geometry.c - shapes of the place as the pages draw them. */
#include "server/geometry.h"

#include "record/person_text.h"

/* The outer ring of a GeoJSON Polygon's coordinates at node. */
static void
put_ring(struct hf_jw *w, const struct hf_json *doc, uint32_t polygon)
{
	if (hf_json_type(doc, polygon) == HF_JSON_ARRAY &&
	    hf_json_count(doc, polygon) > 0)
		hf_jw_raw(w, hf_json_raw(doc, polygon + 1));
}

void
hf_geometry_put(struct hf_jw *w, struct hf_sv geometry, struct hf_arena *arena)
{
	struct hf_json doc;
	uint32_t rings;

	if (geometry.n == 0 ||
	    hf_json_parse(geometry, NULL, arena, &doc, NULL) != HF_OK)
		return;
	rings = hf_json_member(&doc, 0, "coordinates");
	if (rings == HF_JSON_NONE || hf_json_type(&doc, rings) != HF_JSON_ARRAY)
		return;
	hf_jw_member(w, "polygon");
	hf_jw_arr(w);
	if (hf_sv_is(hf_dig_text(&doc, 0, "type", arena), "MultiPolygon"))
		for (uint32_t c = rings + 1; c < doc.nodes[rings].next;
		     c = doc.nodes[c].next)
			put_ring(w, &doc, c);
	else
		put_ring(w, &doc, rings);
	hf_jw_arr_end(w);
}
