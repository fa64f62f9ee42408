/* SPDX-License-Identifier: Apache-2.0 */
/* easyrun spec: a config.json to begin with. */
#include "runtime-loader/cli/container.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *bundle;
    bool rootless;
};

#define CAPS "[\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"]"

/* Four parts differ: the group of terminals, limits, namespaces, mappings. */
#define EXAMPLE                                                                                    \
    "{\n"                                                                                          \
    "  \"ociVersion\": \"" SPEC_VERSION "\",\n"                                                    \
    "  \"process\": {\n"                                                                           \
    "    \"terminal\": true,\n"                                                                    \
    "    \"user\": {\"uid\": 0, \"gid\": 0},\n"                                                    \
    "    \"args\": [\"sh\"],\n"                                                                    \
    "    \"env\": [\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\", "        \
    "\"TERM=xterm\"],\n"                                                                           \
    "    \"cwd\": \"/\",\n"                                                                        \
    "    \"capabilities\": {\n"                                                                    \
    "      \"bounding\": " CAPS ",\n"                                                              \
    "      \"effective\": " CAPS ",\n"                                                             \
    "      \"permitted\": " CAPS "\n"                                                              \
    "    },\n"                                                                                     \
    "    \"noNewPrivileges\": true\n"                                                              \
    "  },\n"                                                                                       \
    "  \"root\": {\"path\": \"rootfs\", \"readonly\": true},\n"                                    \
    "  \"hostname\": \"easyrun\",\n"                                                               \
    "  \"mounts\": [\n"                                                                            \
    "    {\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"},\n"                \
    "    {\"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\",\n"                \
    "     \"options\": [\"nosuid\", \"strictatime\", \"mode=755\", \"size=65536k\"]},\n"           \
    "    {\"destination\": \"/dev/pts\", \"type\": \"devpts\", \"source\": \"devpts\",\n"          \
    "     \"options\": [\"nosuid\", \"noexec\", \"newinstance\", \"ptmxmode=0666\", \"mode=0620\"" \
    "%s]},\n"                                                                                      \
    "    {\"destination\": \"/dev/shm\", \"type\": \"tmpfs\", \"source\": \"shm\",\n"              \
    "     \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"mode=1777\", \"size=65536k\"]},\n"    \
    "    {\"destination\": \"/dev/mqueue\", \"type\": \"mqueue\", \"source\": \"mqueue\",\n"       \
    "     \"options\": [\"nosuid\", \"noexec\", \"nodev\"]},\n"                                    \
    "    {\"destination\": \"/sys\", \"type\": \"sysfs\", \"source\": \"sysfs\",\n"                \
    "     \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"ro\"]},\n"                            \
    "    {\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", \"source\": \"cgroup\",\n"    \
    "     \"options\": [\"nosuid\", \"noexec\", \"nodev\", \"relatime\", \"ro\"]}\n"               \
    "  ],\n"                                                                                       \
    "  \"linux\": {\n"                                                                             \
    "%s"                                                                                           \
    "    \"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"network\"}, {\"type\": \"ipc\"}, "     \
    "{\"type\": \"uts\"}, {\"type\": \"mount\"}, {\"type\": \"cgroup\"}%s],\n"                     \
    "%s"                                                                                           \
    "    \"maskedPaths\": [\"/proc/acpi\", \"/proc/asound\", \"/proc/kcore\", \"/proc/keys\", "    \
    "\"/proc/latency_stats\",\n"                                                                   \
    "      \"/proc/timer_list\", \"/proc/timer_stats\", \"/proc/sched_debug\", "                   \
    "\"/sys/firmware\", "                                                                          \
    "\"/proc/scsi\"],\n"                                                                           \
    "    \"readonlyPaths\": [\"/proc/bus\", \"/proc/fs\", \"/proc/irq\", \"/proc/sys\", "          \
    "\"/proc/sysrq-trigger\"]\n"                                                                   \
    "  }\n"                                                                                        \
    "}\n"

/* The one id that every user may map. */
static const char *mappings(struct arena *a)
{
    return arena_printf(
        a,
        "    \"uidMappings\": [{\"containerID\": 0, \"hostID\": %u, \"size\": 1}],\n"
        "    \"gidMappings\": [{\"containerID\": 0, \"hostID\": %u, \"size\": 1}],\n",
        geteuid(), getegid());
}

static int run_spec(struct cli *cli, const void *options, const string_list *operands,
                    struct error *err)
{
    const struct options *o = options;
    const char *path =
        o->bundle ? arena_printf(cli->arena, "%s/config.json", o->bundle) : "config.json";
    const char *text = arena_printf(
        cli->arena, EXAMPLE, o->rootless ? "" : ", \"gid=5\"",
        o->rootless
            ? ""
            : "    \"resources\": {\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]},\n",
        o->rootless ? ", {\"type\": \"user\"}" : "", o->rootless ? mappings(cli->arena) : "");
    CLEANUP_FD
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    (void)operands;
    if (fd < 0)
        return error_set(err, errno, "write '%s'", path);
    return write_all(fd, text, strlen(text), err);
}

static const struct option spec_options[] = {
    {"bundle", 'b', OPTION_TEXT, offsetof(struct options, bundle), "DIR",
     "write it there (default: .)"},
    {"rootless", 0, OPTION_FLAG, offsetof(struct options, rootless), NULL,
     "for this user, who has no rights on the host"},
};

const struct command command_spec = {
    .name = "spec",
    .operands = "",
    .summary = "write a config.json to begin with",
    .options = OPTIONS(spec_options),
    .size = sizeof(struct options),
    .run = run_spec,
};
