/* SPDX-License-Identifier: Apache-2.0 */
/* Connecting, proving who we are, sending calls and receiving messages. */
#include "runtime-loader/systemd/bus.h"

#include "base/io.h"
#include "runtime-loader/systemd/wire.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE = 30 }; /* seconds without a message */
static const size_t longest_message = 1 << 24;

enum header_field {
    FIELD_PATH = 1,
    FIELD_INTERFACE,
    FIELD_MEMBER,
    FIELD_ERROR_NAME,
    FIELD_REPLY_SERIAL,
    FIELD_DESTINATION,
    FIELD_SENDER,
    FIELD_SIGNATURE,
};

/* The bytes of a socket's address: "%2f" is '/'. Returns the length, 0 when it is too long. */
static size_t unescape(const char *text, size_t len, char *out, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        char hex[3] = {0};

        if (n == size)
            return 0;
        if (text[i] == '%' && len - i > 2) {
            memcpy(hex, text + i + 1, 2);
            i += 2;
        }
        out[n++] = hex[0] ? (char)strtol(hex, NULL, 16) : text[i];
    }
    return n;
}

static int connect_to(const char *address, size_t len, int *fd)
{
    static const char path[] = "unix:path=", abstract[] = "unix:abstract=";
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE};
    size_t begin, n;
    CLEANUP_FD
    int sock = -1;

    if (strncmp(address, path, strlen(path)) == 0)
        begin = strlen(path);
    else if (strncmp(address, abstract, strlen(abstract)) == 0)
        begin = strlen(abstract);
    else
        return -EAFNOSUPPORT;
    n = address[5] == 'a'; /* an abstract name begins with a NUL */
    len = strcspn(address, ",;") < len ? strcspn(address, ",;") : len;
    len = unescape(address + begin, len - begin, un.sun_path + n, sizeof(un.sun_path) - 1 - n);
    if (len == 0)
        return -ENAMETOOLONG;
    len += offsetof(struct sockaddr_un, sun_path) + 1; /* the NUL before or behind it */
    sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
        setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
        connect(sock, (struct sockaddr *)&un, (socklen_t)len) < 0)
        return -errno;
    *fd = steal_fd(&sock);
    return 0;
}

/* write_all() would end us by SIGPIPE where the other side has gone. */
static int transmit(struct bus *bus, const char *bytes, size_t len, struct error *err)
{
    while (len > 0) {
        ssize_t n = send(bus->fd, bytes, len, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(err, errno, "send");
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

static int receive(struct bus *bus, char *bytes, size_t len, struct error *err)
{
    while (len > 0) {
        ssize_t n = read(bus->fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return error_text(err, ETIMEDOUT, "no answer within %d seconds", PATIENCE);
        if (n <= 0)
            return error_set(err, n < 0 ? errno : ECONNRESET, "receive");
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

static int receive_line(struct bus *bus, char *line, size_t size, struct error *err)
{
    size_t len = 0;

    do {
        int rc = len + 1 < size ? receive(bus, line + len, 1, err)
                                : error_text(err, EPROTO, "an answer is too long");

        if (rc < 0)
            return rc;
        line[++len] = '\0';
    } while (len < 2 || strcmp(line + len - 2, "\r\n") != 0);
    line[len - 2] = '\0';
    return 0;
}

/* The kernel tells the other side our user id; naming it here would be wrong in a user namespace.
 */
static int authenticate(struct bus *bus, struct error *err)
{
    static const char hello[] = "\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n";
    char line[256] = "";
    int rc = transmit(bus, hello, sizeof(hello) - 1, err);

    if (rc == 0)
        rc = receive_line(bus, line, sizeof(line), err);
    if (rc == 0 && strncmp(line, "DATA", 4) == 0)
        rc = receive_line(bus, line, sizeof(line), err);
    if (rc == 0 && strncmp(line, "OK", 2) != 0)
        rc = error_text(err, EACCES, "not accepted: '%s'", line);
    return rc;
}

static int say_hello(struct bus *bus, struct error *err)
{
    static const char name[] = "org.freedesktop.DBus";
    const struct bus_call call = {name, "/org/freedesktop/DBus", name, "Hello", NULL, NULL};
    struct bus_message reply;

    return bus_call(bus, &call, &reply, NULL, err);
}

int bus_connect(struct arena *a, const char *addresses, bool broker, struct bus *out,
                struct error *err)
{
    int rc = -EINVAL;

    *out = (struct bus){.arena = a, .fd = -1, .broker = broker};
    for (const char *at = addresses; rc < 0 && *at; at += strspn(at, ";")) {
        size_t len = strcspn(at, ";");

        rc = connect_to(at, len, &out->fd);
        at += len;
    }
    if (rc < 0)
        return error_set(err, -rc, "'%s'", addresses);
    rc = authenticate(out, err);
    if (rc == 0 && broker)
        rc = say_hello(out, err);
    if (rc < 0)
        bus_release(out);
    return rc;
}

void bus_release(struct bus *bus)
{
    if (bus->fd >= 0)
        close(steal_fd(&bus->fd));
}

static char byte_order(void)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 'l' : 'B';
}

static void put_field(struct strbuf *b, enum header_field field, const char *type, const char *text)
{
    if (!text)
        return;
    wire_align(b, 8);
    wire_byte(b, (uint8_t)field);
    wire_signature(b, type);
    if (*type == 'g')
        wire_signature(b, text);
    else
        wire_string(b, text);
}

static int send_call(struct bus *bus, const struct bus_call *call, struct error *err)
{
    struct strbuf b;
    struct wire_array fields;
    size_t len = call->signature ? call->arguments->len : 0;

    strbuf_init(&b, bus->arena);
    wire_byte(&b, (uint8_t)byte_order());
    wire_byte(&b, BUS_CALL);
    wire_byte(&b, 0);
    wire_byte(&b, 1); /* version of the protocol */
    wire_u32(&b, (uint32_t)len);
    wire_u32(&b, ++bus->serial);
    fields = wire_array_begin(&b, 8);
    put_field(&b, FIELD_PATH, "o", call->path);
    put_field(&b, FIELD_INTERFACE, "s", call->interface);
    put_field(&b, FIELD_MEMBER, "s", call->member);
    put_field(&b, FIELD_DESTINATION, "s", call->destination);
    put_field(&b, FIELD_SIGNATURE, "g", call->signature);
    wire_array_end(&b, &fields);
    wire_align(&b, 8);
    if (len)
        strbuf_add(&b, call->arguments->text, len);
    return transmit(bus, b.text, b.len, err);
}

static void read_field(struct wire_reader *r, struct bus_message *out)
{
    int field = wire_read_byte(r);
    const char *type = wire_read_signature(r);
    const char *text = NULL;

    if (strcmp(type, "u") == 0) {
        uint32_t number = wire_read_u32(r);

        if (field == FIELD_REPLY_SERIAL)
            out->reply_to = number;
        return;
    }
    if (strcmp(type, "s") == 0 || strcmp(type, "o") == 0)
        text = wire_read_string(r);
    else if (strcmp(type, "g") == 0)
        text = wire_read_signature(r);
    else
        r->failed = true;
    if (field == FIELD_MEMBER)
        out->member = text;
    else if (field == FIELD_ERROR_NAME)
        out->fault = text;
    else if (field == FIELD_SIGNATURE)
        out->signature = text;
}

static int receive_message(struct bus *bus, struct bus_message *out, struct error *err)
{
    char fixed[16];
    uint32_t body_len, fields_len;
    size_t header_len;
    struct wire_reader r = {0};
    char *bytes;
    int rc = receive(bus, fixed, sizeof(fixed), err);

    if (rc < 0)
        return rc;
    memcpy(&body_len, fixed + 4, sizeof(body_len));
    memcpy(&fields_len, fixed + 12, sizeof(fields_len));
    if (fixed[0] != byte_order() || body_len > longest_message || fields_len > longest_message)
        return error_text(err, EPROTO, "no message of D-Bus");
    header_len = (sizeof(fixed) + fields_len + 7) / 8 * 8;
    bytes = arena_alloc(bus->arena, header_len + body_len + 1);
    memcpy(bytes, fixed, sizeof(fixed));
    rc = receive(bus, bytes + sizeof(fixed), header_len - sizeof(fixed) + body_len, err);
    if (rc < 0)
        return rc;
    *out = (struct bus_message){.type = fixed[1], .signature = ""};
    r = (struct wire_reader){
        .bytes = bytes, .len = sizeof(fixed) + fields_len, .at = sizeof(fixed)};
    while (!r.failed && r.at < r.len) {
        wire_read_align(&r, 8);
        read_field(&r, out);
    }
    if (r.failed)
        return error_text(err, EPROTO, "no message of D-Bus");
    out->body = bytes + header_len;
    out->body_len = body_len;
    return 0;
}

/* What an error says: its first argument is a text for people. */
static int tell_fault(const struct bus_call *call, const struct bus_message *m, const char **fault,
                      struct error *err)
{
    struct wire_reader r = {.bytes = m->body, .len = m->body_len};
    const char *text = m->signature[0] == 's' ? wire_read_string(&r) : "";

    if (fault)
        *fault = m->fault;
    return error_text(err, EREMOTEIO, "%s: %s", call->member, text[0] ? text : m->fault);
}

int bus_call(struct bus *bus, const struct bus_call *call, struct bus_message *reply,
             const char **fault, struct error *err)
{
    int rc = send_call(bus, call, err);

    if (fault)
        *fault = "";
    while (rc == 0) {
        rc = receive_message(bus, reply, err);
        if (rc == 0 && reply->type == BUS_SIGNAL)
            VEC_PUSH(bus->arena, &bus->signals, *reply);
        else if (rc == 0 && reply->reply_to == bus->serial)
            return reply->type == BUS_FAULT && reply->fault ? tell_fault(call, reply, fault, err)
                                                            : 0;
    }
    return rc;
}

int bus_next_signal(struct bus *bus, struct bus_message *out, struct error *err)
{
    int rc = 0;

    if (bus->signals.count) {
        *out = bus->signals.at[0];
        bus->signals.count--;
        memmove(bus->signals.at, bus->signals.at + 1, bus->signals.count * sizeof(*out));
        return 0;
    }
    do
        rc = receive_message(bus, out, err);
    while (rc == 0 && out->type != BUS_SIGNAL);
    return rc;
}
