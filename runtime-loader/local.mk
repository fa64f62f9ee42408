# SPDX-License-Identifier: Apache-2.0
# easyrun, the OCI runtime: config.json -> spec -> plan -> execution, and what is on record.
bin_PROGRAMS += easyrun

# Linked statically where the machine has the libraries for it: a static program starts twice as
# fast, and code of a container has nothing to slip into it.
easyrun_LDFLAGS = $(AM_LDFLAGS) $(STATIC_PROGRAM)
easyrun_LDADD = libcore.la $(JSON_C_LIBS)
# Flags of its own, so that the library's interface is compiled once more, for a static program.
easyrun_CPPFLAGS = $(AM_CPPFLAGS) -DGIT_COMMIT='"$(GIT_COMMIT)"' \
	-DAGENT_PROGRAM='"$(bindir)/easyseccomp-agent"' \
	-DPRECOMPILED_ADMIN='"$(localstatedir)/lib/easyrun/seccomp"' -DPRECOMPILED_PACKAGED='"$(libdir)/easyrun/seccomp"'
# no_fallback.c stands in for the library's fallback.c, which loads libseccomp.
easyrun_SOURCES = \
	compiler/api.c \
	compiler/tables/no_fallback.c \
	runtime-loader/cli/bring_up.c \
	runtime-loader/cli/cli.h \
	runtime-loader/cli/commands.def \
	runtime-loader/cli/complain.c \
	runtime-loader/cli/container.c runtime-loader/cli/container.h \
	runtime-loader/cli/create.c \
	runtime-loader/cli/descriptors.c \
	runtime-loader/cli/doctor.c \
	runtime-loader/cli/events.c \
	runtime-loader/cli/exec.c \
	runtime-loader/cli/features.c \
	runtime-loader/cli/foreground.c \
	runtime-loader/cli/lifecycle.c \
	runtime-loader/cli/list.c \
	runtime-loader/cli/log.c \
	runtime-loader/cli/main.c \
	runtime-loader/cli/notify.c \
	runtime-loader/cli/options.c runtime-loader/cli/options.h \
	runtime-loader/cli/plan.c \
	runtime-loader/cli/seccomp.c \
	runtime-loader/cli/self.c runtime-loader/cli/self.h \
	runtime-loader/cli/spec.c \
	runtime-loader/cli/update.c \
	runtime-loader/complain/combine.c runtime-loader/complain/combine.h \
	runtime-loader/complain/supervisor.c runtime-loader/complain/supervisor.h \
	runtime-loader/doctor/cgroups.c \
	runtime-loader/doctor/doctor.c runtime-loader/doctor/doctor.h \
	runtime-loader/doctor/filters.c \
	runtime-loader/doctor/host.c \
	runtime-loader/doctor/ids.c \
	runtime-loader/doctor/kernel.c \
	runtime-loader/doctor/namespaces.c \
	runtime-loader/exec/accounts.c runtime-loader/exec/accounts.h \
	runtime-loader/exec/cgroup.c runtime-loader/exec/cgroup.h \
	runtime-loader/exec/cgroup_limit.c \
	runtime-loader/exec/cgroup_make.c \
	runtime-loader/exec/cgroup_oom.c \
	runtime-loader/exec/cgroup_own.c \
	runtime-loader/exec/cgroup_processes.c \
	runtime-loader/exec/cgroup_stats.c \
	runtime-loader/exec/combine.c runtime-loader/exec/combine.h \
	runtime-loader/exec/console.c \
	runtime-loader/exec/copy_tree.c \
	runtime-loader/exec/credentials.c \
	runtime-loader/exec/device.c \
	runtime-loader/exec/device_bpf.c \
	runtime-loader/exec/device_list.c \
	runtime-loader/exec/device_rules.c \
	runtime-loader/exec/devices.h \
	runtime-loader/exec/executor.h \
	runtime-loader/exec/filter.c runtime-loader/exec/filter.h \
	runtime-loader/exec/handover.c runtime-loader/exec/handover.h \
	runtime-loader/exec/hide.c \
	runtime-loader/exec/hooks.c runtime-loader/exec/hooks.h \
	runtime-loader/exec/id_maps.c \
	runtime-loader/exec/idmap.c \
	runtime-loader/exec/kernel.c \
	runtime-loader/exec/limits.h \
	runtime-loader/exec/limits_v1.c \
	runtime-loader/exec/limits_v2.c \
	runtime-loader/exec/mount.c runtime-loader/exec/mount.h \
	runtime-loader/exec/mount_cgroup.c \
	runtime-loader/exec/mount_instead.c \
	runtime-loader/exec/mount_legacy.c \
	runtime-loader/exec/namespaces.c \
	runtime-loader/exec/privilege.c runtime-loader/exec/privilege.h \
	runtime-loader/exec/process.c \
	runtime-loader/exec/root.c \
	runtime-loader/exec/run.c \
	runtime-loader/exec/scope.c \
	runtime-loader/exec/seccomp.c runtime-loader/exec/seccomp.h \
	runtime-loader/exec/signals.c \
	runtime-loader/exec/start.c runtime-loader/exec/start.h \
	runtime-loader/exec/target.c runtime-loader/exec/target.h \
	runtime-loader/plan/mount_options.c \
	runtime-loader/plan/mount_options.def \
	runtime-loader/plan/mounts.c \
	runtime-loader/plan/plan.c runtime-loader/plan/plan.h \
	runtime-loader/plan/print.c \
	runtime-loader/plan/process.c \
	runtime-loader/plan/scope.c \
	runtime-loader/plan/steps.def \
	runtime-loader/precompiled/store.c runtime-loader/precompiled/store.h \
	runtime-loader/proto/messages.def \
	runtime-loader/proto/proto.c runtime-loader/proto/proto.h \
	runtime-loader/proto/rights.c runtime-loader/proto/rights.h \
	runtime-loader/spec/capabilities.def \
	runtime-loader/spec/check.c \
	runtime-loader/spec/json_path.c runtime-loader/spec/json_path.h \
	runtime-loader/spec/linux.c \
	runtime-loader/spec/namespaces.def \
	runtime-loader/spec/process.c \
	runtime-loader/spec/record.c runtime-loader/spec/record.h \
	runtime-loader/spec/record_merge.c \
	runtime-loader/spec/record_write.c \
	runtime-loader/spec/resources.c \
	runtime-loader/spec/spec.c runtime-loader/spec/spec.h \
	runtime-loader/state/filters.c \
	runtime-loader/state/process.c \
	runtime-loader/state/record.c \
	runtime-loader/state/state.c runtime-loader/state/state.h \
	runtime-loader/systemd/bus.c runtime-loader/systemd/bus.h \
	runtime-loader/systemd/manager.c runtime-loader/systemd/manager.h \
	runtime-loader/systemd/properties.c \
	runtime-loader/systemd/variant.c runtime-loader/systemd/variant.h \
	runtime-loader/systemd/wire.c runtime-loader/systemd/wire.h \
	runtime-loader/version.h

# Not static: it loads plugins.
bin_PROGRAMS += easyseccomp-agent
easyseccomp_agent_LDADD = libcore.la $(JSON_C_LIBS) -ldl
easyseccomp_agent_CPPFLAGS = $(AM_CPPFLAGS)
easyseccomp_agent_SOURCES = \
	compiler/api.c \
	compiler/tables/no_fallback.c \
	runtime-loader/notify/answer.c runtime-loader/notify/answer.h \
	runtime-loader/notify/handlers.c runtime-loader/notify/handlers.h \
	runtime-loader/notify/main.c \
	runtime-loader/notify/mknod.c runtime-loader/notify/mknod.h \
	runtime-loader/notify/plugin.c runtime-loader/notify/plugin.h \
	runtime-loader/notify/serve.c runtime-loader/notify/serve.h \
	runtime-loader/notify/workers.c runtime-loader/notify/workers.h \
	runtime-loader/proto/rights.c runtime-loader/proto/rights.h

check_PROGRAMS += tests/unit/runtime_combine_test
tests_unit_runtime_combine_test_CPPFLAGS = $(AM_CPPFLAGS)
tests_unit_runtime_combine_test_SOURCES = tests/unit/runtime_combine_test.c $(cbpf_testlib) \
	compiler/api.c compiler/tables/no_fallback.c \
	runtime-loader/complain/combine.c runtime-loader/exec/combine.c

check_PROGRAMS += tests/unit/runtime_systemd_test
tests_unit_runtime_systemd_test_SOURCES = tests/unit/runtime_systemd_test.c \
	runtime-loader/systemd/bus.c runtime-loader/systemd/manager.c runtime-loader/systemd/properties.c \
	runtime-loader/systemd/variant.c runtime-loader/systemd/wire.c
check_PROGRAMS += tests/unit/runtime_devices_test
tests_unit_runtime_devices_test_SOURCES = tests/unit/runtime_devices_test.c \
	runtime-loader/exec/device_rules.c

include_HEADERS += runtime-loader/notify/easyseccomp-notify-plugin.h

dist_check_SCRIPTS += \
	tests/podman/daemons.test \
	tests/podman/podman.test \
	tests/podman/rootless.test \
	tests/runtime/blobs.test \
	tests/runtime/agent.test \
	tests/runtime/complain.test \
	tests/runtime/config.test \
	tests/runtime/conformance.test \
	tests/runtime/limits.test \
	tests/runtime/doctor.test \
	tests/runtime/errors.test \
	tests/runtime/fallbacks.test \
	tests/runtime/lifecycle.test \
	tests/runtime/notify.test \
	tests/runtime/precompiled.test \
	tests/runtime/rootless.test \
	tests/runtime/security.test \
	tests/runtime/stress.test \
	tests/vm/plain.test \
	tests/vm/podman-rootless.test \
	tests/vm/podman.test \
	tests/vm/systemd.test

golden_dirs += tests/golden/runtime-plan

dist_man_MANS += man/easyrun.8 man/easyseccomp-agent.1

containersconfdir = $(datadir)/easyseccomp/containers.conf.d
dist_containersconf_DATA = contrib/containers.conf.d/easyrun.conf

# Which runtimes start containers whose filter notifies: RUNTIMES names others to be tried too. It takes minutes.
EXTRA_DIST += docs/notify-sweep.md
update-notify-sweep: all-am
	@EASYSECCOMP='$(abs_top_builddir)/easyseccomp' $(PYTHON3) $(srcdir)/tests/runtime/lib/sweep.py \
		'$(abs_top_builddir)/easyrun' $(RUNTIMES) > $(srcdir)/docs/notify-sweep.md
