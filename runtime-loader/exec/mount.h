/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts as descriptors: made detached, changed while nobody sees them, then attached. */
#ifndef EXEC_MOUNT_H
#define EXEC_MOUNT_H

#include "runtime-loader/plan/plan.h"

/* A detached copy of the mount at path (relative to dir), with what is below it if recursive. */
int mount_clone(int dir, const char *path, bool recursive, int *mount,
                struct error *err) MUST_CHECK;
/* A new file system, detached. */
int mount_new(const struct step_mount *m, const char *extra, int *mount,
              struct error *err) MUST_CHECK;
/* Changes a detached mount; -ENOSYS where only one that is attached can be changed. */
int mount_change(int mount, const struct mount_flags *flags, const char *name,
                 struct error *err) MUST_CHECK;
int mount_change_attached(int mount, const struct mount_flags *flags, const char *name,
                          struct error *err) MUST_CHECK;
/* Puts it over what target is open on, changed by flags unless they are NULL. */
int mount_attach(int mount, int target, const struct mount_flags *flags, const char *name,
                 struct error *err) MUST_CHECK;
/* The same by mount(2): of an attached mount, and with options as long as a page. */
int mount_change_legacy(int mount, const struct mount_flags *flags, const char *name,
                        struct error *err) MUST_CHECK;
int mount_new_legacy(const struct step_mount *m, const char *extra, int *mount,
                     struct error *err) MUST_CHECK;
/* Maps the ids of a detached mount. */
int mount_map_ids(struct arena *a, int mount, const struct step_source *source,
                  struct error *err) MUST_CHECK;
/* What the kernel refuses (err) to a user namespace by a bind of what the host has: -err->code
 * where that would not do. *later: what it is to be given when it is attached. */
int mount_instead(const struct spec *spec, const struct step_mount *m, int *mount,
                  struct mount_flags *later, struct error *err) MUST_CHECK;
/* First mount on something below /proc, which makes the kernel refuse a new one; "" if none. */
void proc_cover(char *path, size_t size);
/* Copies the tree below the directory `from` into the directory `to`. */
int copy_tree(int from, int to, struct error *err) MUST_CHECK;

#endif
