/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-machine.h"
#include "pf-switcher.h"

G_BEGIN_DECLS

/* How long a port that is tried is on its other side at most: a hub with a slow disk behind it takes as long
 * to come up. */
#define PF_TRIAL_SECONDS 5

typedef enum
{
  PF_SWITCH_APPLY,
  PF_SWITCH_RETURN_ALL,
  PF_SWITCH_REVERT,
  PF_SWITCH_RESTORE,   /* registers that somebody else has changed */
  PF_SWITCH_TAKE_HOME, /* what others have lent */
  PF_SWITCH_RECOVER,   /* what an earlier helper, or a kernel that did not answer, left to do */
} PfSwitchKind;

/**
 * PfSwitchRun:
 * @kind: what it is
 * @transaction: its name, which nobody can guess
 * @target: id of the profile that it leads to
 * @origin: who asked
 * @confirm_seconds: goes back after so many seconds; 0 for not
 * @text: (nullable): for an apply: fingerprint of the profile as it was authorized
 * @board: (nullable): for an apply: fingerprint of the machine
 * @takes_input: a keyboard or pointer leaves the host
 * @attach: (nullable): controllers that a virtual machine shall have before ports are routed; NULL where
 * nothing waits
 * @attach_at: number of the step before which that is waited for
 * @attach_seconds: how long
 * @is_trial: a port that is tried, or the end of that: nobody's switch, and nobody is told
 * @plan: what is done
 * @changes: (element-type PfChange): what changes sides by it
 * @profile_before: (nullable): id of the profile in force before; NULL for home
 * @previous_before: (nullable): id of the one before that
 *
 * One switch: from the moment it is found fit to be carried out until it is done, or confirmed.
 */
typedef struct
{
  PfSwitchKind kind;
  char *transaction;
  char *target;
  char *origin;
  guint confirm_seconds;
  char *text;
  char *board;
  gboolean takes_input;
  char **attach;
  guint attach_at;
  guint attach_seconds;
  gboolean is_trial;
  PfPlan *plan;
  GPtrArray *changes;
  char *profile_before;
  char *previous_before;
} PfSwitchRun;

PfSwitchRun *pf_switch_run_new_apply (PfMachine *machine, const PfSwitchRequest *request, GError **error);
PfSwitchRun *pf_switch_run_new_return_all (PfMachine *machine, const char *origin, GError **error);
PfSwitchRun *pf_switch_run_new_home (PfMachine *machine, const PfSwitchRequest *request, GError **error);
PfSwitchRun *pf_switch_run_new_revert (PfMachine *machine, const PfSwitchRun *run, const char *origin);
PfSwitchRun *pf_switch_run_new_restore (PfMachine *machine, const char *profile, PfPlan *plan);
PfSwitchRun *pf_switch_run_new_recover (PfMachine *machine, const PfPlan *plan);
PfSwitchRun *pf_switch_run_new_trial (PfMachine *machine, const char *router, guint bit, GError **error);
PfSwitchRun *pf_switch_run_new_take_home (
    PfMachine *machine, const char *address, const char *profile, const char *origin, GError **error);
void pf_switch_run_free (PfSwitchRun *run);
gboolean pf_switch_run_does_nothing (const PfSwitchRun *run);
gboolean pf_switch_run_keeps_going (const PfSwitchRun *run);
GError *pf_switch_run_describe_failure (PfMachine *machine, const GPtrArray *failed, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfSwitchRun, pf_switch_run_free)

G_END_DECLS
