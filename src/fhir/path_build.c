/* path_build.c - the arrays that an expression is gathered in, and the block that it
 * ends in. */
#include "fhir/path_build.h"

/* Room for one more of *items; NULL without memory. */
static void *
room(void *items, uint32_t n, uint32_t *size, size_t each)
{
	void *grown;

	if (items && n < *size)
		return items;
	grown = reallocarray(items, *size ? *size * 2 : 16, each);
	if (!grown)
		return NULL;
	*size = *size ? *size * 2 : 16;
	return grown;
}

enum hf_rc
hf_path_no_memory(struct path_parser *p)
{
	return hf_fail(p->lex.err, HF_FAULT, NULL,
		       "there is no memory left to read an expression");
}

unsigned
hf_path_depth_of(const struct path_parser *p, uint32_t node)
{
	return node == PATH_NONE ? 0 : p->nodes[node].depth;
}

/* Adds a node whose depth is more than that of below and below2. */
enum hf_rc
hf_path_add_node(struct path_parser *p, const struct path_node *n, uint32_t below,
		 uint32_t below2, uint32_t *out)
{
	unsigned a = hf_path_depth_of(p, below), b = hf_path_depth_of(p, below2),
		 depth = a > b ? a : b;
	struct path_node *nodes =
	    room(p->nodes, p->n_nodes, &p->size_nodes, sizeof *nodes);

	if (!nodes)
		return hf_path_no_memory(p);
	p->nodes = nodes;
	if (depth >= PATH_MAX_DEPTH)
		return hf_fail(p->lex.err, HF_TOO_LONG, NULL,
			       "the expression is too deep at column %zu; at most %d "
			       "steps may hang on each other",
			       p->lex.column, PATH_MAX_DEPTH);
	nodes[p->n_nodes] = *n;
	nodes[p->n_nodes].depth = (uint16_t)(depth + 1);
	*out = p->n_nodes++;
	return HF_OK;
}

/* The type of what an element holds, when it is certain. */
static hf_type_id
certain_type(const struct hf_elem *e)
{
	hf_type_id type;

	if (!e || e->choice || e->n_types != 1)
		return 0;
	type = hf_elem_type(e, 0);
	/* A contained resource says itself what it is. */
	if (type && hf_type_get(type)->kind == HF_KIND_ABSTRACT)
		return 0;
	return type;
}

/* The step called by the current token, after something of type owner. */
enum hf_rc
hf_path_add_step(struct path_parser *p, hf_type_id owner, bool first, hf_type_id *type)
{
	struct path_step s = {.name = p->lex.sv, .owner = owner};
	struct path_step *steps =
	    room(p->steps, p->n_steps, &p->size_steps, sizeof *steps);

	if (!steps)
		return hf_path_no_memory(p);
	p->steps = steps;
	if (owner)
		s.elem = hf_elem_by_name(owner, s.name);
	*type = certain_type(s.elem);
	if (first && !s.elem && s.name.n && s.name.p[0] >= 'A' && s.name.p[0] <= 'Z') {
		s.root = hf_type_find(s.name);
		if (s.root && hf_type_get(s.root)->kind != HF_KIND_ABSTRACT)
			*type = s.root;
	}
	steps[p->n_steps++] = s;
	return HF_OK;
}

enum hf_rc
hf_path_push_arg(struct path_parser *p, uint32_t arg)
{
	uint32_t *args = room(p->args, p->n_args, &p->size_args, sizeof *args);

	if (!args)
		return hf_path_no_memory(p);
	p->args = args;
	args[p->n_args++] = arg;
	return HF_OK;
}

/* The element that every result is a value of, or NULL. */
static const struct hf_elem *
last_element(const struct path_parser *p, uint32_t root)
{
	const struct path_node *n = &p->nodes[root];

	return n->op == PATH_CHAIN ? p->steps[n->b + n->n - 1U].elem : NULL;
}

/* Moves what was parsed into one block, which *out owns. */
enum hf_rc
hf_path_pack(struct path_parser *p, uint32_t root, struct hf_path **out)
{
	size_t nodes = p->n_nodes * sizeof *p->nodes,
	       steps = p->n_steps * sizeof *p->steps;
	size_t args = p->n_args * sizeof *p->args;
	struct hf_path *path = malloc(sizeof *path + nodes + steps + args);
	char *at;

	if (!path)
		return hf_path_no_memory(p);
	at = (char *)(path + 1);
	static_assert(sizeof(struct hf_path) % 16 == 0 || _Alignof(struct hf_path) >= 8,
		      "what follows the head is aligned");
	memcpy(at, p->nodes, nodes);
	path->nodes = (const struct path_node *)(const void *)at;
	if (steps)
		memcpy(at + nodes, p->steps, steps);
	path->steps = (const struct path_step *)(const void *)(at + nodes);
	if (args)
		memcpy(at + nodes + steps, p->args, args);
	path->args = (const uint32_t *)(const void *)(at + nodes + steps);
	path->n_nodes = p->n_nodes;
	path->root = root;
	path->last = last_element(p, root);
	path->text = p->lex.text;
	*out = path;
	return HF_OK;
}
