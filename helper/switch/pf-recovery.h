/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-switch-run.h"

G_BEGIN_DECLS

/**
 * PfRecovery:
 *
 * Keeps the journal of the switches of this helper, and knows what is owed: steps that an earlier helper left
 * undone, or that have to wait until the kernel answers.
 */
typedef struct _PfRecovery PfRecovery;

PfRecovery *pf_recovery_new (PfMachine *machine, GSourceFunc on_ready, gpointer user_data);
void pf_recovery_free (PfRecovery *recovery);
gboolean pf_recovery_load (PfRecovery *recovery, GError **error);
gboolean pf_recovery_begin (PfRecovery *recovery, const PfSwitchRun *run, GError **error);
gboolean pf_recovery_resume (PfRecovery *recovery, const PfSwitchRun *run, gint64 deadline, GError **error);
gboolean pf_recovery_end (PfRecovery *recovery, const GError *problem, GError **error);
void pf_recovery_add (PfRecovery *recovery, const GPtrArray *owed);
void pf_recovery_clear (PfRecovery *recovery);
gboolean pf_recovery_is_owing (const PfRecovery *recovery);
gboolean pf_recovery_is_ready (PfRecovery *recovery);
PfSwitchRun *pf_recovery_create_run (PfRecovery *recovery);
GError *pf_recovery_describe_stuck (PfRecovery *recovery);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfRecovery, pf_recovery_free)

G_END_DECLS
