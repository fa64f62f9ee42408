/* SPDX-License-Identifier: Apache-2.0 */
/* Which easyrun this is: PACKAGE_VERSION and GIT_COMMIT. */
#ifndef RUNTIME_VERSION_H
#define RUNTIME_VERSION_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif
#ifndef GIT_COMMIT
#define GIT_COMMIT "unknown"
#endif

#endif
