/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines as the helper publishes them, without a bus. */
#pragma once

#include "pf-sockets.h"

G_BEGIN_DECLS

/**
 * PfWindowsBench:
 * @controllers: (element-type PfDBusController)
 * @routers: (element-type PfDBusRouter): one for each controller, NULL for one that is no router
 */
typedef struct
{
  GPtrArray *controllers;
  GPtrArray *routers;
} PfWindowsBench;

PfWindowsBench *pf_windows_bench_new (void);
void pf_windows_bench_free (PfWindowsBench *bench);
PfDBusController *
pf_windows_bench_add (PfWindowsBench *bench, const char *address, const char *owner, const char *root_hubs);
void pf_windows_bench_set_devices (PfWindowsBench *bench, const char *address, const char *devices);
void pf_windows_bench_route (PfWindowsBench *bench, const char *address, const char *ports);

PfWindowsBench *pf_windows_bench_new_z97 (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfWindowsBench, pf_windows_bench_free)

G_END_DECLS
