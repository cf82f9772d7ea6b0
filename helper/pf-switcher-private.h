/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the switcher share: pf-switcher.c, which carries switches out, and pf-switcher-verbs.c, which
 * lets them in. */
#pragma once

#include "pf-confirmation.h"
#include "pf-drift.h"
#include "pf-recovery.h"
#include "pf-switcher.h"

G_BEGIN_DECLS

struct _PfSwitcher
{
  GObject parent_instance;

  PfMachine *machine;

  PfSwitchRun *run;
  GTask *task;
  PfConfirmation *confirmation;
  PfRecovery *recovery;
  gboolean shutting_down;

  char *active;
  GError *problem;
  PfDrift *drift;
  guint restore_id; /* a drift is going to be put right */
  GQueue returns;   /* of GTask: calls home that wait for the switch under way */
};

gboolean pf_switcher_scan (PfSwitcher *switcher, GError **error);
void pf_switcher_emit_changed (PfSwitcher *switcher);
void pf_switcher_begin_run (PfSwitcher *switcher, PfSwitchRun *run, GTask *task);
void pf_switcher_begin_or_refuse (PfSwitcher *switcher, PfSwitchRun *run, GTask *task, GError *error);
void pf_switcher_begin_waiting_return (PfSwitcher *switcher);

G_END_DECLS
