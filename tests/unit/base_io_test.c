/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of reading and writing whole files, each in a directory of its own. */
#include "base/io.h"
#include "tests/lib/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT ((size_t)1 << 20)

/* Tests run one to a process: each goes into an empty directory, and removes it. */
static char directory[] = "/tmp/base_io_test.XXXXXX";

static void enter_directory(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    umask(022);
}

static unsigned count_entries(bool remove_them)
{
    DIR *d = opendir(".");
    struct dirent *e;
    unsigned count = 0;

    ck_assert_ptr_nonnull(d);
    while ((e = readdir(d)) != NULL) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        count++;
        if (remove_them)
            unlinkat(AT_FDCWD, e->d_name, e->d_type == DT_DIR ? AT_REMOVEDIR : 0);
    }
    closedir(d);
    return count;
}

static void leave_directory(void)
{
    count_entries(true);
    rmdir(directory);
    strcpy(directory + sizeof(directory) - 7, "XXXXXX");
}

static void make_file(const char *path, const char *text)
{
    struct error err;

    ck_assert_int_eq(write_file(path, text, strlen(text), &err), 0);
}

static void assert_file(const char *path, const char *text)
{
    struct error err = {0};
    char *bytes;
    size_t len;

    ck_assert_msg(read_file(path, LIMIT, &bytes, &len, &err) == 0, "%s", err.text);
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_str_eq(bytes, text);
    free(bytes);
}

static void assert_unreadable(const char *path, size_t limit, int code, const char *says)
{
    struct error err = {0};
    char *bytes;
    size_t len;

    ck_assert_int_eq(read_file(path, limit, &bytes, &len, &err), -code);
    ck_assert_int_eq(err.code, code);
    ck_assert_msg(strstr(err.text, says) && strstr(err.text, path), "%s", err.text);
}

static void assert_unwritable(const char *path, int code, const char *says)
{
    struct error err = {0};

    ck_assert_int_eq(write_file(path, "new", 3, &err), -code);
    ck_assert_int_eq(err.code, code);
    ck_assert_msg(strstr(err.text, says) && strstr(err.text, path), "%s", err.text);
}

START_TEST(read_sizes)
{
    /* around the first buffer and its doublings */
    static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 32768, 32769, 500000};
    size_t size = sizes[_i], len;
    char *text = malloc(size + 1), *bytes;
    struct error err;

    memset(text, 'x', size);
    ck_assert_int_eq(write_file("f", text, size, &err), 0);
    ck_assert_int_eq(read_file("f", LIMIT, &bytes, &len, &err), 0);
    ck_assert_uint_eq(len, size);
    ck_assert_int_eq(memcmp(bytes, text, size), 0);
    ck_assert_int_eq(bytes[size], 0);
    free(bytes);
    free(text);
}
END_TEST

START_TEST(read_limit)
{
    make_file("f", "12345");
    assert_unreadable("f", 4, EFBIG, "larger than 4 bytes");
    assert_unreadable("/dev/zero", 100000, EFBIG, "larger than 100000 bytes");
    struct error err;
    char *bytes;
    size_t len;
    ck_assert_int_eq(read_file("f", 5, &bytes, &len, &err), 0);
    free(bytes);
}
END_TEST

START_TEST(read_what_is_no_file)
{
    ck_assert_int_eq(mkdir("d", 0755), 0);
    ck_assert_int_eq(mkfifo("p", 0644), 0);
    assert_unreadable("d", LIMIT, EISDIR, "Is a directory");
    assert_unreadable("none", LIMIT, ENOENT, "No such file");
    assert_unreadable("p", LIMIT, EAGAIN, "nobody has written");
}
END_TEST

static void *write_slowly(void *unused)
{
    CLEANUP_FD int fd = open("p", O_WRONLY);
    struct error err;

    (void)unused;
    usleep(50000);
    ck_assert_int_eq(write_all(fd, "late", 4, &err), 0);
    return NULL;
}

START_TEST(read_fifo_with_a_writer)
{
    CLEANUP_FD int holder = -1;
    pthread_t writer;
    char *bytes;
    size_t len;
    struct error err;

    ck_assert_int_eq(mkfifo("p", 0644), 0);
    holder = open("p", O_RDONLY | O_NONBLOCK); /* so that the writer opens before the reader */
    ck_assert_int_eq(pthread_create(&writer, NULL, write_slowly, NULL), 0);
    usleep(20000);
    close(steal_fd(&holder));
    ck_assert_int_eq(read_file("p", LIMIT, &bytes, &len, &err), 0);
    ck_assert_str_eq(bytes, "late");
    free(bytes);
    pthread_join(writer, NULL);
}
END_TEST

START_TEST(write_new_and_over)
{
    struct stat st;

    make_file("f", "one");
    assert_file("f", "one");
    ck_assert_int_eq(stat("f", &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0644);

    ck_assert_int_eq(chmod("f", 0600), 0);
    make_file("f", "two");
    assert_file("f", "two");
    ck_assert_int_eq(stat("f", &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_uint_eq(count_entries(false), 1);
}
END_TEST

START_TEST(write_keeps_the_owner)
{
    const bool root = geteuid() == 0; /* who else gives files away? */
    const uid_t uid = root ? 12345 : geteuid();
    const gid_t gid = root ? 12346 : getegid();
    struct stat st;

    make_file("f", "one");
    ck_assert_int_eq(chown("f", uid, gid), 0);
    make_file("f", "two");
    ck_assert_int_eq(stat("f", &st), 0);
    ck_assert_uint_eq(st.st_uid, uid);
    ck_assert_uint_eq(st.st_gid, gid);
}
END_TEST

START_TEST(write_obeys_umask)
{
    struct stat st;

    umask(077);
    make_file("f", "x");
    ck_assert_int_eq(stat("f", &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
}
END_TEST

START_TEST(write_through_links)
{
    struct stat st;

    ck_assert_int_eq(mkdir("d", 0755), 0);
    make_file("d/f", "old");
    ck_assert_int_eq(symlink("d/f", "l1"), 0);
    ck_assert_int_eq(symlink("l1", "l2"), 0);
    make_file("l2", "new");
    assert_file("d/f", "new");
    ck_assert_int_eq(lstat("l2", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
    unlink("d/f");

    ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
    assert_unwritable("dangling", ENOENT, "a symbolic link to nothing");
    ck_assert_int_eq(lstat("dangling", &st), 0);
    ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

START_TEST(write_what_is_no_file)
{
    CLEANUP_FD int reader = -1;
    char bytes[8] = {0};

    ck_assert_int_eq(mkdir("d", 0755), 0);
    assert_unwritable("d", EISDIR, "Is a directory");
    assert_unwritable("none/f", ENOENT, "No such file");
    make_file("/dev/null", "x");
    assert_unwritable("/dev/full", ENOSPC, "No space left");

    ck_assert_int_eq(mkfifo("p", 0644), 0);
    reader = open("p", O_RDONLY | O_NONBLOCK);
    make_file("p", "through");
    ck_assert_int_eq(read(reader, bytes, sizeof(bytes)), 7);
    ck_assert_str_eq(bytes, "through");
}
END_TEST

START_TEST(failed_write_leaves_the_old_file)
{
    const struct rlimit small = {4, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    struct error err = {0};

    make_file("f", "old");
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    ck_assert_int_eq(write_file("f", "new and long", 12, &err), -EFBIG);
    ck_assert_int_eq(write_file("g", "new and long", 12, &err), -EFBIG);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
    ck_assert_str_eq(err.text, "cannot write 'g': File too large");
    assert_file("f", "old");
    ck_assert_uint_eq(count_entries(false), 1);
}
END_TEST

START_TEST(write_the_longest_name)
{
    char name[NAME_MAX + 1];

    memset(name, 'n', NAME_MAX);
    name[NAME_MAX] = '\0';
    make_file(name, "x");
    assert_file(name, "x");
    make_file(name, "y");
    assert_file(name, "y");
}
END_TEST

START_TEST(cleanup_and_steal)
{
    struct error err;
    int kept;

    {
        CLEANUP_FD int fd = open("/dev/null", O_RDONLY);

        ck_assert_int_ge(fd, 0);
        kept = fd;
        errno = ERANGE;
    }
    ck_assert_int_eq(errno, ERANGE);
    ck_assert_int_eq(fcntl(kept, F_GETFD), -1);
    {
        CLEANUP_FD int fd = open("/dev/null", O_RDONLY);

        kept = steal_fd(&fd);
        ck_assert_int_eq(fd, -1);
    }
    ck_assert_int_ge(fcntl(kept, F_GETFD), 0);
    close(kept);
    ck_assert_int_eq(write_all(-1, "x", 1, &err), -EBADF);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("io");
    TCase *c = tcase_create("io");

    tcase_add_checked_fixture(c, enter_directory, leave_directory);
    tcase_add_loop_test(c, read_sizes, 0, 8);
    tcase_add_test(c, read_limit);
    tcase_add_test(c, read_what_is_no_file);
    tcase_add_test(c, read_fifo_with_a_writer);
    tcase_add_test(c, write_new_and_over);
    tcase_add_test(c, write_keeps_the_owner);
    tcase_add_test(c, write_obeys_umask);
    tcase_add_test(c, write_through_links);
    tcase_add_test(c, write_what_is_no_file);
    tcase_add_test(c, failed_write_leaves_the_old_file);
    tcase_add_test(c, write_the_longest_name);
    tcase_add_test(c, cleanup_and_steal);
    suite_add_tcase(s, c);
    return unit_run(s);
}
