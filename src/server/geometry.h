/* geometry.h - shapes of the place as the pages draw them. */
#ifndef HF_SERVER_GEOMETRY_H
#define HF_SERVER_GEOMETRY_H

#include "fhir/json.h"

/* The member "polygon" of the object that is open: the outer rings of a GeoJSON Polygon
 * or MultiPolygon, as longitude and latitude.  Nothing when there is no shape. */
void hf_geometry_put(struct hf_jw *w, struct hf_sv geometry, struct hf_arena *arena);

#endif
