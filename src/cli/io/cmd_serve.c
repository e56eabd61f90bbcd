/* cmd_serve.c - homefirst serve. */
#include "cli/io/cli.h"

#include "server/serve.h"

HF_COMMAND(hf_cmd_serve);
const char hf_help_serve[] =
    "Serves the pages at / and FHIR R4 at /fhir until it gets SIGTERM or SIGINT, then\n"
    "finishes what is under way and ends with 0.  It prints its address to standard\n"
    "output as soon as it answers.  There is no sign-in yet: only loopback addresses\n"
    "are taken.  With --store the audit is kept in the folder that --data names, or "
    "in\n"
    "homefirst-audit in the current folder.";

struct options {
	struct hf_cli_store where;
	const char *listen, *compress;
	int64_t threads;
	bool open_loopback, quiet;
};

static bool
read_compress(const char *text, enum hf_compress *out)
{
	static const struct {
		const char *name;
		enum hf_compress value;
	} names[] = {{"auto", HF_COMPRESS_AUTO},
		     {"always", HF_COMPRESS_ALWAYS},
		     {"never", HF_COMPRESS_NEVER}};

	for (size_t i = 0; i < HF_COUNT(names); i++)
		if (strcmp(text, names[i].name) == 0) {
			*out = names[i].value;
			return true;
		}
	return false;
}

int
hf_cmd_serve(const struct hf_command *cmd, int argc, char **argv)
{
	struct options o = {.listen = "127.0.0.1:8080", .compress = "auto"};
	/* clang-format off */
	const struct hf_opt opts[] = {
		HF_CLI_STORE_OPTS(&o.where),
		{.name = "listen", .letter = 'l', .kind = HF_OPT_TEXT, .arg = "ADDR:PORT",
		 .help = "where to listen (127.0.0.1:8080); port 0 takes a free one",
		 .out = &o.listen},
		{.name = "threads", .kind = HF_OPT_NUMBER, .arg = "N",
		 .help = "how many threads answer (two for each core)",
		 .out = &o.threads, .min = 1, .max = 256},
		{.name = "compress", .kind = HF_OPT_TEXT, .arg = "WHEN",
		 .help = "gzip for who asks: always, never, or auto (not for this\n"
			 "machine)",
		 .out = &o.compress},
		{.name = "open-loopback", .kind = HF_OPT_FLAG,
		 .help = "nobody signs in: for trials and benchmarks, on a loopback\n"
			 "address only",
		 .out = &o.open_loopback},
		{.name = "quiet", .letter = 'q', .kind = HF_OPT_FLAG,
		 .help = "do not print the address", .out = &o.quiet},
	};
	/* clang-format on */
	struct hf_serve_config config = {0};
	struct hf_err err = {0};
	char address[48];
	uint16_t port;
	int first, status;

	if (!hf_opt_parse(cmd, opts, HF_COUNT(opts), argc, argv, &first, &status))
		return status;
	if (first < argc)
		return hf_misuse(cmd, "\"%s\" is no option", argv[first]);
	if (o.where.data == NULL && o.where.url == NULL)
		return hf_misuse(cmd, "say which store: --data DIR or --store URL");
	if (hf_cli_check_url(cmd, o.where.url) != HF_EXIT_DONE)
		return HF_EXIT_MISUSED;
	if (hf_listen_parse(hf_sv_from(o.listen), address, &port, &err) == HF_INVALID)
		return hf_misuse(cmd, "--listen: %s", err.text);
	if (!read_compress(o.compress, &config.compress))
		return hf_misuse(cmd,
				 "--compress takes auto, always or never, not \"%s\"",
				 o.compress);
	config.data = o.where.data ? o.where.data : "homefirst-audit";
	config.url = o.where.url;
	config.listen = o.listen;
	config.threads = (unsigned)o.threads;
	config.cache_bytes = (size_t)o.where.cache_mb << 20;
	config.open_loopback = o.open_loopback;
	config.quiet = o.quiet;
	if (hf_serve(&config, &err) != HF_OK)
		return hf_cli_fail(cmd, &err);
	return HF_EXIT_DONE;
}
