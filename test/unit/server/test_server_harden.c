/* The promises of server/harden.h, each in a process of its own. */
#include "server/harden.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/hf_test.h"

/* Runs one check in a child that was hardened; gives what it gave. */
static int
hardened(int (*check)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct hf_err err;

		_exit(hf_harden(&err) == HF_OK ? check() : 99);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool
skipped(void)
{
	if (hf_harden_works())
		return false;
	print_message("a build with sanitizers is not hardened\n");
	return true;
}

static int
try_exec(void)
{
	char *const argv[] = {(char *)(uintptr_t) "true", NULL};

	execv("/bin/true", argv);
	return errno == EPERM ? 0 : 1;
}

HF_TEST(a_hardened_process_starts_no_program)
{
	if (skipped())
		skip();
	assert_int_equal(hardened(try_exec), 0);
}

static int
try_fork(void)
{
	pid_t p = fork();

	if (p == 0)
		_exit(0);
	return p == -1 && errno == EPERM ? 0 : 1;
}

HF_TEST(it_makes_no_process)
{
	if (skipped())
		skip();
	assert_int_equal(hardened(try_fork), 0);
}

static int
try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 && errno == EPERM ? 0 : 1;
}

HF_TEST(it_looks_into_no_other_process)
{
	if (skipped())
		skip();
	assert_int_equal(hardened(try_ptrace), 0);
}

static int
try_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED || errno != EPERM)
		return 1;
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		 0);
	if (p == MAP_FAILED)
		return 2;
	return mprotect(p, 4096, PROT_READ | PROT_EXEC) == -1 && errno == EPERM ? 0 : 3;
}

HF_TEST(what_was_written_does_not_become_code)
{
	if (skipped())
		skip();
	assert_int_equal(hardened(try_code), 0);
}

static int
try_packets(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	return fd == -1 && errno == EPERM ? 0 : 1;
}

HF_TEST(it_listens_to_no_raw_packets)
{
	if (skipped())
		skip();
	assert_int_equal(hardened(try_packets), 0);
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
do_work(void)
{
	char byte;
	pthread_t thread;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC), s;

	if (fd < 0 || read(fd, &byte, 1) != 1)
		return 1;
	close(fd);
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return 2;
	close(s);
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return 3;
	close(s);
	if (pthread_create(&thread, NULL, nothing, NULL) != 0 ||
	    pthread_join(thread, NULL) != 0)
		return 4;
	return 0;
}

HF_TEST(files_sockets_and_threads_work_as_before)
{
	if (skipped())
		skip();
	assert_int_equal(hardened(do_work), 0);
}

static void *
exec_when_told(void *arg)
{
	int *pipe_fd = arg;
	char byte;

	if (read(pipe_fd[0], &byte, 1) != 1)
		_exit(3);
	_exit(try_exec());
}

/* Threads that ran before are bound too. */
static int
try_exec_in_old_thread(void)
{
	int fd[2];
	pthread_t thread;
	struct hf_err err;

	if (pipe(fd) != 0 || pthread_create(&thread, NULL, exec_when_told, fd) != 0)
		return 4;
	if (hf_harden(&err) != HF_OK || write(fd[1], "x", 1) != 1)
		return 5;
	pthread_join(thread, NULL);
	return 6;
}

HF_TEST(threads_that_ran_before_are_bound_too)
{
	pid_t child;
	int status;

	if (skipped())
		skip();
	child = fork();
	if (child == 0)
		_exit(try_exec_in_old_thread());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define T(name) cmocka_unit_test(name)

HF_TEST_MAIN("server/harden", T(a_hardened_process_starts_no_program),
	     T(it_makes_no_process), T(it_looks_into_no_other_process),
	     T(what_was_written_does_not_become_code), T(it_listens_to_no_raw_packets),
	     T(files_sockets_and_threads_work_as_before),
	     T(threads_that_ran_before_are_bound_too))
