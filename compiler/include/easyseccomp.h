/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libeasyseccomp: seccomp policies compiled in process.
 *
 * A policy is text in the language of easyseccomp-policy(5), or OCI JSON with the meaning that
 * the container runtimes give it. It is parsed once into an es_policy, which can then be compiled
 * to BPF or JSON and asked about calls.
 *
 *     struct es_policy *p;
 *     struct es_options options = ES_OPTIONS_INIT;
 *     struct es_blob bpf = {0};
 *
 *     if (es_parse_file("web.seccomp", &options, &p) == 0 && es_compile_bpf(p, &bpf) == 0)
 *         ...load bpf.bytes...
 *     else
 *         fputs(es_diagnostics_text(p), stderr);
 *     es_blob_free(&bpf);
 *     es_policy_free(p);
 *
 * Errors are negative errno values: -EINVAL with diagnostics in the policy object, -ENOMEM,
 * -E2BIG (more than 4,096 instructions). Nothing is printed, nothing exits. There is no state but
 * in the objects: different objects may be used from different threads at once, one object from
 * one thread at a time. Strings returned belong to the object and live as long as it does.
 */
#ifndef EASYSECCOMP_H
#define EASYSECCOMP_H

#include <stddef.h>
#include <stdint.h>

#include <linux/seccomp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "MAJOR.MINOR.PATCH" */
const char *es_version(void);

/* --- parsing ------------------------------------------------------------------------------------
 */

struct es_define {
    const char *name;
    uint64_t value; /* -d NAME is 1 */
};

/* Whose reading of OCI JSON: what crun or runc make of it, or what the specification says. */
enum es_runtime { ES_CRUN, ES_RUNC, ES_SPEC };

/* Zeroed by ES_OPTIONS_INIT; everything pointed to is only read during the call. */
struct es_options {
    const char *const *archs; /* "x86_64", "SCMP_ARCH_X86", "arm64": targets; none: the policy's own
                               * declaration, else this machine's */
    size_t arch_count;
    const struct es_define *defines;
    size_t define_count;
    const char *const *include_dirs; /* searched after the including file's directory */
    size_t include_dir_count;
    int no_includes; /* refuse `include`: for text from elsewhere */
    /* Of JSON; a profile of docker's or podman's also goes by the defines CAP_*, and by archs[0],
     * or this machine's: */
    enum es_runtime json_as;
    const char *engine; /* "podman", "docker": what this gives a container is defined; NULL: none */
    unsigned kernel_major, kernel_minor; /* 0.0: any new kernel */
};
#define ES_OPTIONS_INIT                                                                            \
    {                                                                                              \
        0                                                                                          \
    }

struct es_policy;

/*
 * Both set *policy, to be freed, unless the result is -ENOMEM; on -EINVAL it holds the
 * diagnostics and can be used for nothing else. name stands for the text in diagnostics.
 */
int es_parse_text(const char *text, size_t len, const char *name, const struct es_options *options,
                  struct es_policy **policy) __attribute__((warn_unused_result));
int es_parse_file(const char *path, const struct es_options *options, struct es_policy **policy)
    __attribute__((warn_unused_result));
/* The policy of a source map (easyseccomp-source-map(5)), where it is of this program: es_eval()
 * then says which rule the program decides a call by. -EINVAL also where it is of another. */
int es_parse_map(const char *text, size_t len, const char *name, const void *blob, size_t blob_len,
                 struct es_policy **policy) __attribute__((warn_unused_result));
/* NULL is allowed. */
void es_policy_free(struct es_policy *policy);

/* --- diagnostics --------------------------------------------------------------------------------
 */

enum es_severity { ES_ERROR, ES_WARNING };

struct es_diagnostic {
    enum es_severity severity;
    const char *id; /* "unknown-syscall": stable */
    const char *message;
    const char *file;              /* NULL: no place */
    uint32_t line, column;         /* from 1; the column counts bytes */
    uint32_t end_line, end_column; /* just behind the last byte */
};

size_t es_diagnostic_count(const struct es_policy *policy);
struct es_diagnostic es_diagnostic_at(const struct es_policy *policy, size_t i);
/* All of them as the program shows them, with source lines and carets; "" if there are none, and
 * if memory ran out. */
const char *es_diagnostics_text(struct es_policy *policy);

/* --- compiling ----------------------------------------------------------------------------------
 */

struct es_blob {
    unsigned char *bytes; /* malloc'ed */
    size_t len;
};
void es_blob_free(struct es_blob *blob);

/* struct sock_filter instructions of 8 bytes, in the byte order of the targets; *blob is set on
 * success only. */
int es_compile_bpf(struct es_policy *policy, struct es_blob *blob)
    __attribute__((warn_unused_result));
/* OCI JSON (runtime-spec, config-linux.md, "Seccomp"), a NUL behind it not counted. -EINVAL where
 * JSON cannot say what the policy means. */
int es_compile_json(struct es_policy *policy, struct es_blob *blob)
    __attribute__((warn_unused_result));

/* SECCOMP_FILTER_FLAG_* that the policy asks for. */
uint32_t es_filter_flags(const struct es_policy *policy);
/* Does any rule NOTIFY: does the filter need SECCOMP_FILTER_FLAG_NEW_LISTENER and an agent? */
int es_has_notify(const struct es_policy *policy);

/* --- words --------------------------------------------------------------------------------------
 */

/* What OCI JSON may say, as this library reads it. */
enum es_words { ES_ACTIONS, ES_OPERATORS, ES_ARCHS, ES_FLAGS };
/* "SCMP_ACT_ALLOW" ...: the i-th word, NULL behind the last. */
const char *es_word(enum es_words kind, size_t i);
/* SECCOMP_FILTER_FLAG_* of the i-th word of ES_FLAGS, 0 behind the last. */
uint32_t es_flag_bit(size_t i);

/* --- asking -------------------------------------------------------------------------------------
 */

struct es_verdict {
    uint32_t ret;       /* SECCOMP_RET_* | data */
    const char *file;   /* of the rule that decided; NULL: none did (another architecture) */
    uint32_t line;      /* from 1 */
    const char *reason; /* NULL: none given */
};

/* By the policy itself, rule by rule. The call is laid out for this machine. */
int es_eval(const struct es_policy *policy, const struct seccomp_data *call,
            struct es_verdict *verdict) __attribute__((warn_unused_result));

/* Would the kernel accept these bytes as a filter (kernel/seccomp.c)? 0: yes, and for a program
 * of this machine's byte order; else -EINVAL, *at is the instruction and why (a buffer of why_size
 * bytes) the reason; -E2BIG for more than 4,096 instructions. */
int es_check_blob(const void *bytes, size_t len, uint32_t *at, char *why, size_t why_size)
    __attribute__((warn_unused_result));
/* Nonzero if every path of the blob to a return milder than KILL compares the architecture; 0 for
 * one that is not accepted. */
int es_blob_checks_arch(const void *bytes, size_t len);
/* This machine's AUDIT_ARCH_* (linux/audit.h), as seccomp_data.arch has it; 0 if it is not one that
 * the compiler knows. */
uint32_t es_native_arch(void);
/* A call by its names. */
struct es_call_info {
    const char *arch, *name; /* "x86_64", "mkdir"; NULL: unknown */
    unsigned arg_count;      /* 0 where the arguments are not known */
    struct {
        const char *name; /* "mode" */
        uint64_t value;   /* as wide as the kernel reads it */
        int selects;      /* flags, a command or a type: it decides what the call does */
    } args[6];
};
void es_call_info(const struct seccomp_data *call, struct es_call_info *info);
/* "ERRNO(EPERM)", by this machine's errnos; cut if size is too small. */
void es_action_text(uint32_t ret, char *text, size_t size);
/* What the blob returns for a call; SECCOMP_RET_KILL_PROCESS for one that is not accepted. */
uint32_t es_run_blob(const void *bytes, size_t len, const struct seccomp_data *call);

#ifdef __cplusplus
}
#endif

#endif
