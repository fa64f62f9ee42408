/* SPDX-License-Identifier: Apache-2.0 */
/* The compiler as a process: its time beside `true`, and its instructions by callgrind. */
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAIRS 100

extern char **environ;

/* --- beside `true` -----------------------------------------------------------------------------*/

/* From before it is started to after it is gone; 0: it failed. */
static uint64_t run_ns(char *const *argv, int input)
{
    posix_spawn_file_actions_t actions;
    uint64_t begin = now_ns();
    int status = -1;
    pid_t pid;

    lseek(input, 0, SEEK_SET);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&actions);
    return status == 0 ? now_ns() - begin : 0;
}

static bool run_pairs(char *const *ours, int input, uint64_t *medians)
{
    char *const nothing[] = {(char[]){"true"}, NULL};
    uint64_t samples[2][PAIRS];

    for (size_t i = 0; i < PAIRS; i++)
        for (size_t j = 0; j < 2; j++) {
            bool is_ours = (i + j) % 2;

            samples[is_ours][i] = run_ns(is_ours ? ours : nothing, input);
            if (!samples[is_ours][i])
                return false;
        }
    medians[0] = median(samples[0], PAIRS);
    medians[1] = median(samples[1], PAIRS);
    return true;
}

void bench_process(const char *program, const char *policy, struct json_object *all)
{
    char *path = strdup(program);
    char *const to_json[] = {path, NULL};
    char *const to_bpf[] = {path, (char[]){"-f"}, (char[]){"bpf"}, NULL};
    char *const no_work[] = {path, (char[]){"--version"}, NULL};
    char *const *const commands[] = {to_json, to_bpf, no_work};
    static const char *const names[] = {"easyseccomp < policy", "easyseccomp -f bpf < policy",
                                        "easyseccomp --version"};
    struct json_object *list = json_object_new_array();
    int input = memfd_create("policy", MFD_CLOEXEC);
    bool written = input >= 0 && write(input, policy, strlen(policy)) == (ssize_t)strlen(policy);

    printf("as a process, beside `true`\n");
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        struct json_object *o = json_object_new_object();
        uint64_t medians[2];

        if (!written || !run_pairs(commands[i], input, medians)) {
            printf("skipped: '%s' cannot be run\n", names[i]);
            continue;
        }
        printf("%-28s %8.2f ms  true %.2f ms  ratio %.2f\n", names[i], (double)medians[1] / 1e6,
               (double)medians[0] / 1e6, (double)medians[1] / (double)medians[0]);
        json_object_object_add(o, "name", json_object_new_string(names[i]));
        add_number(o, "ns", medians[1]);
        add_number(o, "true_ns", medians[0]);
        json_object_array_add(list, o);
    }
    json_object_object_add(all, "process", list);
    if (input >= 0)
        close(input);
    free(path);
    fflush(stdout);
}

/* --- callgrind ---------------------------------------------------------------------------------*/

static uint64_t counted(const char *name)
{
    char self[4096], command[8192], line[512];
    ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
    unsigned long long count = 0;
    FILE *output;

    if (len <= 0 || memchr(self, '\'', (size_t)len))
        return 0;
    self[len] = '\0';
    snprintf(command, sizeof(command),
             "valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no "
             "--toggle-collect=build_ours '%s' --build %s 2>&1 >/dev/null",
             self, name);
    output = popen(command, "r"); /* NOLINT: what is run is this program */
    if (!output)
        return 0;
    while (fgets(line, sizeof(line), output)) {
        const char *found = strstr(line, "Collected : ");

        if (found)
            count = strtoull(found + strlen("Collected : "), NULL, 10);
    }
    pclose(output);
    return count;
}

void bench_instructions(const char *name, struct json_object *all)
{
    struct json_object *o;
    uint64_t count = counted(name);

    if (!count) {
        printf("skipped: instructions of building '%s': no callgrind\n", name);
        return;
    }
    printf("instructions of building '%s': %llu\n", name, (unsigned long long)count);
    if (!json_object_object_get_ex(all, "compiler_instructions", &o)) {
        o = json_object_new_object();
        json_object_object_add(all, "compiler_instructions", o);
    }
    add_number(o, name, count);
    fflush(stdout);
}
