/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mknod(2) and mknodat(2) in place of a caller who has no right to make devices: those that hold
 * nothing and reach nothing, null, zero, full, random, urandom and tty. The node is where the
 * caller's own call would have made it, with his ids and his umask, and only if he may write there.
 */
#ifndef NOTIFY_MKNOD_H
#define NOTIFY_MKNOD_H

#include "runtime-loader/notify/answer.h"

/* EPERM for other devices, ENOSYS for other calls. What is no device the kernel may make; for the
 * rest there is a worker. */
void mknod_answer(struct notified *n);

#endif
