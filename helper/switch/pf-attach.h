/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-executor.h"
#include "pf-machine.h"
#include "pf-switch-run.h"

G_BEGIN_DECLS

#define PF_ATTACH_MIN_SECONDS 5
#define PF_ATTACH_MAX_SECONDS 120

/**
 * PfAttach:
 *
 * A switch that has lent what it lends, and waits before it routes ports: for a virtual machine to take that.
 * Nobody could use a port that leads to a controller which nobody has.
 */
typedef struct _PfAttach PfAttach;

PfAttach *pf_attach_new (PfExecutor *executor,
                         PfMachine *machine,
                         const PfSwitchRun *run,
                         GSourceFunc on_taken,
                         GSourceFunc on_deadline,
                         gpointer user_data);
void pf_attach_free (PfAttach *attach);
PfExecutor *pf_attach_get_executor (const PfAttach *attach);
gint64 pf_attach_get_deadline (const PfAttach *attach);
gboolean pf_attach_is_taken (const PfSwitchRun *run, const PfBoard *board);
char *pf_attach_describe_missing (const PfSwitchRun *run, const PfBoard *board);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfAttach, pf_attach_free)

G_END_DECLS
