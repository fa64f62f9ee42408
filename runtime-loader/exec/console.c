/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal: made in the container's own devpts, its master handed out. */
#include "runtime-loader/exec/executor.h"
#include "runtime-loader/exec/mount.h"
#include "runtime-loader/exec/target.h"
#include "runtime-loader/proto/rights.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

/* The slave is opened through its master, not by a name that somebody could have replaced. */
static int open_pair(struct executor *x, int *master, int *slave, struct error *err)
{
    struct stat st;
    int unlock = 0;
    int root = x->root >= 0 ? x->root : AT_FDCWD;
    int rc = target_open(root, x->root >= 0 ? "/dev/pts/ptmx" : "dev/pts/ptmx", O_RDWR | O_NOCTTY,
                         0, master, err);

    if (rc < 0)
        return rc;
    if (!is_on(*master, DEVPTS_SUPER_MAGIC) || fstat(*master, &st) < 0 || !S_ISCHR(st.st_mode) ||
        st.st_rdev != makedev(5, 2))
        return error_text(err, ENODEV, "/dev/pts/ptmx of the container is not a terminal master");
    if (ioctl(*master, TIOCSPTLCK, &unlock) < 0)
        return error_set(err, errno, "unlock the terminal");
    *slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    return *slave < 0 ? error_set(err, errno, "open the terminal") : 0;
}

static int bind_console(struct executor *x, int slave, struct error *err)
{
    CLEANUP_FD
    int copy = -1, target = -1;
    int rc = mount_clone(slave, "", false, &copy, err);

    if (rc == 0)
        rc = target_make(x->root, "/dev/console", TARGET_FILE, false, &target, err);
    return rc < 0 ? rc : mount_attach(copy, target, NULL, "/dev/console", err);
}

/* A name goes with the descriptor, as runc does it; receivers expect some data. */
static int send_master(int socket, int master, struct error *err)
{
    static const char name[] = "/dev/ptmx";
    int rc = rights_send(socket, name, sizeof(name) - 1, &master, 1);

    return rc < 0 ? error_set(err, -rc, "send the terminal over the console socket") : 0;
}

static int set_size(int slave, const struct spec_console *size, struct error *err)
{
    struct winsize ws = {.ws_row = (unsigned short)size->height,
                         .ws_col = (unsigned short)size->width};

    if (!size->height && !size->width)
        return 0;
    return ioctl(slave, TIOCSWINSZ, &ws) < 0 ? error_set(err, errno, "size of the terminal") : 0;
}

static int make_controlling(int slave, struct error *err)
{
    if (ioctl(slave, TIOCSCTTY, 0) < 0)
        return error_set(err, errno, "make the terminal the controlling one");
    for (int fd = 0; fd <= 2; fd++)
        if (dup2(slave, fd) < 0)
            return error_set(err, errno, "connect the terminal");
    return 0;
}

int step_console(struct executor *x, const struct step *s, struct error *err)
{
    CLEANUP_FD
    int master = -1, slave = -1;
    int rc = open_pair(x, &master, &slave, err);

    (void)s;
    if (rc == 0)
        rc = set_size(slave, &x->plan->process->console_size, err);
    if (rc == 0 && x->root >= 0)
        rc = bind_console(x, slave, err);
    if (rc == 0)
        rc = x->console_socket >= 0 ? send_master(x->console_socket, master, err)
                                    : channel_send_fd(&x->channel, MESSAGE_CONSOLE, master, err);
    return rc < 0 ? rc : make_controlling(slave, err);
}
