/* path_parse.c - FHIRPath text to nodes: operators by binding power.
 *
 * Types are followed along the way where the tables make them certain, so that
 * most names are looked up here once and not at each evaluation. */
#include "fhir/path_build.h"

static enum hf_rc parse_expr(struct path_parser *p, unsigned power, uint32_t *out);

static enum hf_rc
expected(struct path_parser *p, const char *what)
{
	return hf_path_lex_fail(&p->lex, what);
}

static bool
is_sym(const struct path_parser *p, const char *sym)
{
	return p->lex.tok == TOK_SYM && hf_sv_eq(p->lex.sv, hf_sv_from(sym));
}

static enum hf_rc
take_sym(struct path_parser *p, const char *sym, const char *what)
{
	if (!is_sym(p, sym))
		return expected(p, what);
	return hf_path_lex(&p->lex);
}

static struct path_node
node_at(const struct path_parser *p, enum path_op op)
{
	return (struct path_node){.op = (uint8_t)op,
				  .column = (uint16_t)p->lex.column,
				  .a = PATH_NONE,
				  .b = PATH_NONE};
}

static enum hf_rc
enter(struct path_parser *p)
{
	if (++p->nest <= PATH_MAX_NEST)
		return HF_OK;
	return hf_fail(p->lex.err, HF_TOO_LONG, NULL,
		       "the expression nests deeper than %d at column %zu",
		       PATH_MAX_NEST, p->lex.column);
}

/* "Patient", "FHIR.Patient", "System.String". */
static enum hf_rc
parse_type(struct path_parser *p, struct path_type *out)
{
	struct hf_sv space = HF_SV(""), name = p->lex.sv;

	if (p->lex.tok != TOK_NAME && p->lex.tok != TOK_QUOTED_NAME)
		return expected(p, "expected the name of a type");
	if (hf_path_lex(&p->lex) != HF_OK)
		return HF_INVALID;
	if ((hf_sv_is(name, "FHIR") || hf_sv_is(name, "System")) && is_sym(p, ".")) {
		space = name;
		if (hf_path_lex(&p->lex) != HF_OK)
			return HF_INVALID;
		name = p->lex.sv;
		if (p->lex.tok != TOK_NAME && p->lex.tok != TOK_QUOTED_NAME)
			return expected(p,
					"expected the name of a type after the point");
		if (hf_path_lex(&p->lex) != HF_OK)
			return HF_INVALID;
	}
	if (!hf_path_type_named(space, name, out))
		return expected(p,
				"the type named before this is neither of FHIR R4 nor "
				"of System");
	return HF_OK;
}

/* A name after a point, or at the beginning (input NONE and first). */
static enum hf_rc
parse_member(struct path_parser *p, uint32_t input, bool first, uint32_t *out)
{
	struct path_node n = node_at(p, PATH_CHAIN), *last;
	hf_type_id type = first ? p->self : 0;

	last = input == PATH_NONE ? NULL : &p->nodes[input];
	if (last)
		type = last->stype;
	if (last && last->op == PATH_CHAIN && last->b + last->n == p->n_steps &&
	    last->n < UINT16_MAX) {
		if (hf_path_add_step(p, type, false, &type) != HF_OK)
			return HF_FAULT;
		last->n++;
		last->stype = type;
		*out = input;
		return HF_OK;
	}
	n.a = last && last->op == PATH_THIS ? PATH_NONE : input;
	n.b = p->n_steps;
	n.n = 1;
	if (hf_path_add_step(p, type, first, &n.stype) != HF_OK)
		return HF_FAULT;
	return hf_path_add_node(p, &n, n.a, PATH_NONE, out);
}

/* The arguments of fn up to ")".  Those of nested calls are pushed in between, so
 * they are gathered first. */
static enum hf_rc
parse_args(struct path_parser *p, const struct path_fn *fn, struct path_node *n,
	   uint32_t *deepest)
{
	uint32_t args[8];
	enum hf_rc rc = HF_OK;

	while (!is_sym(p, ")")) {
		if (n->n && (rc = take_sym(p, ",", "expected , or )")) != HF_OK)
			return rc;
		if (n->n == HF_COUNT(args) || n->n == fn->max)
			return expected(p, "too many arguments for this function");
		rc = parse_expr(p, 0, &args[n->n]);
		if (rc != HF_OK)
			return rc;
		if (hf_path_depth_of(p, args[n->n]) > hf_path_depth_of(p, *deepest))
			*deepest = args[n->n];
		n->n++;
	}
	if (n->n < fn->min)
		return expected(p, "too few arguments for this function");
	n->b = p->n_args;
	for (unsigned i = 0; i < n->n; i++)
		if ((rc = hf_path_push_arg(p, args[i])) != HF_OK)
			return rc;
	return rc;
}

/* name( with the name in *name and the current token "(". */
static enum hf_rc
parse_call(struct path_parser *p, uint32_t input, struct hf_sv name, size_t column,
	   uint32_t *out)
{
	hf_type_id self = p->self;
	hf_type_id type = input == PATH_NONE ? self : p->nodes[input].stype;
	struct path_node n = node_at(p, PATH_CALL);
	uint32_t deepest = PATH_NONE;
	const struct path_fn *fn;
	int found = hf_path_fn_find(name);
	enum hf_rc rc;

	if (found < 0)
		return hf_fail(
		    p->lex.err, HF_INVALID, NULL,
		    "the expression is wrong at column %zu: there is no function "
		    "%.*s()",
		    column, (int)(name.n > 40 ? 40 : name.n), name.p);
	fn = hf_path_fn_get((uint8_t)found);
	p->defines = p->defines || hf_sv_is(name, "defineVariable");
	n.fn = (uint8_t)found;
	n.column = (uint16_t)column;
	n.a = input;
	n.stype = fn->same_type ? type : 0;
	if ((rc = enter(p)) != HF_OK || (rc = hf_path_lex(&p->lex)) != HF_OK)
		return rc;
	if (fn->arg == ARG_TYPE) {
		n.op = hf_sv_is(name, "is") ? PATH_IS : PATH_AS;
		if ((rc = parse_type(p, &n.type)) != HF_OK)
			return rc;
		n.stype = n.op == PATH_AS ? n.type.id : 0;
	} else {
		if (fn->arg == ARG_LAMBDA)
			p->self = type;
		rc = parse_args(p, fn, &n, &deepest);
		p->self = self;
		if (rc != HF_OK)
			return rc;
	}
	p->nest--;
	if ((rc = take_sym(p, ")", "expected )")) != HF_OK)
		return rc;
	return hf_path_add_node(p, &n, input, deepest, out);
}

/* A name: a member or a function; what comes after "." or stands first. */
static enum hf_rc
parse_name(struct path_parser *p, uint32_t input, bool first, uint32_t *out)
{
	struct hf_path_lex before = p->lex;
	bool quoted_name = p->lex.tok == TOK_QUOTED_NAME;
	enum hf_rc rc = hf_path_lex(&p->lex);

	if (rc != HF_OK)
		return rc;
	if (!quoted_name && is_sym(p, "("))
		return parse_call(p, input, before.sv, before.column, out);
	/* The member's name is the token before; the next one stays read. */
	{
		struct hf_path_lex after = p->lex;

		p->lex = before;
		rc = parse_member(p, input, first, out);
		p->lex = after;
	}
	return rc;
}

static const char *const calendar[] = {
    "year",   "years",	 "month",	"months",      "week",	 "weeks",
    "day",    "days",	 "hour",	"hours",       "minute", "minutes",
    "second", "seconds", "millisecond", "milliseconds"};

static bool
is_calendar(const struct path_parser *p)
{
	for (size_t i = 0; p->lex.tok == TOK_NAME && i < HF_COUNT(calendar); i++)
		if (hf_sv_eq(p->lex.sv, hf_sv_from(calendar[i])))
			return true;
	return false;
}

static enum hf_rc
parse_number(struct path_parser *p, uint32_t *out)
{
	bool whole = p->lex.tok == TOK_INT;
	struct path_node n = node_at(p, whole ? PATH_INT : PATH_DECIMAL);
	struct hf_decimal d;
	enum hf_rc rc;

	n.text = p->lex.sv;
	if (!hf_decimal_parse(n.text, &d) || (whole && !hf_sv_int(n.text, &n.i)))
		return expected(p, "the number has too many digits");
	if ((rc = hf_path_lex(&p->lex)) != HF_OK)
		return rc;
	if (p->lex.tok == TOK_STRING || is_calendar(p)) {
		n.op = PATH_QUANTITY;
		n.unit = p->lex.sv;
		if ((rc = hf_path_lex(&p->lex)) != HF_OK)
			return rc;
	}
	return hf_path_add_node(p, &n, PATH_NONE, PATH_NONE, out);
}

/* A variable of the language or of FHIR; false when name is none. */
static bool
known_variable(struct hf_sv name, struct path_node *n)
{
	static const struct {
		const char *name;
		enum path_var var;
	} vars[] = {
	    {"resource", PATH_VAR_RESOURCE}, {"rootResource", PATH_VAR_RESOURCE},
	    {"context", PATH_VAR_CONTEXT},   {"ucum", PATH_VAR_UCUM},
	    {"sct", PATH_VAR_SCT},	     {"loinc", PATH_VAR_LOINC},
	};

	for (size_t i = 0; i < HF_COUNT(vars); i++) {
		if (hf_sv_eq(name, hf_sv_from(vars[i].name))) {
			n->fn = (uint8_t)vars[i].var;
			return true;
		}
	}
	if (!hf_sv_starts(name, HF_SV("vs-")) && !hf_sv_starts(name, HF_SV("ext-")))
		return false;
	n->fn = name.p[0] == 'v' ? PATH_VAR_VS : PATH_VAR_EXT;
	n->text = hf_sv_from_at(name, n->fn == PATH_VAR_VS ? 3 : 4);
	return true;
}

static enum hf_rc
parse_variable(struct path_parser *p, uint32_t *out)
{
	struct path_node n = node_at(p, PATH_VAR);
	struct hf_sv name = p->lex.sv;
	/* What defineVariable() makes is looked for when it is asked for. */
	bool found = p->defines;
	enum hf_rc rc;

	if (!known_variable(name, &n)) {
		for (size_t i = 0; !found && i < p->rules->n_vars; i++)
			found = hf_sv_eq(name, p->rules->vars[i]);
		if (!found)
			return expected(p, "there is no such %variable");
		n.fn = PATH_VAR_NAMED;
		n.text = name;
	}
	if ((rc = hf_path_lex(&p->lex)) != HF_OK)
		return rc;
	return hf_path_add_node(p, &n, PATH_NONE, PATH_NONE, out);
}

static enum hf_rc
parse_dollar(struct path_parser *p, uint32_t *out)
{
	struct path_node n = node_at(p, PATH_THIS);
	enum hf_rc rc;

	if (hf_sv_is(p->lex.sv, "$index"))
		n.op = PATH_INDEX;
	else if (hf_sv_is(p->lex.sv, "$total"))
		n.op = PATH_TOTAL;
	else if (!hf_sv_is(p->lex.sv, "$this"))
		return expected(p, "expected $this, $index or $total");
	if (n.op == PATH_THIS)
		n.stype = p->self;
	if ((rc = hf_path_lex(&p->lex)) != HF_OK)
		return rc;
	return hf_path_add_node(p, &n, PATH_NONE, PATH_NONE, out);
}

/* true, false, a string, a date or a time. */
static enum hf_rc
parse_literal(struct path_parser *p, enum path_op op, uint32_t *out)
{
	struct path_node n = node_at(p, op);
	enum hf_rc rc;

	n.text = p->lex.sv;
	if (op == PATH_BOOL)
		n.flag = hf_sv_is(n.text, "true");
	if (op == PATH_DATE)
		n.flag = hf_sv_find(n.text, 'T') < n.text.n;
	if ((rc = hf_path_lex(&p->lex)) != HF_OK)
		return rc;
	return hf_path_add_node(p, &n, PATH_NONE, PATH_NONE, out);
}

static enum hf_rc
parse_group(struct path_parser *p, uint32_t *out)
{
	enum hf_rc rc;

	if ((rc = enter(p)) != HF_OK || (rc = hf_path_lex(&p->lex)) != HF_OK ||
	    (rc = parse_expr(p, 0, out)) != HF_OK)
		return rc;
	p->nest--;
	return take_sym(p, ")", "expected an operator or )");
}

static enum hf_rc
parse_term(struct path_parser *p, uint32_t *out)
{
	struct path_node empty = node_at(p, PATH_EMPTY);
	enum hf_rc rc;

	switch (p->lex.tok) {
	case TOK_INT:
	case TOK_DECIMAL:
		return parse_number(p, out);
	case TOK_STRING:
		return parse_literal(p, PATH_STRING, out);
	case TOK_DATE:
		return parse_literal(p, PATH_DATE, out);
	case TOK_TIME:
		return parse_literal(p, PATH_TIME, out);
	case TOK_VAR:
		return parse_variable(p, out);
	case TOK_DOLLAR:
		return parse_dollar(p, out);
	case TOK_NAME:
		if (hf_sv_is(p->lex.sv, "true") || hf_sv_is(p->lex.sv, "false"))
			return parse_literal(p, PATH_BOOL, out);
		return parse_name(p, PATH_NONE, true, out);
	case TOK_QUOTED_NAME:
		return parse_name(p, PATH_NONE, true, out);
	case TOK_SYM:
		if (is_sym(p, "("))
			return parse_group(p, out);
		if (is_sym(p, "{")) {
			if ((rc = hf_path_lex(&p->lex)) != HF_OK ||
			    (rc = take_sym(p, "}", "expected }")) != HF_OK)
				return rc;
			return hf_path_add_node(p, &empty, PATH_NONE, PATH_NONE, out);
		}
		break;
	default:
		break;
	}
	return expected(p, "expected a value, a name or (");
}

/* [index] with the current token "[". */
static enum hf_rc
parse_index(struct path_parser *p, uint32_t input, uint32_t *out)
{
	struct path_node n = node_at(p, PATH_AT);
	enum hf_rc rc;

	if ((rc = enter(p)) != HF_OK || (rc = hf_path_lex(&p->lex)) != HF_OK ||
	    (rc = parse_expr(p, 0, &n.b)) != HF_OK)
		return rc;
	p->nest--;
	n.a = input;
	n.stype = p->nodes[input].stype;
	if ((rc = take_sym(p, "]", "expected ]")) != HF_OK)
		return rc;
	return hf_path_add_node(p, &n, n.a, n.b, out);
}

/* A term and all that follows it with a point or in brackets. */
static enum hf_rc
parse_postfix(struct path_parser *p, uint32_t *out)
{
	enum hf_rc rc = parse_term(p, out);

	while (rc == HF_OK) {
		if (is_sym(p, "[")) {
			rc = parse_index(p, *out, out);
		} else if (is_sym(p, ".")) {
			if ((rc = hf_path_lex(&p->lex)) != HF_OK)
				return rc;
			if (p->lex.tok == TOK_DOLLAR)
				return expected(p, "expected a name after the point");
			if (p->lex.tok != TOK_NAME && p->lex.tok != TOK_QUOTED_NAME)
				return expected(p, "expected a name after the point");
			rc = parse_name(p, *out, false, out);
		} else {
			break;
		}
	}
	return rc;
}

enum { POWER_UNARY = 11, POWER_TYPE = 8, POWER_UNION = 7 };

static enum hf_rc
parse_unary(struct path_parser *p, uint32_t *out)
{
	struct path_node n = node_at(p, PATH_NEGATE);
	bool minus = is_sym(p, "-");
	enum hf_rc rc;

	if (!minus && !is_sym(p, "+"))
		return parse_postfix(p, out);
	if ((rc = enter(p)) != HF_OK || (rc = hf_path_lex(&p->lex)) != HF_OK ||
	    (rc = parse_expr(p, POWER_UNARY, &n.a)) != HF_OK)
		return rc;
	p->nest--;
	n.flag = minus;
	return hf_path_add_node(p, &n, n.a, PATH_NONE, out);
}

static const struct operator
{
	const char *text;
	uint8_t power, op, fn;
}
operators[] = {
    {"implies", 1, PATH_BINARY, PATH_IMPLIES},
    {"or", 2, PATH_BINARY, PATH_OR},
    {"xor", 2, PATH_BINARY, PATH_XOR},
    {"and", 3, PATH_BINARY, PATH_AND},
    {"in", 4, PATH_BINARY, PATH_IN},
    {"contains", 4, PATH_BINARY, PATH_CONTAINS},
    {"=", 5, PATH_BINARY, PATH_EQ},
    {"!=", 5, PATH_BINARY, PATH_NE},
    {"~", 5, PATH_BINARY, PATH_EQUIV},
    {"!~", 5, PATH_BINARY, PATH_NOT_EQUIV},
    {"<", 6, PATH_BINARY, PATH_LT},
    {">", 6, PATH_BINARY, PATH_GT},
    {"<=", 6, PATH_BINARY, PATH_LE},
    {">=", 6, PATH_BINARY, PATH_GE},
    {"|", POWER_UNION, PATH_UNION, 0},
    {"is", POWER_TYPE, PATH_IS, 0},
    {"as", POWER_TYPE, PATH_AS, 0},
    {"+", 9, PATH_BINARY, PATH_ADD},
    {"-", 9, PATH_BINARY, PATH_SUB},
    {"&", 9, PATH_BINARY, PATH_AMP},
    {"*", 10, PATH_BINARY, PATH_MUL},
    {"/", 10, PATH_BINARY, PATH_DIVIDE},
    {"div", 10, PATH_BINARY, PATH_DIV},
    {"mod", 10, PATH_BINARY, PATH_MOD},
};

static const struct operator* find_operator(const struct path_parser *p)
{
	if (p->lex.tok != TOK_SYM && p->lex.tok != TOK_NAME)
		return NULL;
	for (size_t i = 0; i < HF_COUNT(operators); i++)
		if (hf_sv_eq(p->lex.sv, hf_sv_from(operators[i].text)))
			return &operators[i];
	return NULL;
}

static enum hf_rc
parse_expr(struct path_parser *p, unsigned power, uint32_t *out)
{
	const struct operator* o;
	enum hf_rc rc = parse_unary(p, out);

	while (rc == HF_OK && (o = find_operator(p)) && o->power > power) {
		struct path_node n = node_at(p, (enum path_op)o->op);

		n.fn = o->fn;
		n.a = *out;
		if ((rc = hf_path_lex(&p->lex)) != HF_OK)
			return rc;
		if (o->power == POWER_TYPE) {
			rc = parse_type(p, &n.type);
			n.stype = n.op == PATH_AS && rc == HF_OK ? n.type.id : 0;
		} else {
			rc = parse_expr(p, o->power, &n.b);
		}
		if (rc == HF_OK && n.op == PATH_UNION &&
		    p->nodes[n.a].stype == p->nodes[n.b].stype)
			n.stype = p->nodes[n.a].stype;
		if (rc == HF_OK)
			rc = hf_path_add_node(p, &n, n.a, n.b, out);
	}
	return rc;
}

enum hf_rc
hf_path_compile_for(struct hf_sv text, const struct hf_path_rules *rules,
		    struct hf_path **out, struct hf_err *err)
{
	struct path_parser p = {
	    .lex = {.n = text.n, .err = err}, .rules = rules, .self = rules->context};
	struct hf_path *path = NULL;
	uint32_t root = PATH_NONE;
	enum hf_rc rc;

	if (text.n > PATH_MAX_TEXT)
		return hf_fail(err, HF_TOO_LONG, NULL,
			       "the expression has %zu bytes; at most %d are read",
			       text.n, PATH_MAX_TEXT);
	p.lex.text = malloc(text.n + 1);
	if (!p.lex.text)
		return hf_path_no_memory(&p);
	if (text.n)
		memcpy(p.lex.text, text.p, text.n);
	p.lex.text[text.n] = '\0';
	rc = hf_path_lex(&p.lex);
	if (rc == HF_OK)
		rc = parse_expr(&p, 0, &root);
	if (rc == HF_OK && p.lex.tok != TOK_END)
		rc = expected(&p, "expected an operator or the end");
	if (rc == HF_OK)
		rc = hf_path_pack(&p, root, &path);
	if (rc != HF_OK)
		free(p.lex.text);
	free(p.nodes);
	free(p.steps);
	free(p.args);
	if (rc == HF_OK)
		rc = hf_path_check(path, rules->context, err);
	if (rc == HF_OK)
		*out = path;
	else
		hf_path_free(path);
	return rc;
}

enum hf_rc
hf_path_compile(struct hf_sv text, struct hf_path **out, struct hf_err *err)
{
	const struct hf_path_rules any = {.context = 0};

	return hf_path_compile_for(text, &any, out, err);
}

hf_type_id
hf_path_type_at(const struct hf_json *doc, uint32_t node)
{
	return hf_path_resource_type(doc, node);
}

void
hf_path_free(struct hf_path *path)
{
	if (!path)
		return;
	free(path->text);
	free(path);
}
