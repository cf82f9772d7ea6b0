/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A process that has a group open, as a virtual machine does. */
#pragma once

#include <sys/types.h>

#include "pf-desk.h"

G_BEGIN_DECLS

pid_t pf_test_vm_start (const char *address);
void pf_test_vm_stop (pid_t pid);

G_END_DECLS
