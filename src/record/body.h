/* body.h - how a resource is kept: without resourceType, id, versionId and
 * lastUpdated, which are put back when it is read.  Pure.
 *
 * Kept form: one byte, how the id is kept (0 the server gave it; 1 a UUID in 16
 * bytes; 2 a length byte and the text), the id, a varint and so many bytes of the
 * other members of meta, then all other members, both as minified JSON text
 * without braces.  Strings and numbers stand as they came. */
#ifndef HF_RECORD_BODY_H
#define HF_RECORD_BODY_H

#include "base/time.h"
#include "fhir/json.h"

/* A reference to put in place of another: *to is set (and lives long enough) and
 * true given when the text of a Reference.reference is to be replaced. */
typedef bool (*hf_body_resolve)(void *ctx, struct hf_sv reference, struct hf_sv *to);

/* Appends the kept form of the resource at node.  id n 0: the server gave it.
 * Strings called "reference", and other strings that start with "urn:uuid:", are
 * offered to resolve (NULL for none). */
void hf_body_pack(const struct hf_json *doc, uint32_t node, struct hf_sv id,
		  hf_body_resolve resolve, void *ctx, struct hf_buf *out);

/* The same with a meta.source that the resource does not have itself; source is plain
 * text of a URI without characters that JSON escapes. */
void hf_body_pack_from(const struct hf_json *doc, uint32_t node, struct hf_sv id,
		       struct hf_sv source, hf_body_resolve resolve, void *ctx,
		       struct hf_buf *out);

/* Appends the kept form of a deleted resource: its id and nothing else. */
void hf_body_tombstone(struct hf_sv id, struct hf_buf *out);

/* The id in a kept form; n 0 when the server gave it.  text needs 36 bytes and is
 * used for a UUID.  False when the form is broken. */
bool hf_body_id(struct hf_sv kept, char text[36], struct hf_sv *id);

/* Appends the whole resource.  False when the form is broken. */
bool hf_body_unpack(struct hf_sv kept, struct hf_sv type, struct hf_sv id,
		    uint32_t version, hf_time at, struct hf_buf *out);

/* An upper bound of what hf_body_unpack() appends. */
size_t hf_body_bound(size_t kept);

#endif
