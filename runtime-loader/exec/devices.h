/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.resources.devices: who may open or make which device.
 *
 * An access (some of read, write, mknod to one device) is allowed if each part of it is; of a part
 * the last rule decides that is about the device and the part. What no rule is about is denied, as
 * with runc and with crun on version 2. The devices that every container has come last and allow.
 */
#ifndef EXEC_DEVICES_H
#define EXEC_DEVICES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "runtime-loader/spec/spec.h"

#include <linux/bpf.h>

typedef VEC(struct spec_device_rule) device_rules;
typedef VEC(struct bpf_insn) device_code;

enum { DEVICE_ALL_ACCESS = BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE };

/* All that holds, in order: a denial of everything, those of config.json, those that every
 * container has. */
void device_rules_list(struct arena *a, const struct spec_resources *r, device_rules *out);
/* BPF_DEVCG_ACC_* that a rule is about. */
int device_rule_access(const struct spec_device_rule *r);
/* True when it is about every device. */
bool device_rule_any(const struct spec_device_rule *r);
/* The rules as a program of type CGROUP_DEVICE. */
void device_program(struct arena *a, const device_rules *rules, device_code *out);

/* Puts the program on a cgroup of version 2, at once in place of one that is there. */
int devices_v2(struct arena *a, const char *directory, const struct spec_resources *r,
               struct error *err) MUST_CHECK;
/* Writes the rules to the controller of version 1; what its list cannot hold is an error. */
int devices_v1(struct arena *a, const char *directory, const struct spec_resources *r,
               struct error *err) MUST_CHECK;

#endif
