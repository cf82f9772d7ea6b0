/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the switcher share: pf-switcher.c, which carries switches out, pf-switcher-verbs.c, which
 * lets them in, pf-switcher-release.c and pf-switcher-attach.c, which have them wait for a virtual machine,
 * pf-switcher-trial.c, which tries ports, and pf-switcher-take.c, which takes home what others have lent. */
#pragma once

#include "pf-attach.h"
#include "pf-confirmation.h"
#include "pf-drift.h"
#include "pf-recovery.h"
#include "pf-release.h"
#include "pf-switcher.h"

G_BEGIN_DECLS

struct _PfSwitcher
{
  GObject parent_instance;

  PfMachine *machine;

  PfSwitchRun *run;
  GTask *task;
  GTask *trial; /* (nullable): waits for what is seen of a port that is on its other side for a moment */
  PfConfirmation *confirmation;
  PfRelease *release; /* a switch that has not begun */
  guint look_id;      /* it is going to be looked whether it can */
  PfAttach *attach;   /* the run waits in its middle */
  guint attach_look_id;
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
void
pf_switcher_emit_failed (PfSwitcher *switcher, const char *profile, const char *origin, const GError *error);
void pf_switcher_emit_release_wanted (PfSwitcher *switcher, const char *controller, const char *holder);

gboolean pf_switcher_is_still_lost (PfSwitcher *switcher, PfSwitchKind kind);
gboolean pf_switcher_check_free (PfSwitcher *switcher, gboolean goes_home, GError **error);

void pf_switcher_keep_trial (PfSwitcher *switcher);
void pf_switcher_look_at_trial (PfSwitcher *switcher);
void pf_switcher_look_at_trial_again (PfSwitcher *switcher);
void pf_switcher_end_trial (PfSwitcher *switcher, const GError *error);

void pf_switcher_ask_for_release (PfSwitcher *switcher, const PfSwitchRequest *request);
void pf_switcher_wait_for_release (PfSwitcher *switcher, const PfSwitchRequest *request, GTask *task);
void pf_switcher_look_for_release (PfSwitcher *switcher);
void pf_switcher_give_release_up (PfSwitcher *switcher, const char *why);
void pf_switcher_ask_for_failed (PfSwitcher *switcher, const GPtrArray *failed);

void pf_switcher_prepare_attach (PfSwitcher *switcher, PfExecutor *executor);
void pf_switcher_look_for_attach (PfSwitcher *switcher);
void pf_switcher_give_attach_up (PfSwitcher *switcher, const char *why);

G_END_DECLS
