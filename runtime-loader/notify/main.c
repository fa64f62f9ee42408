/* SPDX-License-Identifier: Apache-2.0 */
/* easyseccomp-agent: answers the notified calls of containers. */
#include "base/io.h"
#include "runtime-loader/notify/serve.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

static const char help[] =
    "usage: easyseccomp-agent [OPTIONS] SOCKET\n"
    "Answer the notified calls of all containers whose runtime hands their listener to SOCKET.\n"
    "\n"
    "options:\n"
    "  -H, --handlers FILE     answer by a policy: ALLOW lets the kernel go on, ERRNO(n) fails,\n"
    "                          NOTIFY makes mknod of safe devices in place of the caller\n"
    "  -p, --plugins LIST      ask plugins of crun's interface first, paths with ':' between\n"
    "      --connection FD     serve one container, which FD is the connection of (for easyrun)\n"
    "      --root DIR, --name ID, --bundle DIR, --config FILE\n"
    "                          told to plugins\n"
    "  -h, --help              print this help\n"
    "      --version           print the version\n"
    "\n"
    "example:\n"
    "  easyseccomp-agent --handlers /etc/easyseccomp/handlers.seccomp "
    "/run/easyseccomp-agent.sock\n";

struct options {
    const char *handlers, *plugins, *socket;
    int connection; /* -1: none */
    struct libcrun_load_seccomp_notify_conf_s conf;
};

enum { CONNECTION = 256, ROOT, NAME, BUNDLE, CONFIG, SHOW_VERSION };

static const struct option long_options[] = {
    {"handlers", required_argument, NULL, 'H'},
    {"plugins", required_argument, NULL, 'p'},
    {"connection", required_argument, NULL, CONNECTION},
    {"root", required_argument, NULL, ROOT},
    {"name", required_argument, NULL, NAME},
    {"bundle", required_argument, NULL, BUNDLE},
    {"config", required_argument, NULL, CONFIG},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, SHOW_VERSION},
    {0},
};

/* -1: go on; else the exit status. */
static int parse(struct options *o, int argc, char **argv)
{
    int c;

    while ((c = getopt_long(argc, argv, "H:p:h", long_options, NULL)) >= 0) {
        switch (c) {
        case 'H':
            o->handlers = optarg;
            break;
        case 'p':
            o->plugins = optarg;
            break;
        case CONNECTION:
            o->connection = atoi(optarg);
            break;
        case ROOT:
            o->conf.runtime_root_path = optarg;
            break;
        case NAME:
            o->conf.name = optarg;
            break;
        case BUNDLE:
            o->conf.bundle_path = optarg;
            break;
        case CONFIG:
            o->conf.oci_config_path = optarg;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        case SHOW_VERSION:
            puts("easyseccomp-agent " PACKAGE_VERSION);
            return 0;
        default:
            return 2;
        }
    }
    o->socket = argv[optind];
    if ((o->connection < 0) == (argc - optind != 1) || (!o->handlers && !o->plugins)) {
        fputs("easyseccomp-agent: needs a socket, and handlers or plugins (try --help)\n", stderr);
        return 2;
    }
    return -1;
}

static int listen_at(const char *path, int *fd, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    mode_t mask = umask(0077); /* who may connect has its calls answered by us */

    if (strlen(path) >= sizeof(address.sun_path))
        return error_set(err, ENAMETOOLONG, "socket '%s'", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(*fd, SOMAXCONN) < 0)
        return error_set(err, errno, "listen at '%s'", path);
    umask(mask);
    return 0;
}

static int add_signals(struct server *s, struct error *err)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return server_add_signals(s, signalfd(-1, &set, SFD_CLOEXEC), err);
}

static int prepare(struct server *s, struct options *o, struct error *err)
{
    int rc = server_init(s, err);
    int fd = -1;

    if (rc == 0 && o->handlers)
        rc = handlers_read(&s->handlers, o->handlers, err);
    if (rc == 0 && o->plugins)
        rc = plugins_load(&s->plugins, o->plugins, &o->conf, err);
    if (rc == 0 && o->connection >= 0)
        return server_add_connection(s, o->connection, err);
    if (rc == 0)
        rc = listen_at(o->socket, &fd, err);
    if (rc == 0)
        rc = server_add_socket(s, fd, err);
    return rc < 0 ? rc : add_signals(s, err);
}

/* easyrun waits for one message: nothing but a NUL when all is well, or what is wrong. */
static void tell(const struct options *o, const struct error *err)
{
    if (o->connection >= 0)
        (void)!rights_send(o->connection, err->text, strlen(err->text) + 1, NULL, 0);
}

int main(int argc, char **argv)
{
    struct options o = {.connection = -1};
    struct server s = {0};
    struct error err = {0};
    int status = parse(&o, argc, argv);
    int rc;

    if (status >= 0)
        return status;
    rc = prepare(&s, &o, &err);
    tell(&o, &err);
    if (rc == 0)
        rc = server_run(&s, &err);
    server_release(&s);
    if (o.socket && rc == 0)
        unlink(o.socket);
    if (rc < 0)
        fprintf(stderr, "easyseccomp-agent: %s\n", err.text);
    return rc < 0;
}
