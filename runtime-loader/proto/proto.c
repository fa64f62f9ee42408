/* SPDX-License-Identifier: Apache-2.0 */
/* Sending and receiving records. */
#include "runtime-loader/proto/proto.h"

#include "base/io.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

const char *const message_names[MESSAGE_COUNT] = {
#define MESSAGE(name, word, side, size, fds) word,
#include "runtime-loader/proto/messages.def"
#undef MESSAGE
};

static const struct message_info {
    enum side sender;
    uint32_t size;
    int fds;
} messages[MESSAGE_COUNT] = {
#define MESSAGE(name, word, side, size, fds) {side, size, fds},
#include "runtime-loader/proto/messages.def"
#undef MESSAGE
};

/* A record on the wire. */
struct packet {
    uint32_t message;
    struct error error; /* of MESSAGE_ERROR only */
};

static const size_t header_size = sizeof(uint32_t);

int channel_pair(struct channel *runtime, struct channel *init, struct error *err)
{
    int fds[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return error_set(err, errno, "socketpair");
    channel_init(runtime, fds[0], SIDE_RUNTIME);
    channel_init(init, fds[1], SIDE_INIT);
    return 0;
}

void channel_init(struct channel *c, int fd, enum side side)
{
    *c = (struct channel){.fd = fd, .side = side, .sent = -1, .received = -1};
}

void channel_close(struct channel *c)
{
    if (c->fd >= 0)
        close(steal_fd(&c->fd));
}

static int check_order(enum message m, enum side sender, int *last, struct error *err)
{
    if (!(messages[m].sender & sender) || (int)m <= *last)
        return error_text(err, EPROTO, "message '%s' out of turn", message_names[m]);
    *last = (int)m;
    return 0;
}

static int send_packet(struct channel *c, enum message m, const struct error *failure, int fd,
                       struct error *err)
{
    struct packet packet = {.message = m};
    int rc = check_order(m, c->side, &c->sent, err);

    if (rc < 0)
        return rc;
    if (failure)
        packet.error = *failure;
    rc = rights_send(c->fd, &packet, header_size + messages[m].size, &fd, (size_t)messages[m].fds);
    return rc < 0 ? error_set(err, -rc, "send message '%s'", message_names[m]) : 0;
}

int channel_send(struct channel *c, enum message m, struct error *err)
{
    return send_packet(c, m, NULL, -1, err);
}

int channel_send_fd(struct channel *c, enum message m, int fd, struct error *err)
{
    return send_packet(c, m, NULL, fd, err);
}

void channel_fail(struct channel *c, const struct error *failure)
{
    struct error ignored;

    if (c->fd >= 0)
        (void)!send_packet(c, MESSAGE_ERROR, failure, -1, &ignored);
}

/* Receives one record that has the form of its message; *m is it. 0 at the end of the stream,
 * 1 for a record. */
static int receive(struct channel *c, struct packet *packet, int *fd, struct error *err)
{
    enum side other = c->side == SIDE_RUNTIME ? SIDE_INIT : SIDE_RUNTIME;
    ssize_t n = rights_receive(c->fd, packet, sizeof(*packet), fd);
    enum message m;
    int rc;

    if (n == 0 || n == -ECONNRESET)
        return 0;
    if (n < 0)
        return error_set(err, (int)-n, "receive a message");
    if ((size_t)n < header_size || packet->message >= MESSAGE_COUNT)
        return error_text(err, EPROTO, "unknown message of %zd bytes", n);
    m = (enum message)packet->message;
    if ((size_t)n != header_size + messages[m].size || (*fd >= 0) != messages[m].fds)
        return error_text(err, EPROTO, "message '%s' has a wrong size", message_names[m]);
    rc = check_order(m, other, &c->received, err);
    if (rc < 0)
        return rc;
    if (m != MESSAGE_ERROR)
        return 1;
    *err = packet->error;
    err->text[sizeof(err->text) - 1] = '\0';
    return err->code > 0 ? -err->code : -EPROTO;
}

static int await(struct channel *c, enum message m, int *fd, struct error *err)
{
    struct packet packet = {.message = MESSAGE_COUNT};
    int rc = receive(c, &packet, fd, err);

    if (rc == 0)
        rc =
            error_text(err, EPIPE, "the %s went away before it sent '%s'",
                       c->side == SIDE_RUNTIME ? "container process" : "runtime", message_names[m]);
    else if (rc > 0 && packet.message != m)
        rc = error_text(err, EPROTO, "message '%s' came in place of '%s'",
                        message_names[packet.message], message_names[m]);
    if (rc < 0) {
        if (*fd >= 0)
            close(steal_fd(fd));
        return rc;
    }
    return 0;
}

int channel_await(struct channel *c, enum message m, struct error *err)
{
    int fd;

    return await(c, m, &fd, err);
}

int channel_await_fd(struct channel *c, enum message m, int *fd, struct error *err)
{
    return await(c, m, fd, err);
}

int channel_await_end(struct channel *c, struct error *err)
{
    struct packet packet = {.message = MESSAGE_COUNT};
    int fd;
    int rc = receive(c, &packet, &fd, err);

    if (rc <= 0)
        return rc;
    return error_text(err, EPROTO, "message '%s' came in place of the end",
                      message_names[packet.message]);
}
